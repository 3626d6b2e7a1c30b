// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"strings"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

func TestPayloadHasEveryField(t *testing.T) {
	cases := map[string]payloadCase{
		"Taxonomies": {
			reason: "what falls back makes way for terms that are named",
			request: func(p *v1alpha1.PublishRequest) {
				p.Spec.Cluster, p.Spec.SEO.PrimaryKeyword = "Gardens", "rose"
				p.Spec.Taxonomies = []v1alpha1.TaxonomyTerms{{Name: "category", Terms: []string{"A/B"}}, {Name: "post_tag", Terms: []string{"c"}}}
			},
			want: func(p *wordpress.Post) {
				p.PrimaryKeyword, p.Tags = "rose", nil
				p.Taxonomies = []wordpress.TaxonomyTerms{{Taxonomy: "category", Terms: []string{"A/B"}}, {Taxonomy: "post_tag", Terms: []string{"c"}}}
			},
		},
		"Search": {
			reason: "search engines are told where to look, and to stay away",
			request: func(p *v1alpha1.PublishRequest) {
				p.Spec.SEO.CanonicalURL, p.Spec.SEO.Index = "https://x.test/", "NoIndex"
			},
			want: func(p *wordpress.Post) { p.CanonicalURL, p.Robots = "https://x.test/", []string{"noindex"} },
		},
		"Index": {
			reason:  "nothing keeps them away",
			request: func(p *v1alpha1.PublishRequest) { p.Spec.SEO.Index = "Index" },
			want:    func(*wordpress.Post) {},
		},
		"CustomFields": {
			reason: "an empty value is one",
			request: func(p *v1alpha1.PublishRequest) {
				p.Spec.CustomFields = []v1alpha1.CustomField{{Name: "a", Value: "1"}, {Name: "b"}}
			},
			want: func(p *wordpress.Post) { p.Meta = map[string]any{"a": "1", "b": ""} },
		},
		"Future": {
			reason: "the site waits for the time, which may be past",
			request: func(p *v1alpha1.PublishRequest) {
				p.Spec.Status, p.Spec.PublishTime = "Future", metav1.NewTime(start.In(time.FixedZone("x", 3600)))
			},
			want: func(p *wordpress.Post) { p.Status, p.DateGMT = "future", wordpress.UTC{Time: start} },
		},
		"HeldHere": {
			reason:  "it gets the date at which it is made",
			request: func(p *v1alpha1.PublishRequest) { p.Spec.PublishTime = metav1.NewTime(start) },
			want:    func(*wordpress.Post) {},
		},
		"FutureByDefault": {
			reason:      "of the requests that have a time",
			request:     func(p *v1alpha1.PublishRequest) { p.Spec.PublishTime = metav1.NewTime(start) },
			integration: func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.Defaults.Status = "Future" },
			want:        func(p *wordpress.Post) { p.Status, p.DateGMT = "future", wordpress.UTC{Time: start} },
		},
		"FutureWithoutTime": {
			reason:      "there is nothing to wait for",
			integration: func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.Defaults.Status = "Future" },
			want:        func(*wordpress.Post) {},
		},
	}
	for name, tc := range cases {
		t.Run(name, tc.check)
	}
}

// TestTheSiteWaitsForTheTime: the operator is through with the request, and until
// that time makes it do nothing.
func TestTheSiteWaitsForTheTime(t *testing.T) {
	soon := start.Add(time.Hour)
	h := newHarness(t, published(all(future, func(p *v1alpha1.PublishRequest) { p.Spec.PublishTime = metav1.NewTime(soon) })))
	h.call()
	request := h.expect("Ready=True/Published", "Published=False/InReview", "Synced=True/Succeeded")
	post := h.site.Posts()[0]
	if request.Status.ContentStatus != v1alpha1.ContentStatusReview || !post.DateGMT.Equal(soon) {
		t.Errorf("contentStatus %s, date %s; want Review, an hour from now", request.Status.ContentStatus, post.DateGMT)
	}
	h.checkHealth(status.CurrentStatus)
	h.clock.SetTime(soon)
	h.quiet("its time has just come")
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.SiteID = 5 })
	calls := len(h.site.Calls())
	h.call()
	if len(h.site.Calls()) != calls {
		t.Error("the site was called, although nothing but the time has changed")
	}
}

// TestAProtectedKeyIsNamed: only a person can help, and has to know where.
func TestAProtectedKeyIsNamed(t *testing.T) {
	h := newHarness(t, published(func(p *v1alpha1.PublishRequest) {
		p.Spec.CustomFields = []v1alpha1.CustomField{{Name: "price", Value: "1"}, {Name: "_edit_lock", Value: "1"}}
	}))
	h.call()
	request := h.expect("Stalled=True/ContentRejected")
	if message := readyOf(request).Message; !strings.Contains(message, "meta") || !strings.Contains(message, "_edit_lock") || strings.Contains(message, "price") {
		t.Errorf("message %q, want the protected key alone", message)
	}
	h.checkHealth(status.FailedStatus)
	h.quiet("the site has refused it")
}
