// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// rule is what the contract says about a field of POST /publish.
type rule struct {
	required bool
	nonEmpty bool
	maxRunes int
	maxItems int
	oneOf    []string
	maxValue int64
	object   bool
	boolean  bool
	// updateOnly fields are unknown to POST.
	updateOnly bool
}

// maxID is the largest integer that JSON carries exactly.
const maxID = 1<<53 - 1

var rules = map[string]rule{
	"content_key":        {required: true, nonEmpty: true, maxRunes: 128},
	"content_id":         {maxValue: maxID},
	"owner":              {maxRunes: 128},
	"claim":              {maxRunes: 128},
	"source_digest":      {maxRunes: 128},
	"title":              {required: true, nonEmpty: true, maxRunes: 500},
	"content_html":       {required: true},
	"excerpt":            {},
	"status":             {required: true, oneOf: []string{"publish", "draft", "pending", "private", "future"}},
	"slug":               {maxRunes: 200},
	"post_type":          {oneOf: []string{"post", "page"}},
	"author":             {},
	"comment_status":     {oneOf: []string{"open", "closed"}},
	"template":           {},
	"parent":             {maxValue: maxID},
	"categories":         {maxItems: 100},
	"tags":               {maxItems: 100},
	"seo_title":          {},
	"seo_description":    {},
	"primary_keyword":    {},
	"secondary_keywords": {maxItems: 50},
	"canonical_url":      {maxRunes: 2048},
	"robots":             {maxItems: 2},
	"date_gmt":           {nonEmpty: true},
	"taxonomies":         {maxItems: 100},
	"featured_image_id":  {maxValue: maxID},
	"gallery":            {maxItems: 100},
	"meta":               {object: true},
	"restore":            {boolean: true, updateOnly: true},
}

// parsed is a payload that was read.
type parsed struct {
	wordpress.Post
	Restore bool `json:"restore"`
}

// parse reads a payload, and looks for its images in the media library.
func (f *Fake) parse(body []byte, update bool) (*parsed, []wordpress.FieldError) {
	payload, faults := parsePayload(body, update)
	if len(faults) > 0 {
		return nil, faults
	}
	var featured []int64
	if payload.FeaturedImageID != 0 {
		featured = []int64{payload.FeaturedImageID}
	}
	faults = append(f.missingImages("featured_image_id", featured), f.missingImages("gallery", payload.Gallery)...)
	return payload, faults
}

// parsePayload reads a payload; the errors say what is wrong, field by field.
func parsePayload(body []byte, update bool) (*parsed, []wordpress.FieldError) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(body, &raw); err != nil {
		return nil, []wordpress.FieldError{{Field: "", Message: "is not a JSON object"}}
	}
	var faults []wordpress.FieldError
	fail := func(field, message string) {
		faults = append(faults, wordpress.FieldError{Field: field, Message: message})
	}
	for _, field := range slices.Sorted(maps.Keys(raw)) {
		if rule, known := rules[field]; !known || rule.updateOnly && !update {
			fail(field, "is unknown")
		}
	}
	for _, field := range slices.Sorted(maps.Keys(rules)) {
		value, present := raw[field]
		if !present && rules[field].required {
			fail(field, "is required")
		}
		if present {
			if message := rules[field].check(value); message != "" {
				fail(field, message)
			}
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	post := &parsed{}
	if err := json.Unmarshal(body, post); err != nil {
		var typeError *json.UnmarshalTypeError
		if errors.As(err, &typeError) {
			return nil, []wordpress.FieldError{{Field: strings.TrimPrefix(typeError.Field, "Post."), Message: "has the wrong type"}}
		}
		return nil, []wordpress.FieldError{{Message: "is not readable"}}
	}
	if fault := post.fault(); fault.Field != "" {
		return nil, []wordpress.FieldError{fault}
	}
	return post, nil
}

// fault is what the site finds wrong beyond the schema.
func (p *parsed) fault() wordpress.FieldError {
	if p.Status == "future" && p.DateGMT.IsZero() {
		return wordpress.FieldError{Field: "date_gmt", Message: "is required for the status future"}
	}
	for key := range p.Meta {
		if key == "" || key[0] == '_' {
			return wordpress.FieldError{Field: "meta", Message: "has keys that this site protects: " + key}
		}
	}
	for _, item := range p.Taxonomies {
		if item.Taxonomy != category && item.Taxonomy != tag {
			return wordpress.FieldError{Field: "taxonomies", Message: "the site has no taxonomy " + item.Taxonomy}
		}
	}
	return wordpress.FieldError{}
}

func (r rule) check(value json.RawMessage) string {
	switch value[0] {
	case '"':
		return r.checkText(value)
	case '[':
		var items []json.RawMessage
		if err := json.Unmarshal(value, &items); err != nil || len(items) > r.maxItems {
			return fmt.Sprintf("has more than %d items", r.maxItems)
		}
		return ""
	default:
		if bytes.Equal(value, []byte("null")) {
			return "is null"
		}
		if r.object && value[0] == '{' || r.boolean && (value[0] == 't' || value[0] == 'f') {
			return ""
		}
		return r.checkNumber(value)
	}
}

func (r rule) checkText(value json.RawMessage) string {
	var text string
	if err := json.Unmarshal(value, &text); err != nil {
		return "is not text"
	}
	switch {
	case r.nonEmpty && text == "":
		return "is empty"
	case r.maxRunes > 0 && utf8.RuneCountInString(text) > r.maxRunes:
		return fmt.Sprintf("has more than %d characters", r.maxRunes)
	case len(r.oneOf) > 0 && !slices.Contains(r.oneOf, text):
		return fmt.Sprintf("is none of %v", r.oneOf)
	default:
		return ""
	}
}

func (r rule) checkNumber(value json.RawMessage) string {
	var n int64
	if err := json.Unmarshal(value, &n); err != nil || n < 1 || n > r.maxValue {
		return "is out of range"
	}
	return ""
}

func keyIn(body []byte) string {
	var payload struct {
		ContentKey string `json:"content_key"`
	}
	if json.Unmarshal(body, &payload) != nil {
		return ""
	}
	return payload.ContentKey
}
