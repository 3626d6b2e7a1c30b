// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// listed is a term in a list.
type listed struct {
	ID    int    `json:"id"`
	Name  string `json:"name"`
	Path  string `json:"path"`
	Count int    `json:"count"`
}

// terms is a page of terms.
type terms struct {
	Total int      `json:"total"`
	Items []listed `json:"items"`
	Next  *int     `json:"next"`
}

// structure is the answer of GET /structure.
type structure struct {
	PostTypes []struct {
		Name     string   `json:"name"`
		Label    string   `json:"label"`
		Count    int      `json:"count"`
		Supports []string `json:"supports"`
	} `json:"post_types"`
	Taxonomies []struct {
		Name         string   `json:"name"`
		Label        string   `json:"label"`
		Count        int      `json:"count"`
		Hierarchical bool     `json:"hierarchical"`
		PostTypes    []string `json:"post_types"`
	} `json:"taxonomies"`
	Capabilities []string `json:"capabilities"`
	Categories   terms    `json:"categories"`
	Tags         terms    `json:"tags"`
}

// structure reads the structure of the site.
func (c client) structure(t *testing.T) structure {
	t.Helper()
	a := c.get(t, "/structure")
	if a.status != http.StatusOK {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	var s structure
	a.decode(t, &s)
	return s
}

// cost is what a request took of PHP.
type cost struct{ queries, peakBytes int }

// page reads a page of terms, and what it cost.
func (c client) page(t *testing.T, taxonomy string, after, limit int) (terms, cost) {
	t.Helper()
	const peak = `add_filter( 'rest_post_dispatch', function ( $r ) { $r->header( 'X-Test-Peak', (string) memory_get_peak_usage() ); return $r; } );`
	a := c.set("X-Test-Count", "1").set("X-Test-Code", peak).
		get(t, fmt.Sprintf("/structure/terms?taxonomy=%s&after=%d&limit=%d", taxonomy, after, limit))
	if a.status != http.StatusOK {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	if len(a.body) > 1<<20 {
		t.Errorf("the answer has %d bytes, more than the operator reads", len(a.body))
	}
	var page terms
	a.decode(t, &page)
	return page, cost{number(t, a.header.Get("X-Test-Queries")), number(t, a.header.Get("X-Test-Peak"))}
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// addTerms makes terms by SQL until the test ends: name is an expression over seq, which counts from 1.
func addTerms(t *testing.T, taxonomy string, n int, name string) {
	t.Helper()
	mark := "bulk-" + strings.ToLower(strings.ReplaceAll(t.Name(), "/", "-"))
	t.Cleanup(func() {
		_, err := shared.Query(context.WithoutCancel(t.Context()), fmt.Sprintf(
			"DELETE tt, t FROM wp_term_taxonomy tt JOIN wp_terms t ON t.term_id = tt.term_id WHERE t.slug LIKE '%s-%%'", mark))
		if err != nil {
			t.Error(err)
		}
	})
	query(t, shared, "INSERT INTO wp_terms (name, slug) SELECT %s, CONCAT('%s-', seq) FROM seq_1_to_%d", name, mark, n)
	query(t, shared, "INSERT INTO wp_term_taxonomy (term_id, taxonomy, description) SELECT term_id, '%s', '' FROM wp_terms WHERE slug LIKE '%s-%%' ORDER BY term_id", taxonomy, mark)
}

// A hundred thousand tags are read completely, and a page costs the same wherever it is.
func TestManyTags(t *testing.T) {
	const tags, limit, slack = 100_000, 1000, 8 << 20
	c := newClient(t, shared)
	before := c.structure(t).Tags.Total
	_, least := c.page(t, "post_tag", 0, 1)
	addTerms(t, "post_tag", tags, "CONCAT('Tag ', seq)")

	seen, last, most := map[string]bool{}, 0, cost{}
	began := time.Now()
	for {
		page, spent := c.page(t, "post_tag", last, limit)
		for _, item := range page.Items {
			if item.ID <= last || item.Path != "" {
				t.Fatalf("item %+v after %d", item, last)
			}
			last = item.ID
			seen[item.Name] = true
		}
		most = cost{max(most.queries, spent.queries), max(most.peakBytes, spent.peakBytes)}
		if page.Next == nil {
			break
		}
	}
	t.Logf("%d tags in %s; a page takes at most %d queries and %d KiB more than one of a single tag, which takes %d",
		len(seen), time.Since(began).Round(time.Millisecond), most.queries-least.queries, (most.peakBytes-least.peakBytes)>>10, least.queries)
	if len(seen) < tags+before || !seen["Tag 1"] || !seen["Tag 100000"] {
		t.Errorf("%d names, want at least %d", len(seen), tags+before)
	}
	if most.queries > least.queries || most.peakBytes > least.peakBytes+slack {
		t.Errorf("a page took %+v, one of a single tag %+v", most, least)
	}

	whole := c.set("X-Test-Count", "1").get(t, "/structure")
	var s structure
	whole.decode(t, &s)
	if s.Tags.Total != tags+before || len(s.Tags.Items) != 100 || s.Tags.Next == nil || *s.Tags.Next != s.Tags.Items[99].ID {
		t.Errorf("%d of %d tags, next %v", len(s.Tags.Items), s.Tags.Total, s.Tags.Next)
	}
	if n := number(t, whole.header.Get("X-Test-Queries")); n > least.queries+8 {
		t.Errorf("the structure took %d queries", n)
	}
}

// The longest names there can be do not make an answer that the operator cannot read.
func TestLongestNames(t *testing.T) {
	const categories = 1200
	c := newClient(t, shared)
	addTerms(t, "category", categories, "CONCAT(REPEAT('😀', 190), LPAD(seq, 10, '0'))")
	seen, last, pages := 0, 0, 0
	for {
		page, _ := c.page(t, "category", last, 1000)
		pages++
		for _, item := range page.Items {
			last = item.ID
			if strings.HasPrefix(item.Path, "😀") {
				seen++
			}
		}
		if page.Next == nil {
			break
		}
		if *page.Next != last {
			t.Fatalf("next is %d after %d", *page.Next, last)
		}
	}
	if seen != categories || pages < 3 {
		t.Errorf("%d of %d categories on %d pages", seen, categories, pages)
	}
	c.structure(t)
}

// chain makes a category below each other by SQL, and returns their ids.
func chain(t *testing.T, prefix string, n int) []int {
	t.Helper()
	addTerms(t, "category", n, "CONCAT('"+prefix+" ', seq)")
	var ids []int
	for _, row := range query(t, shared, "SELECT term_id FROM wp_terms WHERE name LIKE '%s %%' ORDER BY term_id", prefix) {
		ids = append(ids, number(t, row[0]))
	}
	query(t, shared, "UPDATE wp_term_taxonomy SET parent = term_id - 1 WHERE term_id > %d AND term_id <= %d", ids[0], ids[n-1])
	return ids
}

// Paths name what there is, also where the tree is deep or broken, at one query per level.
func TestPaths(t *testing.T) {
	c := newClient(t, shared)
	_, least := c.page(t, "category", 0, 1)
	ids := chain(t, "Level", 40)
	path := func(id int) (string, cost) {
		t.Helper()
		page, spent := c.page(t, "category", id-1, 1)
		if len(page.Items) != 1 || page.Items[0].ID != id {
			t.Fatalf("category %d is not in %+v", id, page)
		}
		return page.Items[0].Path, spent
	}
	levels := func(from, to int) string {
		var names []string
		for i := from; i <= to; i++ {
			names = append(names, fmt.Sprint("Level ", i))
		}
		return strings.Join(names, "/")
	}
	for name, tc := range map[string]struct {
		spoil  string
		id     int
		want   string
		most   int
		reason string
	}{
		"top":       {"", ids[0], "Level 1", 0, "nothing above"},
		"nested":    {"", ids[2], "Level 1/Level 2/Level 3", 2, "a query per level"},
		"deep":      {"", ids[31], levels(1, 32), 31, "the longest whole path"},
		"too deep":  {"", ids[39], levels(9, 40), 31, "no site is like this, but the queries are bounded"},
		"no parent": {fmt.Sprintf("UPDATE wp_term_taxonomy SET parent = 99999999 WHERE term_id = %d", ids[20]), ids[21], "Level 21/Level 22", 2, "deleted by SQL"},
		"circle":    {fmt.Sprintf("UPDATE wp_term_taxonomy SET parent = %d WHERE term_id = %d", ids[12], ids[10]), ids[11], "Level 12", 2, "an import went wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.spoil != "" {
				query(t, shared, "%s", tc.spoil)
				t.Cleanup(func() {
					_, err := shared.Query(context.WithoutCancel(t.Context()),
						fmt.Sprintf("UPDATE wp_term_taxonomy SET parent = term_id - 1 WHERE term_id > %d AND term_id <= %d", ids[0], ids[39]))
					if err != nil {
						t.Error(err)
					}
				})
			}
			got, spent := path(tc.id)
			if !strings.HasSuffix(got, tc.want) || tc.spoil == "" && got != tc.want {
				t.Errorf("path %s, want %s (%s)", got, tc.want, tc.reason)
			}
			if tc.spoil == "" && spent.queries > least.queries+tc.most {
				t.Errorf("%d queries more than for a term at the top, want %d (%s)", spent.queries-least.queries, tc.most, tc.reason)
			}
		})
	}
}

// PHP takes names of digits for numbers where they are keys of an array.
const registerBooks = `add_action( 'init', function () {
	register_post_type( 'book', array( 'public' => true, 'label' => 'Books &amp; <b>more</b>', 'supports' => array( 'title', 'thumbnail' ) ) );
	register_post_type( 'ledger', array( 'public' => false ) );
	register_taxonomy( 'genre', array( 'book', 'ledger' ), array( 'public' => true, 'hierarchical' => true, 'label' => 'Genres' ) );
	register_taxonomy( 'shelf', 'book', array( 'public' => false ) );
	register_taxonomy( 'entry', 'ledger', array( 'public' => true ) );
	register_post_type( '1984', array( 'public' => true ) );
	register_taxonomy( '2001', '1984' );
} );`

// What a publisher can use is listed, with what plugins add, and nothing else is.
func TestStructure(t *testing.T) {
	c := newClient(t, shared).set("X-Test-Code", oneLine(registerBooks))
	posts := func(s structure, name string) int {
		for _, p := range s.PostTypes {
			if p.Name == name {
				return p.Count
			}
		}
		return -1
	}
	before := posts(c.structure(t), "post")
	php(t, shared, `foreach ( array( 'publish', 'draft', 'future', 'private', 'auto-draft', 'trash' ) as $status ) {
		wp_insert_post( array( 'post_title' => 'S', 'post_status' => $status, 'post_date' => 'future' === $status ? '2099-01-01 00:00:00' : '' ) );
	}`)
	s := c.structure(t)
	if got := posts(s, "post") - before; got != 4 {
		t.Errorf("%d posts more, want 4: neither the trash nor what nobody saved", got)
	}
	var types, taxonomies []string
	for _, p := range s.PostTypes {
		types = append(types, p.Name)
		if p.Name == "book" {
			if diff := cmp.Diff([]any{"Books & more", 0, []string{"title", "thumbnail"}}, []any{p.Label, p.Count, p.Supports}); diff != "" {
				t.Errorf("books (-want +got):\n%s", diff)
			}
		}
	}
	for _, x := range s.Taxonomies {
		taxonomies = append(taxonomies, x.Name)
		if x.Name == "genre" {
			if diff := cmp.Diff([]any{"Genres", true, []string{"book"}}, []any{x.Label, x.Hierarchical, x.PostTypes}); diff != "" {
				t.Errorf("genres (-want +got):\n%s", diff)
			}
		}
	}
	slices.Sort(types)
	slices.Sort(taxonomies)
	if diff := cmp.Diff([]string{"1984", "book", "page", "post"}, types); diff != "" {
		t.Errorf("post types (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"2001", "category", "genre", "post_format", "post_tag"}, taxonomies); diff != "" {
		t.Errorf("taxonomies (-want +got):\n%s", diff)
	}
	if page, _ := newClient(t, shared).page(t, "category", 0, 1); len(page.Items) != 1 {
		t.Errorf("page %+v", page)
	}
	if a := c.get(t, "/structure/terms?taxonomy=genre"); a.status != http.StatusOK {
		t.Errorf("terms of a plugin's taxonomy: status %d: %s", a.status, a.body)
	}
	for _, hidden := range []string{"shelf", "entry", "link_category"} {
		c.get(t, "/structure/terms?taxonomy="+hidden).problem(t, "invalid-payload", http.StatusBadRequest)
	}
}

// The structure is what the key's user can use.
func TestStructureOfAnAuthor(t *testing.T) {
	c := newClient(t, shared)
	runAs(t, shared, "author")
	s := c.structure(t)
	if len(s.PostTypes) != 1 || s.PostTypes[0].Name != "post" || !slices.Contains(s.Capabilities, "publish_posts") || slices.Contains(s.Capabilities, "edit_pages") {
		t.Errorf("post types %+v, capabilities %v", s.PostTypes, s.Capabilities)
	}
}

// A look-up that the database did not answer is not the answer that there is nothing.
func TestDatabaseFailsAtStructure(t *testing.T) {
	c := newClient(t, shared)
	for name, broken := range map[string]string{
		"counts of posts": "SELECT post_type, COUNT(*)",
		"counts of terms": "SELECT taxonomy, COUNT(*)",
		"terms":           "SELECT tt.term_id",
	} {
		code := `add_filter( 'query', function ( $sql ) { return 0 === strpos( $sql, '` + broken + `' ) ? 'SELECT broken' : $sql; } );`
		if a := c.set("X-Test-Code", code).get(t, "/structure"); a.status != http.StatusInternalServerError {
			t.Errorf("%s: status %d: %s", name, a.status, a.body)
		}
	}
	allowLog(t, shared, "Unknown column 'broken'")
}
