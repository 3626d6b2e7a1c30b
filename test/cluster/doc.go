// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package cluster tests what a platform team does: it installs the image and the manifests
// in a real cluster, with Pods, and publishes to a real WordPress beside it. The tests are
// behind the build tag "cluster": they need root. make e2e-cluster runs them.
package cluster
