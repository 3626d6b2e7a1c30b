// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package siteaccess

import (
	"context"
	"crypto/x509"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// LoadCA reads the certificates that transport.caRef names, nil if it names none.
// What is missing or unusable is an *Error.
func LoadCA(ctx context.Context, reader client.Reader, integration *v1alpha1.WordPressIntegration) ([]byte, error) {
	ref := integration.Spec.Transport.CARef
	if ref.Name == "" {
		return nil, nil
	}
	data, err := readCA(ctx, reader, client.ObjectKey{Namespace: integration.Namespace, Name: ref.Name}, ref.Kind)
	if apierrors.IsNotFound(err) {
		return nil, &Error{notFoundReason(ref.Kind), fmt.Sprintf("%s %q of transport.caRef does not exist; create it with the certificates under %q", ref.Kind, ref.Name, ref.Key)}
	}
	if err != nil {
		return nil, fmt.Errorf("get %s %q of transport.caRef: %w", ref.Kind, ref.Name, err)
	}
	bundle, ok := data[ref.Key]
	if !ok || !x509.NewCertPool().AppendCertsFromPEM(bundle) {
		return nil, &Error{v1alpha1.ReasonCAInvalid, fmt.Sprintf("key %q of %s %q has no certificate in PEM form; put those of the site's authority there", ref.Key, ref.Kind, ref.Name)}
	}
	return bundle, nil
}

func notFoundReason(kind v1alpha1.CAReferenceKind) string {
	if kind == v1alpha1.CAReferenceKindSecret {
		return v1alpha1.ReasonSecretNotFound
	}
	return v1alpha1.ReasonConfigMapNotFound
}

// readCA returns the entries of a Secret or ConfigMap.
func readCA(ctx context.Context, reader client.Reader, key client.ObjectKey, kind v1alpha1.CAReferenceKind) (map[string][]byte, error) {
	if kind == v1alpha1.CAReferenceKindSecret {
		secret := &corev1.Secret{}
		err := reader.Get(ctx, key, secret)
		return secret.Data, err
	}
	configMap := &corev1.ConfigMap{}
	err := reader.Get(ctx, key, configMap)
	entries := make(map[string][]byte, len(configMap.Data))
	for name, text := range configMap.Data {
		entries[name] = []byte(text)
	}
	return entries, err
}
