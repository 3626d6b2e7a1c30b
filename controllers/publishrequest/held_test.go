// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"net/http"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// changeSite has the site report another version of the plugin.
func (h *harness) changeSite(pluginVersion string) {
	h.t.Helper()
	h.changeIntegration(func(i *v1alpha1.WordPressIntegration) { i.Status.Site.PluginVersion = pluginVersion })
}

// changeIntegration changes the integration and nothing else: its requests are
// not reconciled.
func (h *harness) changeIntegration(change func(*v1alpha1.WordPressIntegration)) {
	h.t.Helper()
	integration := &v1alpha1.WordPressIntegration{}
	if err := h.client.Get(h.t.Context(), types.NamespacedName{Namespace: "team", Name: "blog"}, integration); err != nil {
		h.t.Fatal(err)
	}
	change(integration)
	status := integration.Status
	if err := h.client.Update(h.t.Context(), integration); err != nil {
		h.t.Fatal(err)
	}
	integration.Status = status
	if err := h.client.Status().Update(h.t.Context(), integration); err != nil {
		h.t.Fatal(err)
	}
}

// Thousands of tickets may wait when an integration is suspended, and their
// requests are reconciled one after the other.
func TestATicketThatWaitsIsNotCalledOnceItsIntegrationIsHeld(t *testing.T) {
	cases := map[string]struct {
		hold, back func(*v1alpha1.WordPressIntegration)
		says       string
	}{
		"Suspended": {
			func(i *v1alpha1.WordPressIntegration) { i.Spec.Suspend, i.Generation = true, i.Generation+1 },
			func(i *v1alpha1.WordPressIntegration) {
				i.Spec.Suspend, i.Generation = false, i.Generation+1
				connect(i, metav1.ConditionTrue, v1alpha1.ReasonConnected, start)
			}, "is suspended",
		},
		"Quarantined": {
			func(i *v1alpha1.WordPressIntegration) {
				connect(i, metav1.ConditionFalse, v1alpha1.ReasonCloneSuspected, start)
			},
			func(i *v1alpha1.WordPressIntegration) {
				connect(i, metav1.ConditionTrue, v1alpha1.ReasonConnected, start)
			}, "is not connected: CloneSuspected",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, published(nil), published(func(p *v1alpha1.PublishRequest) {
				p.Name, p.UID = "first", "uid-first"
				p.CreationTimestamp = metav1.NewTime(start.Add(-1))
			}))
			h.changeIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.MaxConcurrent = 1 })
			release, arrived := make(chan struct{}), make(chan struct{})
			h.site.SetHook(func(*http.Request) wordpresstest.Fault {
				close(arrived)
				return wordpresstest.Fault{Hold: release}
			})
			if _, err := h.Reconcile(t.Context(), ctrl.Request{NamespacedName: types.NamespacedName{Namespace: "team", Name: "first"}}); err != nil {
				t.Fatal(err)
			}
			<-arrived // the first one holds the only slot
			h.site.SetHook(nil)
			h.reconcile()
			h.changeIntegration(tc.hold)
			close(release)
			for range 2 {
				h.awaitCall()
			}
			if n := len(h.site.Calls()); n != 1 {
				t.Errorf("%d calls of the site, want the one that was under way when it was held", n)
			}
			h.quietCall()
			request := h.expect("Ready=False/IntegrationNotReady", "Reconciling=True/ProgressingWithRetry")
			if message := h.condition(v1alpha1.ConditionReady).Message; !strings.Contains(message, tc.says) || len(request.Status.History) != 0 {
				t.Errorf("message %q, history %v", message, request.Status.History)
			}
			h.changeIntegration(tc.back)
			h.call()
			h.expect("Ready=True/Published")
		})
	}
}

// quietCall runs a reconcile that does not call the site.
func (h *harness) quietCall() {
	h.t.Helper()
	calls := len(h.site.Calls())
	h.reconcile()
	if stats := h.Stats(); stats.Waiting+stats.InFlight > 0 || len(h.site.Calls()) > calls {
		h.t.Error("the reconcile called the site")
	}
}

func (h *harness) condition(conditionType string) *metav1.Condition {
	h.t.Helper()
	return newScope(h.get(), start).condition(conditionType)
}

// A published request has nothing to do with what became of its integration.
func TestADeletedIntegrationIsMissedByThoseThatNeedIt(t *testing.T) {
	gone := func(h *harness) {
		h.t.Helper()
		if err := h.client.Delete(h.t.Context(), h.integration()); err != nil {
			h.t.Fatal(err)
		}
	}
	t.Run("Published", func(t *testing.T) {
		h := newHarness(t, published(nil))
		h.call()
		gone(h)
		h.quiet("it is published")
		h.expect("Ready=True/Published")
	})
	t.Run("Waiting", func(t *testing.T) {
		h := newHarness(t, published(nil))
		gone(h)
		h.quietCall()
		h.expect("Ready=False/IntegrationNotFound", "Reconciling=True/ProgressingWithRetry")
		if message := h.condition(v1alpha1.ConditionReady).Message; !strings.Contains(message, `WordPressIntegration "blog"`) {
			t.Errorf("message %q does not name it", message)
		}
	})
}
