// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"net/http"
	"strings"
	"testing"
)

func TestFindLink(t *testing.T) {
	const root = "https://x.test/wp-json/"
	cases := map[string]struct {
		headers []string
		want    string
		reason  string
	}{
		"as WordPress sends it": {[]string{`<https://x.test/wp-json/>; rel="https://api.w.org/"`}, root, "rest_output_link_header"},
		"second of one header": {
			[]string{`<https://x.test/?p=1>; rel=shortlink, <https://x.test/wp-json/>; rel="https://api.w.org/"`}, root, "proxies join headers",
		},
		"second header":           {[]string{`<https://x.test/style.css>; rel=preload; as=style`, `<https://x.test/wp-json/>; rel="https://api.w.org/"`}, root, "WordPress sends several"},
		"among several relations": {[]string{`<https://x.test/wp-json/>; rel="alternate https://api.w.org/"`}, root, "section 3.3: a list"},
		"token":                   {[]string{`<https://x.test/wp-json/>;rel=https://api.w.org/`}, root, "quotes are optional"},
		"white space and case":    {[]string{` < https://x.test/wp-json/ > ; REL = "HTTPS://API.W.ORG/"`}, root, "names and relations ignore case"},
		"comma in the target":     {[]string{`<https://x.test/a,b>; rel=x, <https://x.test/wp-json/>; rel="https://api.w.org/"`}, root, "targets are in brackets"},
		"separators in a title":   {[]string{`<https://x.test/wp-json/>; title="a;b, \"c\" <d>"; rel="https://api.w.org/"`}, root, "quoted strings hold anything"},
		"first rel counts":        {[]string{`<https://x.test/wp-json/>; rel=next; rel="https://api.w.org/"`}, "", "section 3.3"},
		"valueless parameter":     {[]string{`<https://x.test/wp-json/>; crossorigin; rel="https://api.w.org/"`}, root, "preload links have one"},
		"other relation":          {[]string{`<https://x.test/wp-json/>; rel="https://api.w.org/other"`}, "", "no prefix match"},
		"none":                    {nil, "", "no header"},
		"no link at all":          {[]string{"nonsense"}, "", "ends without a loop"},
		"unclosed":                {[]string{`<https://x.test/wp-json/; rel="https://api.w.org/"`}, "", "ends without a loop"},
		"unclosed quote":          {[]string{`<https://x.test/wp-json/>; rel="https://api.w.org/`}, root, "read to the end"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := findLink(http.Header{"Link": tc.headers}, apiRelation); got != tc.want {
				t.Errorf("got %q, want %q (%s)", got, tc.want, tc.reason)
			}
		})
	}
}

func FuzzFindLink(f *testing.F) {
	f.Add(`<https://x.test/wp-json/>; rel="https://api.w.org/"`)
	f.Add(`<a>; rel="x\"y", <b>;rel=https://api.w.org/;;=,`)
	f.Add(`<a>;rel="\`)
	f.Fuzz(func(t *testing.T, value string) {
		target := findLink(http.Header{"Link": {value}}, apiRelation)
		if !strings.Contains(value, target) {
			t.Errorf("target %q is not in %q", target, value)
		}
	})
}

func TestFindHTMLLink(t *testing.T) {
	cases := map[string]struct{ page, want, reason string }{
		"in the head":    {`<html><head><link rel='https://api.w.org/' href="/wp-json/"></head>`, "/wp-json/", "rest_output_rsd"},
		"XHTML":          {`<head><link rel="https://api.w.org/" href="/wp-json/" /></head>`, "/wp-json/", "old themes"},
		"entities":       {`<link rel="https://api.w.org/" href="/?a=1&amp;rest_route=/">`, "/?a=1&rest_route=/", "attributes are escaped"},
		"in a comment":   {`<head><!-- <link rel="https://api.w.org/" href="/x"> --></head>`, "", "no element"},
		"in a script":    {`<head><script>'<link rel="https://api.w.org/" href="/x">'</script>`, "", "no element"},
		"in the body":    {`<body><link rel="https://api.w.org/" href="/x">`, "", "a visitor's comment could hold one"},
		"not HTML":       {"\x00\x01<<<", "", "ends"},
		"other relation": {`<link rel="icon" href="/x">`, "", "no match"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := findHTMLLink([]byte(tc.page), apiRelation); got != tc.want {
				t.Errorf("got %q, want %q (%s)", got, tc.want, tc.reason)
			}
		})
	}
}
