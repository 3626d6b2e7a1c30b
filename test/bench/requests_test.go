// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/stack"
)

// quiet lets a manager do nothing by the clock while it publishes.
func quiet() size { return size{interval: 24 * time.Hour, secretPoll: 24 * time.Hour} }

// article is a text of about n bytes, in the block editor's markup.
func article(n int) string {
	const paragraph = "<!-- wp:paragraph -->\n<p>The quick brown fox jumps over the lazy dog, and over everything else that lies around here.</p>\n<!-- /wp:paragraph -->\n"
	return strings.Repeat(paragraph, max(1, n/len(paragraph)))
}

// requestOf is a request for a site of the fleet.
func (f *fleet) requestOf(site int, name, body string) *v1alpha1.PublishRequest {
	return &v1alpha1.PublishRequest{
		ObjectMeta: metav1.ObjectMeta{Namespace: f.namespace, Name: name},
		Spec: v1alpha1.PublishRequestSpec{
			IntegrationRef: v1alpha1.LocalObjectReference{Name: nameOf(site)},
			Title:          "Of foxes and dogs " + name,
			Content:        v1alpha1.Content{Type: v1alpha1.ContentTypeInline, Format: v1alpha1.ContentFormatBlocks, Inline: body},
			Categories:     []string{"News"},
			Tags:           []string{"fox", "dog"},
		},
	}
}

func requestName(prefix string, i int) string { return fmt.Sprintf("%s-%05d", prefix, i) }

// request creates n requests, spread over the first of the fleet's sites.
func (f *fleet) request(prefix string, n, sites int, body string) {
	f.t.Helper()
	sideBySide(f.t, n, func(i int) error {
		return shared.Client.Create(f.t.Context(), f.requestOf(i%sites, requestName(prefix, i), body))
	})
}

// clear deletes the requests and waits until the manager has seen it.
func (f *fleet) clear() {
	f.t.Helper()
	if err := shared.Client.DeleteAllOf(f.t.Context(), &v1alpha1.PublishRequest{}, client.InNamespace(f.namespace)); err != nil {
		f.t.Fatal(err)
	}
}

// suspend has the integrations stop, or go on.
func (f *fleet) suspend(sites int, suspend bool) {
	f.t.Helper()
	patch := client.RawPatch(types.MergePatchType, fmt.Appendf(nil, `{"spec":{"suspend":%t}}`, suspend))
	sideBySide(f.t, sites, func(i int) error {
		integration := &v1alpha1.WordPressIntegration{ObjectMeta: metav1.ObjectMeta{Namespace: f.namespace, Name: nameOf(i)}}
		return shared.Client.Patch(f.t.Context(), integration, patch)
	})
}

// touch has n requests reconciled, by an annotation that means nothing.
func (f *fleet) touch(prefix string, n, round int) {
	f.t.Helper()
	patch := client.RawPatch(types.MergePatchType, fmt.Appendf(nil, `{"metadata":{"annotations":{"example.com/touched":"%d"}}}`, round))
	sideBySide(f.t, n, func(i int) error {
		request := &v1alpha1.PublishRequest{ObjectMeta: metav1.ObjectMeta{Namespace: f.namespace, Name: requestName(prefix, i)}}
		return shared.Client.Patch(f.t.Context(), request, patch)
	})
}

// awaitReconciles waits until the manager has done so many more.
func awaitReconciles(t *testing.T, manager *stack.Program, wanted float64) {
	t.Helper()
	awaitSoon(t, fmt.Sprintf("%.0f reconciles", wanted), func() bool { return reconciles(t, manager) >= wanted })
}

// awaitIdle waits until the manager's workers and queue have nothing to do.
func awaitIdle(t *testing.T, manager *stack.Program) {
	t.Helper()
	last := -1.0
	awaitEvery(t, 100*time.Millisecond, "the manager to rest", func() bool {
		m := metricsOf(t, manager)
		busy := m.sum("controller_runtime_active_workers", ofRequests) +
			m.sum("workqueue_depth", `name="publishrequest"`)
		before := last
		last = m.sum("controller_runtime_reconcile_total", ofRequests)
		return busy == 0 && before == last
	})
}
