// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// allTerms reads every page of a taxonomy.
func (s *suite) allTerms(t *testing.T, taxonomy string) []wordpress.ListedTerm {
	t.Helper()
	var all []wordpress.ListedTerm
	for after := int64(0); ; {
		page, err := s.client.Terms(t.Context(), taxonomy, after)
		if err != nil {
			t.Fatalf("Terms of %s after %d: %v", taxonomy, after, err)
		}
		all = append(all, page.Items...)
		if after = page.Next; after == 0 {
			return all
		}
	}
}

func (s *suite) structure(t *testing.T) *wordpress.Structure {
	t.Helper()
	structure, err := s.client.Structure(t.Context())
	if err != nil {
		t.Fatalf("Structure: %v", err)
	}
	return structure
}

func testStructure(t *testing.T, s *suite) {
	before := s.structure(t)
	post := newPost()
	post.Categories, post.Tags = []string{"Contract structure"}, []string{"contract structure"}
	created := s.publish(t, post)
	after := s.structure(t)

	if n := posts(t, after).Count - posts(t, before).Count; n != 1 {
		t.Errorf("a new post changed the count of posts by %d", n)
	}
	if supports := posts(t, after).Supports; !slices.Contains(supports, "title") || !slices.Contains(supports, "editor") {
		t.Errorf("posts support %v", supports)
	}
	want := []wordpress.Taxonomy{
		{Name: "category", Hierarchical: true, PostTypes: []string{"post"}, Count: after.Categories.Total},
		{Name: "post_tag", PostTypes: []string{"post"}, Count: after.Tags.Total},
	}
	for _, taxonomy := range want {
		i := slices.IndexFunc(after.Taxonomies, func(got wordpress.Taxonomy) bool { return got.Name == taxonomy.Name })
		if i < 0 {
			t.Fatalf("no taxonomy %s in %v", taxonomy.Name, after.Taxonomies)
		}
		taxonomy.Label = after.Taxonomies[i].Label
		if diff := cmp.Diff(taxonomy, after.Taxonomies[i]); diff != "" || taxonomy.Label == "" {
			t.Errorf("taxonomy (-want +got):\n%s", diff)
		}
	}
	if !slices.Contains(after.Capabilities, "publish_posts") {
		t.Errorf("capabilities %v", after.Capabilities)
	}
	if err := s.target.Trash(created.ID); err != nil {
		t.Fatalf("Trash: %v", err)
	}
	if got, want := posts(t, s.structure(t)).Count, posts(t, before).Count; got != want {
		t.Errorf("%d posts with the new one in the trash, want %d", got, want)
	}
}

func posts(t *testing.T, structure *wordpress.Structure) wordpress.PostType {
	t.Helper()
	i := slices.IndexFunc(structure.PostTypes, func(p wordpress.PostType) bool { return p.Name == "post" })
	if i < 0 {
		t.Fatalf("no posts in %v", structure.PostTypes)
	}
	return structure.PostTypes[i]
}

// testTermPages compares the pages with the first one in the structure.
func testTermPages(t *testing.T, s *suite) {
	s.publish(t, newPost())
	structure := s.structure(t)
	for taxonomy, first := range map[string]wordpress.TermList{"category": structure.Categories, "post_tag": structure.Tags} {
		all := s.allTerms(t, taxonomy)
		if int64(len(all)) != first.Total || len(first.Items) != min(100, len(all)) {
			t.Errorf("%s: %d terms on all pages, %d of %d in the structure", taxonomy, len(all), len(first.Items), first.Total)
			continue
		}
		if diff := cmp.Diff(all[:len(first.Items)], first.Items, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: first page (-all pages +structure):\n%s", taxonomy, diff)
		}
		if more := len(all) > len(first.Items); more != (first.Next != 0) {
			t.Errorf("%s: the structure's next is %d, with %d terms", taxonomy, first.Next, len(all))
		}
	}
	page := s.get(t, "igny8/v1/structure/terms", url.Values{"taxonomy": {"category"}, "limit": {"1"}})
	if page.status != http.StatusOK || len(decodePage(t, page).Items) != 1 {
		t.Errorf("a page of one term: %d %s", page.status, page.body)
	}
	last := s.get(t, "igny8/v1/structure/terms", url.Values{"taxonomy": {"category"}, "after": {"9007199254740991"}})
	if last.status != http.StatusOK || len(decodePage(t, last).Items) != 0 || decodePage(t, last).Next != 0 {
		t.Errorf("a page after the last term: %d %s", last.status, last.body)
	}
}

