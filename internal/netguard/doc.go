// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package netguard is how the operator calls out: connections that are dialled
// only to addresses that may be, pooled by the authorities they trust, and one
// reading of what can go wrong on the way.
//
// Every address is checked after its name is resolved, so that neither a
// redirect nor a name that changes its address leads into the cluster.
package netguard
