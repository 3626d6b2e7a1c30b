// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// +kubebuilder:rbac:groups="",resources=configmaps,verbs=get;create;patch;delete

const (
	// structureSuffix of an integration's name makes that of its ConfigMap.
	structureSuffix = "-igny8-structure"
	// structureEntry is the entry with the structure, and structurePackedEntry the
	// one with it compressed.
	structureEntry       = "structure.json"
	structurePackedEntry = structureEntry + ".gz"
	// annotationDigest of the ConfigMap has the SHA-256 of the plain document: what
	// did not change is not written. annotationCut names the lists that are cut.
	annotationDigest = v1alpha1.GroupName + "/structure-digest"
	annotationCut    = v1alpha1.GroupName + "/structure-truncated"
)

// structureFile is the ConfigMap with the whole structure of an integration's
// site. Only its metadata is ever read.
type structureFile struct {
	client      client.Client
	live        client.Reader
	integration *v1alpha1.WordPressIntegration
}

// configMapConflict says that a ConfigMap is not the integration's to write.
type configMapConflict struct{ name string }

// Error says what a person can do.
func (e *configMapConflict) Error() string {
	return fmt.Sprintf("ConfigMap %q does not belong to this integration and is left as it is; rename or delete it, so that the whole structure can be kept there", e.name)
}

func (f structureFile) name() string { return f.integration.Name + structureSuffix }

// referenced says that the status names the ConfigMap.
func (f structureFile) referenced() bool {
	return f.integration.Status.Structure.ConfigMapRef.Name != ""
}

// find returns the metadata of the ConfigMap, nil if there is none. One that
// something else owns, or nobody, is a *configMapConflict.
func (f structureFile) find(ctx context.Context) (*metav1.ObjectMeta, error) {
	there := &metav1.PartialObjectMetadata{}
	there.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("ConfigMap"))
	err := f.live.Get(ctx, client.ObjectKey{Namespace: f.integration.Namespace, Name: f.name()}, there)
	switch {
	case apierrors.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("get metadata of configmap %q: %w", f.name(), err)
	case !metav1.IsControlledBy(there, f.integration):
		return nil, &configMapConflict{f.name()}
	}
	return &there.ObjectMeta, nil
}

// write brings the ConfigMap to what a document says, and returns its metadata.
func (f structureFile) write(ctx context.Context, there *metav1.ObjectMeta, d *document) (*metav1.ObjectMeta, error) {
	wanted := f.configMap(d)
	if there == nil {
		// Bodies of ConfigMaps are in no cache that a later read could wait for.
		if err := f.client.Create(ctx, wanted, client.DisableReadYourWritesConsistency); err != nil {
			return nil, fmt.Errorf("create configmap %q: %w", wanted.Name, err)
		}
		return &wanted.ObjectMeta, nil
	}
	if there.Annotations[annotationDigest] == wanted.Annotations[annotationDigest] {
		return there, nil
	}
	patch, err := f.patch(there, wanted)
	if err != nil {
		return nil, err
	}
	written := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: wanted.Namespace, Name: wanted.Name}}
	if err := f.client.Patch(ctx, written, client.RawPatch(types.MergePatchType, patch), client.DisableReadYourWritesConsistency); err != nil {
		return nil, fmt.Errorf("patch configmap %q: %w", wanted.Name, err)
	}
	return &wanted.ObjectMeta, nil
}

// configMap is deleted with its integration. It does not block the integration's
// deletion: that would take a right on its finalizers.
func (f structureFile) configMap(d *document) *corev1.ConfigMap {
	controller := true
	cut := make([]string, 0, len(d.cut))
	for _, list := range d.cut {
		cut = append(cut, string(list))
	}
	out := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{
		Namespace: f.integration.Namespace, Name: f.name(),
		Labels:      map[string]string{"app.kubernetes.io/managed-by": "igny8-operator"},
		Annotations: map[string]string{annotationDigest: d.sum(), annotationCut: strings.Join(cut, ", ")},
		OwnerReferences: []metav1.OwnerReference{{
			APIVersion: v1alpha1.GroupVersion.String(), Kind: "WordPressIntegration",
			Name: f.integration.Name, UID: f.integration.UID, Controller: &controller,
		}},
	}}
	if d.plain != nil {
		out.Data = map[string]string{structureEntry: d.plain.String()}
	} else {
		out.BinaryData = map[string][]byte{structurePackedEntry: d.packed.Bytes()}
	}
	return out
}

// patch replaces the document and leaves all else in the ConfigMap alone. It is
// refused if the ConfigMap was changed since its metadata was read.
func (f structureFile) patch(there *metav1.ObjectMeta, wanted *corev1.ConfigMap) ([]byte, error) {
	data, binaryData := map[string]any{structureEntry: nil}, map[string]any{structurePackedEntry: nil}
	for name, text := range wanted.Data {
		data[name] = text
	}
	for name, bytes := range wanted.BinaryData {
		binaryData[name] = bytes
	}
	patch, err := json.Marshal(map[string]any{
		"metadata": map[string]any{"uid": there.UID, "resourceVersion": there.ResourceVersion, "annotations": wanted.Annotations},
		"data":     data, "binaryData": binaryData,
	})
	if err != nil {
		return nil, fmt.Errorf("encode patch of configmap %q: %w", wanted.Name, err)
	}
	return patch, nil
}

// drop deletes the ConfigMap, if it is there and the integration's.
func (f structureFile) drop(ctx context.Context) error {
	there, err := f.find(ctx)
	if foreign := (*configMapConflict)(nil); errors.As(err, &foreign) {
		return nil
	}
	if err != nil || there == nil {
		return err
	}
	configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: there.Namespace, Name: there.Name}}
	err = f.client.Delete(ctx, configMap, client.Preconditions{UID: &there.UID}, client.DisableReadYourWritesConsistency)
	if err := client.IgnoreNotFound(err); err != nil {
		return fmt.Errorf("delete configmap %q: %w", there.Name, err)
	}
	return nil
}
