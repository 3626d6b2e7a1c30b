// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"html"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// inline has a request of a text in a format.
func (s *space) inline(name string, format v1alpha1.ContentFormat, text string) *v1alpha1.PublishRequest {
	request := s.request(name)
	request.Spec.Content = v1alpha1.Content{Type: v1alpha1.ContentTypeInline, Format: format, Inline: text}
	return request
}

// rendered are texts by what a visitor sees of them, whichever editor the site has.
var rendered = map[string]struct {
	format     v1alpha1.ContentFormat
	text, want string
	// not is what the page must not have.
	not string
}{
	"a shortcode": {"Markdown", `[echo a="b c"]`, `echo(a=b+c)`, ""},
	"a shortcode in a sentence": {"Markdown", `Before [echo a="b c" n='1'] *after*.`,
		`Before echo(a=b+c;n=1) <em>after</em>.`, ""},
	"a shortcode around text":    {"HTML", `<p>[echo a="b"]<b>bold</b>[/echo]</p>`, `echo(a=b)<b>bold</b>`, ""},
	"a shortcode in its block":   {"Blocks", "<!-- wp:shortcode -->\n[echo a=\"b c\"]\n<!-- /wp:shortcode -->", `echo(a=b+c)`, ""},
	"a shortcode in code":        {"Markdown", "`[echo a=1]`\n\n```\n[echo a=\"b\"]\n```", `echo a=`, "echo("},
	"an address alone":           {"HTML", "<p>https://video.example.com/7</p>", `<iframe title="Video 7"></iframe>`, ""},
	"an address without element": {"HTML", "<p>First.</p>\nhttps://video.example.com/8\n", `<iframe title="Video 8"></iframe>`, ""},
	"an embed by shortcode":      {"Markdown", "[embed]https://video.example.com/9[/embed]", `<iframe title="Video 9"></iframe>`, ""},
	"an embed in its block": {"Blocks", "<!-- wp:embed {\"url\":\"https://video.example.com/10\"} -->\n<figure class=\"wp-block-embed\"><div class=\"wp-block-embed__wrapper\">\n" +
		"https://video.example.com/10\n</div></figure>\n<!-- /wp:embed -->", `<iframe title="Video 10"></iframe>`, ""},
	"an address in Markdown is a link": {"Markdown", "https://video.example.com/11", `<a href="https://video.example.com/11">https://video.example.com/11</a>`, "<iframe"},
	"a frame":                          {"HTML", `<iframe title="Map" src="https://maps.example.com/"></iframe>`, `<iframe title="Map"`, ""},
	"quotes and backslashes":           {"Markdown", "`C:\\new \"x\"` and \\\\", "<code>C:\\new \"x\"</code> and \\", ""},
}

// createRendered makes a request of each.
func (s *space) createRendered() {
	s.t.Helper()
	for name, tc := range rendered {
		s.create(s.inline(dashed(name), tc.format, tc.text))
	}
}

func dashed(name string) string { return strings.ToLower(strings.ReplaceAll(name, " ", "-")) }

// checkRendered compares the pages.
func (s *space) checkRendered(t *testing.T, blocks bool) {
	for name, tc := range rendered {
		t.Run(name, func(t *testing.T) {
			s := &space{t, s.name}
			request := s.awaitRequest(dashed(name), "Ready=True/Published", "Synced=True/Succeeded")
			page := html.UnescapeString(pageOf(t, request.Status.Post.URL))
			if !strings.Contains(page, tc.want) || tc.not != "" && strings.Contains(page, tc.not) {
				t.Errorf("the page lacks %s, or has %q:\n%s", tc.want, tc.not, page)
			}
			content := column(t, request.Status.Post.ID, "post_content")
			if got := strings.Contains(content, "<!-- wp:"); got != (blocks || tc.format == v1alpha1.ContentFormatBlocks) {
				t.Errorf("stored as blocks: %t: %s", got, content)
			}
			if !blocks && tc.format == v1alpha1.ContentFormatHTML && content != tc.text {
				t.Errorf("HTML is stored as %q", content)
			}
		})
	}
}

// flushRules has the pages of the types of extras found by their addresses.
func flushRules(t *testing.T) {
	t.Helper()
	ask(t, "flush_rewrite_rules();")
}

// TestContentInBlocks: what a request asks for is what the site has, and what
// visitors see.
func TestContentInBlocks(t *testing.T) {
	flushRules(t)
	startManager(t)
	s := newSpace(t)
	s.connected()
	integration := s.await(newIntegration(), "blog", "Ready=True/Connected").(*v1alpha1.WordPressIntegration)
	if diff := cmp.Diff([]string{"page", "post", "recipe"}, slices.Sorted(slices.Values(integration.Status.Site.BlockEditorPostTypes))); diff != "" {
		t.Errorf("types of the block editor (-want +got):\n%s", diff)
	}
	s.createRendered()
	s.createTexts()
	s.createDocuments()
	t.Run("Types", s.checkTypes)
	t.Run("Rendered", func(t *testing.T) { s.checkRendered(t, true) })
	t.Run("Texts", s.checkTexts)
	t.Run("Documents", s.checkDocuments)
}

// TestContentForTheClassicEditor: a site without the block editor gets no blocks.
func TestContentForTheClassicEditor(t *testing.T) {
	setOption(t, "test_classic", "1")
	startManager(t)
	s := newSpace(t)
	s.connected()
	integration := s.await(newIntegration(), "blog", "Ready=True/Connected").(*v1alpha1.WordPressIntegration)
	if types := integration.Status.Site.BlockEditorPostTypes; len(types) > 0 {
		t.Errorf("the block editor has %q, want none", types)
	}
	s.createRendered()
	s.checkRendered(t, false)
}

