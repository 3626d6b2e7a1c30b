// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package controlplane runs a real Kubernetes control plane, etcd and kube-apiserver, as
// ordinary processes of the caller: for tests and for the demo.
//
// The binaries come from the first of these that has them: the folder that
// KUBEBUILDER_ASSETS names, the user's cache folder, the prebuilt archives of the
// Kubernetes project, and at last a build from the Go modules that the nested module
// binaries/ pins, which takes minutes and happens once per version and machine.
//
// There is no kube-controller-manager: nothing collects garbage, finishes the deletion of
// a namespace or creates its default ServiceAccount. RBAC and PodSecurity admission are on,
// and tokens of ServiceAccounts are real.
package controlplane
