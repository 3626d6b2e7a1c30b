// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// WordPressIntegration connects a namespace to one WordPress site.
//
// +kubebuilder:object:root=true
// +kubebuilder:storageversion
// +kubebuilder:subresource:status
// +kubebuilder:resource:shortName=wpi,categories=igny8
// +kubebuilder:selectablefield:JSONPath=".spec.siteID"
// +kubebuilder:printcolumn:name="Ready",type="string",JSONPath=".status.conditions[?(@.type==\"Ready\")].status"
// +kubebuilder:printcolumn:name="Connected",type="string",JSONPath=".status.conditions[?(@.type==\"Connected\")].status"
// +kubebuilder:printcolumn:name="URL",type="string",JSONPath=".spec.siteURL"
// +kubebuilder:printcolumn:name="WordPress",type="string",JSONPath=".status.site.wordPressVersion",priority=1
// +kubebuilder:printcolumn:name="Plugin",type="string",JSONPath=".status.site.pluginVersion",priority=1
// +kubebuilder:printcolumn:name="Synced",type="string",JSONPath=".status.conditions[?(@.type==\"Synced\")].status",priority=1
// +kubebuilder:printcolumn:name="Suspended",type="boolean",JSONPath=".spec.suspend",priority=1
// +kubebuilder:printcolumn:name="Status",type="string",JSONPath=".status.conditions[?(@.type==\"Ready\")].message",priority=1
// +kubebuilder:printcolumn:name="Age",type="date",JSONPath=".metadata.creationTimestamp"
// +kubebuilder:validation:XValidation:rule="has(self.spec.ownerID) || size(self.metadata.name) <= 63",message="`metadata.name` must be at most 63 characters unless `spec.ownerID` is set"
// +kubebuilder:validation:XValidation:rule="oldSelf.hasValue() || size(self.metadata.name) <= 237",message="`metadata.name` must be at most 237 characters: the ConfigMap with the site's structure is named <name>-igny8-structure",optionalOldSelf=true
type WordPressIntegration struct {
	metav1.TypeMeta `json:",inline"`

	// metadata is the object's standard metadata. Its name is at most 63
	// characters unless spec.ownerID is set, because the owner's default is
	// made of namespace and name; and at most 237 with it, because a ConfigMap
	// is named after it.
	// +optional
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// spec is the connection wanted.
	// +required
	Spec WordPressIntegrationSpec `json:"spec,omitzero"`

	// status is the connection as last observed. Until a controller has seen
	// the object: observedGeneration -1, Ready Unknown, Reconciling True.
	// +optional
	// +kubebuilder:default={"observedGeneration":-1,"conditions":{{"type":"Ready","status":"Unknown","reason":"Pending","message":"Waiting for controller","lastTransitionTime":"1970-01-01T00:00:00Z"},{"type":"Reconciling","status":"True","reason":"Pending","message":"Waiting for controller","lastTransitionTime":"1970-01-01T00:00:00Z"}}}
	Status WordPressIntegrationStatus `json:"status,omitzero"`
}

