// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bounds

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// parts are one item of each list of a structure, and the structure without them.
type parts struct {
	postType, taxonomy, category, tag, rest object
}

func usualParts(t *testing.T) parts {
	t.Helper()
	return parts{
		postType: toObject(t, wordpress.PostType{Name: "post", Label: "Posts", Count: 3, Supports: []string{"title"}}),
		taxonomy: toObject(t, wordpress.Taxonomy{Name: "category", Label: "Categories", Count: 2, Hierarchical: true, PostTypes: []string{"post"}}),
		category: toObject(t, wordpress.ListedTerm{ID: 1, Path: "News", Count: 3}),
		tag:      toObject(t, wordpress.ListedTerm{ID: 2, Name: "one", Count: 3}),
		rest:     object{"capabilities": []string{"edit_posts"}, "total": 1},
	}
}

func (p parts) answer() object {
	list := func(item object) object {
		return object{"total": p.rest["total"], "items": []object{item}, "next": nil}
	}
	return object{
		"post_types": []object{p.postType}, "taxonomies": []object{p.taxonomy}, "capabilities": p.rest["capabilities"],
		"categories": list(p.category), "tags": list(p.tag),
	}
}

// TestUnusualStructuresHaveAStatus does for what a site has what
// TestUnusualAnswersHaveAStatus does for what it is.
func TestUnusualStructuresHaveAStatus(t *testing.T) {
	s := newSpace(t)
	s.condition = v1alpha1.ConditionSynced
	for _, of := range []func(*parts) object{
		func(p *parts) object { return p.postType }, func(p *parts) object { return p.taxonomy },
		func(p *parts) object { return p.category }, func(p *parts) object { return p.tag },
		func(p *parts) object { return p.rest },
	} {
		usualOnes := usualParts(t)
		for _, place := range places(of(&usualOnes)) {
			for _, value := range place.unusual() {
				changed := usualParts(t)
				place.put(of(&changed), value)
				a := usual(t)
				a.structure = changed.answer()
				s.connect(a, place.path)
			}
		}
	}
	s.awaitAll()
}

// TestStructureAtTheBoundsIsTaken: lists as long as the status has room for, with
// the longest names.
func TestStructureAtTheBoundsIsTaken(t *testing.T) {
	s := newSpace(t)
	s.condition = v1alpha1.ConditionSynced
	long := func(n, length int) string { return fmt.Sprintf("%03d", n) + strings.Repeat("ü", length-3) }
	structure := wordpress.Structure{}
	for n := range 50 {
		supports := make([]string, 32)
		for i := range supports {
			supports[i] = long(i, 64)
		}
		structure.PostTypes = append(structure.PostTypes, wordpress.PostType{Name: long(n, 20), Label: long(n, 200), Count: 1<<53 - 1, Supports: supports})
		structure.Taxonomies = append(structure.Taxonomies, wordpress.Taxonomy{Name: long(n, 32), Count: 1<<53 - 1})
	}
	for n := range 100 {
		structure.Categories.Items = append(structure.Categories.Items, wordpress.ListedTerm{ID: int64(n + 1), Path: long(n, 500)})
		structure.Tags.Items = append(structure.Tags.Items, wordpress.ListedTerm{ID: int64(n + 1), Name: long(n, 200)})
	}
	a := usual(t)
	a.structure = toObject(t, structure)
	name := s.connect(a, "")
	s.awaitAll()
	got := get(s, name, &v1alpha1.WordPressIntegration{}).Status.Structure
	last := []string{got.PostTypes[49].Label, got.PostTypes[49].Supports[31], got.Taxonomies[49].Name, got.Categories[99], got.Tags[99]}
	if diff := cmp.Diff([]string{long(49, 200), long(31, 64), long(49, 32), long(99, 500), long(99, 200)}, last); diff != "" || len(got.Truncated) > 0 {
		t.Errorf("truncated %v, last of each list (-want +got):\n%s", got.Truncated, diff)
	}
}
