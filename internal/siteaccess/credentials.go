// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package siteaccess leads from a WordPressIntegration to a client of its site.
package siteaccess

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// Error says why a site cannot be accessed, before any call was made.
type Error struct {
	// Reason is the condition's.
	Reason string
	// Message names the object and what to do.
	Message string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Credentials are what a site is called with: an API key and the digests that may
// be shown of it, and whom to trust.
type Credentials struct {
	Key wordpress.Key
	// CABundle has the certificates (PEM) that are trusted besides the system's,
	// nil for none.
	CABundle []byte
	// Digest is "sha256:" and the SHA-256 of the key, in hex.
	Digest string
	// CallbackDigest is the same of the callback token derived from the key.
	CallbackDigest string

	// text is the key, behind a pointer because fmt would print it otherwise.
	text *string
}

// Usable says that there is a key.
func (c Credentials) Usable() bool { return c.Digest != "" }

// CopyTo puts the key into an entry of a Secret.
func (c Credentials) CopyTo(secret *corev1.Secret, entry string) {
	if secret.Data == nil {
		secret.Data = map[string][]byte{}
	}
	secret.Data[entry] = []byte(*c.text)
}

// Load reads the key that a call to the integration's site takes and the
// certificates it trusts. The reader must not be a cache: Secrets are never kept,
// and each call takes the key of its moment, so that none outlives a rotation by
// more than its own length. What is missing or unusable is an *Error; any other
// error is one of the API server.
func Load(ctx context.Context, reader client.Reader, integration *v1alpha1.WordPressIntegration) (Credentials, error) {
	credentials, err := loadKey(ctx, reader, integration)
	if err != nil {
		return Credentials{}, err
	}
	credentials.CABundle, err = LoadCA(ctx, reader, integration)
	return credentials, err
}