// WordPressIntegrationList is a list of WordPressIntegrations.
//
// +kubebuilder:object:root=true
type WordPressIntegrationList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`

	// items are the integrations.
	Items []WordPressIntegration `json:"items"`
}

// Platform is the kind of site an integration connects to.
// +kubebuilder:validation:Enum=WordPress
type Platform string

// PlatformWordPress is a WordPress site.
const PlatformWordPress Platform = "WordPress"

// WordPressIntegrationSpec is the connection wanted.
//
// +kubebuilder:validation:XValidation:rule="!self.siteURL.startsWith('http://') || (has(self.transport) && has(self.transport.plaintext) && self.transport.plaintext == 'Allowed')",message="`siteURL` must start with https://; plain http needs `transport.plaintext: Allowed` and the operator's flag that permits it",fieldPath=".siteURL",reason=FieldValueForbidden
type WordPressIntegrationSpec struct {
	// siteURL is the address of the site: https://, host, optional port and
	// folder; no user information, query or fragment; at most 2048 characters.
	// http:// needs transport.plaintext Allowed and the administrator's flag.
	// May change only while the site behind it stays the same one, which the
	// operator checks by the site's UUID.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:XValidation:rule="self.startsWith('https://') || self.startsWith('http://')",message="must start with https://, for example https://blog.example.com"
	// +kubebuilder:validation:XValidation:rule="!self.matches('^[a-z]*:?//[^/?#]*@')",message="must not contain a user name or a password: the API key belongs in a Secret, see `credentials`",reason=FieldValueForbidden
	// +kubebuilder:validation:XValidation:rule="!self.contains('#')",message="must not contain a fragment: remove everything from the # on"
	// +kubebuilder:validation:XValidation:rule="!self.contains('?')",message="must not contain a query: remove everything from the ? on"
	// +kubebuilder:validation:XValidation:rule="!self.matches('^https?://') || isURL(self)",message="must be a valid URL, for example https://blog.example.com"
	// +kubebuilder:validation:XValidation:rule="!isURL(self) || self.matches('^https?://([^/?#]*@)?([[][0-9a-fA-F:.]+[]]|[-_.\\\\p{L}\\\\p{N}]*[\\\\p{L}\\\\p{N}][.]?)(:[0-9]*)?([/?#]|$)')",message="must name a host after //, for example https://blog.example.com"
	// +kubebuilder:validation:XValidation:rule="!isURL(self) || !self.matches('^https?://[^/?#]*:[0-9]*([/?#]|$)') || self.matches('^https?://[^/?#]*:0*([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])([/?#]|$)')",message="must have a port from 1 to 65535 after the colon, or no colon"
	// +kubebuilder:validation:XValidation:rule="!self.matches('[[:space:][:cntrl:]]')",message="must not contain white space"
	SiteURL string `json:"siteURL,omitempty"`

	// siteID is the app's id of the site, 1 to 2^53-1. Unset when no app is involved.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	SiteID int64 `json:"siteID,omitempty"`

	// accountID is the app's id of the account, 1 to 2^53-1. Unset when no app is involved.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	AccountID int64 `json:"accountID,omitempty"`

	// platform is the kind of site. Default WordPress, the only one so far.
	// +optional
	// +kubebuilder:default=WordPress
	Platform Platform `json:"platform,omitempty"`

	// ownerID says who owns the posts made through this integration, so that
	// they are found again from a rebuilt cluster; at most 128 visible ASCII
	// characters. Unset means namespace/name of this object.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:XValidation:rule="self.matches('^[!-~]+$')",message="must hold only visible ASCII characters, without spaces"
	OwnerID string `json:"ownerID,omitempty"`

	// suspend stops every call to the site, from every kind. Default false.
	// +optional
	Suspend bool `json:"suspend,omitempty"`

	// credentials says where the API key comes from. Default policy Generated.
	// +optional
	// +kubebuilder:default={policy: "Generated"}
	Credentials Credentials `json:"credentials,omitzero"`

	// transport says how the site is reached.
	// +optional
	// +kubebuilder:default={timeoutSeconds: 30}
	Transport Transport `json:"transport,omitzero"`

	// publishing holds limits and defaults for this integration's requests.
	// +optional
	// +kubebuilder:default={maxConcurrent: 2}
	Publishing Publishing `json:"publishing,omitzero"`

	// fieldMappings write fields of a request into post meta at the site; at most 50.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=50
	FieldMappings []FieldMapping `json:"fieldMappings,omitempty"`

	// sync says what is read back from the site, and how often.
	// +optional
	// +kubebuilder:default={mode: "TwoWay"}
	Sync Sync `json:"sync,omitzero"`

	// import is reserved for importing existing posts. Unset means Disabled.
	// +optional
	Import Import `json:"import,omitzero"`

	// plugin says which plugin the site should run and who updates it.
	// +optional
	// +kubebuilder:default={channel: "Stable"}
	Plugin Plugin `json:"plugin,omitzero"`

	// notifications is reserved for sending sync events to other services; at most 10.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=10
	Notifications []Notification `json:"notifications,omitempty"`

	// webhooks says which deliveries from the site are accepted.
	// +optional
	// +kubebuilder:default={legacyCallback: "Denied"}
	Webhooks Webhooks `json:"webhooks,omitzero"`
}

// CredentialsPolicy says who makes the API key.
// +kubebuilder:validation:Enum=Generated;Provided
type CredentialsPolicy string

const (
	// CredentialsPolicyGenerated keeps a generated key in Secret <name>-igny8.
	CredentialsPolicyGenerated CredentialsPolicy = "Generated"
	// CredentialsPolicyProvided reads the key from secretRef.
	CredentialsPolicyProvided CredentialsPolicy = "Provided"
)

// Credentials says where the API key comes from.
//
// +kubebuilder:validation:XValidation:rule="(has(self.policy) && self.policy == 'Provided') == has(self.secretRef)",message="must set `secretRef` when `policy` is Provided, and must not set it otherwise"
// +kubebuilder:validation:MinProperties=1
type Credentials struct {
	// policy is Generated or Provided. Default Generated: the operator makes the
	// key and keeps it in Secret <name>-igny8, which outlives the integration.
	// +optional
	// +unionDiscriminator
	// +kubebuilder:default=Generated
	Policy CredentialsPolicy `json:"policy,omitempty"`

	// secretRef names the Secret and key with the API key, at least 32
	// characters long. Only for policy Provided.
	// +optional
	// +unionMember
	SecretRef SecretKeyReference `json:"secretRef,omitzero"`
}

// PlaintextPolicy says whether a site may be reached without TLS.
// +kubebuilder:validation:Enum=Denied;Allowed
type PlaintextPolicy string

const (
	// PlaintextDenied requires https.
	PlaintextDenied PlaintextPolicy = "Denied"
	// PlaintextAllowed permits http, where the administrator's flag permits it too.
	PlaintextAllowed PlaintextPolicy = "Allowed"
)

// AuthHeader says in which header the API key travels.
// +kubebuilder:validation:Enum=Key;Bearer;Auto
type AuthHeader string

const (
	// AuthHeaderKey sends X-IGNY8-API-KEY.
	AuthHeaderKey AuthHeader = "Key"
	// AuthHeaderBearer sends Authorization: Bearer, for hosts that strip unknown headers.
	AuthHeaderBearer AuthHeader = "Bearer"
	// AuthHeaderAuto sends the key in both headers.
	AuthHeaderAuto AuthHeader = "Auto"
)

// Transport says how the site is reached.
// +kubebuilder:validation:MinProperties=1
type Transport struct {
	// plaintext is Denied or Allowed. Default Denied: only https. Allowed also needs the administrator's flag.
	// +optional
	// +kubebuilder:default=Denied
	Plaintext PlaintextPolicy `json:"plaintext,omitempty"`

	// caRef names a PEM bundle of certificate authorities trusted for this site
	// beside the system's. Unset means the system's only.
	// +optional
	CARef CAReference `json:"caRef,omitzero"`

	// timeoutSeconds bounds one call to the site, 1 to 300 seconds. Default 30.
	// +optional
	// +kubebuilder:default=30
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=300
	TimeoutSeconds int32 `json:"timeoutSeconds,omitempty"`

	// authHeader is Key, Bearer or Auto. Default Key.
	// +optional
	// +kubebuilder:default=Key
	AuthHeader AuthHeader `json:"authHeader,omitempty"`
}

// CAReferenceKind is the kind of object that holds a PEM bundle.
// +kubebuilder:validation:Enum=ConfigMap;Secret
type CAReferenceKind string

const (
	// CAReferenceKindConfigMap reads the bundle from a ConfigMap.
	CAReferenceKindConfigMap CAReferenceKind = "ConfigMap"
	// CAReferenceKindSecret reads the bundle from a Secret.
	CAReferenceKindSecret CAReferenceKind = "Secret"
)

// CAReference names one key of a ConfigMap or Secret in the same namespace.
type CAReference struct {
	// kind is ConfigMap or Secret.
	// +required
	Kind CAReferenceKind `json:"kind,omitempty"`

	// name is the name of the object; a DNS subdomain of at most 253 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:XValidation:rule="!format.dns1123Subdomain().validate(self).hasValue()",message="must be a valid object name: lower-case letters, digits, - and ."
	Name string `json:"name,omitempty"`

	// key is the key that holds the bundle; at most 253 characters. Default ca.crt.
	// +optional
	// +kubebuilder:default="ca.crt"
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Key string `json:"key,omitempty"`
}
