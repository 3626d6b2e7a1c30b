// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// A custom post type with taxonomies of its own: paths are made, and registered protected fields may be written.
func TestCustomType(t *testing.T) {
	const code = `add_action( 'init', function () {
		register_post_type( 'recipe', array( 'public' => true, 'map_meta_cap' => true ) );
		register_taxonomy( 'cuisine', 'recipe', array( 'hierarchical' => true ) );
		register_taxonomy( 'diet', 'recipe' );
		register_post_meta( 'recipe', '_minutes', array( 'single' => true, 'type' => 'string', 'auth_callback' => '__return_true' ) );
	} );`
	c := newClient(t, shared).set("X-Test-Code", oneLine(code))
	payload := minimal("recipe").with(fields{"post_type": "recipe", "meta": fields{"_minutes": "20"}, "taxonomies": []fields{
		{"taxonomy": "cuisine", "terms": []string{"Asia/Japan", "Quick"}}, {"taxonomy": "diet", "terms": []string{"vegan"}},
	}})
	made := c.publish(t, payload).post(t, http.StatusCreated)
	names := func(terms []term) (all []string) {
		for _, term := range terms {
			all = append(all, term.Name)
		}
		return slices.Sorted(slices.Values(all))
	}
	if diff := cmp.Diff([]string{"Japan", "Quick"}, names(made.Terms["cuisine"])); diff != "" {
		t.Errorf("cuisine (-want +got):\n%s", diff)
	}
	requireMeta(t, made.ID, map[string]string{"_minutes": `"20"`})
	updated := c.update(t, made.ID, minimal("recipe").with(fields{"taxonomies": []fields{{"taxonomy": "diet", "terms": []string{"fish"}}}}), made.ContentHash).post(t, http.StatusOK)
	if len(updated.Terms["cuisine"]) != 0 || strings.Join(names(updated.Terms["diet"]), ",") != "fish" {
		t.Errorf("terms %v, want only the diet", updated.Terms)
	}
}

// What the site's filters take out is named, and nothing is named where nothing was.
func TestStripped(t *testing.T) {
	for name, test := range map[string]struct {
		content string
		want    []string
	}{
		"nothing":          {`<!-- wp:paragraph --><p class="a">x &amp; y</p><!-- /wp:paragraph -->`, nil},
		"elements":         {`<p>a</p><script>b()</script><iframe src="https://example.com"></iframe><form><input></form>`, []string{"script", "iframe", "form", "input"}},
		"attributes":       {`<img src="a.jpg" onerror="x()" srcset="b.jpg 2x" alt="a">`, []string{"img[onerror]", "img[srcset]"}},
		"one of two":       {`<a href="javascript:x()">a</a><a href="https://example.com/">b</a>`, []string{"#text"}},
		"odd entities":     {`<p>&bogus; & x</p>`, []string{"#text"}},
		"a greater in one": {`<p title="a > b" onclick="y()">z</p>`, []string{"p[title]", "p[onclick]"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			runAs(t, shared, "author")
			made := c.publish(t, minimal("stripped "+name).with(fields{"content_html": test.content})).post(t, http.StatusCreated)
			if diff := cmp.Diff(test.want, made.Stripped, cmpopts.SortSlices(strings.Compare)); diff != "" {
				stored := value(t, shared, "SELECT post_content FROM wp_posts WHERE ID = %d", made.ID)
				t.Errorf("stripped (-want +got):\n%s\nstored %s", diff, stored)
			}
		})
	}
	c := newClient(t, shared)
	if full := c.publish(t, minimal("stripped as administrator").with(fields{"content_html": `<script>a()</script>`})).post(t, http.StatusCreated); len(full.Stripped) > 0 {
		t.Errorf("stripped %v of somebody who may write anything", full.Stripped)
	}
}
