// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// body reads the content of a request from where it is kept.
func (r *Reconciler) body(ctx context.Context, request *v1alpha1.PublishRequest, result *callResult) (string, error) {
	if request.Spec.Content.Type != v1alpha1.ContentTypeConfigMap {
		return request.Spec.Content.Inline, nil
	}
	ref := request.Spec.Content.ConfigMap
	configMap := &corev1.ConfigMap{}
	err := r.Live.Get(ctx, client.ObjectKey{Namespace: request.Namespace, Name: ref.Name}, configMap)
	if apierrors.IsNotFound(err) {
		return "", &contentError{problem: *configMapNotFound(ref.Name), wait: true}
	}
	if err != nil {
		return "", fmt.Errorf("get configmap %q: %w", ref.Name, err)
	}
	result.sourceVersion = configMap.ResourceVersion
	if text, ok := configMap.Data[ref.Key]; ok {
		return text, nil
	}
	if data, ok := configMap.BinaryData[ref.Key]; ok {
		return string(data), nil
	}
	return "", &contentError{wait: true, problem: problem{v1alpha1.ReasonConfigMapKeyMissing,
		fmt.Sprintf("ConfigMap %q has no key %q; add it with the content", ref.Name, ref.Key)}}
}
