// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bounds

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

const contentKey = "content:1"

// object is a JSON object.
type object = map[string]any

// answers are all that a site says.
type answers struct {
	site, post, structure object
	// link announces the root of the REST API on the home page.
	link string
}

// usual answers have every field that the client reads.
func usual(t *testing.T) answers {
	t.Helper()
	return answers{
		link: "/wp-json/",
		site: toObject(t, wordpress.Site{
			UUID: "0b6f0c1e-5a3d-4d0c-9d0e-5f1c7c2b9a11", Name: "Example", HomeURL: "https://x.test/", RESTURL: "https://x.test/wp-json/",
			PluginVersion: "2.0.0", WordPressVersion: "6.8.1", PHPVersion: "8.2.10", Locale: "en_US", TimeZone: "Europe/Berlin",
			User: wordpress.User{ID: 2, Login: "igny8"}, Capabilities: []string{"edit_posts"}, SEOPlugins: []string{"yoast"}, BlockEditorPostTypes: []string{"post"},
		}),
		post: toObject(t, wordpress.PostRepresentation{
			ID: 7, ContentKey: contentKey, Type: "post", Status: "publish", Title: "Hello", Slug: "hello",
			URL: "https://x.test/hello/", EditURL: "https://x.test/wp-admin/post.php", Author: wordpress.User{ID: 2, Login: "igny8"},
			ModifiedGMT: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), ContentHash: "sha256:aa", SourceDigest: "sha256:bb",
			Owner: "o", Claim: "c", SEOAdapters: []string{"igny8"},
			Stripped: []string{"script"}, SEOKept: []string{"yoast/title"},
		}),
		structure: toObject(t, wordpress.Structure{}),
	}
}

func toObject(t *testing.T, v any) object {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out := object{}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// serve starts a site with the answers and returns its address.
func (a answers) serve(t *testing.T) string {
	t.Helper()
	fake := wordpresstest.New(t)
	site, post := toAnswer(t, http.StatusOK, a.site), toAnswer(t, http.StatusCreated, a.post)
	structure := toAnswer(t, http.StatusOK, a.structure)
	home := &wordpresstest.Answer{Status: http.StatusOK, Header: http.Header{"Link": {"<" + a.link + `>; rel="https://api.w.org/"`}}}
	fake.SetHook(func(r *http.Request) wordpresstest.Fault {
		switch {
		case strings.HasSuffix(r.URL.Path, "/site"):
			return wordpresstest.Fault{Answer: site}
		case strings.HasSuffix(r.URL.Path, "/structure"):
			return wordpresstest.Fault{Answer: structure}
		case strings.HasSuffix(r.URL.Path, "/publish"):
			return wordpresstest.Fault{Answer: post}
		default:
			return wordpresstest.Fault{Answer: home}
		}
	})
	return fake.URL()
}

func toAnswer(t *testing.T, status int, body object) *wordpresstest.Answer {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return &wordpresstest.Answer{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: string(text)}
}

// place is a value somewhere in an object: a member of it or of a member.
type place struct {
	path  string
	value any
	put   func(object, any)
}

// places are all values of an object, but for the terms, which have names of
// their own.
func places(o object) []place {
	var out []place
	for _, name := range slices.Sorted(maps.Keys(o)) {
		inner, ok := o[name].(object)
		if !ok {
			out = append(out, place{name, o[name], func(o object, v any) { o[name] = v }})
			continue
		}
		for _, p := range places(inner) {
			out = append(out, place{name + "." + p.path, p.value, func(o object, v any) { p.put(o[name].(object), v) }})
		}
	}
	return out
}

// lengths are one more than each bound of a text in the CRDs' status.
var lengths = []int{33, 37, 65, 129, 201, 254, 1025, 2049}

// unusual are values a place may have to the surprise of a schema.
func (p place) unusual() []any {
	switch value := p.value.(type) {
	case string:
		if _, err := time.Parse(time.RFC3339, value); err == nil {
			return []any{"0001-01-01T00:00:00+01:00", "9999-12-31T23:30:00-01:00", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z"}
		}
		out := []any{"", "\x00\n\u202e"}
		for _, n := range lengths {
			out = append(out, value+strings.Repeat("ü", max(0, n-len(value))))
		}
		return out
	case float64:
		return []any{-1, 0, 1 << 31, 1<<53 - 1, 1 << 53}
	case []any:
		many := make([]string, 65)
		for i := range many {
			many[i] = fmt.Sprint("item", i)
		}
		return []any{nil, []string{"", ""}, []string{"b", "a", "b"}, many, many[:17], []string{strings.Repeat("ü", 65)}}
	default:
		return nil
	}
}
