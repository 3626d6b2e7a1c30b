// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// ContentType says where the body of a post comes from.
// +kubebuilder:validation:Enum=Inline;ConfigMap;Object
type ContentType string

const (
	// ContentTypeInline holds the body in the request itself.
	ContentTypeInline ContentType = "Inline"
	// ContentTypeConfigMap reads the body from a ConfigMap.
	ContentTypeConfigMap ContentType = "ConfigMap"
	// ContentTypeObject reads the body from a URL or an object store.
	ContentTypeObject ContentType = "Object"
)

// ContentFormat is the form of a body.
// +kubebuilder:validation:Enum=HTML;Markdown;Blocks
type ContentFormat string

const (
	// ContentFormatHTML is HTML.
	ContentFormatHTML ContentFormat = "HTML"
	// ContentFormatMarkdown is Markdown, rendered to HTML by the operator.
	ContentFormatMarkdown ContentFormat = "Markdown"
	// ContentFormatBlocks is the block editor's own markup, sent as it is.
	ContentFormatBlocks ContentFormat = "Blocks"
)

// Content is the body of a post.
//
// +kubebuilder:validation:XValidation:rule="(self.type == 'Inline') == has(self.inline)",message="must set `inline` when `type` is Inline, and must not set it otherwise"
// +kubebuilder:validation:XValidation:rule="(self.type == 'ConfigMap') == has(self.configMap)",message="must set `configMap` when `type` is ConfigMap, and must not set it otherwise"
// +kubebuilder:validation:XValidation:rule="(self.type == 'Object') == has(self.object)",message="must set `object` when `type` is Object, and must not set it otherwise"
type Content struct {
	// type is Inline, ConfigMap or Object.
	// +required
	// +unionDiscriminator
	Type ContentType `json:"type,omitempty"`

	// format is HTML, Markdown or Blocks. Default HTML. Markdown may begin with
	// front matter: YAML between lines of ---, for the fields that are unset.
	// +optional
	// +kubebuilder:default=HTML
	Format ContentFormat `json:"format,omitempty"`

	// inline is the body itself; 1 to 32768 characters. Only for type Inline.
	// +optional
	// +unionMember
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32768
	Inline string `json:"inline,omitempty"`

	// configMap names the ConfigMap and key with the body. Only for type ConfigMap.
	// +optional
	// +unionMember
	ConfigMap ConfigMapKeyReference `json:"configMap,omitzero"`

	// object names the body in an object store or at a URL. Only for type Object.
	// +optional
	// +unionMember
	Object ObjectReference `json:"object,omitzero"`
}

// ReleaseMode says when a request may be published.
// +kubebuilder:validation:Enum=Immediate;Auto;Manual
type ReleaseMode string

const (
	// ReleaseImmediate publishes at once.
	ReleaseImmediate ReleaseMode = "Immediate"
	// ReleaseAuto waits for the integration's autoPublish.
	ReleaseAuto ReleaseMode = "Auto"
	// ReleaseManual waits for the annotation release-requested-at.
	ReleaseManual ReleaseMode = "Manual"
)

// ApprovalMode says whether a person must approve each generation.
// +kubebuilder:validation:Enum=NotRequired;Required
type ApprovalMode string

const (
	// ApprovalNotRequired publishes every generation.
	ApprovalNotRequired ApprovalMode = "NotRequired"
	// ApprovalRequired publishes only the generation named by the annotation approved-generation.
	ApprovalRequired ApprovalMode = "Required"
)

// CommentStatus says whether a post takes comments.
// +kubebuilder:validation:Enum=Open;Closed
type CommentStatus string

const (
	// CommentStatusOpen takes comments.
	CommentStatusOpen CommentStatus = "Open"
	// CommentStatusClosed takes none.
	CommentStatusClosed CommentStatus = "Closed"
)

// AdoptionPolicy says what happens when the site already has a post for the key.
// +kubebuilder:validation:Enum=IfOwned;Always;Never
type AdoptionPolicy string

const (
	// AdoptionPolicyIfOwned adopts a post with the same owner.
	AdoptionPolicyIfOwned AdoptionPolicy = "IfOwned"
	// AdoptionPolicyAlways adopts the post of any owner.
	AdoptionPolicyAlways AdoptionPolicy = "Always"
	// AdoptionPolicyNever adopts none and stalls.
	AdoptionPolicyNever AdoptionPolicy = "Never"
)

// MissingPolicy says what happens when the post is gone from the site.
// +kubebuilder:validation:Enum=Recreate;Restore;Leave
type MissingPolicy string

const (
	// MissingPolicyRecreate creates the post again.
	MissingPolicyRecreate MissingPolicy = "Recreate"
	// MissingPolicyRestore takes the post out of the site's trash, and leaves it gone when it is not there.
	MissingPolicyRestore MissingPolicy = "Restore"
	// MissingPolicyLeave leaves it gone.
	MissingPolicyLeave MissingPolicy = "Leave"
)

// Origin says on which side a post was written.
// +kubebuilder:validation:Enum=Cluster;Site
type Origin string

const (
	// OriginCluster is a post written in the cluster.
	OriginCluster Origin = "Cluster"
	// OriginSite is a post imported from the site.
	OriginSite Origin = "Site"
)

// TaxonomyTerms are terms of one taxonomy.
type TaxonomyTerms struct {
	// name is the taxonomy's name; 1 to 32 of a-z, 0-9, '-' and '_'.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:XValidation:rule="self.matches('^[-_a-z0-9]+$')",message="must hold only lower-case letters, digits, - and _"
	Name string `json:"name,omitempty"`

	// terms are term paths such as Europe/Austria; 1 to 100 of 500 characters each.
	// +required
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=500
	Terms []string `json:"terms,omitempty"`
}

// SEOIndex says whether search engines may index a post.
// +kubebuilder:validation:Enum=Index;NoIndex
type SEOIndex string

const (
	// SEOIndexIndex lets search engines index the post.
	SEOIndexIndex SEOIndex = "Index"
	// SEOIndexNoIndex asks them not to.
	SEOIndexNoIndex SEOIndex = "NoIndex"
)

// SEO is what search engines are told about a post.
// +kubebuilder:validation:MinProperties=1
type SEO struct {
	// title is the title for search engines; at most 300 characters. Unset means the site's own.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=300
	Title string `json:"title,omitempty"`

	// description is the meta description; at most 1000 characters. Unset means the site's own.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1000
	Description string `json:"description,omitempty"`

	// primaryKeyword is the focus keyword; at most 200 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=200
	PrimaryKeyword string `json:"primaryKeyword,omitempty"`

	// secondaryKeywords are further keywords; at most 50 of 200 characters each.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=200
	SecondaryKeywords []string `json:"secondaryKeywords,omitempty"`

	// canonicalURL is the address search engines should prefer, http or https; at
	// most 2048 characters. Unset means the post's own.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:XValidation:rule="self.matches('^https?://') && isURL(self)",message="must be a URL that starts with https:// or http://"
	CanonicalURL string `json:"canonicalURL,omitempty"`

	// index is Index or NoIndex. Unset means the site's default.
	// +optional
	Index SEOIndex `json:"index,omitempty"`
}
