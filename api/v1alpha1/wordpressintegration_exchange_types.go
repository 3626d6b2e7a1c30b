// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// FieldMapping writes one field of a request into post meta.
type FieldMapping struct {
	// name identifies the mapping; at most 63 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name,omitempty"`

	// from says where the value comes from.
	// +required
	From FieldMappingSource `json:"from,omitzero"`

	// metaKey is the meta key written at the site; at most 255 characters, no white space.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule="!self.matches('[[:space:]]')",message="must not contain white space"
	MetaKey string `json:"metaKey,omitempty"`
}

// FieldMappingSourceType says how a mapped value is found.
// +kubebuilder:validation:Enum=Field;CEL
type FieldMappingSourceType string

const (
	// FieldMappingSourceField copies a field of the request's spec.
	FieldMappingSourceField FieldMappingSourceType = "Field"
	// FieldMappingSourceCEL evaluates an expression over the request's spec.
	FieldMappingSourceCEL FieldMappingSourceType = "CEL"
)

// FieldMappingSource says where a mapped value comes from.
//
// +kubebuilder:validation:XValidation:rule="(self.type == 'Field') == has(self.field)",message="must set `field` when `type` is Field, and must not set it otherwise"
// +kubebuilder:validation:XValidation:rule="(self.type == 'CEL') == has(self.cel)",message="must set `cel` when `type` is CEL, and must not set it otherwise"
type FieldMappingSource struct {
	// type is Field or CEL.
	// +required
	// +unionDiscriminator
	Type FieldMappingSourceType `json:"type,omitempty"`

	// field is the path of a field of the request's spec, such as seo.title; at most
	// 253 characters. Where it is unset nothing is written.
	// +optional
	// +unionMember
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Field string `json:"field,omitempty"`

	// cel is an expression over spec and metadata (name, namespace, labels,
	// annotations) of the request that gives a text, a number, a truth value, a
	// list of texts, or null for nothing; at most 1024 characters.
	// +optional
	// +unionMember
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	CEL string `json:"cel,omitempty"`
}

// SyncMode says whether changes at the site are read back.
// +kubebuilder:validation:Enum=TwoWay;PushOnly
type SyncMode string

const (
	// SyncModeTwoWay reads status and metadata back from the site.
	SyncModeTwoWay SyncMode = "TwoWay"
	// SyncModePushOnly only writes to the site.
	SyncModePushOnly SyncMode = "PushOnly"
)

// Sync says what is read back from the site, and how often.
// +kubebuilder:validation:MinProperties=1
type Sync struct {
	// mode is TwoWay or PushOnly. With PushOnly nothing is read from the site
	// unless an annotation asks for it; when it becomes TwoWay again everything is
	// read at once. Default TwoWay.
	// +optional
	// +kubebuilder:default=TwoWay
	Mode SyncMode `json:"mode,omitempty"`

	// intervalSeconds is the time between two syncs, give or take 5 percent, 60 to
	// 604800 seconds. A sync reads counts, post types, taxonomies and the first
	// categories and tags. Default 3600.
	// +optional
	// +kubebuilder:default=3600
	// +kubebuilder:validation:Minimum=60
	// +kubebuilder:validation:Maximum=604800
	IntervalSeconds int32 `json:"intervalSeconds,omitempty"`

	// structureIntervalSeconds is the time between two structure updates, give or
	// take 5 percent, 60 to 2592000 seconds. One reads what a sync reads, and all
	// categories and tags. Default 86400.
	// +optional
	// +kubebuilder:default=86400
	// +kubebuilder:validation:Minimum=60
	// +kubebuilder:validation:Maximum=2592000
	StructureIntervalSeconds int32 `json:"structureIntervalSeconds,omitempty"`
}

// ImportMode says whether existing posts are imported.
// +kubebuilder:validation:Enum=Disabled
type ImportMode string

// ImportModeDisabled imports nothing.
const ImportModeDisabled ImportMode = "Disabled"

// Import is reserved for importing existing posts.
// +kubebuilder:validation:MinProperties=1
type Import struct {
	// mode is Disabled, the only value so far. Default Disabled.
	// +optional
	// +kubebuilder:default=Disabled
	Mode ImportMode `json:"mode,omitempty"`

	// postTypes are the post types to import; at most 50 of 20 characters each. Unset means post and page.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=20
	PostTypes []string `json:"postTypes,omitempty"`

	// statuses are the statuses to import; at most 5. Unset means Publish.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=5
	Statuses []PostStatus `json:"statuses,omitempty"`

	// modifiedAfterTime leaves out posts not modified since. Unset means all.
	// +optional
	ModifiedAfterTime metav1.Time `json:"modifiedAfterTime,omitempty,omitzero"`

	// contentStore says where imported bodies are kept. Unset means ConfigMap.
	// +optional
	ContentStore ContentStore `json:"contentStore,omitzero"`
}

