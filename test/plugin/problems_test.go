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

// A payload with faults is refused with all of them at once, each with its field.
func TestInvalidPayload(t *testing.T) {
	c := newClient(t, shared)
	long := func(n int) string { return strings.Repeat("x", n) }
	many := func(n int) []string { return slices.Repeat([]string{"x"}, n) }
	for name, test := range map[string]struct {
		change fields
		want   []string // fields with a fault
	}{
		"no key":                      {fields{"content_key": nil}, []string{"content_key"}},
		"empty key":                   {fields{"content_key": ""}, []string{"content_key"}},
		"long key":                    {fields{"content_key": long(129)}, []string{"content_key"}},
		"no title":                    {fields{"title": nil}, []string{"title"}},
		"empty title":                 {fields{"title": ""}, []string{"title"}},
		"blank title":                 {fields{"title": " \t "}, []string{"title"}},
		"long title":                  {fields{"title": long(501)}, []string{"title"}},
		"title is a number":           {fields{"title": 1}, []string{"title"}},
		"no content":                  {fields{"content_html": nil}, []string{"content_html"}},
		"no status":                   {fields{"status": nil}, []string{"status"}},
		"unknown status":              {fields{"status": "inherit"}, []string{"status"}},
		"content id 0":                {fields{"content_id": 0}, []string{"content_id"}},
		"content id above 2^53-1":     {fields{"content_id": int64(1) << 53}, []string{"content_id"}},
		"content id is text":          {fields{"content_id": "1"}, []string{"content_id"}},
		"content id is a fraction":    {fields{"content_id": 1.5}, []string{"content_id"}},
		"long owner":                  {fields{"owner": long(129)}, []string{"owner"}},
		"long slug":                   {fields{"slug": long(201)}, []string{"slug"}},
		"slug of nothing":             {fields{"slug": "!!!"}, []string{"slug"}},
		"unknown post type":           {fields{"post_type": "recipe"}, []string{"post_type"}},
		"internal post type":          {fields{"post_type": "revision"}, []string{"post_type"}},
		"attachment":                  {fields{"post_type": "attachment"}, []string{"post_type"}},
		"unknown author":              {fields{"author": "nobody"}, []string{"author"}},
		"unknown author id":           {fields{"author": "4711"}, []string{"author"}},
		"unknown template":            {fields{"template": "nowhere.php"}, []string{"template"}},
		"parent of a flat type":       {fields{"parent": 1}, []string{"parent"}},
		"unknown parent":              {fields{"parent": 4711, "post_type": "page"}, []string{"parent"}},
		"comments neither way":        {fields{"comment_status": "perhaps"}, []string{"comment_status"}},
		"categories are text":         {fields{"categories": "a,b"}, []string{"categories"}},
		"categories are an object":    {fields{"categories": fields{"a": "b"}}, []string{"categories"}},
		"categories of numbers":       {fields{"categories": []int{1}}, []string{"categories"}},
		"101 tags":                    {fields{"tags": many(101)}, []string{"tags"}},
		"51 keywords":                 {fields{"secondary_keywords": many(51)}, []string{"secondary_keywords"}},
		"category without a name":     {fields{"categories": []string{"News//Local"}}, []string{"categories"}},
		"tag that is only a tag":      {fields{"tags": []string{"<br>"}}, []string{"tags"}},
		"tag too long for the column": {fields{"tags": []string{long(201)}}, []string{"tags"}},
		"category of a page":          {fields{"categories": []string{"News"}, "post_type": "page"}, []string{"categories"}},
		"unknown field":               {fields{"colour": "red"}, []string{"colour"}},
		"several at once": {
			fields{"title": nil, "status": "x", "colour": "red", "content_id": 0},
			[]string{"colour", "content_id", "status", "title"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := c.publish(t, minimal("invalid").with(test.change)).problem(t, "invalid-payload", http.StatusBadRequest)
			var got []string
			for _, fault := range p.Errors {
				got = append(got, fault.Field)
				if fault.Message == "" {
					t.Errorf("%s has no message", fault.Field)
				}
			}
			if diff := cmp.Diff(test.want, got, cmpopts.SortSlices(strings.Compare)); diff != "" {
				t.Errorf("fields with faults (-want +got):\n%s", diff)
			}
		})
	}
	if n := value(t, shared, "SELECT COUNT(*) FROM wp_igny8_reservations WHERE content_key = 'invalid'"); n != "0" {
		t.Errorf("%s reservations of refused payloads, want none", n)
	}
}

