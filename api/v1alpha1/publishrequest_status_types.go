// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PublishRequestStatus is the post as last observed.
// +kubebuilder:validation:MinProperties=1
type PublishRequestStatus struct {
	// conditions are Ready, Published, Synced and MediaReady, and while
	// abnormal Conflict, Reconciling and Stalled; at most 16.
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

	// contentStatus is the content's state in the app's terms: Draft, Review or Published.
	// +optional
	ContentStatus ContentStatus `json:"contentStatus,omitempty"`

	// post is the post at the site.
	// +optional
	Post PostInfo `json:"post,omitzero"`

	// conflict is a change made at the site that an update has found, and that
	// is not decided about yet. Unset means none.
	// +optional
	Conflict PostConflict `json:"conflict,omitzero"`

	// source says what the published content was read from.
	// +optional
	Source ContentSourceStatus `json:"source,omitzero"`

	// media are the images of the post that are in the site's media library, by
	// name; at most 100.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=100
	Media []MediaStatus `json:"media,omitempty"`

	// attempts counts the calls that may have reached the site.
	// +optional
	Attempts PublishAttempts `json:"attempts,omitzero"`

	// site is what the site reported by itself; written by the webhook server only.
	// +optional
	Site SiteReport `json:"site,omitzero"`

	// lastSyncTime is when the post was last written or observed.
	// +optional
	LastSyncTime metav1.Time `json:"lastSyncTime,omitempty,omitzero"`

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

// ContentStatus is the content's state in the app's terms.
// +kubebuilder:validation:Enum=Draft;Review;Published
type ContentStatus string

const (
	// ContentStatusDraft is content not at the site, or there as a draft or in the trash.
	ContentStatusDraft ContentStatus = "Draft"
	// ContentStatusReview is content that waits at the site: pending, scheduled or in a custom status.
	ContentStatusReview ContentStatus = "Review"
	// ContentStatusPublished is content published at the site, publicly or privately.
	ContentStatusPublished ContentStatus = "Published"
)

// PostOrigin says how a post came to belong to a request.
// +kubebuilder:validation:Enum=Created;Adopted
type PostOrigin string

const (
	// PostOriginCreated is a post the request created.
	PostOriginCreated PostOrigin = "Created"
	// PostOriginAdopted is a post that was there already.
	PostOriginAdopted PostOrigin = "Adopted"
)

// PostInfo is the post at the site.
type PostInfo struct {
	// id is the post's id at the site, 1 to 2^53-1.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	ID int64 `json:"id,omitempty"`

	// siteUUID is the UUID of the site the post is at, as status.site.uuid of the
	// integration has it; at most 36 characters. Unset by operators that did not
	// note it yet.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=36
	SiteUUID string `json:"siteUUID,omitempty"`

	// url is the post's address; at most 2048 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	URL string `json:"url,omitempty"`

	// editURL is the address of the post's editor; at most 2048 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	EditURL string `json:"editURL,omitempty"`

	// status is the post's status in WordPress's own words, such as publish; at most 32 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	Status string `json:"status,omitempty"`

	// scheduledTime is when the site publishes the post by itself, or has done so.
	// Unset for a post that was not left to the site.
	// +optional
	ScheduledTime metav1.Time `json:"scheduledTime,omitempty,omitzero"`

	// modifiedTime is when the post was last modified at the site.
	// +optional
	ModifiedTime metav1.Time `json:"modifiedTime,omitempty,omitzero"`

	// contentHash is the site's hash of what it stored, used as precondition of
	// the next write; at most 128 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	ContentHash string `json:"contentHash,omitempty"`

	// sourceDigest is the digest of what was last sent; at most 128 characters.
	// Something follows a hyphen if images were missing then.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	SourceDigest string `json:"sourceDigest,omitempty"`

	// origin is Created or Adopted.
	// +optional
	Origin PostOrigin `json:"origin,omitempty"`

	// seoAdapters are the SEO plugins whose fields were written; at most 16 of 64 characters each.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=16
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=64
	SEOAdapters []string `json:"seoAdapters,omitempty"`

	// stripped is what the site's filters took out of what was last written,
	// because its user may not write it: elements such as script, attributes such
	// as img[srcset], or #text for any other difference; at most 32 of 64 characters each.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=32
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=64
	Stripped []string `json:"stripped,omitempty"`

	// seoKept are the SEO values that were not written because a person has
	// changed them at the site, such as yoast/_yoast_wpseo_title; at most 32 of 64 characters each.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=32
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=64
	SEOKept []string `json:"seoKept,omitempty"`
}

// PostConflict is a change of the post that was made at the site since the last
// write, and has neither been overwritten nor accepted.
type PostConflict struct {
	// contentHash is the site's hash of the post as changed, used as the
	// precondition of overwriting it; at most 128 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	ContentHash string `json:"contentHash,omitempty"`

	// modifiedTime is when the post was changed, by the site's clock.
	// +optional
	ModifiedTime metav1.Time `json:"modifiedTime,omitempty,omitzero"`

	// modifiedBy is who changed the post, as name and login name, such as
	// Jane Doe (jane); at most 256 characters. Unset means that the site does
	// not know.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	ModifiedBy string `json:"modifiedBy,omitempty"`
}

// ContentSourceStatus says what the published content was read from.
// +kubebuilder:validation:MinProperties=1
type ContentSourceStatus struct {
	// resourceVersion is the resourceVersion of the ConfigMap the published
	// content was read from; at most 128 characters. Unset for inline content.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	ResourceVersion string `json:"resourceVersion,omitempty"`

	// digest is the SHA-256 of the content as last read from a ConfigMap, a URL or
	// a bucket, as sha256: and hexadecimal digits; at most 128 characters. Unset
	// for inline content.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	Digest string `json:"digest,omitempty"`

	// fieldMappingsDigest is the digest of the integration's fieldMappings that
	// the published content was made with; at most 128 characters. Unset means none.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	FieldMappingsDigest string `json:"fieldMappingsDigest,omitempty"`

	// imagesVersion is the digest of names and resourceVersions of the ConfigMaps
	// that images of the published content are in; at most 128 characters. Unset
	// means none.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	ImagesVersion string `json:"imagesVersion,omitempty"`
}

// MediaStatus is one image uploaded for a post.
type MediaStatus struct {
	// name is the image's name in the spec, or content- and 16 hexadecimal digits
	// for one in the text; at most 63 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name,omitempty"`

	// sha256 is the SHA-256 of the bytes uploaded, as 64 lower-case hexadecimal digits.
	// +optional
	// +kubebuilder:validation:MinLength=64
	// +kubebuilder:validation:MaxLength=64
	SHA256 string `json:"sha256,omitempty"`

	// sourceDigest is the digest of where the image was read from, or of its bytes
	// where they are in a ConfigMap or named by a digest; at most 128 characters.
	// An image with the same digest is neither read nor uploaded again.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	SourceDigest string `json:"sourceDigest,omitempty"`

	// refDigest is the digest of the reference in the spec that the image was
	// read by, such as the name and the key of its ConfigMap; at most 128 characters.
	// Unset for an image of the text, and where a version that did not note it
	// brought the image.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	RefDigest string `json:"refDigest,omitempty"`

	// attachmentID is the attachment's id at the site, 1 to 2^53-1.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	AttachmentID int64 `json:"attachmentID,omitempty"`

	// url is the image's address at the site; at most 2048 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	URL string `json:"url,omitempty"`
}

// PublishAttempts counts the calls that may have reached the site. It belongs
// to one generation, source digest, credential and retry annotation; any other
// of these starts at 0.
// +kubebuilder:validation:MinProperties=1
type PublishAttempts struct {
	// generation is the generation the attempts belong to.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	Generation int64 `json:"generation,omitempty"`

	// sourceDigest is the digest of what was to be sent; at most 128 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	SourceDigest string `json:"sourceDigest,omitempty"`

	// credentialDigest is the digest of the API key used; at most 128 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	CredentialDigest string `json:"credentialDigest,omitempty"`

	// count is the number of attempts. Unset means none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	Count int32 `json:"count,omitempty"`

	// lastTime is when the last attempt ended.
	// +optional
	LastTime metav1.Time `json:"lastTime,omitempty,omitzero"`

	// nextTime is when the next attempt is due. Unset means none is planned.
	// +optional
	NextTime metav1.Time `json:"nextTime,omitempty,omitzero"`

	// lastReason is the condition reason of the last attempt; at most 64 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	LastReason string `json:"lastReason,omitempty"`

	// handledRetry is the value of the retry annotation the attempts belong to; at most 1024 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	HandledRetry string `json:"handledRetry,omitempty"`
}
