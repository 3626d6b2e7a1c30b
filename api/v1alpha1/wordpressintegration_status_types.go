// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// WordPressIntegrationStatus is the connection as last observed.
// +kubebuilder:validation:MinProperties=1
type WordPressIntegrationStatus struct {
	// conditions are Ready, Connected, Synced, PluginHealthy, AutoPublishing and
	// KeyRotated, and while abnormal Reconciling and Stalled; at most 16.
	// +optional
	// +listType=map
	// +listMapKey=type
	// +kubebuilder:validation:MaxItems=16
	Conditions []metav1.Condition `json:"conditions,omitempty"`

	// observedGeneration is the generation last brought to an end; -1 until a
	// controller has seen the object.
	// +optional
	// +kubebuilder:validation:Minimum=-1
	ObservedGeneration int64 `json:"observedGeneration,omitempty"`

	// keys are the API keys known, by digest; at most 4. Keys themselves never show here.
	// +optional
	// +listType=map
	// +listMapKey=digest
	// +kubebuilder:validation:MaxItems=4
	Keys []APIKeyStatus `json:"keys,omitempty"`

	// site holds facts about the site.
	// +optional
	Site SiteStatus `json:"site,omitzero"`

	// structure holds the site's post types and taxonomies.
	// +optional
	Structure SiteStructure `json:"structure,omitzero"`

	// lastSyncTime is when the structure was last read, by a structure update, by a
	// sync that was asked for, or by one that found something new.
	// +optional
	LastSyncTime metav1.Time `json:"lastSyncTime,omitempty,omitzero"`

	// lastContactTime is when the site last answered.
	// +optional
	LastContactTime metav1.Time `json:"lastContactTime,omitempty,omitzero"`

	// queue is the state of the site's queue, written at most every 10 seconds.
	// +optional
	Queue QueueStatus `json:"queue,omitzero"`

	// batches are the newest batches of requests, the newest first; at most 10.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=10
	Batches []BatchStatus `json:"batches,omitempty"`

	// autoPublish is the state of the runs that release requests.
	// +optional
	AutoPublish AutoPublishStatus `json:"autoPublish,omitzero"`

	// plugin is what the plugin at the site reported about itself.
	// +optional
	Plugin PluginStatus `json:"plugin,omitzero"`

	// deliveries are the newest deliveries received from the site; at most 20.
	// +optional
	// +listType=map
	// +listMapKey=id
	// +kubebuilder:validation:MaxItems=20
	Deliveries []DeliveryStatus `json:"deliveries,omitempty"`

	// lastHandled echoes the annotations acted upon: annotation name and its value then; at most 16.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=16
	LastHandled []NamedValue `json:"lastHandled,omitempty"`

	// history holds the newest sync events, newest first; at most 10.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=10
	History []SyncEvent `json:"history,omitempty"`
}

// APIKeyState is the state of one API key.
// +kubebuilder:validation:Enum=Accepted;Candidate;Retiring
type APIKeyState string

const (
	// APIKeyStateAccepted is the key the site accepts.
	APIKeyStateAccepted APIKeyState = "Accepted"
	// APIKeyStateCandidate is a key the site has not accepted yet.
	APIKeyStateCandidate APIKeyState = "Candidate"
	// APIKeyStateRetiring is an older key the site still accepts during a rotation.
	APIKeyStateRetiring APIKeyState = "Retiring"
)

// APIKeyStatus is one API key, known by its digest.
type APIKeyStatus struct {
	// digest is the SHA-256 of the key, as sha256: and 64 lower-case hexadecimal digits.
	// +required
	// +kubebuilder:validation:MinLength=71
	// +kubebuilder:validation:MaxLength=71
	Digest string `json:"digest,omitempty"`

	// callbackDigest is the SHA-256 of the callback token derived from the key, in the same form.
	// +optional
	// +kubebuilder:validation:MinLength=71
	// +kubebuilder:validation:MaxLength=71
	CallbackDigest string `json:"callbackDigest,omitempty"`

	// state is Accepted, Candidate or Retiring.
	// +required
	State APIKeyState `json:"state,omitempty"`

	// sinceTime is when the key entered this state.
	// +optional
	SinceTime metav1.Time `json:"sinceTime,omitempty,omitzero"`
}

