// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package cluster runs a real Kubernetes with one node: Pods run in containers, under the
// rules of Pod Security, with tokens that kubelet mounts.
//
// The control plane, kubelet and proxy are built from the Go modules that
// hack/controlplane/binaries pins; containerd, runc and the network plugins are Debian's.
// All of it lives in namespaces of its own. The network has no way out: the node has
// 172.30.0.1, Pods have addresses in 10.244.0.0/24, and whoever wants to reach them calls
// Isolate first. Nothing of it is left when the process that started it is gone, however it
// ended, but a folder of temporary files and control groups without processes. Stop removes
// them, and the next Start those that no Stop removed.
//
// It needs root and control groups of version 1; Missing says what else. Images come from
// archives: nothing is pulled. Network policies are not enforced, there is no cluster DNS,
// and no dynamic volumes.
package cluster
