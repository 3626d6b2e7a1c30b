// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/sitegate"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// readingHarness is a harness that reads structures too, and tests no connection
// but the first and those that are asked for.
type readingHarness struct{ *harness }

func newReadingHarness(t *testing.T, objects ...client.Object) *readingHarness {
	t.Helper()
	h := &readingHarness{newHarness(t, objects...)}
	h.schedule.intervals.Healthy = 1000 * time.Hour
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.structures.Start(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return h
}

// connect tests the connection of a site and reads its structure.
func connect(t *testing.T, site *wordpresstest.Fake, change func(*v1alpha1.WordPressIntegration), objects ...client.Object) *readingHarness {
	t.Helper()
	h := newReadingHarness(t, append(objects, blog(site.URL(), change), keySecret(site.Key()))...)
	h.test()
	h.finish()
	return h
}

// finish waits for the call that is under way and records it.
func (h *readingHarness) finish() {
	h.t.Helper()
	select {
	case <-h.wake.Woken():
	case <-time.After(30 * time.Second):
		h.t.Fatal("nothing was read")
	}
	h.reconcile()
}

// read runs a reconcile that leaves a ticket, and records the reading.
func (h *readingHarness) read() *v1alpha1.WordPressIntegration {
	h.t.Helper()
	h.reconcile()
	h.finish()
	return h.get()
}

// idle runs a reconcile that may neither read nor write.
func (h *readingHarness) idle(why string) {
	h.t.Helper()
	writes := h.writes
	h.reconcile()
	if stats := h.structures.Stats(); stats != (sitegate.Stats{}) || len(h.wake.Woken()) > 0 || h.writes != writes {
		h.t.Errorf("%s: readings %+v, %d writes; want neither", why, stats, h.writes-writes)
	}
}

// change changes the object as a person would.
func (h *readingHarness) change(change func(*v1alpha1.WordPressIntegration)) {
	h.t.Helper()
	i := h.get()
	spec := i.Spec.DeepCopy()
	change(i)
	if !cmp.Equal(*spec, i.Spec) {
		i.Generation++ // the fake API server does not
	}
	if err := h.client.Update(h.t.Context(), i); err != nil {
		h.t.Fatal(err)
	}
}

// events are those told since the last call.
func (h *readingHarness) events() []string {
	var out []string
	for len(h.recorder.Events) > 0 {
		event := strings.Fields(<-h.recorder.Events)
		out = append(out, event[0]+" "+event[1])
	}
	return out
}

func readingsIn(history []v1alpha1.SyncEvent) []v1alpha1.SyncEvent {
	return slices.DeleteFunc(slices.Clone(history), func(e v1alpha1.SyncEvent) bool { return e.Action != actionStructureSync })
}

func pushOnly(i *v1alpha1.WordPressIntegration) { i.Spec.Sync.Mode = v1alpha1.SyncModePushOnly }
func twoWay(i *v1alpha1.WordPressIntegration)   { i.Spec.Sync.Mode = v1alpha1.SyncModeTwoWay }

func tagNames(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("tag %d", i)
	}
	return out
}

// whole is the document in a ConfigMap.
type whole struct {
	PostTypes  []v1alpha1.SitePostType
	Taxonomies []v1alpha1.SiteTaxonomy
	Categories []string
	Tags       []string
	Truncated  []v1alpha1.TruncatedList
}

func (h *readingHarness) configMap() *corev1.ConfigMap {
	h.t.Helper()
	out := &corev1.ConfigMap{}
	if err := h.client.Get(h.t.Context(), structureName, out); apierrors.IsNotFound(err) {
		return nil
	} else if err != nil {
		h.t.Fatal(err)
	}
	return out
}

// whole reads the document, which is there either plain or compressed.
func (h *readingHarness) whole() whole {
	h.t.Helper()
	configMap := h.configMap()
	if configMap == nil || len(configMap.Data)+len(configMap.BinaryData) != 1 {
		h.t.Fatalf("ConfigMap %v, want one with one entry", configMap)
	}
	text := []byte(configMap.Data["structure.json"])
	if packed := configMap.BinaryData["structure.json.gz"]; packed != nil {
		text = unpack(h.t, packed)
	}
	out := whole{}
	if err := json.Unmarshal(text, &out); err != nil {
		h.t.Fatal(err)
	}
	return out
}

func unpack(t *testing.T, packed []byte) []byte {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (h *readingHarness) refresh(value string) *v1alpha1.WordPressIntegration {
	h.t.Helper()
	h.annotate(v1alpha1.AnnotationStructureRequestedAt, value)
	return h.read()
}
