// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/fetch"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// observeSource notes the version of the ConfigMap the content comes from. It
// reads metadata only: bodies stay out of the cache.
func (r *Reconciler) observeSource(ctx context.Context, s *scope) (phase.Result, error) {
	if s.request.Spec.Content.Type != v1alpha1.ContentTypeConfigMap {
		return phase.Proceed, nil
	}
	configMap := &metav1.PartialObjectMetadata{}
	configMap.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("ConfigMap"))
	ref := s.request.Spec.Content.ConfigMap
	err := r.Client.Get(ctx, client.ObjectKey{Namespace: s.request.Namespace, Name: ref.Name}, configMap)
	if apierrors.IsNotFound(err) {
		missing := fetch.ConfigMapNotFound(ref.Name)
		s.sourceProblem = &problem{missing.Reason, missing.Message}
		return phase.Proceed, nil
	}
	if err != nil {
		return phase.Done(), fmt.Errorf("get metadata of configmap %q: %w", ref.Name, err)
	}
	s.sourceVersion = configMap.ResourceVersion
	return phase.Proceed, nil
}

// requireSource waits for the ConfigMap; its creation wakes the request.
func (r *Reconciler) requireSource(_ context.Context, s *scope) (phase.Result, error) {
	if s.sourceProblem == nil {
		return phase.Proceed, nil
	}
	r.calls.Forget(s.name())
	return s.wait(s.sourceProblem)
}
