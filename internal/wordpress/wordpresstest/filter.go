// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"regexp"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// Filter takes elements out of the content of each write that follows, as
// WordPress does for a user without unfiltered_html, and says so in the answers.
func (f *Fake) Filter(elements ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.filtered = elements
}

// filter returns the content that is stored, and what was taken out; the caller
// holds the lock.
func (f *Fake) filter(content string) (stored string, stripped []string) {
	for _, element := range f.filtered {
		tags := regexp.MustCompile(`</?` + regexp.QuoteMeta(element) + `\b[^>]*>`)
		if tags.MatchString(content) {
			content, stripped = tags.ReplaceAllString(content, ""), append(stripped, element)
		}
	}
	return content, stripped
}

// written is the post as the answer to a write shows it.
func (p *record) written() *wordpress.PostRepresentation {
	post := clone(p)
	post.Stripped = p.stripped
	return post
}
