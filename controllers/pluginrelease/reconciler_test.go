// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package pluginrelease

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	testclock "k8s.io/utils/clock/testing"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func TestSaysThatReleasesAreNotSupported(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	release := &v1alpha1.PluginRelease{
		ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "r", Generation: 3},
		Spec:       v1alpha1.PluginReleaseSpec{Slug: "igny8-wp-bridge", Version: "2.0.0"},
	}
	c := fake.NewClientBuilder().WithScheme(scheme).WithObjects(release).WithStatusSubresource(release).Build()
	r := &Reconciler{Client: c, Clock: testclock.NewFakePassiveClock(time.Unix(1, 0))}
	key := client.ObjectKeyFromObject(release)
	var version string
	for range 2 {
		if _, err := r.Reconcile(t.Context(), ctrl.Request{NamespacedName: key}); err != nil {
			t.Fatal(err)
		}
		got := &v1alpha1.PluginRelease{}
		if err := c.Get(t.Context(), key, got); err != nil {
			t.Fatal(err)
		}
		stalled := meta.FindStatusCondition(got.Status.Conditions, v1alpha1.ConditionStalled)
		if stalled == nil || stalled.Reason != v1alpha1.ReasonNotYetSupported || got.Status.ObservedGeneration != 3 {
			t.Fatalf("status %+v, want Stalled NotYetSupported of generation 3", got.Status)
		}
		if version != "" && got.ResourceVersion != version {
			t.Error("the second reconcile wrote again")
		}
		version = got.ResourceVersion
	}
}

func TestAReleaseThatIsGone(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	r := &Reconciler{Client: fake.NewClientBuilder().WithScheme(scheme).Build(), Clock: testclock.NewFakePassiveClock(time.Unix(1, 0))}
	if _, err := r.Reconcile(t.Context(), ctrl.Request{}); err != nil {
		t.Error(err)
	}
}
