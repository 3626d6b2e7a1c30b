// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package autopublish

import (
	"context"
	"slices"
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// heldList answers as the cache does: a slice of shared objects.
type heldList struct {
	client.Client
	items []v1alpha1.PublishRequest
}

func (l heldList) List(_ context.Context, list client.ObjectList, _ ...client.ListOption) error {
	if requests, ok := list.(*v1alpha1.PublishRequestList); ok {
		requests.Items = slices.Clone(l.items)
	}
	return nil
}

// BenchmarkLookAtTenThousand is what it costs to see who waits and to start a run,
// where ten thousand do. It is paid twice a second at most, however many come.
func BenchmarkLookAtTenThousand(b *testing.B) {
	var held heldList
	for n := range 10000 {
		held.items = append(held.items, *waitingRequest(10000-n, nil))
	}
	r := &Reconciler{Options: Options{Client: held}}
	integration := blog(func(i *v1alpha1.WordPressIntegration) {
		i.Spec.SiteID = 0
		i.Spec.Publishing.AutoPublish.MaxPerRun = 50
	})
	b.ReportAllocs()
	for b.Loop() {
		s := newScope(integration.DeepCopy(), start)
		if _, err := r.run(b.Context(), s); err != nil {
			b.Fatal(err)
		}
		if s.releasedNow != 50 || len(s.waiting) != 9950 {
			b.Fatalf("released %d, %d wait", s.releasedNow, len(s.waiting))
		}
	}
}