// ContentStoreType is the kind of place where imported bodies are kept.
// +kubebuilder:validation:Enum=ConfigMap;Bucket
type ContentStoreType string

const (
	// ContentStoreConfigMap keeps each body in a ConfigMap.
	ContentStoreConfigMap ContentStoreType = "ConfigMap"
	// ContentStoreBucket keeps bodies in an object store.
	ContentStoreBucket ContentStoreType = "Bucket"
)

// ContentStore says where imported bodies are kept.
//
// +kubebuilder:validation:XValidation:rule="(self.type == 'Bucket') == has(self.bucketRef)",message="must set `bucketRef` when `type` is Bucket, and must not set it otherwise"
type ContentStore struct {
	// type is ConfigMap or Bucket.
	// +required
	// +unionDiscriminator
	Type ContentStoreType `json:"type,omitempty"`

	// bucketRef names the Secret with endpoint, bucket and credentials. Only for type Bucket.
	// +optional
	// +unionMember
	BucketRef LocalObjectReference `json:"bucketRef,omitzero"`
}

// PluginUpdatePolicy says who updates the plugin at the site.
// +kubebuilder:validation:Enum=Manual;Auto;Pinned
type PluginUpdatePolicy string

const (
	// PluginUpdatePolicyManual leaves updates to a person.
	PluginUpdatePolicyManual PluginUpdatePolicy = "Manual"
	// PluginUpdatePolicyAuto updates to the newest release of the channel.
	PluginUpdatePolicyAuto PluginUpdatePolicy = "Auto"
	// PluginUpdatePolicyPinned keeps the plugin at spec.plugin.version.
	PluginUpdatePolicyPinned PluginUpdatePolicy = "Pinned"
)

// Plugin says which plugin the site should run and who updates it.
//
// +kubebuilder:validation:XValidation:rule="(has(self.updatePolicy) && self.updatePolicy == 'Pinned') == has(self.version)",message="must set `version` when `updatePolicy` is Pinned, and must not set it otherwise"
// +kubebuilder:validation:MinProperties=1
type Plugin struct {
	// slug is the plugin's slug; at most 100 of a-z, 0-9 and '-'. Default igny8-wp-bridge.
	// +optional
	// +kubebuilder:default="igny8-wp-bridge"
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=100
	// +kubebuilder:validation:XValidation:rule="self.matches('^[a-z0-9]+(-[a-z0-9]+)*$')",message="must hold only lower-case letters and digits, joined by single hyphens"
	Slug string `json:"slug,omitempty"`

	// channel is Stable or Beta. Default Stable.
	// +optional
	// +kubebuilder:default=Stable
	Channel ReleaseChannel `json:"channel,omitempty"`

	// updatePolicy is Manual, Auto or Pinned. Default Manual.
	// +optional
	// +kubebuilder:default=Manual
	UpdatePolicy PluginUpdatePolicy `json:"updatePolicy,omitempty"`

	// version is the version to stay at; at most 64 characters. Only for updatePolicy Pinned.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	Version string `json:"version,omitempty"`
}

// NotificationFormat is the form in which a notification is sent.
// +kubebuilder:validation:Enum=CloudEvents
type NotificationFormat string

// NotificationFormatCloudEvents sends CloudEvents in structured mode.
const NotificationFormatCloudEvents NotificationFormat = "CloudEvents"

// Notification is reserved for sending sync events to another service.
type Notification struct {
	// name identifies the notification; at most 63 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name,omitempty"`

	// url is the https URL events are posted to; at most 2048 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:XValidation:rule="self.startsWith('https://') && isURL(self)",message="must be a URL that starts with https://"
	URL string `json:"url,omitempty"`

	// secretRef names the Secret and key that sign the events. Unset means unsigned.
	// +optional
	SecretRef SecretKeyReference `json:"secretRef,omitzero"`

	// format is CloudEvents, the only value so far. Default CloudEvents.
	// +optional
	// +kubebuilder:default=CloudEvents
	Format NotificationFormat `json:"format,omitempty"`
}

// LegacyCallbackPolicy says whether unsigned deliveries are accepted.
// +kubebuilder:validation:Enum=Denied;Allowed
type LegacyCallbackPolicy string

const (
	// LegacyCallbackDenied refuses deliveries that carry the plain API key.
	LegacyCallbackDenied LegacyCallbackPolicy = "Denied"
	// LegacyCallbackAllowed accepts them, for plugins older than the signed deliveries.
	LegacyCallbackAllowed LegacyCallbackPolicy = "Allowed"
)

// Webhooks says which deliveries from the site are accepted.
// +kubebuilder:validation:MinProperties=1
type Webhooks struct {
	// legacyCallback is Denied or Allowed: whether unsigned deliveries with the
	// plain API key, as older plugins send them, are accepted. Default Denied.
	// +optional
	// +kubebuilder:default=Denied
	LegacyCallback LegacyCallbackPolicy `json:"legacyCallback,omitempty"`
}
