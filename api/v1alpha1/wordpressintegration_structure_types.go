// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

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

// SiteStructure holds the post types and taxonomies that the API key's user can
// publish to, with the first categories and tags.
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

	// categories are category paths such as News/Local, oldest first, as a request
	// names them; at most 100 of 500 characters each.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=500
	Categories []string `json:"categories,omitempty"`

	// tags are tag names, oldest first; at most 100 of 200 characters each.
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

	// configMapRef names the ConfigMap with the whole lists, where one is cut
	// here: as structure.json, or structure.json.gz where that is too long.
	// +optional
	ConfigMapRef LocalObjectReference `json:"configMapRef,omitzero"`

	// lastUpdateTime is when the structure was last read with all categories and
	// tags. Unset means that it has to be read again.
	// +optional
	LastUpdateTime metav1.Time `json:"lastUpdateTime,omitempty,omitzero"`
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
