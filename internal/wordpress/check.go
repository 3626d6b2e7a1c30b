// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"
)

// maxURLBytes bounds a URL in an answer; browsers and proxies stop near it.
const maxURLBytes = 2048

// checker gathers the first violation of an answer's promises.
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

func (c *checker) text(field, text string, minBytes, maxRunes int) {
	switch {
	case len(text) < minBytes:
		c.fail(field, "is missing")
	case utf8.RuneCountInString(text) > maxRunes:
		c.fail(field, "is too long")
	}
}

func (c *checker) list(field string, items []string, maxItems, maxRunes int) {
	if len(items) > maxItems {
		c.fail(field, "has too many items")
	}
	for _, item := range items {
		c.text(field, item, 0, maxRunes)
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
