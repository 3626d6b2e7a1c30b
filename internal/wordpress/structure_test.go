// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// structureOf is an answer with one of everything, changed.
func structureOf(change func(*Structure)) *Structure {
	s := &Structure{
		PostTypes:    []PostType{{Name: "post", Label: "Posts", Count: 3, Supports: []string{"title"}}},
		Taxonomies:   []Taxonomy{{Name: "category", Label: "Categories", Count: 1, Hierarchical: true, PostTypes: []string{"post"}}},
		Capabilities: []string{"edit_posts"},
		Categories:   TermList{Total: 1, TermPage: TermPage{Items: []ListedTerm{{ID: 1, Path: "News"}}}},
		Tags:         TermList{Total: 2, TermPage: TermPage{Items: []ListedTerm{{ID: 2, Name: "a", Count: 1}}, Next: 2}},
	}
	change(s)
	return s
}

// TestStructureIsBroughtWithinBounds: one odd plugin must not hide a site.
func TestStructureIsBroughtWithinBounds(t *testing.T) {
	long := strings.Repeat("ü", 5000)
	cases := map[string]struct {
		got, want func(*Structure)
		reason    string
	}{
		"as it should be": {func(*Structure) {}, func(*Structure) {}, "nothing to change"},
		"order and repetition": {
			func(s *Structure) {
				s.PostTypes = []PostType{{Name: "post", Label: "first"}, {Name: "page"}, {Name: "post", Label: "second"}}
			},
			func(s *Structure) { s.PostTypes = []PostType{{Name: "page"}, {Name: "post", Label: "first"}} }, "a map in the status",
		},
		"names that are none": {
			func(s *Structure) {
				s.Taxonomies = append(s.Taxonomies, Taxonomy{}, Taxonomy{Name: strings.Repeat("x", 33)}, Taxonomy{Name: "a\nb"})
				s.PostTypes = append(s.PostTypes, PostType{Name: strings.Repeat("x", 21)}, PostType{Name: " post"})
			},
			func(*Structure) {}, "cut, they would mean something else",
		},
		"labels": {
			func(s *Structure) { s.PostTypes[0].Label, s.Taxonomies[0].Label = long, " a\n\x00b " },
			func(s *Structure) { s.PostTypes[0].Label, s.Taxonomies[0].Label = long[:398]+"…", "a b" }, "people write them",
		},
		"features": {
			func(s *Structure) { s.PostTypes[0].Supports = append(numbered(40), "item-000", "") },
			func(s *Structure) { s.PostTypes[0].Supports = numbered(32) }, "a set in the status",
		},
		"terms": {
			func(s *Structure) {
				s.Tags.Items = []ListedTerm{{ID: 1, Name: " a\tb "}, {ID: 2, Name: "\u202e"}, {ID: 3, Name: long}}
				s.Tags.Next, s.Categories.Items[0].Path = 3, long
			},
			func(s *Structure) {
				s.Tags.Items = []ListedTerm{{ID: 1, Name: "a b"}, {ID: 3, Name: long[:398] + "…"}}
				s.Tags.Next, s.Categories.Items[0].Path = 3, long[:2*4095]+"…"
			}, "one line each; nothing is nothing",
		},
		"no lists": {
			func(s *Structure) { *s = Structure{} }, func(s *Structure) { *s = Structure{} }, "a user who may do nothing",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := structureOf(tc.got)
			if err := got.validate(); err != nil {
				t.Fatalf("validate: %v", err)
			}
			if diff := cmp.Diff(structureOf(tc.want), got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestBrokenStructureIsRefused: what pages hang on must be right.
func TestBrokenStructureIsRefused(t *testing.T) {
	cases := map[string]struct {
		change func(*Structure)
		field  string
		reason string
	}{
		"negative posts":    {func(s *Structure) { s.PostTypes[0].Count = -1 }, "post_types.count", "no number of posts"},
		"negative terms":    {func(s *Structure) { s.Taxonomies[0].Count = -1 }, "taxonomies.count", "no number of terms"},
		"too many terms":    {func(s *Structure) { s.Tags.Total = 1 << 53 }, "tags.total", "more than JSON carries"},
		"id zero":           {func(s *Structure) { s.Tags.Items[0].ID = 0 }, "tags.items.id", "no id"},
		"ids do not ascend": {func(s *Structure) { s.Tags.Items = append(s.Tags.Items, s.Tags.Items[0]) }, "tags.items.id", "a term would come twice"},
		"next before last":  {func(s *Structure) { s.Tags.Next = 1 }, "tags.next", "pages would never end"},
		"negative next":     {func(s *Structure) { s.Categories.Next = -1 }, "categories.next", "pages would never end"},
		"negative uses":     {func(s *Structure) { s.Categories.Items[0].Count = -1 }, "categories.items.count", "no number of posts"},
	}
	for name, tc := range cases {
		if err := structureOf(tc.change).validate(); err == nil || !strings.Contains(err.Error(), tc.field) {
			t.Errorf("%s: got %v, want %s (%s)", name, err, tc.field, tc.reason)
		}
	}
}

func TestTermPages(t *testing.T) {
	cases := map[string]struct {
		after   int64
		body    string
		refused bool
		reason  string
	}{
		"last page":       {0, `{"items":[{"id":1,"name":"a","count":0}],"next":null}`, false, "null is the end"},
		"page of many":    {5, `{"items":[{"id":6,"name":"a"},{"id":9,"name":"b"}],"next":9}`, false, "more follow"},
		"empty page":      {5, `{"items":[],"next":null}`, false, "terms were deleted"},
		"first page anew": {5, `{"items":[{"id":1,"name":"a"}],"next":null}`, true, "pages would never end"},
		"same place":      {5, `{"items":[],"next":5}`, true, "pages would never end"},
		"earlier place":   {5, `{"items":[{"id":6,"name":"a"}],"next":4}`, true, "pages would never end"},
		"beyond JSON":     {5, `{"items":[],"next":9007199254740993}`, true, "no id"},
	}
	for name, tc := range cases {
		answer := &termAnswer{after: tc.after}
		if err := json.Unmarshal([]byte(tc.body), answer); err != nil {
			t.Fatal(err)
		}
		if err := answer.validate(); (err != nil) != tc.refused {
			t.Errorf("%s: got %v, want refused %t (%s)", name, err, tc.refused, tc.reason)
		}
	}
}

// FuzzStructure throws answers at the structure: whatever is accepted holds
// the bounds of a status.
func FuzzStructure(f *testing.F) {
	text, err := json.Marshal(structureOf(func(*Structure) {}))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add(`{"tags":{"items":[{"id":1,"name":"\u202e","path":"a/b"}],"next":1}}`)
	f.Add(`{"post_types":[{"name":"post","supports":["a","a",""]},{"name":"post"}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		s := &Structure{}
		if json.Unmarshal([]byte(body), s) != nil || s.validate() != nil {
			return
		}
		var names []string
		for _, p := range s.PostTypes {
			names = append(names, p.Name)
			if n := len([]rune(p.Name)); n < 1 || n > 20 || len([]rune(p.Label)) > 200 || len(p.Supports) > 32 {
				t.Errorf("post type %+v", p)
			}
		}
		if !slices.IsSorted(names) || len(slices.Compact(names)) != len(s.PostTypes) {
			t.Errorf("names %q", names)
		}
		last := int64(0)
		for _, term := range s.Tags.Items {
			if term.ID <= last || term.Text() == "" || strings.ContainsAny(term.Text(), "\n\r\x00") {
				t.Errorf("term %+v after %d", term, last)
			}
			last = term.ID
		}
	})
}
