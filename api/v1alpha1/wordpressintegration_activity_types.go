// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

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

// BatchStatus is the progress of the requests of one batch, as far as they exist.
type BatchStatus struct {
	// name is the value of the label publishing.igny8.com/batch, or kind and name
	// of the requests' controller; at most 63 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name,omitempty"`

	// total is the number of requests. Unset means none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	Total int32 `json:"total,omitempty"`

	// pending is the number of requests that are on their way, or held. Unset means none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	Pending int32 `json:"pending,omitempty"`

	// published is the number of requests whose post is at the site, drafts too. Unset means none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	Published int32 `json:"published,omitempty"`

	// failed is the number of requests that are stalled. Unset means none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	Failed int32 `json:"failed,omitempty"`

	// startTime is when the first request of the batch was created.
	// +optional
	StartTime metav1.Time `json:"startTime,omitempty,omitzero"`

	// completionTime is when none was pending any more; at most 10 seconds late.
	// Unset while some are.
	// +optional
	CompletionTime metav1.Time `json:"completionTime,omitempty,omitzero"`
}

// AutoPublishStatus is the state of the runs that release requests.
// +kubebuilder:validation:MinProperties=1
type AutoPublishStatus struct {
	// currentRun is the newest run.
	// +optional
	CurrentRun AutoPublishRun `json:"currentRun,omitzero"`

	// outstanding are the UIDs of the requests that earlier runs released and
	// that had no post when the newest run started; at most 500.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=500
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=36
	Outstanding []string `json:"outstanding,omitempty"`

	// nextRunTime is when the next run starts; at most 10 seconds behind. Unset
	// means that nothing waits, or that there are no runs.
	// +optional
	NextRunTime metav1.Time `json:"nextRunTime,omitempty,omitzero"`

	// waiting is the number of requests that wait to be released; at most 10
	// seconds behind. Unset means none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	Waiting int32 `json:"waiting,omitempty"`
}

// AutoPublishRun is one run; written before any of its requests is due.
type AutoPublishRun struct {
	// startTime is when the run was due or, if it could not start then, when it started.
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
