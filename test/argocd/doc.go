// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package argocd tests the scripts of config/argocd with the interpreter that Argo CD has.
package argocd
