// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package v1alpha1 holds the resources of the group publishing.igny8.com:
// WordPressIntegration (a connection to one WordPress site), PublishRequest
// (one post wanted at one site) and PluginRelease (one version of the plugin
// that runs inside WordPress).
//
// +kubebuilder:object:generate=true
// +kubebuilder:ac:generate=true
// +kubebuilder:ac:output:package="applyconfiguration"
// +groupName=publishing.igny8.com
package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// GroupName is the API group of every kind in this package.
const GroupName = "publishing.igny8.com"

var (
	// GroupVersion is the group and version of every kind in this package.
	GroupVersion = schema.GroupVersion{Group: GroupName, Version: "v1alpha1"}

	// SchemeGroupVersion is GroupVersion under the name generated code knows it by.
	SchemeGroupVersion = GroupVersion

	// SchemeBuilder collects the functions that register this package's kinds.
	SchemeBuilder = runtime.NewSchemeBuilder(addKnownTypes)

	// AddToScheme registers this package's kinds with a scheme.
	AddToScheme = SchemeBuilder.AddToScheme
)

// Resource qualifies a resource name with this package's group.
func Resource(resource string) schema.GroupResource {
	return GroupVersion.WithResource(resource).GroupResource()
}

func addKnownTypes(scheme *runtime.Scheme) error {
	scheme.AddKnownTypes(GroupVersion,
		&WordPressIntegration{}, &WordPressIntegrationList{},
		&PublishRequest{}, &PublishRequestList{},
		&PluginRelease{}, &PluginReleaseList{},
	)
	metav1.AddToGroupVersion(scheme, GroupVersion)

	return nil
}
