// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// PluginReleaseStatus is the release as last observed.
// +kubebuilder:validation:MinProperties=1
type PluginReleaseStatus struct {
	// conditions are Ready, Built, Stored, Released and RolledOut, and while
	// abnormal Reconciling and Stalled; at most 16.
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

	// artifact is the built ZIP.
	// +optional
	Artifact ArtifactStatus `json:"artifact,omitzero"`

	// rollout is how far the version has come.
	// +optional
	Rollout RolloutStatus `json:"rollout,omitzero"`

	// distribution says who runs and downloads the version.
	// +optional
	Distribution DistributionStatus `json:"distribution,omitzero"`

	// history holds the newest sync events, newest first; at most 10.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=10
	History []SyncEvent `json:"history,omitempty"`
}

// ArtifactStatus is a built ZIP.
// +kubebuilder:validation:MinProperties=1
type ArtifactStatus struct {
	// fileName is the ZIP's name; at most 253 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	FileName string `json:"fileName,omitempty"`

	// sizeBytes is the ZIP's size in bytes.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	SizeBytes int64 `json:"sizeBytes,omitempty"`

	// md5 is the ZIP's MD5 in base64, for transport checks only.
	// +optional
	// +kubebuilder:validation:MinLength=24
	// +kubebuilder:validation:MaxLength=24
	MD5 string `json:"md5,omitempty"`

	// sha256 is the ZIP's SHA-256, as 64 lower-case hexadecimal digits.
	// +optional
	// +kubebuilder:validation:MinLength=64
	// +kubebuilder:validation:MaxLength=64
	SHA256 string `json:"sha256,omitempty"`

	// sha384 is the ZIP's SHA-384, as 96 lower-case hexadecimal digits.
	// +optional
	// +kubebuilder:validation:MinLength=96
	// +kubebuilder:validation:MaxLength=96
	SHA384 string `json:"sha384,omitempty"`

	// contentDigest is the digest of the files in the ZIP; at most 128 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	ContentDigest string `json:"contentDigest,omitempty"`

	// signature is the ed25519 signature of the ZIP, in base64.
	// +optional
	// +kubebuilder:validation:MinLength=88
	// +kubebuilder:validation:MaxLength=88
	Signature string `json:"signature,omitempty"`

	// keyID identifies the key that made the signature; at most 64 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	KeyID string `json:"keyID,omitempty"`

	// location is where the ZIP is kept: a ConfigMap's name or a bucket's key; at most 1024 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	Location string `json:"location,omitempty"`

	// builtTime is when the ZIP was built.
	// +optional
	BuiltTime metav1.Time `json:"builtTime,omitempty,omitzero"`
}

// RolloutStatus is how far a version has come. Unset counts mean none.
// +kubebuilder:validation:MinProperties=1
type RolloutStatus struct {
	// step is the number of the present step, from 1.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=20
	Step int32 `json:"step,omitempty"`

	// offered is the number of sites that are offered the version.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	Offered int32 `json:"offered,omitempty"`

	// updated is the number of sites that run the version.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	Updated int32 `json:"updated,omitempty"`

	// unhealthy is the number of sites that run the version and are unhealthy.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=2147483647
	Unhealthy int32 `json:"unhealthy,omitempty"`

	// haltedReason is the condition reason for which the rollout halted; at most 64 characters.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	HaltedReason string `json:"haltedReason,omitempty"`
}

// DistributionStatus says who runs and downloads a version. Unset counts mean none.
// +kubebuilder:validation:MinProperties=1
type DistributionStatus struct {
	// installations is the number of sites that ever registered the version.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	Installations int64 `json:"installations,omitempty"`

	// active is the number of sites that run the version now.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	Active int64 `json:"active,omitempty"`

	// downloads is the number of complete downloads.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	Downloads int64 `json:"downloads,omitempty"`

	// failedDownloads is the number of downloads refused or broken off.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	FailedDownloads int64 `json:"failedDownloads,omitempty"`

	// versions are the versions sites run; at most 50.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=50
	Versions []NamedCount `json:"versions,omitempty"`

	// countries are the countries downloads come from, by ISO 3166 code; at most 50.
	// +optional
	// +listType=map
	// +listMapKey=name
	// +kubebuilder:validation:MaxItems=50
	Countries []NamedCount `json:"countries,omitempty"`
}

// NamedCount is one entry of a list that serves as a map from name to number.
type NamedCount struct {
	// name is the entry's name, unique in its list; at most 64 characters.
	// +required
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	Name string `json:"name,omitempty"`

	// count is the entry's number, 1 to 2^53-1.
	// +required
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=9007199254740991
	Count int64 `json:"count,omitempty"`
}
