// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
)

const (
	// generatedKeyBytes of randomness make a key that cannot be guessed.
	generatedKeyBytes = 32
	// generatedKeyPrefix lets secret scanners and people recognise a key.
	generatedKeyPrefix = "igny8_"
)

// loadCredentials finds the API key, making one where it is to be generated, and
// the certificates to trust, and says what is missing otherwise. Secrets are not watched (that takes the
// right to list them): a missing or changed one is noticed by looking again.
func (r *Reconciler) loadCredentials(ctx context.Context, s *scope) (phase.Result, error) {
	credentials, err := r.load(ctx, s.integration)
	var access *siteaccess.Error
	if errors.As(err, &access) {
		r.recordInaccessible(s, access)
		return phase.DoneFor(r.Random.Around(r.Intervals.Secret, intervalJitter)), nil
	}
	if err != nil {
		return phase.Done(), err
	}
	s.credentials = credentials
	s.revision = revision(s.integration, credentials)
	return phase.Proceed, nil
}

func (r *Reconciler) load(ctx context.Context, integration *v1alpha1.WordPressIntegration) (siteaccess.Credentials, error) {
	credentials, err := siteaccess.Load(ctx, r.Access.Live, integration)
	var access *siteaccess.Error
	missing := errors.As(err, &access) && access.Reason == v1alpha1.ReasonSecretNotFound
	if !missing || integration.Spec.Credentials.Policy == v1alpha1.CredentialsPolicyProvided {
		return credentials, err
	}
	// The missing Secret may be that of transport.caRef: one that exists is left as it is.
	if err := r.generate(ctx, integration); err != nil {
		return siteaccess.Credentials{}, err
	}
	return siteaccess.Load(ctx, r.Access.Live, integration)
}

// generate creates the Secret with a new key. It has no owner: an integration
// that is pruned and applied again finds its key, and the site still knows it.
// A Secret that exists is never overwritten.
func (r *Reconciler) generate(ctx context.Context, integration *v1alpha1.WordPressIntegration) error {
	ref := siteaccess.SecretOf(integration)
	random := make([]byte, generatedKeyBytes)
	_, _ = rand.Read(random) // never fails: crypto/rand ends the process instead
	secret := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: integration.Namespace, Name: ref.Name,
			Labels: map[string]string{"app.kubernetes.io/managed-by": "igny8-operator"},
		},
		Type: corev1.SecretTypeOpaque,
		Data: map[string][]byte{ref.Key: []byte(generatedKeyPrefix + hex.EncodeToString(random))},
	}
	// Secrets are in no cache that a later read could wait for.
	if err := r.Client.Create(ctx, secret, client.DisableReadYourWritesConsistency); err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("create secret %q: %w", ref.Name, err)
	}
	return nil
}

// revision names everything a test of the connection depends on.
func revision(integration *v1alpha1.WordPressIntegration, credentials siteaccess.Credentials) string {
	return strings.Join([]string{
		string(integration.UID), fmt.Sprint(integration.Generation), credentials.Digest,
		integration.Annotations[v1alpha1.AnnotationTestRequestedAt], integration.Annotations[v1alpha1.AnnotationConfirmSite],
		fmt.Sprintf("%x", sha256.Sum256(credentials.CABundle)),
	}, "/")
}
