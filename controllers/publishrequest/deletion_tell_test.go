// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// aboutRecorder keeps what the last Event is about.
type aboutRecorder struct{ regarding, related runtime.Object }

func (r *aboutRecorder) Eventf(regarding, related runtime.Object, _, _, _, _ string, _ ...any) {
	r.regarding, r.related = regarding, related
}

// Events of one kind about the same objects are counted, not written: an Event about the
// Namespace alone would name the first post that stays, and no other.
func TestEventsAboutANamespaceAreAboutARequestEach(t *testing.T) {
	h, recorder := toBeTrashed(t), &aboutRecorder{}
	h.Recorder = recorder
	h.terminateNamespace()
	h.removeIntegration()
	h.reconcile()
	if namespace, ok := recorder.regarding.(*corev1.Namespace); !ok || namespace.Name != "team" {
		t.Errorf("the Event is about %T", recorder.regarding)
	}
	if request, ok := recorder.related.(*v1alpha1.PublishRequest); !ok || request.Name != "hello" {
		t.Errorf("the Event is related to %T", recorder.related)
	}
}
