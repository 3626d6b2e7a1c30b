// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// PluginRequirements are the versions a plugin needs.
// +kubebuilder:validation:MinProperties=1
type PluginRequirements struct {
	// wordPress is the oldest WordPress the plugin works with, such as 6.1; at
	// most 16 characters. Unset means the one in the plugin's header.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=16
	// +kubebuilder:validation:XValidation:rule="self.matches('^[0-9]+([.][0-9]+){1,2}$')",message="must be a version such as 6.1 or 6.1.2"
	WordPress string `json:"wordPress,omitempty"`

	// php is the oldest PHP the plugin works with, such as 7.4; at most 16
	// characters. Unset means the one in the plugin's header.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=16
	// +kubebuilder:validation:XValidation:rule="self.matches('^[0-9]+([.][0-9]+){1,2}$')",message="must be a version such as 7.4 or 7.4.33"
	PHP string `json:"php,omitempty"`

	// testedUpTo is the newest WordPress the plugin was tested with; at most 16
	// characters. Unset means the one in the plugin's readme.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=16
	// +kubebuilder:validation:XValidation:rule="self.matches('^[0-9]+([.][0-9]+){1,2}$')",message="must be a version such as 6.9 or 6.9.1"
	TestedUpTo string `json:"testedUpTo,omitempty"`
}

// PluginImageVariant is one size of an image.
// +kubebuilder:validation:Enum=Standard;HighDPI;Vector
type PluginImageVariant string

const (
	// PluginImageStandard is the ordinary size: 128x128 for icons, 772x250 for banners.
	PluginImageStandard PluginImageVariant = "Standard"
	// PluginImageHighDPI is twice the ordinary size.
	PluginImageHighDPI PluginImageVariant = "HighDPI"
	// PluginImageVector is an SVG image.
	PluginImageVector PluginImageVariant = "Vector"
)

// PluginImage is an icon or a banner.
type PluginImage struct {
	// variant is Standard, HighDPI or Vector.
	// +required
	Variant PluginImageVariant `json:"variant,omitempty"`

	// url is the image's https URL; at most 2048 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:XValidation:rule="self.startsWith('https://') && isURL(self)",message="must be a URL that starts with https://"
	URL string `json:"url,omitempty"`
}

// SigningPolicy says who makes the signing key.
// +kubebuilder:validation:Enum=Provided;Generated
type SigningPolicy string

const (
	// SigningPolicyProvided reads the key from secretRef.
	SigningPolicyProvided SigningPolicy = "Provided"
	// SigningPolicyGenerated makes the key where the Secret does not have one.
	SigningPolicyGenerated SigningPolicy = "Generated"
)

// PluginSigning says which key signs the ZIP.
type PluginSigning struct {
	// policy is Provided or Generated: whether the key is made where the Secret
	// does not have one. Default Provided.
	// +optional
	// +kubebuilder:default=Provided
	Policy SigningPolicy `json:"policy,omitempty"`

	// secretRef names the Secret and key with the current ed25519 private key, in PEM.
	// +required
	SecretRef SecretKeyReference `json:"secretRef,omitzero"`

	// nextPublicKey is the ed25519 public key, in base64, that signs later
	// releases: sites learn it from this one. Unset means the key stays.
	// +optional
	// +kubebuilder:validation:MinLength=44
	// +kubebuilder:validation:MaxLength=44
	// +kubebuilder:validation:XValidation:rule="self.matches('^[A-Za-z0-9+/]{43}=$')",message="must be 32 bytes in base64"
	NextPublicKey string `json:"nextPublicKey,omitempty"`
}

// PluginRolloutType says whether a version is offered to all sites at once.
// +kubebuilder:validation:Enum=AllAtOnce;Staged
type PluginRolloutType string

const (
	// PluginRolloutAllAtOnce offers the version to every site at once.
	PluginRolloutAllAtOnce PluginRolloutType = "AllAtOnce"
	// PluginRolloutStaged offers it to a growing share of the sites.
	PluginRolloutStaged PluginRolloutType = "Staged"
)

// RolloutAction is a person's decision about a rollout.
// +kubebuilder:validation:Enum=Continue;Pause;Halt
type RolloutAction string

const (
	// RolloutContinue goes on by itself.
	RolloutContinue RolloutAction = "Continue"
	// RolloutPause stays at the present step.
	RolloutPause RolloutAction = "Pause"
	// RolloutHalt offers the version to no further site.
	RolloutHalt RolloutAction = "Halt"
)

// PluginRollout says which sites are offered a version when.
//
// +kubebuilder:validation:XValidation:rule="(self.type == 'Staged') == has(self.steps)",message="must set `steps` when `type` is Staged, and must not set it otherwise"
type PluginRollout struct {
	// type is AllAtOnce or Staged.
	// +required
	// +unionDiscriminator
	Type PluginRolloutType `json:"type,omitempty"`

	// steps are the shares of the sites, each greater than the one before; 1 to 20. Only for type Staged.
	// +optional
	// +unionMember
	// +listType=atomic
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=20
	// +kubebuilder:validation:XValidation:rule="self.all(a, self.exists_one(b, b.percent == a.percent)) && self.map(s, s.percent).isSorted()",message="must have a greater `percent` in each step than in the one before"
	Steps []RolloutStep `json:"steps,omitempty"`

	// selector picks the integrations that take part. Unset means all.
	// +optional
	Selector IntegrationSelector `json:"selector,omitzero"`

	// canaries are the names of integrations that are offered the version
	// first; at most 20 of 253 characters each.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=20
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=253
	Canaries []string `json:"canaries,omitempty"`

	// maxUnhealthyPercent is the share of updated sites that may be unhealthy
	// before the rollout halts, 1 to 100. Unset means the first one halts it.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=100
	MaxUnhealthyPercent int32 `json:"maxUnhealthyPercent,omitempty"`

	// action is Continue, Pause or Halt. Default Continue.
	// +optional
	// +kubebuilder:default=Continue
	Action RolloutAction `json:"action,omitempty"`
}

// RolloutStep is one step of a staged rollout.
type RolloutStep struct {
	// percent is the share of the sites that are offered the version, 1 to 100.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=100
	Percent int32 `json:"percent,omitempty"`

	// pauseSeconds is the time before the next step, 1 to 2592000 seconds.
	// Unset means a person lets the next step begin.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2592000
	PauseSeconds int32 `json:"pauseSeconds,omitempty"`
}

// IntegrationSelector picks integrations by their labels.
type IntegrationSelector struct {
	// matchLabels are labels the integration must all have; 1 to 16.
	// +required
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=16
	MatchLabels []NamedValue `json:"matchLabels,omitempty"`
}

// PluginDownloads bounds the downloads of a version.
// +kubebuilder:validation:MinProperties=1
type PluginDownloads struct {
	// perSitePerHour is how often one site may download the version in an hour, 1 to 10000.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=10000
	PerSitePerHour int32 `json:"perSitePerHour,omitempty"`

	// perAddressPerHour is how often one network address may download the version in an hour, 1 to 10000.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=10000
	PerAddressPerHour int32 `json:"perAddressPerHour,omitempty"`

	// urlTTLSeconds is how long a signed download URL is valid, 30 to 604800 seconds.
	// +optional
	// +kubebuilder:validation:Minimum=30
	// +kubebuilder:validation:Maximum=604800
	URLTTLSeconds int32 `json:"urlTTLSeconds,omitempty"`
}
