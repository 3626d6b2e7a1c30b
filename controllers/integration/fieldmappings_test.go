// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func TestMappingsThatCannotBeUsedStall(t *testing.T) {
	h := newHarness(t, blog("https://x.example.com", func(i *v1alpha1.WordPressIntegration) {
		i.Spec.FieldMappings = []v1alpha1.FieldMapping{{
			Name: "subtitle", MetaKey: "k", From: v1alpha1.FieldMappingSource{Type: v1alpha1.FieldMappingSourceField, Field: "titel"},
		}}
	}), keySecret(wordpresstest.DefaultKey))
	h.reconcile()
	i := h.expect("Ready=False/FieldMappingInvalid", "Stalled=True/FieldMappingInvalid")
	if message := i.Status.Conditions[0].Message; !strings.Contains(message, `fieldMappings "subtitle": spec has no field titel`) {
		t.Errorf("message %q", message)
	}
	h.quiet("only a person can help")
}
