// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestExcerpt(t *testing.T) {
	word := strings.Repeat("a", 149)
	cases := map[string]struct{ source, want, reason string }{
		"plain":             {"<p>Hello <b>you</b></p>", "Hello you", "markup is gone"},
		"blocks":            {"<!-- wp:paragraph {\"a\":1} -->\n<p>One</p>\n<!-- /wp:paragraph -->", "One", "comments vanish"},
		"between blocks":    {"<p>One</p><p>two</p><ul><li>a</li><li>b</li></ul>c<br>d", "One two a b c d", "elements part words"},
		"within words":      {"<b>H</b>ello <em>wor</em>ld", "Hello world", "inline elements do not"},
		"script and style":  {"<style>p{}</style><script>x('<p>no</p>')</script>yes", "yes", "no text of the page"},
		"nested hidden":     {"<noscript><style>a</style><p>no</p></noscript>yes<template><p>no</p></template>", "yes", "until its own end"},
		"iframe":            {`<iframe src="x">no</iframe>yes`, "yes", "no text of the page"},
		"unclosed script":   {"yes<script>no", "yes", "to the end, as browsers do"},
		"entities":          {"a &amp; b &lt;c&gt; &#8217; &nbsp;&hellip; &bogus;", "a & b <c> ’ … &bogus;", "decoded once"},
		"double escaped":    {"&amp;lt;", "&lt;", "decoded once"},
		"white space":       {"  a\n\t b\u00a0\u2003c  ", "a b c", "collapsed"},
		"empty":             {"", "", "nothing"},
		"only markup":       {"<p> <br> </p><!-- x -->", "", "nothing"},
		"no markup":         {"just text", "just text", "text is HTML, too"},
		"exactly 150":       {word + "b", word + "b", "fits"},
		"150 and a word":    {word + "b c", word + "b", "the word ends at the limit"},
		"one word too many": {word + " bc", word, "cut at the word"},
		"at the limit":      {word + " b", word, "a space and a letter make 151"},
		"one long word":     {word + "bcd", word + "b", "nothing else to cut"},
		"long word second":  {"short " + word + "bcd", "short", "no half words"},
		"runes, not bytes":  {strings.Repeat("ü", 160), strings.Repeat("ü", 150), "150 runes"},
		"unclosed tag":      {"a <b", "a", "a tag that never ends is none of the text"},
		"less than":         {"1 < 2", "1 < 2", "no tag"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := Excerpt(tc.source); got != tc.want {
				t.Errorf("got %q, want %q (%s)", got, tc.want, tc.reason)
			}
		})
	}
}

func FuzzExcerpt(f *testing.F) {
	for _, source := range seeds(f) {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		got := Excerpt(source)
		if n := utf8.RuneCountInString(got); n > maxExcerptRunes {
			t.Errorf("%d runes: %q", n, got)
		}
		if strings.Join(strings.FieldsFunc(got, unicode.IsSpace), " ") != got {
			t.Errorf("white space is not collapsed: %q", got)
		}
	})
}
