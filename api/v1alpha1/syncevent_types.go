// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// SyncEventType is the kind of operation a SyncEvent records.
// +kubebuilder:validation:Enum=Publish;Sync;Error;Webhook;MetadataSync
type SyncEventType string

const (
	// SyncEventTypePublish records an attempt to create, update or remove a post.
	SyncEventTypePublish SyncEventType = "Publish"
	// SyncEventTypeSync records an exchange with the site that moved no content, such as a connection test.
	SyncEventTypeSync SyncEventType = "Sync"
	// SyncEventTypeError records a failure outside any of the other types.
	SyncEventTypeError SyncEventType = "Error"
	// SyncEventTypeWebhook records a delivery received from the site.
	SyncEventTypeWebhook SyncEventType = "Webhook"
	// SyncEventTypeMetadataSync records reading the site's structure or a post's metadata.
	SyncEventTypeMetadataSync SyncEventType = "MetadataSync"
)

// SyncEvent records one thing that happened between the cluster and a site.
// The same record goes to status.history, the event log and metrics.
type SyncEvent struct {
	// eventType is the kind of operation: Publish, Sync, Error, Webhook or MetadataSync.
	// +required
	EventType SyncEventType `json:"eventType,omitempty"`

	// action is what was done, in CamelCase such as ContentPublish or StatusUpdate; at most 64 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	Action string `json:"action,omitempty"`

	// description is one sentence for people; at most 1024 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	Description string `json:"description,omitempty"`

	// success says whether the operation did what it was meant to.
	// +required
	Success bool `json:"success"`

	// contentID is the app's id of the content, 1 to 2^53-1. Unset when the event is about no content.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	ContentID int64 `json:"contentID,omitempty"`

	// externalID is the post's id at the site, as text; at most 64 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	ExternalID string `json:"externalID,omitempty"`

	// errorMessage says what failed, without secrets and without bytes of the
	// site's answer; at most 1024 characters. Unset on success.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	ErrorMessage string `json:"errorMessage,omitempty"`

	// details are further facts by name; at most 16.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=16
	Details []NamedValue `json:"details,omitempty"`

	// durationMilliseconds is how long the operation took, in milliseconds, at most one day.
	// Unset when it took less than one.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=86400000
	DurationMilliseconds int64 `json:"durationMilliseconds,omitempty"`

	// createdTime is when the operation ended.
	// +optional
	CreatedTime metav1.Time `json:"createdTime,omitempty,omitzero"`
}
