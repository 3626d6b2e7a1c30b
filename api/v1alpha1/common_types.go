// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// LocalObjectReference names an object in the namespace of the referring object.
type LocalObjectReference struct {
	// name is the name of the object; a DNS subdomain of at most 253 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="!format.dns1123Subdomain().validate(self).hasValue()",message="must be a valid object name: lower-case letters, digits, - and ."
	Name string `json:"name,omitempty"`
}

// SecretKeyReference names one key of a Secret in the namespace of the referring object.
type SecretKeyReference struct {
	// name is the name of the Secret; a DNS subdomain of at most 253 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="!format.dns1123Subdomain().validate(self).hasValue()",message="must be a valid Secret name: lower-case letters, digits, - and ."
	Name string `json:"name,omitempty"`

	// key is the key within the Secret; letters, digits, '-', '_' and '.', at most 253 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="self.matches('^[-._a-zA-Z0-9]+$')",message="must be a valid Secret key: letters, digits, -, _ and ."
	Key string `json:"key,omitempty"`
}

// ConfigMapKeyReference names one key of a ConfigMap in the namespace of the referring object.
type ConfigMapKeyReference struct {
	// name is the name of the ConfigMap; a DNS subdomain of at most 253 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="!format.dns1123Subdomain().validate(self).hasValue()",message="must be a valid ConfigMap name: lower-case letters, digits, - and ."
	Name string `json:"name,omitempty"`

	// key is the key within the ConfigMap's data or binaryData; letters, digits, '-', '_' and '.', at most 253 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="self.matches('^[-._a-zA-Z0-9]+$')",message="must be a valid ConfigMap key: letters, digits, -, _ and ."
	Key string `json:"key,omitempty"`
}

// ObjectReference names bytes outside the cluster's store: either url with
// digest, or bucketRef with key.
//
// +kubebuilder:validation:XValidation:rule="has(self.url) != has(self.bucketRef)",message="must set exactly one of `url` and `bucketRef`"
// +kubebuilder:validation:XValidation:rule="has(self.url) == has(self.digest)",message="must set `digest` together with `url`, and only with it"
// +kubebuilder:validation:XValidation:rule="has(self.bucketRef) == has(self.key)",message="must set `key` together with `bucketRef`, and only with it"
// +kubebuilder:validation:MinProperties=1
type ObjectReference struct {
	// url is the https URL the bytes are read from; at most 2048 characters.
	// Needs digest. Unset when bucketRef is set.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:XValidation:rule="self.startsWith('https://') && isURL(self)",message="must be a URL that starts with https://"
	URL string `json:"url,omitempty"`

	// digest is the SHA-256 of the bytes behind url, as sha256: and 64 lower-case hexadecimal digits.
	// +optional
	// +kubebuilder:validation:MinLength=71
	// +kubebuilder:validation:MaxLength=71
	// +kubebuilder:validation:XValidation:rule="self.matches('^sha256:[0-9a-f]{64}$')",message="must be sha256: followed by 64 lower-case hexadecimal digits"
	Digest string `json:"digest,omitempty"`

	// bucketRef names the Secret of a bucket of an S3 object store, with the keys
	// endpoint (host with or without port, or its URL; https unless it begins with
	// http://), bucket, accessKeyID and secretAccessKey, and optionally region,
	// sessionToken and caBundle (PEM). Needs key. Unset when url is set.
	// +optional
	BucketRef LocalObjectReference `json:"bucketRef,omitzero"`

	// key is the object's key within the bucket; at most 1024 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	Key string `json:"key,omitempty"`
}

// NamedValue is one entry of a list that serves as a map from name to value.
type NamedValue struct {
	// name is the entry's name, unique in its list; at most 253 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name,omitempty"`

	// value is the entry's value; at most 1024 characters. Unset means empty.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	Value string `json:"value,omitempty"`
}

// PostStatus is the WordPress status wanted for a post.
// +kubebuilder:validation:Enum=Publish;Draft;Pending;Private;Future
type PostStatus string

const (
	// PostStatusPublish makes the post public.
	PostStatusPublish PostStatus = "Publish"
	// PostStatusDraft keeps the post as a draft.
	PostStatusDraft PostStatus = "Draft"
	// PostStatusPending leaves the post waiting for review at the site.
	PostStatusPending PostStatus = "Pending"
	// PostStatusPrivate publishes the post for logged-in users of the site with the right to read it.
	PostStatusPrivate PostStatus = "Private"
	// PostStatusFuture hands the post to the site's own scheduler; needs publishTime.
	PostStatusFuture PostStatus = "Future"
)

// ImagePolicy says what happens to the images of a request.
// +kubebuilder:validation:Enum=Upload;Reference;UploadRequired
type ImagePolicy string

const (
	// ImagePolicyUpload uploads images to the media library and publishes even when one fails.
	ImagePolicyUpload ImagePolicy = "Upload"
	// ImagePolicyReference leaves images where they are and sends their URLs.
	ImagePolicyReference ImagePolicy = "Reference"
	// ImagePolicyUploadRequired uploads images and does not publish until all are uploaded.
	ImagePolicyUploadRequired ImagePolicy = "UploadRequired"
)

// ConflictPolicy says what happens when a post was changed at the site since the last write.
// +kubebuilder:validation:Enum=PreferSource;PreferSite;Merge;Manual
type ConflictPolicy string

const (
	// ConflictPolicyPreferSource writes the request's content over the site's.
	ConflictPolicyPreferSource ConflictPolicy = "PreferSource"
	// ConflictPolicyPreferSite keeps the site's content.
	ConflictPolicyPreferSite ConflictPolicy = "PreferSite"
	// ConflictPolicyMerge merges both by field.
	ConflictPolicyMerge ConflictPolicy = "Merge"
	// ConflictPolicyManual stops until a person decides.
	ConflictPolicyManual ConflictPolicy = "Manual"
)

// DeletionPolicy says what happens to the post when its request is deleted.
// +kubebuilder:validation:Enum=Retain;Trash;Delete
type DeletionPolicy string

const (
	// DeletionPolicyRetain leaves the post as it is.
	DeletionPolicyRetain DeletionPolicy = "Retain"
	// DeletionPolicyTrash moves the post to the site's trash.
	DeletionPolicyTrash DeletionPolicy = "Trash"
	// DeletionPolicyDelete deletes the post for good.
	DeletionPolicyDelete DeletionPolicy = "Delete"
)
