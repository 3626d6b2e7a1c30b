// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package destination

import (
	"context"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/event"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func integration(name string, changes ...func(*v1alpha1.WordPressIntegration)) *v1alpha1.WordPressIntegration {
	i := &v1alpha1.WordPressIntegration{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: name, Generation: 1}}
	i.Spec.SiteID = 5
	i.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionConnected, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonConnected, ObservedGeneration: 1}}
	for _, change := range changes {
		change(i)
	}
	return i
}

func suspended(i *v1alpha1.WordPressIntegration) { i.Spec.Suspend = true }

func deleted(i *v1alpha1.WordPressIntegration) {
	i.DeletionTimestamp, i.Finalizers = &metav1.Time{Time: metav1.Now().Time}, []string{"x/y"}
}

func reader(t *testing.T, objects ...client.Object) client.Client {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	builder := fake.NewClientBuilder().WithScheme(scheme).WithObjects(objects...)
	if err := AddIndexes(t.Context(), indexer{builder}); err != nil {
		t.Fatal(err)
	}
	return builder.Build()
}

type indexer struct{ *fake.ClientBuilder }

func (i indexer) IndexField(_ context.Context, object client.Object, field string, values client.IndexerFunc) error {
	i.WithIndex(object, field, values)
	return nil
}

func TestResolve(t *testing.T) {
	elsewhere := func(i *v1alpha1.WordPressIntegration) { i.Namespace = "other" }
	another := func(i *v1alpha1.WordPressIntegration) { i.Spec.SiteID = 6 }
	blog := integration("blog")
	cases := map[string]struct {
		reason  string
		objects []client.Object
		name    string
		want    string // the integration's name, or the problem's reason
		message string
	}{
		"Named":          {"its name is all that counts", []client.Object{blog}, "blog", "blog", ""},
		"NamedSuspended": {"suspended or not", []client.Object{integration("blog", suspended)}, "blog", "blog", ""},
		"NamedElsewhere": {"references never cross namespaces", []client.Object{integration("blog", elsewhere)}, "blog", v1alpha1.ReasonIntegrationNotFound, `"blog" does not exist`},
		"BySite":         {"the only one of the site", []client.Object{blog, integration("b", another)}, "", "blog", ""},
		"BySiteActive":   {"the only active one", []client.Object{blog, integration("b", suspended), integration("c", deleted)}, "", "blog", ""},
		"BySiteNone":     {"none is active", []client.Object{integration("b", suspended)}, "", v1alpha1.ReasonIntegrationNotFound, "no active WordPressIntegration has siteID 5"},
		"BySiteMany":     {"which one?", []client.Object{integration("d"), integration("c"), integration("b"), integration("a")}, "", v1alpha1.ReasonIntegrationAmbiguous, `"a", "b", "c", ... all have siteID 5`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			request := &v1alpha1.PublishRequest{ObjectMeta: metav1.ObjectMeta{Namespace: "team"}}
			request.Spec.IntegrationRef.Name, request.Spec.SiteID = tc.name, 5
			found, problem, err := Resolve(t.Context(), reader(t, tc.objects...), request)
			if err != nil {
				t.Fatal(err)
			}
			got, message := "", ""
			if found != nil {
				got = found.Name
			}
			if problem != nil {
				got, message = got+problem.Reason, problem.Message
			}
			if got != tc.want || !strings.Contains(message, tc.message) {
				t.Errorf("%s: %s (%s), want %s (%s)", tc.reason, got, message, tc.want, tc.message)
			}
		})
	}
}

func condition(conditionType string, status metav1.ConditionStatus, reason string) func(*v1alpha1.WordPressIntegration) {
	return func(i *v1alpha1.WordPressIntegration) {
		i.Status.Conditions = append([]metav1.Condition{{Type: conditionType, Status: status, Reason: reason, ObservedGeneration: 1}}, i.Status.Conditions...)
	}
}

// situations are an integration's, with what NotReady says of each.
var situations = map[string]struct {
	change  func(*v1alpha1.WordPressIntegration)
	want    string
	pending bool
}{
	"Connected":    {func(*v1alpha1.WordPressIntegration) {}, "", false},
	"Deleted":      {deleted, "is being deleted", false},
	"Suspended":    {suspended, "is suspended", false},
	"Stalled":      {condition(v1alpha1.ConditionStalled, "True", "CloneSuspected"), "is stalled: CloneSuspected", false},
	"Disconnected": {condition(v1alpha1.ConditionConnected, "False", "Timeout"), "is not connected: Timeout", false},
	"Untested":     {func(i *v1alpha1.WordPressIntegration) { i.Status.Conditions = nil }, "", true},
	"Edited":       {func(i *v1alpha1.WordPressIntegration) { i.Generation = 2 }, "", true},
}

func TestNotReady(t *testing.T) {
	for name, tc := range situations {
		t.Run(name, func(t *testing.T) {
			if why, pending := NotReady(integration("blog", tc.change)); why != tc.want || pending != tc.pending {
				t.Errorf("NotReady = %q, %v; want %q, %v", why, pending, tc.want, tc.pending)
			}
		})
	}
}

// TestTurned: whatever changes what NotReady says is passed, and what does not is
// not.
func TestTurned(t *testing.T) {
	turned := func(before, after *v1alpha1.WordPressIntegration) bool {
		return Turned().Update(event.UpdateEvent{ObjectOld: before, ObjectNew: after})
	}
	for name, tc := range situations {
		t.Run(name, func(t *testing.T) {
			after := integration("blog", tc.change)
			if name == "Suspended" {
				after.Generation = 2 // as the API server counts
			}
			if got := turned(integration("blog"), after); got != (name != "Connected") {
				t.Errorf("passed: %v", got)
			}
		})
	}
	t.Run("AnythingElse", func(t *testing.T) {
		after := integration("blog", func(i *v1alpha1.WordPressIntegration) {
			i.Status.AutoPublish.CurrentRun.Released = []string{"x"}
			i.Status.Conditions[0].Message = "other words"
		})
		if turned(integration("blog"), after) {
			t.Error("thousands of requests are woken for nothing")
		}
	})
}
