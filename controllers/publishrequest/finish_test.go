// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"strings"
	"testing"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func TestTheFormOfAPostIsItsEditors(t *testing.T) {
	const paragraph = "<!-- wp:paragraph -->\n<p>Body.</p>\n<!-- /wp:paragraph -->"
	blocks := []string{"page", "post"}
	cases := map[string]struct {
		reason string
		types  []string
		format v1alpha1.ContentFormat
		body   string
		want   string
	}{
		"HTML":      {"its paragraphs can be edited", blocks, v1alpha1.ContentFormatHTML, "<p>Body.</p>", paragraph},
		"Markdown":  {"as can these", blocks, v1alpha1.ContentFormatMarkdown, "Body.", paragraph},
		"Blocks":    {"they are what they should be", blocks, v1alpha1.ContentFormatBlocks, "<p>Body.</p>", "<p>Body.</p>"},
		"AreThere":  {"the author knows better", blocks, v1alpha1.ContentFormatHTML, paragraph + "<p>x</p>", paragraph + "<p>x</p>"},
		"OtherType": {"its editor is the classic one", []string{"page"}, v1alpha1.ContentFormatHTML, "<p>Body.</p>", "<p>Body.</p>"},
		"Shortcode": {"WordPress finds no attribute in entities", nil, v1alpha1.ContentFormatMarkdown, `Some [x a="b"] text.`, `<p>Some [x a="b"] text.</p>`},
		"NotSaid":   {"an older plugin does not say", nil, v1alpha1.ContentFormatHTML, "<p>Body.</p>", "<p>Body.</p>"},
		"Inconvertible": {"deeper than anything can be parsed, and still a post", blocks, v1alpha1.ContentFormatHTML,
			strings.Repeat("<div>", 2000), strings.Repeat("<div>", 2000)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, published(func(p *v1alpha1.PublishRequest) { p.Spec.Content.Inline, p.Spec.Content.Format = tc.body, tc.format }))
			h.replaceIntegration(func(i *v1alpha1.WordPressIntegration) { i.Status.Site.BlockEditorPostTypes = tc.types })
			h.call()
			h.expect("Ready=True/Published")
			if got := strings.TrimSpace(h.site.Content(1)); got != tc.want {
				t.Errorf("%s: stored %q, want %q", tc.reason, got, tc.want)
			}
		})
	}
}

// TestAnotherEditorIsNoChange: thousands of posts are not written anew because a
// site installs the Classic Editor, or an operator learns another block.
func TestAnotherEditorIsNoChange(t *testing.T) {
	h := newHarness(t, published(nil))
	h.call()
	h.replaceIntegration(func(i *v1alpha1.WordPressIntegration) { i.Status.Site.BlockEditorPostTypes = []string{"post"} })
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.SiteID = 5 })
	calls := len(h.site.Calls())
	h.call()
	if len(h.site.Calls()) != calls || strings.Contains(h.site.Content(1), "wp:") {
		t.Errorf("%d more calls, content %q", len(h.site.Calls())-calls, h.site.Content(1))
	}
}

// TestABatchHasTheFormOfItsEditor as a post alone has.
func TestABatchHasTheFormOfItsEditor(t *testing.T) {
	b := newBulk(t, 2, nil)
	b.replaceIntegration(func(i *v1alpha1.WordPressIntegration) { i.Status.Site.BlockEditorPostTypes = []string{"post"} })
	for _, name := range b.names {
		b.Reconciler.calls.Forget(name)
	}
	b.reconcileAll()
	b.drain(2)
	if got := b.site.Content(2); b.calls() != "batch" || !strings.HasPrefix(got, "<!-- wp:paragraph -->") {
		t.Errorf("calls %q, content %q", b.calls(), got)
	}
}
