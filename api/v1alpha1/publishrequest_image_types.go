// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// ImageSourceType says where an image comes from.
// +kubebuilder:validation:Enum=URL;ConfigMap;Object
type ImageSourceType string

const (
	// ImageSourceURL reads the image from a URL.
	ImageSourceURL ImageSourceType = "URL"
	// ImageSourceConfigMap reads the image from a ConfigMap's binaryData.
	ImageSourceConfigMap ImageSourceType = "ConfigMap"
	// ImageSourceObject reads the image from a URL with digest or an object store.
	ImageSourceObject ImageSourceType = "Object"
)

// ImageSource says where an image comes from.
//
// +kubebuilder:validation:XValidation:rule="(self.type == 'URL') == has(self.url)",message="must set `url` when `type` is URL, and must not set it otherwise"
// +kubebuilder:validation:XValidation:rule="(self.type == 'ConfigMap') == has(self.configMap)",message="must set `configMap` when `type` is ConfigMap, and must not set it otherwise"
// +kubebuilder:validation:XValidation:rule="(self.type == 'Object') == has(self.object)",message="must set `object` when `type` is Object, and must not set it otherwise"
type ImageSource struct {
	// type is URL, ConfigMap or Object.
	// +required
	// +unionDiscriminator
	Type ImageSourceType `json:"type,omitempty"`

	// url is the image's http or https URL; at most 2048 characters. Only for type URL.
	// +optional
	// +unionMember
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:XValidation:rule="self.matches('^https?://') && isURL(self)",message="must be a URL that starts with https:// or http://"
	URL string `json:"url,omitempty"`

	// configMap names the ConfigMap and key with the image's bytes. Only for type ConfigMap.
	// +optional
	// +unionMember
	ConfigMap ConfigMapKeyReference `json:"configMap,omitzero"`

	// object names the image in an object store or at a URL. Only for type Object.
	// +optional
	// +unionMember
	Object ObjectReference `json:"object,omitzero"`
}

// FeaturedImage is a post's main image.
// +kubebuilder:validation:MinProperties=1
type FeaturedImage struct {
	// name identifies the image in status.media; at most 63 characters. Default featured.
	// +optional
	// +kubebuilder:default=featured
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name,omitempty"`

	ImageDetails `json:",inline"`
}

// GalleryImage is one of a post's further images.
type GalleryImage struct {
	// name identifies the image in status.media, unique in the gallery; at most 63 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Name string `json:"name,omitempty"`

	ImageDetails `json:",inline"`
}

// ImageDetails is what every image has.
type ImageDetails struct {
	// source says where the image comes from.
	// +required
	Source ImageSource `json:"source,omitzero"`

	// alt describes the image for people who do not see it; at most 500 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=500
	Alt string `json:"alt,omitempty"`

	// caption is shown with the image; at most 1000 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1000
	Caption string `json:"caption,omitempty"`

	// title is the image's title in the media library; at most 500 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=500
	Title string `json:"title,omitempty"`
}

// CustomField is one entry of post meta.
type CustomField struct {
	// name is the meta key, unique in the list; at most 255 characters, no white space.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule="!self.matches('[[:space:]]')",message="must not contain white space"
	Name string `json:"name,omitempty"`

	// value is the meta value; at most 4096 characters. Unset means empty.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=4096
	Value string `json:"value,omitempty"`
}