// MultisiteState says whether the site is part of a network of sites.
// +kubebuilder:validation:Enum=Disabled;Enabled
type MultisiteState string

const (
	// MultisiteDisabled is a site of its own.
	MultisiteDisabled MultisiteState = "Disabled"
	// MultisiteEnabled is one site of a network.
	MultisiteEnabled MultisiteState = "Enabled"
)

// SiteStatus holds facts about the site, as it reported them.
// +kubebuilder:validation:MinProperties=1
type SiteStatus struct {
	// uuid is the site's UUID, minted by the plugin; at most 36 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=36
	UUID string `json:"uuid,omitempty"`

	// epoch is the epoch of the site's outbox; at most 64 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	Epoch string `json:"epoch,omitempty"`

	// publicKeys are the ed25519 public keys that sign the site's deliveries, in base64; at most 4.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=4
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=64
	PublicKeys []string `json:"publicKeys,omitempty"`

	// restURL is the root of the site's REST API as discovered, such as
	// https://blog.example.com/wp-json/ or https://blog.example.com/?rest_route=/; at most 2048 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	RESTURL string `json:"restURL,omitempty"`

	// homeURL is the address the site itself says it has; at most 2048 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	HomeURL string `json:"homeURL,omitempty"`

	// name is the site's title; at most 200 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=200
	Name string `json:"name,omitempty"`

	// wordPressVersion is the version of WordPress; at most 64 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	WordPressVersion string `json:"wordPressVersion,omitempty"`

	// phpVersion is the version of PHP; at most 64 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	PHPVersion string `json:"phpVersion,omitempty"`

	// pluginVersion is the version of the plugin; at most 64 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	PluginVersion string `json:"pluginVersion,omitempty"`

	// locale is the site's locale, such as en_US; at most 32 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	Locale string `json:"locale,omitempty"`

	// timeZone is the site's time zone, an IANA name or an offset; at most 64 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	TimeZone string `json:"timeZone,omitempty"`

	// multisite is Disabled or Enabled.
	// +optional
	Multisite MultisiteState `json:"multisite,omitempty"`

	// capabilities are what the plugin at the site can do; at most 64 of 64 characters each.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=64
	Capabilities []string `json:"capabilities,omitempty"`

	// limits are the bounds the site puts on requests.
	// +optional
	Limits SiteLimits `json:"limits,omitzero"`

	// seoPlugins are the active SEO plugins; at most 16 of 64 characters each.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=64
	SEOPlugins []string `json:"seoPlugins,omitempty"`

	// blockEditorPostTypes are the post types whose posts open in the block
	// editor: HTML and Markdown become block markup there; at most 64 of 64
	// characters each. Unset means none, or a plugin that does not say.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=64
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=64
	BlockEditorPostTypes []string `json:"blockEditorPostTypes,omitempty"`
}

// SiteLimits are the bounds the site puts on requests. Unset means not reported or unlimited.
// +kubebuilder:validation:MinProperties=1
type SiteLimits struct {
	// uploadBytes is the largest file the site accepts, in bytes.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	UploadBytes int64 `json:"uploadBytes,omitempty"`

	// requestBytes is the largest request body the site accepts, in bytes.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	RequestBytes int64 `json:"requestBytes,omitempty"`

	// memoryBytes is the memory one request may use, in bytes.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	MemoryBytes int64 `json:"memoryBytes,omitempty"`

	// executionSeconds is the time one request may take, in seconds.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	ExecutionSeconds int32 `json:"executionSeconds,omitempty"`
}
