// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"crypto/sha256"
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

// loadCredentials finds the API key, making one where it is to be generated, and
// the certificates to trust, and says what is missing otherwise. Secrets are not
// watched (that takes the right to list them): a missing or changed one is noticed
// by looking again.
func (r *Reconciler) loadCredentials(ctx context.Context, s *scope) (phase.Result, error) {
	return r.unlessInaccessible(s, r.load(ctx, s))
}

// unlessInaccessible ends the reconcile where an error says what keeps the
// operator from calling the site at all: the status tells it, and it is looked at
// again as often as Secrets are.
func (r *Reconciler) unlessInaccessible(s *scope, err error) (phase.Result, error) {
	if access := (*siteaccess.Error)(nil); errors.As(err, &access) {
		r.recordInaccessible(s, access)
		return phase.DoneFor(r.Random.Around(r.Intervals.Secret, intervalJitter)), nil
	}
	if err != nil {
		return phase.Done(), err
	}
	return phase.Proceed, nil
}

// load reads the operator's Secret, the person's if there is one, and the
// certificates, in the order in which they are complained about.
func (r *Reconciler) load(ctx context.Context, s *scope) error {
	if err := r.openStore(ctx, s); err != nil {
		return err
	}
	if s.provided() || !s.keys.Current.Usable() {
		wanted, err := siteaccess.LoadWanted(ctx, r.Access.Live, s.integration)
		if err != nil {
			return err
		}
		s.wanted = wanted
	}
	caBundle, err := siteaccess.LoadCA(ctx, r.Access.Live, s.integration)
	if err != nil {
		return err
	}
	s.caBundle = caBundle
	s.useKeys()
	return nil
}

// openStore reads the operator's Secret, having made it where the key is to be
// generated.
func (r *Reconciler) openStore(ctx context.Context, s *scope) error {
	store, err := siteaccess.ReadStore(ctx, r.Access.Live, s.integration)
	if err != nil {
		return err
	}
	if store == nil && !s.provided() {
		if err := r.createStore(ctx, s, putNewKey); err != nil && !apierrors.IsAlreadyExists(err) {
			return err
		}
		if store, err = siteaccess.ReadStore(ctx, r.Access.Live, s.integration); err != nil {
			return err
		}
	}
	s.setStore(store)
	return r.repairStore(ctx, s)
}

// createStore creates the operator's Secret with a key. It has no owner: an
// integration that is pruned and applied again finds its key, and the site still
// knows it. A Secret that exists is never overwritten.
func (r *Reconciler) createStore(ctx context.Context, s *scope, fill func(*corev1.Secret)) error {
	name := siteaccess.StoreOf(s.integration)
	store := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: name.Namespace, Name: name.Name,
			Labels: map[string]string{siteaccess.ManagedByLabel: siteaccess.ManagedBy, v1alpha1.LabelWatch: "true"},
		},
		Type: corev1.SecretTypeOpaque,
		Data: map[string][]byte{},
	}
	fill(store)
	// Secrets are in no cache that a later read could wait for.
	if err := r.Client.Create(ctx, store, client.DisableReadYourWritesConsistency); err != nil {
		return notWritten("create", name.Name, err)
	}
	s.setStore(store)
	return nil
}

// writeStore changes the operator's Secret, unless somebody else did since it was
// read: that is an error, and the next reconcile sees what is there now.
func (r *Reconciler) writeStore(ctx context.Context, s *scope, change func(*corev1.Secret)) error {
	store := s.store.DeepCopy()
	if store.Data == nil {
		store.Data = map[string][]byte{}
	}
	change(store)
	patch := client.MergeFromWithOptions(s.store, client.MergeFromWithOptimisticLock{})
	if err := r.Client.Patch(ctx, store, patch, client.DisableReadYourWritesConsistency); err != nil {
		return notWritten("patch", store.Name, err)
	}
	s.setStore(store)
	s.useKeys()
	return nil
}

// notWritten says why the operator's Secret could not be written. Where the API
// server refuses it (a quota, a policy, a Secret that is immutable, a name that is
// too long) trying again soon does not help, and a person has to know.
func notWritten(verb, name string, err error) error {
	if apierrors.IsInvalid(err) || apierrors.IsForbidden(err) {
		return &siteaccess.Error{Reason: v1alpha1.ReasonSecretNotWritable,
			Message: fmt.Sprintf("the API server refuses to %s Secret %q, in which the API key is kept; see to it that it can be written: %s", verb, name, err)}
	}
	return fmt.Errorf("%s secret %q: %w", verb, name, err)
}

// keepKey copies a provided key that the site has accepted into the operator's
// Secret: once the person's Secret has another one, the site will take it from
// nobody but who has this one.
func (r *Reconciler) keepKey(ctx context.Context, s *scope) (phase.Result, error) {
	if s.keys.Current.Usable() || !keyAccepted(s.integration.Status.Keys, s.wanted.Digest) {
		return phase.Proceed, nil
	}
	keep := func(store *corev1.Secret) { s.wanted.CopyTo(store, siteaccess.GeneratedSecretKey) }
	if s.store == nil {
		return r.unlessInaccessible(s, r.createStore(ctx, s, keep))
	}
	return r.unlessInaccessible(s, r.writeStore(ctx, s, keep))
}

// provided says that a person provides the key.
func (s *scope) provided() bool {
	return s.integration.Spec.Credentials.Policy == v1alpha1.CredentialsPolicyProvided
}

// setStore takes the operator's Secret as it is now.
func (s *scope) setStore(store *corev1.Secret) {
	s.store, s.keys = store, siteaccess.KeysIn(store)
}

// useKeys chooses the key to call the site with, as siteaccess.Load does.
func (s *scope) useKeys() {
	s.credentials = s.keys.Current
	if !s.credentials.Usable() {
		s.credentials = s.wanted
	}
	s.credentials.CABundle = s.caBundle
	s.revision = revision(s.integration, s.credentials)
}

// revision names everything a test of the connection depends on.
func revision(integration *v1alpha1.WordPressIntegration, credentials siteaccess.Credentials) string {
	return strings.Join([]string{
		string(integration.UID), fmt.Sprint(integration.Generation), credentials.Digest,
		integration.Annotations[v1alpha1.AnnotationTestRequestedAt], integration.Annotations[v1alpha1.AnnotationConfirmSite],
		fmt.Sprintf("%x", sha256.Sum256(credentials.CABundle)),
	}, "/")
}
