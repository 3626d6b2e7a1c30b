// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PublishRequest is one post wanted at one WordPress site.
//
// +kubebuilder:object:root=true
// +kubebuilder:storageversion
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=pubreq,categories=igny8
// +kubebuilder:selectablefield:JSONPath=".spec.integrationRef.name"
// +kubebuilder:selectablefield:JSONPath=".spec.contentID"
// +kubebuilder:selectablefield:JSONPath=".spec.siteID"
// +kubebuilder:printcolumn:name="Ready",type="string",JSONPath=".status.conditions[?(@.type==\"Ready\")].status"
// +kubebuilder:printcolumn:name="Published",type="string",JSONPath=".status.conditions[?(@.type==\"Published\")].status"
// +kubebuilder:printcolumn:name="Post",type="integer",JSONPath=".status.post.id"
// +kubebuilder:printcolumn:name="URL",type="string",JSONPath=".status.post.url"
// +kubebuilder:printcolumn:name="Status",type="string",JSONPath=".status.conditions[?(@.type==\"Ready\")].message",priority=1
// +kubebuilder:printcolumn:name="Age",type="date",JSONPath=".metadata.creationTimestamp"
// +kubebuilder:validation:XValidation:rule="has(self.spec.contentKey) || has(self.spec.contentID) || size(self.metadata.name) <= 63",message="`metadata.name` must be at most 63 characters unless `spec.contentKey` or `spec.contentID` is set"
type PublishRequest struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the object's standard metadata. Its name is at most 63
	// characters unless spec.contentKey or spec.contentID is set, because the
	// key's default is made of namespace and name.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the post wanted.
	// +required
	Spec PublishRequestSpec `json:"spec,omitzero"`

	// status is the post as last observed. Until a controller has seen the
	// object: observedGeneration -1, Ready Unknown, Reconciling True.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1,"conditions":{{"type":"Ready","status":"Unknown","reason":"Pending","message":"Waiting for controller","lastTransitionTime":"1970-01-01T00:00:00Z"},{"type":"Reconciling","status":"True","reason":"Pending","message":"Waiting for controller","lastTransitionTime":"1970-01-01T00:00:00Z"}}}
	Status PublishRequestStatus `json:"status,omitzero"`
}

// PublishRequestList is a list of PublishRequests.
//
// +kubebuilder:object:root=true
type PublishRequestList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the requests.
	Items []PublishRequest `json:"items"`
}

