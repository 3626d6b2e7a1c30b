// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/content"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// configMapsOf are the ConfigMaps that a request refers to, each once.
func configMapsOf(request *v1alpha1.PublishRequest) []string {
	names := imageConfigMaps(&request.Spec)
	if name := request.Spec.Content.ConfigMap.Name; name != "" {
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// imageConfigMaps are the ConfigMaps with images of a request, sorted, each once.
func imageConfigMaps(spec *v1alpha1.PublishRequestSpec) []string {
	var names []string
	for _, image := range specImages(spec) {
		if image.source.Type == v1alpha1.ImageSourceConfigMap {
			names = append(names, image.source.ConfigMap.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// observeImages notes the versions of the ConfigMaps with images.
func (r *Reconciler) observeImages(ctx context.Context, s *scope) (phase.Result, error) {
	var err error
	s.imagesVersion, s.imagesGone, err = r.imagesVersion(ctx, s.request)
	return phase.Proceed, err
}

// imagesVersion names the versions of the ConfigMaps with images, empty if there
// are none; gone says that one does not exist. It reads metadata from the cache.
func (r *Reconciler) imagesVersion(ctx context.Context, request *v1alpha1.PublishRequest) (version string, gone bool, err error) {
	versions := map[string]string{}
	for _, name := range imageConfigMaps(&request.Spec) {
		configMap := &metav1.PartialObjectMetadata{}
		configMap.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("ConfigMap"))
		err := r.Client.Get(ctx, client.ObjectKey{Namespace: request.Namespace, Name: name}, configMap)
		if client.IgnoreNotFound(err) != nil {
			return "", false, fmt.Errorf("get metadata of configmap %q: %w", name, err)
		}
		gone = gone || apierrors.IsNotFound(err)
		versions[name] = configMap.ResourceVersion
	}
	if len(versions) == 0 {
		return "", false, nil
	}
	return content.Digest(versions), gone, nil
}

// imagesCurrent says that the images were looked at as they are now. What was
// published from a ConfigMap that is gone stays.
func (s *scope) imagesCurrent() bool {
	return s.imagesVersion == s.request.Status.Source.ImagesVersion || s.imagesGone && s.request.Status.Post.ID != 0
}