// testPaths: what the structure shows, publish takes, for the same term.
func testPaths(t *testing.T, s *suite) {
	cases := map[string]struct{ path, name, reason string }{
		"below another":        {"Contract path/Contract below", "Contract below", "the usual one"},
		"slash at the top":     {`Contract AC\/DC`, "Contract AC/DC", "a name with a slash"},
		"slash below":          {`Contract path/Contract TCP\/IP`, "Contract TCP/IP", "no name at the top can be meant"},
		"below a slash":        {`Contract AC\/DC/Contract live`, "Contract live", "its parent has the slash"},
		"backslash":            {`Contract path/Contract C:\temp`, `Contract C:\temp`, "a backslash before no slash is itself"},
		"backslash at the end": {`Contract back\\/Contract slash\`, `Contract slash\`, "two before a slash are one"},
		"both":                 {`Contract path/Contract a\\\/b`, `Contract a\/b`, "a backslash and a slash in one name"},
		"entities":             {`Contract path/Contract Q & A <3 "x"`, "", "WordPress stores them escaped"},
	}
	for name, tc := range cases {
		post := newPost()
		post.Categories = []string{tc.path}
		terms := s.publish(t, post).Terms["category"]
		if len(terms) != 1 || tc.name != "" && terms[0].Name != tc.name {
			t.Errorf("%s: published into %v, want %q (%s)", name, terms, tc.name, tc.reason)
			continue
		}
		all := s.allTerms(t, "category")
		i := slices.IndexFunc(all, func(term wordpress.ListedTerm) bool { return term.ID == terms[0].ID })
		if i < 0 || tc.name != "" && all[i].Path != tc.path {
			t.Errorf("%s: listed at %d of %v, want %s (%s)", name, i, all, tc.path, tc.reason)
			continue
		}
		post = newPost()
		post.Categories = []string{all[i].Path}
		if again := s.publish(t, post).Terms["category"]; !cmp.Equal(terms, again) {
			t.Errorf("%s: the listed path leads to %v, want %v (%s)", name, again, terms, tc.reason)
		}
	}
}

func testBadPages(t *testing.T, s *suite) {
	cases := map[string]struct {
		query url.Values
		field string
	}{
		"no taxonomy":         {url.Values{}, "taxonomy"},
		"unknown taxonomy":    {url.Values{"taxonomy": {"no_such_taxonomy"}}, "taxonomy"},
		"internal taxonomy":   {url.Values{"taxonomy": {"nav_menu"}}, "taxonomy"},
		"limit 0":             {url.Values{"taxonomy": {"category"}, "limit": {"0"}}, "limit"},
		"limit 1001":          {url.Values{"taxonomy": {"category"}, "limit": {"1001"}}, "limit"},
		"limit as text":       {url.Values{"taxonomy": {"category"}, "limit": {"x"}}, "limit"},
		"negative after":      {url.Values{"taxonomy": {"category"}, "after": {"-1"}}, "after"},
		"unknown parameter":   {url.Values{"taxonomy": {"category"}, "page": {"1"}}, "page"},
		"after beyond 2^53-1": {url.Values{"taxonomy": {"category"}, "after": {"9007199254740992"}}, "after"},
	}
	for name, tc := range cases {
		res := s.get(t, "igny8/v1/structure/terms", tc.query)
		if res.status != http.StatusBadRequest || res.problem() != "invalid-payload" || !slices.Contains(res.fields(), tc.field) {
			t.Errorf("%s: answer %d %q naming %v, want 400 invalid-payload naming %s", name, res.status, res.problem(), res.fields(), tc.field)
		}
	}
}
