// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"strings"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/content"
)

// fullMatter says something about everything it can.
func fullMatter() *content.FrontMatter {
	return &content.FrontMatter{
		Title: "T", Slug: "s", Excerpt: "e", Author: "a", Template: "t.php", Cluster: "c", Status: "pending", Comments: "closed",
		Categories: []string{"A"}, Tags: []string{"b"}, Taxonomies: []content.Taxonomy{{Name: "x", Terms: []string{"y"}}},
		SEO:          content.MatterSEO{Title: "st", Description: "sd", CanonicalURL: "https://x.test", PrimaryKeyword: "p", SecondaryKeywords: []string{"q"}, Index: "noindex"},
		Image:        content.MatterImage{URL: "https://x.test/a.jpg", Alt: "alt", Caption: "cap", Title: "it"},
		CustomFields: []content.Field{{Name: "k", Value: "v"}},
	}
}

// fullSpec is what it makes of an empty spec.
func fullSpec() v1alpha1.PublishRequestSpec {
	spec := v1alpha1.PublishRequestSpec{
		Title: "T", Slug: "s", Excerpt: "e", Author: "a", Template: "t.php", Cluster: "c", Status: "Pending", CommentStatus: "Closed",
		Categories: []string{"A"}, Tags: []string{"b"}, Taxonomies: []v1alpha1.TaxonomyTerms{{Name: "x", Terms: []string{"y"}}},
		SEO:          v1alpha1.SEO{Title: "st", Description: "sd", CanonicalURL: "https://x.test", PrimaryKeyword: "p", SecondaryKeywords: []string{"q"}, Index: "NoIndex"},
		CustomFields: []v1alpha1.CustomField{{Name: "k", Value: "v"}},
	}
	spec.FeaturedImage.Name = "featured"
	spec.FeaturedImage.Source = v1alpha1.ImageSource{Type: "URL", URL: "https://x.test/a.jpg"}
	spec.FeaturedImage.Alt, spec.FeaturedImage.Caption, spec.FeaturedImage.Title = "alt", "cap", "it"
	return spec
}

func TestFrontMatterFillsInWhatIsEmpty(t *testing.T) {
	t.Run("All", func(t *testing.T) {
		spec := v1alpha1.PublishRequestSpec{}
		fillIn(&spec, fullMatter(), &v1alpha1.PublishDefaults{})
		if diff := cmp.Diff(fullSpec(), spec); diff != "" {
			t.Errorf("spec (-want +got):\n%s", diff)
		}
	})
	t.Run("Nothing", func(t *testing.T) {
		other := fullMatter()
		for _, text := range []*string{&other.Title, &other.Slug, &other.Excerpt, &other.Author, &other.Template, &other.Cluster, &other.SEO.Title,
			&other.SEO.Description, &other.SEO.CanonicalURL, &other.SEO.PrimaryKeyword, &other.Image.URL, &other.Image.Alt} {
			*text = "other"
		}
		other.Status, other.Comments, other.SEO.Index, other.Date = "draft", "open", "index", start
		other.Categories, other.Tags, other.CustomFields, other.Taxonomies = []string{"o"}, []string{"o"}, []content.Field{{}}, []content.Taxonomy{{}}
		spec := fullSpec()
		fillIn(&spec, other, &v1alpha1.PublishDefaults{})
		if diff := cmp.Diff(fullSpec(), spec); diff != "" {
			t.Errorf("spec (-want +got):\n%s", diff)
		}
	})
}

func TestTheDateOfFrontMatter(t *testing.T) {
	type fields struct {
		Status      v1alpha1.PostStatus
		PublishTime time.Time
	}
	cases := map[string]struct {
		reason   string
		spec     fields
		draft    string
		defaults v1alpha1.PostStatus
		want     fields
	}{
		"Alone":          {"it is the post's, and the site waits for it", fields{}, "", "", fields{"Future", start}},
		"Publish":        {"so it is", fields{Status: "Publish"}, "", "", fields{"Future", start}},
		"Time":           {"the spec's time goes before", fields{PublishTime: start.Add(1)}, "", "", fields{"", start.Add(1)}},
		"Draft":          {"it is not published", fields{}, "draft", "", fields{"Draft", time.Time{}}},
		"Scheduled":      {"the site waits, for the time was not waited for here", fields{PublishTime: start.Add(1)}, "publish", "Future", fields{"", start.Add(1)}},
		"ScheduledDraft": {"who writes a draft gets one", fields{PublishTime: start.Add(1)}, "draft", "Future", fields{"Draft", start.Add(1)}},
		"DraftByDefault": {"nor is this", fields{}, "", "Draft", fields{}},
		"Private":        {"the site has no schedule for these", fields{Status: "Private"}, "", "", fields{Status: "Private"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := v1alpha1.PublishRequestSpec{Status: tc.spec.Status, PublishTime: metav1.NewTime(tc.spec.PublishTime)}
			fillIn(&spec, &content.FrontMatter{Date: start, Status: tc.draft}, &v1alpha1.PublishDefaults{Status: tc.defaults})
			if diff := cmp.Diff(tc.want, fields{spec.Status, spec.PublishTime.Time}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func markdown(body string) func(*v1alpha1.PublishRequest) {
	return func(p *v1alpha1.PublishRequest) {
		p.Spec.Title, p.Spec.Content.Format, p.Spec.Content.Inline = "", v1alpha1.ContentFormatMarkdown, body
	}
}

func TestATitleInTheContent(t *testing.T) {
	h := newHarness(t, published(markdown("---\ntitle: From the content\nlayout: post\ntags: [a]\ndate: 2020-01-01\n---\nBody.")))
	h.call()
	request := h.expect("Ready=True/Published", "Synced=True/Succeeded")
	post := h.site.Posts()[0]
	if post.Title != "From the content" || post.Status != "publish" || post.DateGMT.Year() != 2020 || post.Terms["post_tag"][0].Name != "a" {
		t.Errorf("post %+v", post)
	}
	if got := request.Status.History[0].Description; got != `published "From the content"` {
		t.Errorf("history has %q", got)
	}
	if message := syncedOf(request); !strings.Contains(message, "layout") {
		t.Errorf("message %q does not name the key that means nothing", message)
	}
	h.quiet("settled")
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Title = "From the spec" })
	h.call()
	if got := h.site.Posts()[0].Title; got != "From the spec" {
		t.Errorf("title %q, want that of the spec", got)
	}
	h.checkHealth(status.CurrentStatus)
}

func TestContentWithoutATitle(t *testing.T) {
	cases := map[string]struct{ reason, body, want string }{
		"NoFrontMatter": {"a heading is none", "# Hello\n\nBody.", "set spec.title, or title in the front matter"},
		"NoTitle":       {"it says something else", "---\ntags: a\n---\nBody.", "set spec.title, or title in the front matter"},
		"Unreadable":    {"it says where", "---\ntitle: [a]\n---\nBody.", "front matter title (line 2): must be a text"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, published(markdown(tc.body)))
			h.call()
			request := h.expect("Stalled=True/InvalidContent")
			if message := readyOf(request).Message; !strings.Contains(message, tc.want) {
				t.Errorf("%s: message %q, want %q", tc.reason, message, tc.want)
			}
			if got := request.Status.History[0].Description; got != `publish "hello"` {
				t.Errorf("history has %q", got)
			}
			h.checkHealth(status.FailedStatus)
			h.quiet("only a person can help")
		})
	}
}
