// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package content turns what people write into what a site stores: it renders
// bodies, derives excerpts and computes digests. All of it is pure.
package content
