// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// edited makes a generation of the integration, which is tested already.
func edited(generation int64) func(*v1alpha1.WordPressIntegration) {
	return func(i *v1alpha1.WordPressIntegration) {
		i.Generation = generation
		for c := range i.Status.Conditions {
			i.Status.Conditions[c].ObservedGeneration = generation
		}
	}
}

// mapped gives a generation of the integration one mapping.
func mapped(generation int64, cel string) func(*v1alpha1.WordPressIntegration) {
	return func(i *v1alpha1.WordPressIntegration) {
		edited(generation)(i)
		i.Spec.FieldMappings = []v1alpha1.FieldMapping{{
			Name: "subtitle", MetaKey: "subtitle", From: v1alpha1.FieldMappingSource{Type: v1alpha1.FieldMappingSourceCEL, CEL: cel},
		}}
	}
}

func TestARequestsOwnFieldsAreNearer(t *testing.T) {
	request := newRequest(func(p *v1alpha1.PublishRequest) {
		p.Spec.CustomFields = []v1alpha1.CustomField{{Name: "a", Value: "own"}}
	})
	post := payload(request, newIntegration(nil), "x", map[string]any{"a": "mapped", "b": int64(2)})
	if diff := cmp.Diff(map[string]any{"a": "own", "b": int64(2)}, post.Meta); diff != "" {
		t.Errorf("meta (-want +got):\n%s", diff)
	}
}

// TestMappingsAreWantedToo: another mapping is an update of what it changes, and
// any other edit of the integration is nothing.
func TestMappingsAreWantedToo(t *testing.T) {
	h := newHarness(t, published(nil))
	h.replaceIntegration(mapped(2, "'For ' + spec.title"))
	h.call()
	request := h.expect("Ready=True/Published")
	if request.Status.Source.FieldMappingsDigest == "" {
		t.Error("the mappings are not noted")
	}
	h.quiet("settled")
	h.replaceIntegration(func(i *v1alpha1.WordPressIntegration) {
		mapped(3, "'For ' + spec.title")(i)
		i.Spec.Publishing.MaxConcurrent = 1
	})
	h.quiet("another edit of the integration")

	calls := len(h.site.Calls())
	h.replaceIntegration(mapped(4, "'For ' + spec.title + ''"))
	h.call()
	h.expect("Ready=True/Published", "Synced=True/Succeeded")
	if len(h.site.Calls()) != calls {
		t.Error("the site was called for the same value in other words")
	}
	h.quiet("the same value")

	h.replaceIntegration(mapped(5, "'By ' + spec.title"))
	h.call()
	h.expect("Ready=True/Published", "Synced=True/Succeeded")
	if len(h.site.Calls()) != calls+1 {
		t.Errorf("%d calls, want one update", len(h.site.Calls())-calls)
	}
	h.quiet("updated")
	h.replaceIntegration(edited(6))
	h.call()
	if request := h.expect("Ready=True/Published"); request.Status.Source.FieldMappingsDigest != "" || len(h.site.Calls()) != calls+2 {
		t.Errorf("status.source %+v, %d calls; want the field taken away", request.Status.Source, len(h.site.Calls())-calls)
	}
	h.quiet("no mappings any more")
}

func TestAMappingThatFailsStallsItsRequest(t *testing.T) {
	h := newHarness(t, published(nil))
	h.replaceIntegration(mapped(2, "spec.slug"))
	h.call()
	request := h.expect("Stalled=True/FieldMappingFailed")
	if message := readyOf(request).Message; !strings.Contains(message, `fieldMappings "subtitle"`) || !strings.Contains(message, "no such key: slug") {
		t.Errorf("message %q", message)
	}
	h.checkHealth(status.FailedStatus)
	h.quiet("only a person can help")
	h.replaceIntegration(mapped(3, "spec.?slug"))
	h.call()
	h.expect("Ready=True/Published")
	h.checkHealth(status.CurrentStatus)
}