// checkTypes publishes posts of types of the site's own.
func (s *space) checkTypes(t *testing.T) {
	cases := map[string]struct {
		change func(*v1alpha1.PublishRequestSpec)
		want   storedPost
		reason string
	}{
		"recipe": {func(spec *v1alpha1.PublishRequestSpec) {
			spec.Taxonomies = []v1alpha1.TaxonomyTerms{
				{Name: "cuisine", Terms: []string{"Asien/Japan 日本", "Quick"}}, {Name: "diet", Terms: []string{"vegan"}},
			}
			spec.CustomFields = []v1alpha1.CustomField{{Name: "minutes", Value: "20"}}
		}, storedPost{
			Type: "recipe", Content: "<!-- wp:paragraph -->\n<p>One <em>pan</em>.</p>\n<!-- /wp:paragraph -->",
			Terms: map[string][]string{"cuisine": {"Asien/Japan 日本", "Quick"}, "diet": {"vegan"}},
		}, "a type for the block editor, with taxonomies of its own"},
		"event": {func(*v1alpha1.PublishRequestSpec) {}, storedPost{
			Type: "event", Content: "<p>One <em>pan</em>.</p>\n",
		}, "WordPress opens types that say nothing in the classic editor"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := &space{t, s.name}
			request := s.inline(name, v1alpha1.ContentFormatMarkdown, "One *pan*.")
			request.Spec.PostType, request.Spec.Categories, request.Spec.Tags = name, nil, nil
			tc.change(&request.Spec)
			s.create(request)
			request = s.awaitRequest(name, "Ready=True/Published", "Published=True/Published", "Synced=True/Succeeded")
			got := storedOf(t, request)
			for _, field := range request.Spec.CustomFields {
				if text := got.metaText(t, field.Name); text != field.Value {
					t.Errorf("meta %s is %q, want %q", field.Name, text, field.Value)
				}
			}
			tc.want.Title, tc.want.Excerpt, got.Meta = s.title(name), "One pan.", nil
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			checkPage(t, request.Status.Post.URL, s.title(name))
		})
	}
}

// texts go into every field.
var texts = map[string]string{
	"scripts":     "Größe 漢字 עברית العربية e\u0301 ½",
	"emoji":       "🚀 👩‍👩‍👧 🇩🇪 𝔘",
	"backslashes": `C:\new\table \\ \' \" \0 \u0041 $1 %s \`,
	"quotes":      `'single' "double" 'it''s' “curly” 50%`,
}

// path has the text in two levels; a backslash before the slash would mean that
// the slash belongs to the name.
func path(text string) string { return text + ", all/" + text }

func (s *space) createTexts() {
	s.t.Helper()
	for name, text := range texts {
		request := s.inline(name, v1alpha1.ContentFormatHTML, "<p>"+text+"</p>")
		spec := &request.Spec
		spec.Title, spec.Excerpt, spec.Categories, spec.Tags = s.title(text), text, []string{path(text)}, []string{text}
		spec.SEO = v1alpha1.SEO{Title: text, Description: text, PrimaryKeyword: text}
		spec.CustomFields = []v1alpha1.CustomField{{Name: "test_text", Value: text}}
		s.create(request)
	}
}

// checkTexts: each byte of each field is as it was written.
func (s *space) checkTexts(t *testing.T) {
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			s := &space{t, s.name}
			got := storedOf(t, s.awaitRequest(name, "Ready=True/Published", "Synced=True/Succeeded"))
			want := map[string]string{"test_text": text, "_igny8_seo_title": text, "_igny8_seo_description": text, "_igny8_seo_primary_keyword": text}
			metas := map[string]string{}
			for key := range want {
				metas[key] = got.metaText(t, key)
			}
			got.Meta = nil
			if diff := cmp.Diff(want, metas); diff != "" {
				t.Errorf("metas (-want +got):\n%s", diff)
			}
			post := storedPost{
				Type: "post", Title: s.title(text), Excerpt: text, Content: "<!-- wp:paragraph -->\n<p>" + text + "</p>\n<!-- /wp:paragraph -->",
				Terms: map[string][]string{"category": {path(text)}, "post_tag": {text}},
			}
			if diff := cmp.Diff(post, got); diff != "" {
				t.Errorf("post (-want +got):\n%s", diff)
			}
		})
	}
}

// documents are the sources of the converter's own tests; their blocks are valid
// for the editor itself (make check-blocks).
var documents = map[string]v1alpha1.ContentFormat{
	"github.md": v1alpha1.ContentFormatMarkdown, "editor.html": v1alpha1.ContentFormatHTML,
}

func (s *space) createDocuments() {
	s.t.Helper()
	for name, format := range documents {
		source, err := os.ReadFile(filepath.Join(root, "internal", "content", "testdata", "blocks", name))
		if err != nil {
			s.t.Fatal(err)
		}
		request := s.inline(name, format, string(source))
		request.Spec.ImagePolicy = v1alpha1.ImagePolicyReference
		s.create(request)
	}
}

// checkDocuments: WordPress stores each block as it was made. That it finds them
// again is seen at the end of the run.
func (s *space) checkDocuments(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		t.Run(name, func(t *testing.T) {
			s := &space{t, s.name}
			got := storedOf(t, s.awaitRequest(name, "Ready=True/Published", "Synced=True/Succeeded"))
			want, err := os.ReadFile(filepath.Join(root, "internal", "content", "testdata", "blocks", name+".blocks.html"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.TrimSpace(string(want)), strings.TrimSpace(got.Content)); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
		})
	}
}
