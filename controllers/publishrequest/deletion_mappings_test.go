// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// breakMappings has an entry of the integration's mappings be one that cannot be
// used, which the integration says without testing its connection.
func breakMappings(i *v1alpha1.WordPressIntegration) {
	i.Generation++
	i.Spec.FieldMappings = []v1alpha1.FieldMapping{{
		Name: "subtitle", MetaKey: "k", From: v1alpha1.FieldMappingSource{Type: v1alpha1.FieldMappingSourceField, Field: "titel"},
	}}
	for conditionType, status := range map[string]metav1.ConditionStatus{v1alpha1.ConditionStalled: metav1.ConditionTrue, v1alpha1.ConditionReady: metav1.ConditionFalse} {
		meta.SetStatusCondition(&i.Status.Conditions, metav1.Condition{
			Type: conditionType, Status: status, Reason: v1alpha1.ReasonFieldMappingInvalid, ObservedGeneration: i.Generation,
		})
	}
}

// TestARemovalNeedsNoFieldMappings: it has nothing to map. It goes to the site that
// was last found well, and to no other.
func TestARemovalNeedsNoFieldMappings(t *testing.T) {
	cases := map[string]struct {
		reason string
		also   func(*v1alpha1.WordPressIntegration)
		want   string // the reason of Ready while it waits, empty if it does not
	}{
		"Well":      {"nothing else is wrong", nil, ""},
		"Suspended": {"no call is made", func(i *v1alpha1.WordPressIntegration) { i.Spec.Suspend = true }, "IntegrationNotReady"},
		"Down": {"the site was found down", func(i *v1alpha1.WordPressIntegration) {
			connect(i, metav1.ConditionFalse, v1alpha1.ReasonDNSFailed, start)
		}, "IntegrationNotReady"},
		"NeverTested": {"nothing is known of the site", func(i *v1alpha1.WordPressIntegration) {
			meta.RemoveStatusCondition(&i.Status.Conditions, v1alpha1.ConditionConnected)
		}, "IntegrationNotReady"},
		"OtherSite": {"what another site says means nothing", func(i *v1alpha1.WordPressIntegration) { i.Spec.SiteURL = "https://other.example.com" }, "IntegrationNotReady"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := toBeTrashed(t)
			h.changeIntegration(func(i *v1alpha1.WordPressIntegration) {
				breakMappings(i)
				if tc.also != nil {
					tc.also(i)
				}
			})
			if tc.want == "" {
				h.call()
				h.expectGone("Normal PostRemoved post 1 (")
				h.expectTrashed()
				return
			}
			h.reconcile()
			h.expect("Ready=False/" + tc.want)
			h.quiet(tc.reason)
			h.expectKept()
		})
	}
}
