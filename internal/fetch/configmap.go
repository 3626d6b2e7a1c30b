// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fetch

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// ConfigMap reads a key of a ConfigMap, of its data or its binaryData, up to limit
// bytes.
func (f *Fetcher) ConfigMap(ctx context.Context, namespace string, ref v1alpha1.ConfigMapKeyReference, limit int64) (*Bytes, error) {
	configMap := &corev1.ConfigMap{}
	err := f.opts.Live.Get(ctx, client.ObjectKey{Namespace: namespace, Name: ref.Name}, configMap)
	if apierrors.IsNotFound(err) {
		return nil, ConfigMapNotFound(ref.Name)
	}
	if err != nil {
		return nil, fmt.Errorf("get configmap %q: %w", ref.Name, err)
	}
	data, ok := entry(configMap, ref.Key)
	switch {
	case !ok:
		return nil, &Error{Reason: v1alpha1.ReasonConfigMapKeyMissing, Wait: true, Version: configMap.ResourceVersion,
			Message: fmt.Sprintf("ConfigMap %q has no key %q; add it with the content", ref.Name, ref.Key)}
	case int64(len(data)) > limit:
		e := tooLarge(fmt.Sprintf("key %q of ConfigMap %q", ref.Key, ref.Name), limit)
		e.Version = configMap.ResourceVersion
		return nil, e
	}
	return &Bytes{Data: data, Name: ref.Key, Version: configMap.ResourceVersion}, nil
}

// ConfigMapNotFound says that there is no ConfigMap of the name.
func ConfigMapNotFound(name string) *Error {
	return &Error{Reason: v1alpha1.ReasonConfigMapNotFound, Wait: true,
		Message: fmt.Sprintf("ConfigMap %q with the content does not exist; create it", name)}
}

func entry(configMap *corev1.ConfigMap, key string) ([]byte, bool) {
	if text, ok := configMap.Data[key]; ok {
		return []byte(text), true
	}
	data, ok := configMap.BinaryData[key]
	return data, ok
}
