// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// seoFields are all fields for search engines.
var seoFields = fields{
	"seo_title": `A "title" \ with ü`, "seo_description": "A description", "primary_keyword": "main", "secondary_keywords": []string{"a", "b, c"},
	"canonical_url": "https://example.com/original/", "robots": []string{"noindex", "nofollow"},
}

// seoStored is what each plugin keeps of seoFields, as JSON.
var seoStored = map[string]map[string]string{
	"yoast": {
		"_yoast_wpseo_title": `"A \"title\" \\ with ü"`, "_yoast_wpseo_metadesc": `"A description"`, "_yoast_wpseo_focuskw": `"main"`,
		"_yoast_wpseo_canonical": `"https://example.com/original/"`, "_yoast_wpseo_meta-robots-noindex": `"1"`, "_yoast_wpseo_meta-robots-nofollow": `"1"`,
	},
	"rank-math": {
		"rank_math_title": `"A \"title\" \\ with ü"`, "rank_math_description": `"A description"`, "rank_math_focus_keyword": `"main,a,b  c"`,
		"rank_math_canonical_url": `"https://example.com/original/"`, "rank_math_robots": `["noindex","nofollow"]`,
	},
	"seopress": {
		"_seopress_titles_title": `"A \"title\" \\ with ü"`, "_seopress_titles_desc": `"A description"`, "_seopress_analysis_target_kw": `"main,a,b  c"`,
		"_seopress_robots_canonical": `"https://example.com/original/"`, "_seopress_robots_index": `"yes"`, "_seopress_robots_follow": `"yes"`,
	},
	"the-seo-framework": {
		"_genesis_title": `"A \"title\" \\ with ü"`, "_genesis_description": `"A description"`,
		"_genesis_canonical_uri": `"https://example.com/original/"`, "_genesis_noindex": `"1"`, "_genesis_nofollow": `"1"`,
	},
	"slim-seo": {"slim_seo": `{"title":"A \"title\" \\ with ü","description":"A description","canonical":"https://example.com/original/","noindex":1}`},
}

// meta returns the metas of a post as JSON, by key.
func meta(t *testing.T, id int) map[string]string {
	t.Helper()
	out := php(t, shared, `$all = array();
		foreach ( get_post_meta( %[1]d ) as $key => $values ) { $all[ $key ] = wp_json_encode( get_post_meta( %[1]d, $key, true ), JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE ); }
		echo wp_json_encode( $all );`, id)
	var all map[string]string
	if err := json.Unmarshal([]byte(out), &all); err != nil {
		t.Fatalf("read meta: %v: %s", err, out)
	}
	return all
}

