// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PluginRelease is one version of the plugin that runs inside WordPress.
//
// +kubebuilder:object:root=true
// +kubebuilder:storageversion
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=plugrel,categories=igny8
// +kubebuilder:selectablefield:JSONPath=".spec.slug"
// +kubebuilder:printcolumn:name="Ready",type="string",JSONPath=".status.conditions[?(@.type==\"Ready\")].status"
// +kubebuilder:printcolumn:name="Slug",type="string",JSONPath=".spec.slug"
// +kubebuilder:printcolumn:name="Version",type="string",JSONPath=".spec.version"
// +kubebuilder:printcolumn:name="Channel",type="string",JSONPath=".spec.channel"
// +kubebuilder:printcolumn:name="State",type="string",JSONPath=".spec.state"
// +kubebuilder:printcolumn:name="Status",type="string",JSONPath=".status.conditions[?(@.type==\"Ready\")].message",priority=1
// +kubebuilder:printcolumn:name="Age",type="date",JSONPath=".metadata.creationTimestamp"
type PluginRelease struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the object's standard metadata.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the release wanted.
	// +required
	Spec PluginReleaseSpec `json:"spec,omitzero"`

	// status is the release as last observed. Until a controller has seen the
	// object: observedGeneration -1, Ready Unknown, Reconciling True.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1,"conditions":{{"type":"Ready","status":"Unknown","reason":"Pending","message":"Waiting for controller","lastTransitionTime":"1970-01-01T00:00:00Z"},{"type":"Reconciling","status":"True","reason":"Pending","message":"Waiting for controller","lastTransitionTime":"1970-01-01T00:00:00Z"}}}
	Status PluginReleaseStatus `json:"status,omitzero"`
}

// PluginReleaseList is a list of PluginReleases.
//
// +kubebuilder:object:root=true
type PluginReleaseList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the releases.
	Items []PluginRelease `json:"items"`
}

// ReleaseChannel is the stream a version is released in.
// +kubebuilder:validation:Enum=Stable;Beta
type ReleaseChannel string

const (
	// ReleaseChannelStable is for every site.
	ReleaseChannelStable ReleaseChannel = "Stable"
	// ReleaseChannelBeta is for sites that asked for it.
	ReleaseChannelBeta ReleaseChannel = "Beta"
)

// ReleaseState says whether a version is on offer.
// +kubebuilder:validation:Enum=Draft;Released;Withdrawn
type ReleaseState string

const (
	// ReleaseStateDraft is built and not offered.
	ReleaseStateDraft ReleaseState = "Draft"
	// ReleaseStateReleased is offered to sites.
	ReleaseStateReleased ReleaseState = "Released"
	// ReleaseStateWithdrawn is no longer offered, for good.
	ReleaseStateWithdrawn ReleaseState = "Withdrawn"
)

// UpdateSecurity says whether an update closes a security hole.
// +kubebuilder:validation:Enum=Routine;Security
type UpdateSecurity string

const (
	// UpdateRoutine is an ordinary update.
	UpdateRoutine UpdateSecurity = "Routine"
	// UpdateSecurityFix closes a security hole.
	UpdateSecurityFix UpdateSecurity = "Security"
)

// PluginReleaseSpec is the release wanted.
type PluginReleaseSpec struct {
	// slug is the plugin's slug; 1 to 100 of a-z, 0-9 and '-'. Immutable.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=100
	// +kubebuilder:validation:XValidation:rule="self.matches('^[a-z0-9]+(-[a-z0-9]+)*$')",message="must hold only lower-case letters and digits, joined by single hyphens"
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="`slug` is immutable: create another release",reason=FieldValueForbidden
	Slug string `json:"slug,omitempty"`

	// version is the version, such as 1.4.0 or 1.4.0-beta.1; at most 64 characters. Immutable.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	// +kubebuilder:validation:XValidation:rule="self.matches('^[0-9]+([.][0-9]+){1,3}(-[0-9A-Za-z]+([.-][0-9A-Za-z]+)*)?$')",message="must be a version such as 1.4.0 or 1.4.0-beta.1"
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="`version` is immutable: create another release",reason=FieldValueForbidden
	Version string `json:"version,omitempty"`

	// channel is Stable or Beta. Default Stable.
	// +optional
	// +kubebuilder:default=Stable
	Channel ReleaseChannel `json:"channel,omitempty"`

	// state is Draft, Released or Withdrawn. Default Draft. Released never goes
	// back to Draft, and Withdrawn is final.
	// +optional
	// +kubebuilder:default=Draft
	// +kubebuilder:validation:XValidation:rule="oldSelf != 'Withdrawn' || self == 'Withdrawn'",message="must stay Withdrawn: create another version",reason=FieldValueForbidden
	// +kubebuilder:validation:XValidation:rule="oldSelf != 'Released' || self != 'Draft'",message="must not go back to Draft: withdraw the version and create another",reason=FieldValueForbidden
	State ReleaseState `json:"state,omitempty"`

	// source says where the plugin's files come from.
	// +required
	Source PluginSource `json:"source,omitzero"`

	// storage says where the built ZIP is kept. Default type ConfigMap.
	// +optional
	// +kubebuilder:default={type: "ConfigMap"}
	Storage PluginStorage `json:"storage,omitzero"`

	// requires are the versions the plugin needs.
	// +optional
	Requires PluginRequirements `json:"requires,omitzero"`

	// changelog is what changed, in Markdown; at most 16384 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=16384
	Changelog string `json:"changelog,omitempty"`

	// name is the plugin's name as sites show it; at most 200 characters. Unset means the one in the plugin's header.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=200
	Name string `json:"name,omitempty"`

	// author is the author as sites show it; at most 200 characters. Unset means the one in the plugin's header.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=200
	Author string `json:"author,omitempty"`

	// homepage is the plugin's page, http or https; at most 2048 characters. Unset means the one in the plugin's header.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:XValidation:rule="self.matches('^https?://') && isURL(self)",message="must be a URL that starts with https:// or http://"
	Homepage string `json:"homepage,omitempty"`

	// icons are the plugin's icons, one for each variant; at most 3.
	// +optional
	// +listType=map
	// +listMapKey=variant
	// +kubebuilder:validation:MaxItems=3
	Icons []PluginImage `json:"icons,omitempty"`

	// banners are the plugin's banners, one for each variant; at most 3.
	// +optional
	// +listType=map
	// +listMapKey=variant
	// +kubebuilder:validation:MaxItems=3
	Banners []PluginImage `json:"banners,omitempty"`

	// upgradeNotice is shown beside the update; at most 300 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=300
	UpgradeNotice string `json:"upgradeNotice,omitempty"`

	// security is Routine or Security. Default Routine.
	// +optional
	// +kubebuilder:default=Routine
	Security UpdateSecurity `json:"security,omitempty"`

	// signing says which key signs the ZIP. Unset means it is not signed, and
	// plugins that verify signatures refuse it.
	// +optional
	Signing PluginSigning `json:"signing,omitzero"`

	// rollout says which sites are offered the version when. Default type AllAtOnce.
	// +optional
	// +kubebuilder:default={type: "AllAtOnce"}
	Rollout PluginRollout `json:"rollout,omitzero"`

	// downloads bounds the downloads. Unset means the webhook server's own bounds.
	// +optional
	Downloads PluginDownloads `json:"downloads,omitzero"`
}
