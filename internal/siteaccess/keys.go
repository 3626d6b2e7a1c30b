// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package siteaccess

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// The entries of the Secret in which the operator keeps the keys of an
// integration (docs/design/key-rotation.md).
const (
	// GeneratedSecretKey has the API key in use: the one every call takes.
	GeneratedSecretKey = "apiKey"
	// CandidateSecretKey has the key that is to take its place. It is written
	// before the site hears of it.
	CandidateSecretKey = "candidateKey"
	// PreviousSecretKey has the key that was in use before, until the site
	// refuses it.
	PreviousSecretKey = "previousKey"
)

const (
	// MinKeyLength is the shortest key the plugin accepts, in characters.
	MinKeyLength = 32

	// callbackContext separates the callback token from every other use of the
	// key (contract 3: T = HMAC-SHA256(K, "igny8/callback/v1")).
	callbackContext = "igny8/callback/v1"
)

// Keys are the API keys that the operator keeps of an integration. One that is
// missing, cannot be a key, or is one of the others is the zero value.
type Keys struct {
	Current, Candidate, Previous Credentials
}

// StoreOf names the Secret in which the operator keeps the keys, whoever made
// them.
func StoreOf(integration *v1alpha1.WordPressIntegration) types.NamespacedName {
	return types.NamespacedName{Namespace: integration.Namespace, Name: integration.Name + "-igny8"}
}

// SecretOf names the Secret and the entry in which a person finds or changes the
// integration's key.
func SecretOf(integration *v1alpha1.WordPressIntegration) v1alpha1.SecretKeyReference {
	if integration.Spec.Credentials.Policy == v1alpha1.CredentialsPolicyProvided {
		return integration.Spec.Credentials.SecretRef
	}
	return v1alpha1.SecretKeyReference{Name: StoreOf(integration).Name, Key: GeneratedSecretKey}
}

const (
	// ManagedByLabel is the label of what the operator makes, with the value [ManagedBy].
	ManagedByLabel = "app.kubernetes.io/managed-by"
	// ManagedBy says that the operator made it.
	ManagedBy = "igny8-operator"
)

// foreign says that the Secret which has the name of the operator's is something
// else's: its content must not go to a site, nor be written over. One that a
// person made with an API key in it, to bring a key along, is taken as it is.
func foreign(secret *corev1.Secret) bool {
	manager := secret.Labels[ManagedByLabel]
	if manager == ManagedBy {
		return false
	}
	ours := slices.ContainsFunc([]string{GeneratedSecretKey, CandidateSecretKey, PreviousSecretKey}, func(entry string) bool {
		_, there := secret.Data[entry]
		return there
	})
	plain := secret.Type == "" || secret.Type == corev1.SecretTypeOpaque
	return manager != "" || metav1.GetControllerOf(secret) != nil || !plain || !ours
}

func conflict(name string) *Error {
	return &Error{v1alpha1.ReasonSecretConflict, fmt.Sprintf("Secret %q has the name under which the operator keeps the API key, and belongs to something else; "+
		"it is left as it is: rename or delete it, or label it %s=%s if it is to be used", name, ManagedByLabel, ManagedBy)}
}

// ReadStore reads the operator's Secret, nil if there is none. One that belongs
// to something else is an *Error. The reader must not be a cache.
func ReadStore(ctx context.Context, reader client.Reader, integration *v1alpha1.WordPressIntegration) (*corev1.Secret, error) {
	name, secret := StoreOf(integration), &corev1.Secret{}
	err := reader.Get(ctx, name, secret)
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get secret %q: %w", name.Name, err)
	}
	if foreign(secret) {
		return nil, conflict(name.Name)
	}
	return secret, nil
}

// KeysIn reads the entries of the operator's Secret.
func KeysIn(store *corev1.Secret) Keys {
	if store == nil {
		return Keys{}
	}
	read := func(entry string) Credentials {
		credentials, err := parse(store, v1alpha1.SecretKeyReference{Name: store.Name, Key: entry})
		if err != nil {
			return Credentials{}
		}
		return credentials
	}
	keys := Keys{Current: read(GeneratedSecretKey), Candidate: read(CandidateSecretKey), Previous: read(PreviousSecretKey)}
	if keys.Previous.Digest == keys.Current.Digest {
		keys.Previous = Credentials{}
	}
	if keys.Candidate.Digest == keys.Current.Digest || keys.Candidate.Digest == keys.Previous.Digest {
		keys.Candidate = Credentials{}
	}
	return keys
}

// LoadWanted reads the key that the spec names. Under policy Provided that is
// the one a person wants in use. What is missing or unusable is an *Error.
func LoadWanted(ctx context.Context, reader client.Reader, integration *v1alpha1.WordPressIntegration) (Credentials, error) {
	ref := SecretOf(integration)
	secret := &corev1.Secret{}
	err := reader.Get(ctx, client.ObjectKey{Namespace: integration.Namespace, Name: ref.Name}, secret)
	if apierrors.IsNotFound(err) {
		return Credentials{}, &Error{v1alpha1.ReasonSecretNotFound,
			fmt.Sprintf("Secret %q does not exist; create it with the API key under %q", ref.Name, ref.Key)}
	}
	if err != nil {
		return Credentials{}, fmt.Errorf("get secret %q: %w", ref.Name, err)
	}
	if ref.Name == StoreOf(integration).Name && foreign(secret) {
		return Credentials{}, conflict(ref.Name)
	}
	return parse(secret, ref)
}

// loadKey reads the key that calls take: the operator's, or under policy Provided
// the person's while the site has accepted none.
func loadKey(ctx context.Context, reader client.Reader, integration *v1alpha1.WordPressIntegration) (Credentials, error) {
	if integration.Spec.Credentials.Policy != v1alpha1.CredentialsPolicyProvided {
		return LoadWanted(ctx, reader, integration)
	}
	store, err := ReadStore(ctx, reader, integration)
	if err != nil {
		return Credentials{}, err
	}
	if current := KeysIn(store).Current; current.Usable() {
		return current, nil
	}
	return LoadWanted(ctx, reader, integration)
}

func parse(secret *corev1.Secret, ref v1alpha1.SecretKeyReference) (Credentials, error) {
	value, ok := secret.Data[ref.Key]
	key := strings.TrimSpace(string(value))
	switch {
	case !ok:
		return Credentials{}, &Error{v1alpha1.ReasonSecretKeyMissing,
			fmt.Sprintf("Secret %q has no key %q; add it with the API key of the site", ref.Name, ref.Key)}
	case key == "":
		return Credentials{}, &Error{v1alpha1.ReasonSecretKeyEmpty,
			fmt.Sprintf("key %q of Secret %q is empty; put the API key of the site there", ref.Key, ref.Name)}
	case len(key) < MinKeyLength:
		return Credentials{}, &Error{v1alpha1.ReasonKeyTooShort,
			fmt.Sprintf("key %q of Secret %q has fewer than %d characters; the plugin accepts no shorter API key", ref.Key, ref.Name, MinKeyLength)}
	}
	return Credentials{
		Key: wordpress.NewKey(key), Digest: digest([]byte(key)), CallbackDigest: digest([]byte(callbackToken(key))), text: &key,
	}, nil
}

// callbackToken is what the plugin authenticates its own calls with.
func callbackToken(key string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(callbackContext))
	return hex.EncodeToString(mac.Sum(nil))
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}
