// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// WordPressIntegrationStatus is the connection as last observed.
// +kubebuilder:validation:MinProperties=1
type WordPressIntegrationStatus struct {
	// conditions are Ready, Connected, Synced and PluginHealthy, and while
	// abnormal Reconciling and Stalled; at most 16.
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

	// lastSyncTime is when site or structure were last read in full.
	// +optional
	LastSyncTime metav1.Time `json:"lastSyncTime,omitempty,omitzero"`

	// lastContactTime is when the site last answered.
	// +optional
	LastContactTime metav1.Time `json:"lastContactTime,omitempty,omitzero"`

	// queue is the state of the site's queue, written at most every 10 seconds.
	// +optional
	Queue QueueStatus `json:"queue,omitzero"`

	// batches are the newest batches of requests, by label; at most 10.
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

// TruncatedList names a list of the structure that did not fit.
// +kubebuilder:validation:Enum=PostTypes;Taxonomies;Categories;Tags
type TruncatedList string

const (
	// TruncatedPostTypes says that postTypes is cut.
	TruncatedPostTypes TruncatedList = "PostTypes"
	// TruncatedTaxonomies says that taxonomies is cut.
	TruncatedTaxonomies TruncatedList = "Taxonomies"
	// TruncatedCategories says that categories is cut.
	TruncatedCategories TruncatedList = "Categories"
	// TruncatedTags says that tags is cut.
	TruncatedTags TruncatedList = "Tags"
)

// SiteStructure holds the site's post types and taxonomies.
// +kubebuilder:validation:MinProperties=1
type SiteStructure struct {
	// postTypes are the site's post types; at most 50.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=50
	PostTypes []SitePostType `json:"postTypes,omitempty"`

	// taxonomies are the site's taxonomies; at most 50.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=50
	Taxonomies []SiteTaxonomy `json:"taxonomies,omitempty"`

	// categories are category paths such as News/Local; at most 100 of 500 characters each.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=500
	Categories []string `json:"categories,omitempty"`

	// tags are tag names; at most 100 of 200 characters each.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=200
	Tags []string `json:"tags,omitempty"`

	// truncated names the lists above that are cut. Unset means none.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=4
	Truncated []TruncatedList `json:"truncated,omitempty"`

	// configMapRef names the ConfigMap with the whole structure, where one is cut here.
	// +optional
	ConfigMapRef LocalObjectReference `json:"configMapRef,omitzero"`
}

// SitePostType is one post type of the site.
type SitePostType struct {
	// name is the post type's name; at most 20 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=20
	Name string `json:"name,omitempty"`

	// label is the post type's label for people; at most 200 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=200
	Label string `json:"label,omitempty"`

	// count is the number of posts of this type. Unset means none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	Count int64 `json:"count,omitempty"`

	// supports are the features the post type supports; at most 32 of 64 characters each.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=32
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=64
	Supports []string `json:"supports,omitempty"`
}

// SiteTaxonomy is one taxonomy of the site.
type SiteTaxonomy struct {
	// name is the taxonomy's name; at most 32 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	Name string `json:"name,omitempty"`

	// count is the number of terms. Unset means none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	Count int64 `json:"count,omitempty"`
}

// BreakerState is the state of a site's circuit breaker.
// +kubebuilder:validation:Enum=Closed;Open;HalfOpen
type BreakerState string

const (
	// BreakerClosed lets calls through.
	BreakerClosed BreakerState = "Closed"
	// BreakerOpen lets no call through until nextProbeTime.
	BreakerOpen BreakerState = "Open"
	// BreakerHalfOpen lets one call through to probe the site.
	BreakerHalfOpen BreakerState = "HalfOpen"
)

// QueueStatus is the state of the site's queue.
// +kubebuilder:validation:MinProperties=1
type QueueStatus struct {
	// waiting is the number of requests that wait. Unset means none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	Waiting int32 `json:"waiting,omitempty"`

	// inFlight is the number of calls in flight. Unset means none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	InFlight int32 `json:"inFlight,omitempty"`

	// breaker is Closed, Open or HalfOpen.
	// +optional
	Breaker BreakerState `json:"breaker,omitempty"`

	// nextProbeTime is when the site is tried again while breaker is Open.
	// +optional
	NextProbeTime metav1.Time `json:"nextProbeTime,omitempty,omitzero"`
}

// BatchStatus is the progress of the requests with one batch label.
type BatchStatus struct {
	// name is the label's value; at most 63 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name,omitempty"`

	// total is the number of requests. Unset means none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	Total int32 `json:"total,omitempty"`

	// published is the number of requests published. Unset means none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	Published int32 `json:"published,omitempty"`

	// failed is the number of requests that are stalled. Unset means none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	Failed int32 `json:"failed,omitempty"`

	// startTime is when the first request of the batch was seen.
	// +optional
	StartTime metav1.Time `json:"startTime,omitempty,omitzero"`
}

// AutoPublishStatus is the state of the runs that release requests.
// +kubebuilder:validation:MinProperties=1
type AutoPublishStatus struct {
	// currentRun is the newest run.
	// +optional
	CurrentRun AutoPublishRun `json:"currentRun,omitzero"`

	// nextRunTime is when the next run starts. Unset means none is planned.
	// +optional
	NextRunTime metav1.Time `json:"nextRunTime,omitempty,omitzero"`

	// waiting is the number of requests that wait to be released. Unset means none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	Waiting int32 `json:"waiting,omitempty"`
}

// AutoPublishRun is one run; written before any of its requests is due.
type AutoPublishRun struct {
	// startTime is when the run was decided.
	// +required
	StartTime metav1.Time `json:"startTime,omitempty,omitzero"`

	// released are the UIDs of the requests released by the run; at most 500.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=500
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=36
	Released []string `json:"released,omitempty"`
}

// PluginHealth is the health the plugin reported.
// +kubebuilder:validation:Enum=Healthy;Degraded;Unhealthy
type PluginHealth string

const (
	// PluginHealthHealthy reports no error.
	PluginHealthHealthy PluginHealth = "Healthy"
	// PluginHealthDegraded reports errors that do not stop publishing.
	PluginHealthDegraded PluginHealth = "Degraded"
	// PluginHealthUnhealthy reports errors that stop publishing.
	PluginHealthUnhealthy PluginHealth = "Unhealthy"
)

// PluginStatus is what the plugin at the site reported about itself.
// +kubebuilder:validation:MinProperties=1
type PluginStatus struct {
	// version is the version that reported; at most 64 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	Version string `json:"version,omitempty"`

	// installedTime is when the plugin registered its installation.
	// +optional
	InstalledTime metav1.Time `json:"installedTime,omitempty,omitzero"`

	// lastSeenTime is when the plugin last reported.
	// +optional
	LastSeenTime metav1.Time `json:"lastSeenTime,omitempty,omitzero"`

	// health is Healthy, Degraded or Unhealthy.
	// +optional
	Health PluginHealth `json:"health,omitempty"`

	// errors are the newest errors reported; at most 10.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=10
	Errors []PluginError `json:"errors,omitempty"`
}

// PluginError is one error the plugin reported.
type PluginError struct {
	// code is the plugin's code for the error; at most 64 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	Code string `json:"code,omitempty"`

	// message says what failed; at most 1024 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	Message string `json:"message,omitempty"`

	// reportedTime is when the error was reported.
	// +optional
	ReportedTime metav1.Time `json:"reportedTime,omitempty,omitzero"`
}

// DeliveryResult is what became of a delivery.
// +kubebuilder:validation:Enum=Applied;Stale;Unmanaged;Ignored;Rejected
type DeliveryResult string

const (
	// DeliveryApplied changed a request's status.
	DeliveryApplied DeliveryResult = "Applied"
	// DeliveryStale was older than what is known.
	DeliveryStale DeliveryResult = "Stale"
	// DeliveryUnmanaged was about content without a request.
	DeliveryUnmanaged DeliveryResult = "Unmanaged"
	// DeliveryIgnored was accepted and not applied because sync is off.
	DeliveryIgnored DeliveryResult = "Ignored"
	// DeliveryRejected was authentic and not acceptable.
	DeliveryRejected DeliveryResult = "Rejected"
)

// DeliveryStatus is one delivery received from the site.
type DeliveryStatus struct {
	// id is the delivery's id; at most 128 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	ID string `json:"id,omitempty"`

	// event is the kind of event delivered; at most 64 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	Event string `json:"event,omitempty"`

	// result is Applied, Stale, Unmanaged, Ignored or Rejected.
	// +required
	Result DeliveryResult `json:"result,omitempty"`

	// receivedTime is when the delivery came in.
	// +optional
	ReceivedTime metav1.Time `json:"receivedTime,omitempty,omitzero"`
}
