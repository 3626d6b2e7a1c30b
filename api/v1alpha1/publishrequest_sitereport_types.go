// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// SiteReport is what the site reported by itself.
// +kubebuilder:validation:MinProperties=1
type SiteReport struct {
	// status is the newest status reported, applied whole.
	// +optional
	Status SiteStatusReport `json:"status,omitzero"`

	// metadata is the newest metadata reported, applied whole.
	// +optional
	Metadata SiteMetadataReport `json:"metadata,omitzero"`
}

// SiteStatusReport is a status the site reported.
//
// +kubebuilder:validation:XValidation:rule="self.epoch != oldSelf.epoch || self.sequence >= oldSelf.sequence",message="must not go back to an older `sequence` of the same `epoch`"
type SiteStatusReport struct {
	// epoch is the epoch of the site's outbox; at most 64 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	Epoch string `json:"epoch,omitempty"`

	// sequence is the place in the outbox, 1 to 2^53-1.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	Sequence int64 `json:"sequence,omitempty"`

	// postID is the post's id at the site, 1 to 2^53-1.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	PostID int64 `json:"postID,omitempty"`

	// postStatus is the post's status in WordPress's own words; at most 32 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	PostStatus string `json:"postStatus,omitempty"`

	// postURL is the post's address; at most 2048 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	PostURL string `json:"postURL,omitempty"`

	// postTitle is the post's title; at most 500 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=500
	PostTitle string `json:"postTitle,omitempty"`

	// contentHash is the site's hash of what it stores; at most 128 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	ContentHash string `json:"contentHash,omitempty"`

	// receivedTime is when the report was accepted.
	// +optional
	ReceivedTime metav1.Time `json:"receivedTime,omitempty,omitzero"`
}

// SiteMetadataReport is metadata the site reported.
//
// +kubebuilder:validation:XValidation:rule="self.epoch != oldSelf.epoch || self.sequence >= oldSelf.sequence",message="must not go back to an older `sequence` of the same `epoch`"
type SiteMetadataReport struct {
	// epoch is the epoch of the site's outbox; at most 64 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	Epoch string `json:"epoch,omitempty"`

	// sequence is the place in the outbox, 1 to 2^53-1.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	Sequence int64 `json:"sequence,omitempty"`

	// categories are the post's category paths; at most 50 of 500 characters each.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=500
	Categories []string `json:"categories,omitempty"`

	// tags are the post's tag names; at most 100 of 200 characters each.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=200
	Tags []string `json:"tags,omitempty"`

	// author is the display name of the post's author; at most 250 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=250
	Author string `json:"author,omitempty"`

	// modifiedTime is when the post was last modified at the site.
	// +optional
	ModifiedTime metav1.Time `json:"modifiedTime,omitempty,omitzero"`

	// receivedTime is when the report was accepted.
	// +optional
	ReceivedTime metav1.Time `json:"receivedTime,omitempty,omitzero"`
}
