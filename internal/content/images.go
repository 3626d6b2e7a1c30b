// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Image is an image that HTML or block markup shows.
type Image struct {
	// Source is where it comes from: an absolute URL with http or https, or a
	// data: URI. Of a set of widths (srcset) it is the largest: sites make the
	// smaller ones themselves.
	Source string
	// Alt and Title are the attributes.
	Alt, Title string
}

// LibraryImage is an image in a site's media library.
type LibraryImage struct {
	// ID is the attachment's.
	ID int64
	// URL is the image's address.
	URL string
}

// Images returns the images of HTML or block markup that could be elsewhere,
// each source once, in the order of the text. It leaves out relative addresses,
// and images that a script is to load later.
func Images(markup string) []Image {
	var images []Image
	seen := map[string]bool{}
	for _, t := range tokens(markup) {
		source := t.imageSource()
		if source == "" || seen[source] {
			continue
		}
		seen[source] = true
		images = append(images, Image{Source: source, Alt: t.attribute("alt"), Title: t.attribute("title")})
	}
	return images
}

// ReplaceImages has the markup show the images of the library, which is keyed by
// [Image.Source], in place of those it names; all else stays byte for byte. Such
// an image gets the class wp-image-ID, from which WordPress knows its smaller
// sizes, and which replaces its srcset and the other sources of a <picture>. In
// block markup the attributes of its block follow.
func ReplaceImages(markup string, library map[string]LibraryImage) string {
	if len(library) == 0 {
		return markup
	}
	r := replacer{tokens: tokens(markup), uploaded: library}
	r.run()
	var b strings.Builder
	for i := range r.tokens {
		b.WriteString(r.tokens[i].raw)
	}
	return b.String()
}

// token is a piece of markup: a tag, a comment, or what is between.
type token struct {
	raw       string
	kind      html.TokenType
	tag       atom.Atom
	comment   string
	attribs   []html.Attribute
	selfClose bool
}

// tokens cuts markup into pieces that make it up again.
func tokens(markup string) []token {
	var all []token
	for z := html.NewTokenizer(strings.NewReader(markup)); ; {
		kind := z.Next()
		t := token{raw: string(z.Raw()), kind: kind}
		switch kind {
		case html.ErrorToken:
			return append(all, t) // the rest may be half a tag
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			parsed := z.Token()
			t.tag, t.attribs, t.selfClose = parsed.DataAtom, parsed.Attr, kind == html.SelfClosingTagToken
		case html.CommentToken:
			t.comment = strings.TrimSpace(string(z.Text()))
		}
		all = append(all, t)
	}
}

func (t *token) isStart(tag atom.Atom) bool {
	return t.tag == tag && (t.kind == html.StartTagToken || t.kind == html.SelfClosingTagToken)
}

func (t *token) isEnd(tag atom.Atom) bool { return t.tag == tag && t.kind == html.EndTagToken }

func (t *token) attribute(name string) string {
	for _, a := range t.attribs {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// lazy are attributes that scripts read the real address from.
var lazy = []string{"data-src", "data-srcset", "data-lazy-src", "data-original"}

// imageSource returns the source of an <img>, empty for anything else and for
// images that stay as they are.
func (t *token) imageSource() string {
	if !t.isStart(atom.Img) || slices.ContainsFunc(t.attribs, func(a html.Attribute) bool { return slices.Contains(lazy, a.Key) }) {
		return ""
	}
	if largest := absolute(largestOf(t.attribute("srcset"))); largest != "" {
		return largest
	}
	return absolute(t.attribute("src"))
}

// show writes the tag anew, for the image of the library.
func (t *token) show(image LibraryImage, class bool) {
	var b strings.Builder
	b.WriteString("<img")
	write := func(name, value string) { b.WriteString(" " + name + `="` + html.EscapeString(value) + `"`) }
	write("src", image.URL)
	classes := t.attribute("class")
	if class {
		classes = imageClasses(classes, image.ID)
		t.attribs = slices.DeleteFunc(t.attribs, func(a html.Attribute) bool { return a.Key == "class" })
	}
	for _, a := range t.attribs {
		switch a.Key {
		case "src", "srcset", "sizes":
		default:
			write(a.Key, a.Val)
		}
	}
	if class {
		write("class", classes)
	}
	if t.selfClose {
		b.WriteString("/")
	}
	t.raw = b.String() + ">"
}
