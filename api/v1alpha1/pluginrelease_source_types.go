// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// PluginSourceType is the kind of place the plugin's files come from.
// +kubebuilder:validation:Enum=Embedded;ConfigMap;HTTP;OCI
type PluginSourceType string

const (
	// PluginSourceEmbedded takes the files built into the operator.
	PluginSourceEmbedded PluginSourceType = "Embedded"
	// PluginSourceConfigMap takes a ZIP from a ConfigMap's binaryData.
	PluginSourceConfigMap PluginSourceType = "ConfigMap"
	// PluginSourceHTTP takes a ZIP from a URL.
	PluginSourceHTTP PluginSourceType = "HTTP"
	// PluginSourceOCI takes a ZIP from an OCI registry.
	PluginSourceOCI PluginSourceType = "OCI"
)

// StampVersion says whether the version is written into the plugin's header.
// +kubebuilder:validation:Enum=Never;Always
type StampVersion string

const (
	// StampVersionNever requires the header to have the version already.
	StampVersionNever StampVersion = "Never"
	// StampVersionAlways writes the version into header and readme.
	StampVersionAlways StampVersion = "Always"
)

// PluginSource says where the plugin's files come from.
//
// +kubebuilder:validation:XValidation:rule="(self.type == 'ConfigMap') == has(self.configMap)",message="must set `configMap` when `type` is ConfigMap, and must not set it otherwise"
// +kubebuilder:validation:XValidation:rule="(self.type == 'HTTP') == has(self.http)",message="must set `http` when `type` is HTTP, and must not set it otherwise"
// +kubebuilder:validation:XValidation:rule="(self.type == 'OCI') == has(self.oci)",message="must set `oci` when `type` is OCI, and must not set it otherwise"
type PluginSource struct {
	// type is Embedded, ConfigMap, HTTP or OCI. Embedded needs no further field.
	// +required
	// +unionDiscriminator
	Type PluginSourceType `json:"type,omitempty"`

	// configMap names the ConfigMap and key with the ZIP. Only for type ConfigMap.
	// +optional
	// +unionMember
	ConfigMap ConfigMapKeyReference `json:"configMap,omitzero"`

	// http names the ZIP by URL. Only for type HTTP.
	// +optional
	// +unionMember
	HTTP HTTPSource `json:"http,omitzero"`

	// oci names the ZIP in a registry. Only for type OCI.
	// +optional
	// +unionMember
	OCI OCISource `json:"oci,omitzero"`

	// stampVersion is Never or Always. Default Never.
	// +optional
	// +kubebuilder:default=Never
	StampVersion StampVersion `json:"stampVersion,omitempty"`
}

// HTTPSource names a ZIP by URL.
type HTTPSource struct {
	// url is the ZIP's https URL; at most 2048 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:XValidation:rule="self.startsWith('https://') && isURL(self)",message="must be a URL that starts with https://"
	URL string `json:"url,omitempty"`

	// digest is the ZIP's SHA-256, as sha256: and 64 lower-case hexadecimal digits.
	// +required
	// +kubebuilder:validation:MinLength=71
	// +kubebuilder:validation:MaxLength=71
	// +kubebuilder:validation:XValidation:rule="self.matches('^sha256:[0-9a-f]{64}$')",message="must be sha256: followed by 64 lower-case hexadecimal digits"
	Digest string `json:"digest,omitempty"`
}

// OCISource names a ZIP in an OCI registry.
type OCISource struct {
	// repository is the registry and repository, such as
	// registry.example.com/plugins/bridge, without tag and digest; at most 512 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	// +kubebuilder:validation:XValidation:rule="self.matches('^[a-zA-Z0-9.-]+(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+$')",message="must be registry/repository without tag and digest"
	Repository string `json:"repository,omitempty"`

	// digest is the manifest's SHA-256, as sha256: and 64 lower-case hexadecimal digits.
	// +required
	// +kubebuilder:validation:MinLength=71
	// +kubebuilder:validation:MaxLength=71
	// +kubebuilder:validation:XValidation:rule="self.matches('^sha256:[0-9a-f]{64}$')",message="must be sha256: followed by 64 lower-case hexadecimal digits"
	Digest string `json:"digest,omitempty"`

	// pullSecretRef names a Secret of type kubernetes.io/dockerconfigjson. Unset means anonymous.
	// +optional
	PullSecretRef LocalObjectReference `json:"pullSecretRef,omitzero"`
}

// PluginStorageType is the kind of place a built ZIP is kept in.
// +kubebuilder:validation:Enum=ConfigMap;Bucket
type PluginStorageType string

const (
	// PluginStorageConfigMap keeps the ZIP in an immutable ConfigMap.
	PluginStorageConfigMap PluginStorageType = "ConfigMap"
	// PluginStorageBucket keeps the ZIP in an object store.
	PluginStorageBucket PluginStorageType = "Bucket"
)

// PluginStorage says where a built ZIP is kept.
//
// +kubebuilder:validation:XValidation:rule="(self.type == 'Bucket') == has(self.bucket)",message="must set `bucket` when `type` is Bucket, and must not set it otherwise"
type PluginStorage struct {
	// type is ConfigMap or Bucket.
	// +required
	// +unionDiscriminator
	Type PluginStorageType `json:"type,omitempty"`

	// bucket names the bucket. Only for type Bucket.
	// +optional
	// +unionMember
	Bucket BucketStorage `json:"bucket,omitzero"`
}

// BucketDelivery says how sites get a ZIP that is kept in a bucket.
// +kubebuilder:validation:Enum=Proxy;Redirect
type BucketDelivery string

const (
	// BucketDeliveryProxy sends the bytes through the webhook server.
	BucketDeliveryProxy BucketDelivery = "Proxy"
	// BucketDeliveryRedirect sends sites to a signed URL of the bucket.
	BucketDeliveryRedirect BucketDelivery = "Redirect"
)

// BucketStorage names a bucket of an S3 compatible object store.
type BucketStorage struct {
	// endpoint is the store's https URL; at most 2048 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:XValidation:rule="self.startsWith('https://') && isURL(self)",message="must be a URL that starts with https://"
	Endpoint string `json:"endpoint,omitempty"`

	// name is the bucket's name; 3 to 63 of a-z, 0-9, '.' and '-'.
	// +required
	// +kubebuilder:validation:MinLength=3
	// +kubebuilder:validation:MaxLength=63
	// +kubebuilder:validation:XValidation:rule="self.matches('^[a-z0-9][a-z0-9.-]*[a-z0-9]$')",message="must hold only lower-case letters, digits, . and -, and start and end with a letter or digit"
	Name string `json:"name,omitempty"`

	// prefix is put before every key; at most 512 characters. Unset means none.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=512
	Prefix string `json:"prefix,omitempty"`

	// region is the bucket's region; at most 63 characters. Unset means the store's default.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Region string `json:"region,omitempty"`

	// secretRef names the Secret with accessKeyID and secretAccessKey.
	// +required
	SecretRef LocalObjectReference `json:"secretRef,omitzero"`

	// delivery is Proxy or Redirect. Default Proxy.
	// +optional
	// +kubebuilder:default=Proxy
	Delivery BucketDelivery `json:"delivery,omitempty"`
}
