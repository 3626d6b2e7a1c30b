// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"slices"
	"strings"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

const (
	category = "category"
	tag      = "post_tag"
)

// termStore has the terms of the taxonomies. Ids ascend over all of them.
type termStore struct {
	lastID int64
	// lists has the terms of a taxonomy by ascending id, without counts.
	lists map[string][]wordpress.ListedTerm
	// ids has the id of each taxonomy, NUL and path.
	ids map[string]int64
}

func newTermStore() *termStore {
	s := &termStore{lists: map[string][]wordpress.ListedTerm{category: {}, tag: {}}, ids: map[string]int64{}}
	s.resolve(category, "Uncategorized")
	return s
}

// resolve finds a name or path, or creates what is missing of it, and returns
// the last term.
func (s *termStore) resolve(taxonomy, name string) wordpress.Term {
	if taxonomy != category {
		return wordpress.Term{ID: s.ensure(taxonomy, name), Name: name}
	}
	var term wordpress.Term
	path := ""
	for _, segment := range splitPath(name) {
		path = below(path, segment)
		term = wordpress.Term{ID: s.ensure(taxonomy, path), Name: segment}
	}
	return term
}

func (s *termStore) ensure(taxonomy, path string) int64 {
	key := taxonomy + "\x00" + path
	if id, ok := s.ids[key]; ok {
		return id
	}
	s.lastID++
	s.ids[key] = s.lastID
	term := wordpress.ListedTerm{ID: s.lastID}
	if taxonomy == category {
		term.Path = path
	} else {
		term.Name = path
	}
	s.lists[taxonomy] = append(s.lists[taxonomy], term)
	return s.lastID
}

// page returns at most limit terms that follow the id after.
func (s *termStore) page(taxonomy string, after int64, limit int) wordpress.TermPage {
	list := s.lists[taxonomy]
	start, found := slices.BinarySearchFunc(list, after, func(t wordpress.ListedTerm, id int64) int { return int(t.ID - id) })
	if found {
		start++
	}
	end := min(start+limit, len(list))
	page := wordpress.TermPage{Items: slices.Clone(list[start:end])}
	if end < len(list) {
		page.Next = list[end-1].ID
	}
	return page
}

// splitPath splits at slashes that no backslash marks as part of a name. Only
// backslashes right before a slash are marks, and two of them are one.
func splitPath(path string) []string {
	segments := []string{}
	var name strings.Builder
	for path != "" {
		marks := len(path) - len(strings.TrimLeft(path, `\`))
		rest := path[marks:]
		switch {
		case !strings.HasPrefix(rest, "/"):
			name.WriteString(path[:marks])
		case marks%2 == 1:
			name.WriteString(path[:marks/2] + "/")
			rest = rest[1:]
		default:
			name.WriteString(path[:marks/2])
			segments = append(segments, strings.TrimSpace(name.String()))
			name.Reset()
			rest = rest[1:]
		}
		plain := strings.IndexAny(rest, `\/`)
		if plain < 0 {
			plain = len(rest)
		}
		name.WriteString(rest[:plain])
		path = rest[plain:]
	}
	return append(segments, strings.TrimSpace(name.String()))
}

// below appends a name to a path, so that splitPath finds both again. The path
// "" is the top.
func below(path, name string) string {
	if path != "" {
		path += path[len(strings.TrimRight(path, `\`)):] + "/"
	}
	marks := 0
	for _, r := range name {
		switch r {
		case '\\':
			marks++
		case '/':
			path += strings.Repeat(`\`, marks+1)
			marks = 0
		default:
			marks = 0
		}
		path += string(r)
	}
	return path
}

// AddTerms makes terms as a person would: paths of category, names of post_tag.
func (f *Fake) AddTerms(taxonomy string, names ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, name := range names {
		f.terms.resolve(taxonomy, name)
	}
}