// A body that is no JSON object, or fields in the wrong place, are faults of the payload as well.
func TestInvalidBody(t *testing.T) {
	c := newClient(t, shared).set("Content-Type", "application/json; charset=utf-8")
	for name, test := range map[string]struct{ method, route, body string }{
		"not JSON":             {http.MethodPost, "/publish", "{"},
		"empty":                {http.MethodPost, "/publish", ""},
		"array":                {http.MethodPost, "/publish", "[]"},
		"text":                 {http.MethodPost, "/publish", `"title"`},
		"null":                 {http.MethodPost, "/publish", "null"},
		"half a surrogate":     {http.MethodPost, "/publish", `{"title":"\ud83d"}`},
		"not UTF-8":            {http.MethodPost, "/publish", "{\"title\":\"\xff\"}"},
		"fields in the query":  {http.MethodPost, "/publish?title=x", `{"content_key":"q","content_html":"","status":"draft","title":"x"}`},
		"look-up without key":  {http.MethodGet, "/publish", ""},
		"look-up by more":      {http.MethodGet, "/publish?content_key=x&owner=y", ""},
		"site with parameters": {http.MethodGet, "/site?verbose=1", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := c.must(t, test.method, test.route, test.body).problem(t, "invalid-payload", http.StatusBadRequest)
			if len(p.Errors) == 0 {
				t.Error("no errors listed")
			}
		})
	}
}

// What is no JSON by its own declaration is not read at all.
func TestUnsupportedMediaType(t *testing.T) {
	c := newClient(t, shared)
	for _, contentType := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/vnd.api+json"} {
		t.Run(contentType, func(t *testing.T) {
			a := c.set("Content-Type", contentType).must(t, http.MethodPost, "/publish", `{"content_key":"m","title":"x","content_html":"","status":"draft"}`)
			a.problem(t, "unsupported-media-type", http.StatusUnsupportedMediaType)
		})
	}
}

// The capabilities of the key's user decide.
func TestForbidden(t *testing.T) {
	for name, test := range map[string]struct {
		role   string
		change fields
	}{
		"contributor publishes":          {"contributor", fields{"status": "publish"}},
		"contributor publishes private":  {"contributor", fields{"status": "private"}},
		"author makes a page":            {"author", fields{"post_type": "page"}},
		"author writes as another":       {"author", fields{"author": "admin"}},
		"author makes a category":        {"author", fields{"categories": []string{"Forbidden"}}},
		"author makes a category inside": {"author", fields{"categories": []string{"Uncategorized/Forbidden"}}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			runAs(t, shared, test.role)
			c.publish(t, minimal("forbidden").with(test.change)).problem(t, "forbidden", http.StatusForbidden)
			if n := termCount(t, shared, "Forbidden"); n != "0" {
				t.Errorf("%s terms were made", n)
			}
		})
	}
}

// Reading asks for the right to read: a draft of somebody else is not an author's to see.
func TestForbiddenToRead(t *testing.T) {
	c := newClient(t, shared)
	made := c.publish(t, minimal("foreign-draft").with(fields{"status": "draft"})).post(t, http.StatusCreated)
	runAs(t, shared, "author")
	c.get(t, "/publish?content_key=foreign-draft").problem(t, "forbidden", http.StatusForbidden)
	c.get(t, "/publish/"+itoa(made.ID)).problem(t, "forbidden", http.StatusForbidden)
}

// What WordPress refuses is told in WordPress's words, and leaves the key free.
func TestNotStored(t *testing.T) {
	c := newClient(t, shared)
	for name, test := range map[string]struct{ hook, words string }{
		"post": {"wp_insert_post_empty_content", "Content, title, and excerpt are empty."},
		"term": {"pre_insert_term", "Refused by a test."},
	} {
		t.Run(name, func(t *testing.T) {
			payload := minimal("refused-" + name).with(fields{"tags": []string{"refused " + name}})
			p := c.set("X-Test-Fail", test.hook).publish(t, payload).problem(t, "not-stored", http.StatusInternalServerError)
			if p.Detail != test.words {
				t.Errorf("detail %q, want %q", p.Detail, test.words)
			}
			c.get(t, "/publish?content_key=refused-"+name).problem(t, "post-not-found", http.StatusNotFound)
			c.publish(t, payload).post(t, http.StatusCreated)
			requireOnePost(t, shared, "refused-"+name)
		})
	}
}

// Posts that are not ours are not there, and neither are ids that never were.
func TestPostNotFound(t *testing.T) {
	c := newClient(t, shared)
	for name, route := range map[string]string{
		"post of the site itself": "/publish/1",
		"id 0":                    "/publish/0",
		"id that never was":       "/publish/4711",
		"id beyond all numbers":   "/publish/99999999999999999999999",
		"unknown key":             "/publish?content_key=never",
	} {
		t.Run(name, func(t *testing.T) {
			c.get(t, route).problem(t, "post-not-found", http.StatusNotFound)
		})
	}
}