// PublishRequestSpec is the post wanted.
//
// +kubebuilder:validation:XValidation:rule="has(self.integrationRef) || has(self.siteID)",message="must set `integrationRef`, or `siteID` to find the integration by"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.integrationRef) || (has(self.integrationRef) && self.integrationRef == oldSelf.integrationRef)",message="`integrationRef` is immutable once set: create another request to publish at another site",fieldPath=".integrationRef",reason=FieldValueForbidden
// +kubebuilder:validation:XValidation:rule="has(self.contentID) == has(oldSelf.contentID) && (!has(self.contentID) || self.contentID == oldSelf.contentID)",message="`contentID` is immutable: create another request for other content",fieldPath=".contentID",reason=FieldValueForbidden
// +kubebuilder:validation:XValidation:rule="has(self.contentKey) == has(oldSelf.contentKey) && (!has(self.contentKey) || self.contentKey == oldSelf.contentKey)",message="`contentKey` is immutable: create another request for other content",fieldPath=".contentKey",reason=FieldValueForbidden
// +kubebuilder:validation:XValidation:rule="!has(self.status) || self.status != 'Future' || has(self.publishTime)",message="must set `publishTime` when `status` is Future"
// +kubebuilder:validation:XValidation:rule="has(self.title) || self.content.format == 'Markdown'",message="must set `title`, unless `content.format` is Markdown and the front matter of the content has it"
type PublishRequestSpec struct {
	// integrationRef names the WordPressIntegration of the site, in the same
	// namespace. Immutable once set. Unset means the only active integration of
	// the namespace with the same siteID; with none or several the request waits.
	// +optional
	IntegrationRef LocalObjectReference `json:"integrationRef,omitzero"`

	// siteID is the app's id of the site, 1 to 2^53-1. Finds the integration where integrationRef is unset.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	SiteID int64 `json:"siteID,omitempty"`

	// contentID is the app's id of the content, 1 to 2^53-1. Immutable. Unset when no app is involved.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	ContentID int64 `json:"contentID,omitempty"`

	// contentKey identifies the post at the site: there is exactly one post for
	// each key; at most 128 of A-Z, a-z, 0-9 and -._~:/@=. Immutable. Unset means
	// content:<contentID>, or namespace/name of this object where contentID is unset.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:XValidation:rule="self.matches('^[-A-Za-z0-9._~:/@=]+$')",message="must hold only letters, digits and the characters -._~:/@="
	ContentKey string `json:"contentKey,omitempty"`

	// title is the post's title, 1 to 500 characters, not only white space. Unset
	// means that of the front matter, which only Markdown has.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=500
	// +kubebuilder:validation:XValidation:rule="self == '' || self.matches('[^[:space:]]')",message="must not be only white space"
	Title string `json:"title,omitempty"`

	// slug is the last part of the post's URL: lower-case letters, digits, '-',
	// '_' and percent-encoded bytes; at most 200 characters. Unset means the site
	// makes it from the title.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=200
	// +kubebuilder:validation:XValidation:rule="self.matches('^([-_\\\\p{Ll}\\\\p{Lm}\\\\p{Lo}\\\\p{M}\\\\p{N}]|%[0-9a-f]{2})+$')",message="must hold only lower-case letters, digits, - and _, without spaces and slashes, for example hello-world"
	Slug string `json:"slug,omitempty"`

	// excerpt is the post's excerpt; at most 2000 characters. Unset means the
	// first 150 characters of the content without markup, cut at a word.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2000
	Excerpt string `json:"excerpt,omitempty"`

	// content is the post's body.
	// +required
	Content Content `json:"content,omitzero"`

	// status is the WordPress status wanted: Publish, Draft, Pending, Private or
	// Future. Unset means the integration's default, which is Publish unless set.
	// +optional
	Status PostStatus `json:"status,omitempty"`

	// publishTime is when the post is published. With status Future the site
	// waits for it; with any other the operator does. Unset means now.
	// +optional
	PublishTime metav1.Time `json:"publishTime,omitempty,omitzero"`

	// release is Immediate, Auto or Manual. Default Immediate. Auto waits for
	// the integration's autoPublish, Manual for an annotation.
	// +optional
	// +kubebuilder:default=Immediate
	Release ReleaseMode `json:"release,omitempty"`

	// approval is NotRequired or Required. Default NotRequired. Required
	// publishes only the generation named by an annotation.
	// +optional
	// +kubebuilder:default=NotRequired
	Approval ApprovalMode `json:"approval,omitempty"`

	// postType is the post type; 1 to 20 of a-z, 0-9, '-' and '_'. Unset means
	// the integration's default, which is post unless set.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=20
	// +kubebuilder:validation:XValidation:rule="self.matches('^[-_a-z0-9]+$')",message="must hold only lower-case letters, digits, - and _"
	PostType string `json:"postType,omitempty"`

	// author is the login name of the post's author; at most 60 characters.
	// Unset means the integration's default, else the user the site maps the API key to.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=60
	Author string `json:"author,omitempty"`

	// template is the theme's template for the post; at most 255 characters.
	// Unset means the integration's default, else the theme's.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	Template string `json:"template,omitempty"`

	// commentStatus is Open or Closed. Unset means the site's default.
	// +optional
	CommentStatus CommentStatus `json:"commentStatus,omitempty"`

	// parent is the id of the parent post at the site, 1 to 2^53-1, for
	// hierarchical post types. Unset means none.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	Parent int64 `json:"parent,omitempty"`

	// categories are category paths such as News/Local; at most 50 of 500
	// characters each. Unset means cluster, else the integration's default.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=500
	Categories []string `json:"categories,omitempty"`

	// tags are tag names; at most 100 of 200 characters each. Unset means the
	// primary and secondary keywords of seo.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=200
	Tags []string `json:"tags,omitempty"`

	// taxonomies are terms of other taxonomies; at most 20.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=20
	Taxonomies []TaxonomyTerms `json:"taxonomies,omitempty"`

	// cluster is the name of the content's topic cluster, used as category
	// where categories is unset; at most 200 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=200
	Cluster string `json:"cluster,omitempty"`

	// seo is what search engines are told.
	// +optional
	SEO SEO `json:"seo,omitzero"`

	// featuredImage is the post's main image.
	// +optional
	FeaturedImage FeaturedImage `json:"featuredImage,omitzero"`

	// gallery holds further images; at most 50.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=50
	Gallery []GalleryImage `json:"gallery,omitempty"`

	// customFields are written into post meta; at most 50.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=50
	CustomFields []CustomField `json:"customFields,omitempty"`

	// imagePolicy is Upload, Reference or UploadRequired. Unset means the integration's.
	// +optional
	ImagePolicy ImagePolicy `json:"imagePolicy,omitempty"`

	// conflictPolicy is PreferSource, PreferSite, Merge or Manual. Unset means the integration's.
	// +optional
	ConflictPolicy ConflictPolicy `json:"conflictPolicy,omitempty"`

	// deletionPolicy is Retain, Trash or Delete. Unset means the integration's.
	// +optional
	DeletionPolicy DeletionPolicy `json:"deletionPolicy,omitempty"`

	// adoptionPolicy says what happens when the site already has a post for the
	// key: IfOwned, Always or Never. Default IfOwned.
	// +optional
	// +kubebuilder:default=IfOwned
	AdoptionPolicy AdoptionPolicy `json:"adoptionPolicy,omitempty"`

	// missingPolicy says what happens when the post is gone from the site:
	// Recreate, Restore or Leave. Default Recreate.
	// +optional
	// +kubebuilder:default=Recreate
	MissingPolicy MissingPolicy `json:"missingPolicy,omitempty"`

	// deletionTimeoutSeconds bounds how long deletion of this object waits for
	// the site, 1 to 2592000 seconds. Default 3600.
	// +optional
	// +kubebuilder:default=3600
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2592000
	DeletionTimeoutSeconds int32 `json:"deletionTimeoutSeconds,omitempty"`

	// origin is Cluster or Site. Default Cluster. Site is reserved for imported posts.
	// +optional
	// +kubebuilder:default=Cluster
	Origin Origin `json:"origin,omitempty"`

	// suspend stops every call for this request. Default false.
	// +optional
	Suspend bool `json:"suspend,omitempty"`

	// ttlSecondsAfterPublished deletes this object so many seconds after the
	// post was published, 0 to 2147483647; the post stays. Unset means never.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=2147483647
	TTLSecondsAfterPublished *int32 `json:"ttlSecondsAfterPublished,omitempty"`
}
