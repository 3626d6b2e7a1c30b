// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// seoOfAll sets every field.
var seoOfAll = v1alpha1.SEO{
	Title: `A "title" \ 🚀`, Description: "Größe", PrimaryKeyword: "main", SecondaryKeywords: []string{"a", "b"},
	CanonicalURL: "https://example.com/original/", Index: v1alpha1.SEOIndexNoIndex,
}

// seoKeys is what each plugin finds of seoOfAll in the metas that it reads, as JSON.
// All in One SEO has a table.
var seoKeys = map[string]map[string]string{
	"yoast": {
		"_yoast_wpseo_title": `"A \"title\" \\ 🚀"`, "_yoast_wpseo_metadesc": `"Größe"`, "_yoast_wpseo_focuskw": `"main"`,
		"_yoast_wpseo_canonical": `"https://example.com/original/"`, "_yoast_wpseo_meta-robots-noindex": `"1"`,
	},
	"rank-math": {
		"rank_math_title": `"A \"title\" \\ 🚀"`, "rank_math_description": `"Größe"`, "rank_math_focus_keyword": `"main,a,b"`,
		"rank_math_canonical_url": `"https://example.com/original/"`, "rank_math_robots": `["noindex"]`,
	},
	"seopress": {
		"_seopress_titles_title": `"A \"title\" \\ 🚀"`, "_seopress_titles_desc": `"Größe"`, "_seopress_analysis_target_kw": `"main,a,b"`,
		"_seopress_robots_canonical": `"https://example.com/original/"`, "_seopress_robots_index": `"yes"`,
	},
	"the-seo-framework": {
		"_genesis_title": `"A \"title\" \\ 🚀"`, "_genesis_description": `"Größe"`,
		"_genesis_canonical_uri": `"https://example.com/original/"`, "_genesis_noindex": `"1"`,
	},
	"slim-seo": {"slim_seo": `{"title":"A \"title\" \\ 🚀","description":"Größe","canonical":"https://example.com/original/","noindex":1}`},
}

// aioseoOf is the row of All in One SEO's table.
func aioseoOf(t *testing.T, request *v1alpha1.PublishRequest) string {
	t.Helper()
	return ask(t, `global $wpdb;
echo wp_json_encode( $wpdb->get_row( "SELECT title, description, keyphrases, canonical_url, robots_default, robots_noindex FROM {$wpdb->prefix}aioseo_posts WHERE post_id = %d", ARRAY_N ), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );`,
		request.Status.Post.ID)
}

// TestSEOPlugins: every plugin that is active has the fields of a request where it
// looks for them, and what a person wrote there since stays.
func TestSEOPlugins(t *testing.T) {
	plugins := []string{"aioseo", "rank-math", "seopress", "slim-seo", "the-seo-framework", "yoast"}
	setOption(t, "test_seo", strings.Join(plugins, ","))
	ask(t, "Test_Aioseo_Post::install();")
	t.Cleanup(func() {
		if _, err := site.Query(context.Background(), "DROP TABLE wp_aioseo_posts"); err != nil {
			t.Error(err)
		}
	})
	startManager(t)
	s := newSpace(t)
	s.connected()
	integration := s.await(newIntegration(), "blog", "Ready=True/Connected").(*v1alpha1.WordPressIntegration)
	if diff := cmp.Diff(plugins, slices.Sorted(slices.Values(integration.Status.Site.SEOPlugins))); diff != "" {
		t.Errorf("plugins of the site (-want +got):\n%s", diff)
	}
	request := s.publishedRequest("hello", func(spec *v1alpha1.PublishRequestSpec) { spec.SEO = seoOfAll })
	adapters := slices.Sorted(slices.Values(append([]string{"igny8"}, plugins...)))
	if diff := cmp.Diff(adapters, slices.Sorted(slices.Values(request.Status.Post.SEOAdapters))); diff != "" {
		t.Errorf("adapters (-want +got):\n%s", diff)
	}
	post := storedOf(t, request)
	for plugin, keys := range seoKeys {
		t.Run(plugin, func(t *testing.T) { checkSEO(t, post, keys) })
	}
	t.Run("aioseo", func(t *testing.T) { checkAIOSEO(t, request) })
	t.Run("Update", func(t *testing.T) { (&space{t, s.name}).updateSEO(request) })
}

func checkAIOSEO(t *testing.T, request *v1alpha1.PublishRequest) {
	t.Helper()
	want := `["A \"title\" \\ 🚀","Größe","{\"focus\":{\"keyphrase\":\"main\"},\"additional\":[{\"keyphrase\":\"a\"},{\"keyphrase\":\"b\"}]}","https://example.com/original/","0","1"]`
	if got := aioseoOf(t, request); got != want {
		t.Errorf("row of All in One SEO is %s, want %s", got, want)
	}
}

// checkSEO compares the metas of a plugin.
func checkSEO(t *testing.T, post storedPost, want map[string]string) {
	t.Helper()
	for key, text := range want {
		var wanted, got any
		if err := json.Unmarshal([]byte(text), &wanted); err != nil {
			t.Fatal(err)
		}
		if post.Meta[key] != nil {
			if err := json.Unmarshal(post.Meta[key], &got); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
}

// updateSEO changes two fields, of which a person has written one for one of the
// plugins.
func (s *space) updateSEO(request *v1alpha1.PublishRequest) {
	s.t.Helper()
	as(s.t, fmt.Sprintf("update_post_meta( %d, '_yoast_wpseo_metadesc', 'By hand' );", request.Status.Post.ID))
	s.patch(request, `{"spec":{"seo":{"title":"Another","description":"New"}}}`)
	updated := s.awaitGeneration("hello", "Ready=True/Published")
	if diff := cmp.Diff([]string{"yoast/_yoast_wpseo_metadesc"}, updated.Status.Post.SEOKept); diff != "" {
		s.t.Errorf("kept (-want +got):\n%s", diff)
	}
	checkSEO(s.t, storedOf(s.t, updated), map[string]string{
		"_yoast_wpseo_title": `"Another"`, "_yoast_wpseo_metadesc": `"By hand"`, "rank_math_title": `"Another"`, "rank_math_description": `"New"`,
		"_seopress_titles_title": `"Another"`, "_genesis_title": `"Another"`,
		"slim_seo": `{"title":"Another","description":"New","canonical":"https://example.com/original/","noindex":1}`,
	})
	if got := aioseoOf(s.t, updated); !strings.HasPrefix(got, `["Another","New",`) {
		s.t.Errorf("row of All in One SEO is %s", got)
	}
}