// requireMeta fails unless a post has the metas.
func requireMeta(t *testing.T, id int, want map[string]string) {
	t.Helper()
	got := map[string]string{}
	for key, value := range meta(t, id) {
		if _, asked := want[key]; asked {
			got[key] = value
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("meta (-want +got):\n%s", diff)
	}
}

// Each SEO plugin gets the fields where it looks for them, and the own copy is kept beside.
func TestSEOPlugins(t *testing.T) {
	for plugin, want := range seoStored {
		t.Run(plugin, func(t *testing.T) {
			c := newClient(t, shared).set("X-Test-SEO", plugin)
			made := c.publish(t, minimal("seo "+plugin).with(seoFields)).post(t, http.StatusCreated)
			requireMeta(t, made.ID, want)
			requireMeta(t, made.ID, map[string]string{"_igny8_seo_description": `"A description"`})
			if diff := cmp.Diff([]string{"igny8", plugin}, made.SEOAdapters); diff != "" {
				t.Errorf("adapters (-want +got):\n%s", diff)
			}
			c.checkSEOLife(t, plugin, made)
		})
	}
}

// checkSEOLife changes a post with SEO fields: what is ours follows, what a person has changed stays, what is not wanted any more goes.
func (c client) checkSEOLife(t *testing.T, plugin string, made post) {
	t.Helper()
	key := "seo " + plugin
	description := map[string]string{
		"yoast": "_yoast_wpseo_metadesc", "rank-math": "rank_math_description", "seopress": "_seopress_titles_desc", "the-seo-framework": "_genesis_description",
	}[plugin]
	changed := seoFields.with(fields{"seo_title": "Another", "seo_description": "Ours again"})
	if description != "" {
		php(t, shared, `update_post_meta( %d, '%s', 'By hand' );`, made.ID, description)
	} else {
		php(t, shared, `$all = get_post_meta( %[1]d, 'slim_seo', true ); $all['description'] = 'By hand'; $all['facebook_image'] = 'x'; update_post_meta( %[1]d, 'slim_seo', wp_slash( $all ) );`, made.ID)
	}
	conflict := c.update(t, made.ID, minimal(key).with(changed), made.ContentHash).problem(t, "precondition-failed", http.StatusPreconditionFailed)
	updated := c.update(t, made.ID, minimal(key).with(changed), conflict.Post.ContentHash).post(t, http.StatusOK)
	if len(updated.SEOKept) != 1 || !strings.HasPrefix(updated.SEOKept[0], plugin+"/") {
		t.Errorf("kept %v, want the description of %s", updated.SEOKept, plugin)
	}
	all := meta(t, made.ID)
	if description != "" {
		requireMeta(t, made.ID, map[string]string{description: `"By hand"`, "_igny8_seo_description": `"Ours again"`})
	} else if !strings.Contains(all["slim_seo"], `"By hand"`) || !strings.Contains(all["slim_seo"], `"Another"`) || !strings.Contains(all["slim_seo"], "facebook_image") {
		t.Errorf("slim_seo is %s, want the person's and others' values beside ours", all["slim_seo"])
	}
	c.update(t, made.ID, minimal(key), updated.ContentHash).post(t, http.StatusOK)
	left := meta(t, made.ID)
	for name := range seoStored[plugin] {
		if text, there := left[name]; there && name != description && (name != "slim_seo" || strings.Contains(text, "Another")) {
			t.Errorf("%s is still %s", name, text)
		}
	}
}

// All in One SEO is written through its model, into its table; the mirror in post meta alone would have no effect.
func TestAIOSEO(t *testing.T) {
	c := newClient(t, shared).set("X-Test-SEO", "aioseo")
	php(t, shared, "Test_Aioseo_Post::install();")
	t.Cleanup(func() {
		if _, err := shared.Query(context.Background(), "DROP TABLE wp_aioseo_posts"); err != nil {
			t.Error(err)
		}
	})
	made := c.publish(t, minimal("aioseo").with(seoFields)).post(t, http.StatusCreated)
	row := query(t, shared, "SELECT title, description, keyphrases, canonical_url, robots_default, robots_noindex, robots_nofollow FROM wp_aioseo_posts WHERE post_id = %d", made.ID)
	want := [][]string{{
		`A "title" \ with ü`, "A description", `{"focus":{"keyphrase":"main"},"additional":[{"keyphrase":"a"},{"keyphrase":"b, c"}]}`, "https://example.com/original/", "0", "1", "1",
	}}
	if diff := cmp.Diff(want, row); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
	// The plugin adds scores to the keywords when it has analysed the post: nobody changed anything.
	query(t, shared, `UPDATE wp_aioseo_posts SET keyphrases = '{"focus":{"keyphrase":"main","score":71},"additional":[{"keyphrase":"a","score":3},{"keyphrase":"b, c"}]}', og_title = 'kept'`)
	updated := c.update(t, made.ID, minimal("aioseo").with(seoFields).with(fields{"primary_keyword": "other"}), made.ContentHash).post(t, http.StatusOK)
	if len(updated.SEOKept) > 0 {
		t.Errorf("kept %v, want nothing", updated.SEOKept)
	}
	if got := value(t, shared, "SELECT CONCAT(keyphrases LIKE '%%other%%', og_title) FROM wp_aioseo_posts WHERE post_id = %d", made.ID); got != "1kept" {
		t.Errorf("keywords and others' values: %s", got)
	}
}

// Every active plugin is written, not the first one.
func TestAllSEOPluginsAtOnce(t *testing.T) {
	plugins := []string{"rank-math", "seopress", "slim-seo", "the-seo-framework", "yoast"}
	c := newClient(t, shared).set("X-Test-SEO", strings.Join(plugins, ","))
	made := c.publish(t, minimal("seo all").with(seoFields)).post(t, http.StatusCreated)
	for _, plugin := range plugins {
		requireMeta(t, made.ID, seoStored[plugin])
	}
	got := slices.Sorted(slices.Values(made.SEOAdapters))
	if diff := cmp.Diff(append([]string{"igny8"}, plugins...), got); diff != "" {
		t.Errorf("adapters (-want +got):\n%s", diff)
	}
}

// Where no SEO plugin is active, the page has the fields itself; where one is, it has the word.
func TestHead(t *testing.T) {
	c := newClient(t, shared)
	made := c.publish(t, minimal("seo head").with(seoFields).with(fields{"slug": "seo-head"})).post(t, http.StatusCreated)
	alone := page(t, made.URL, "")
	for _, part := range []string{
		`<title>A &quot;title&quot; \ with ü</title>`, `<meta name="description" content="A description" />`,
		`<link rel="canonical" href="https://example.com/original/" />`, "noindex", "nofollow",
	} {
		if !strings.Contains(alone, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
	if beside := page(t, made.URL, "yoast"); strings.Contains(beside, "A description") || strings.Contains(beside, "example.com/original") {
		t.Error("the page has our fields beside those of an SEO plugin")
	}
}

// page returns a page of the site as visitors get it, while SEO plugins are active.
func page(t *testing.T, url, plugins string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Test-SEO", plugins)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("status %d of %s: %v", response.StatusCode, url, err)
	}
	return string(text)
}
