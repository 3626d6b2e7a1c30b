// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// LiveShortcodes has WordPress find the shortcodes of HTML that was Markdown.
// Those in text stand in the quotes that were typed, not in entities, which
// WordPress takes for a part of the attribute; those in code are shown, not run.
// Blocks stay blocks, and tags as they are.
func LiveShortcodes(source string) string {
	if !strings.Contains(source, "[") {
		return source
	}
	var b strings.Builder
	read, code, verbatim := 0, 0, false
	for z := html.NewTokenizer(strings.NewReader(source)); ; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return b.String() + source[read:] // a tag that does not end is no token
		}
		raw := string(z.Raw())
		read += len(raw)
		if kind == html.TextToken && !verbatim {
			raw = typedQuotes.Replace(raw)
			if code > 0 {
				raw = escapeShortcodes(raw)
			}
		}
		b.WriteString(raw)
		name, _ := z.TagName()
		code = max(0, code+codeDepth(kind, name))
		verbatim = verbatimElements[atom.Lookup(name)] && kind != html.EndTagToken
	}
}

// typedQuotes undoes what Markdown's renderer does to a quote.
var typedQuotes = strings.NewReplacer("&quot;", `"`)

// codeDepth is by how many elements of code a tag leads deeper.
func codeDepth(kind html.TokenType, name []byte) int {
	switch {
	case atom.Lookup(name) != atom.Code:
		return 0
	case kind == html.StartTagToken:
		return 1
	case kind == html.EndTagToken:
		return -1
	}
	return 0
}

// verbatimElements are those within which entities mean nothing.
var verbatimElements = map[atom.Atom]bool{
	atom.Iframe: true, atom.Noembed: true, atom.Noframes: true, atom.Noscript: true,
	atom.Plaintext: true, atom.Script: true, atom.Style: true, atom.Xmp: true,
}
