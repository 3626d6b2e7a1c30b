// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// checker gathers the first violation of an answer's promises. What identifies
// something or is followed must be as promised; what is only shown is brought
// within its bound, for a person writes it freely.
type checker struct {
	err error
}

func (c *checker) fail(field, reason string) {
	if c.err == nil {
		c.err = fmt.Errorf("field %s %s", field, reason)
	}
}

func (c *checker) id(field string, id int64) {
	if id < 1 || id > maxID {
		c.fail(field, "is out of range")
	}
}

func (c *checker) limit(field string, n int64) {
	if n < 0 || n > maxID {
		c.fail(field, "is out of range")
	}
}

// text checks what must not be changed.
func (c *checker) text(field, text string, minBytes, maxRunes int) {
	switch {
	case len(text) < minBytes:
		c.fail(field, "is missing")
	case utf8.RuneCountInString(text) > maxRunes:
		c.fail(field, "is too long")
	}
}

// shown makes one line of a text that people read, and cuts it at its bound.
func (c *checker) shown(field string, text *string, minBytes, maxRunes int) {
	*text = sanitise(*text, maxRunes)
	c.text(field, *text, minBytes, maxRunes)
}

// names makes a set of a list: sorted, for the order in which a site answers is
// no change, each item once, none empty, and no more than fit.
func names(items []string, maxItems int) []string {
	set := make([]string, 0, len(items))
	for _, item := range items {
		if item = sanitise(item, maxItemRunes); item != "" {
			set = append(set, item)
		}
	}
	slices.Sort(set)
	set = slices.Compact(set)
	return set[:min(len(set), maxItems)]
}

// time checks that a time can be written as RFC 3339 in UTC, which years of
// other than four digits cannot.
func (c *checker) time(field string, t time.Time) {
	if year := t.UTC().Year(); year < 1 || year > 9999 {
		c.fail(field, "is out of range")
	}
}

func (c *checker) url(field, text string) {
	if len(text) > maxURLBytes {
		c.fail(field, "is too long")
		return
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || !isHTTP(u.Scheme) {
		c.fail(field, "is not an http(s) URL")
	}
}

func isHTTP(scheme string) bool {
	return strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")
}
