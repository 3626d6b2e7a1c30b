// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxExcerptRunes is the length of an excerpt at most (contract 5.7).
const maxExcerptRunes = 150

// Excerpt returns the beginning of a page's text: at most 150 runes without
// markup, scripts, styles and comments (which block markup is made of), with
// entities decoded and white space collapsed. It ends with a whole word, unless
// the first word alone is longer.
func Excerpt(source string) string {
	e := excerpt{}
	z := html.NewTokenizer(strings.NewReader(source))
	skipped := atom.Atom(0)
	for !e.full() {
		switch z.Next() {
		case html.ErrorToken:
			return e.String()
		case html.TextToken:
			if skipped == 0 {
				// Text decodes entities.
				e.write(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			if skipped == 0 && hidden[tag] {
				skipped = tag
			}
			e.boundary(tag)
		case html.EndTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			if tag == skipped {
				skipped = 0
			}
			e.boundary(tag)
		}
	}
	return e.String()
}

// hidden are elements whose content is no text of the page.
var hidden = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Iframe: true, atom.Noscript: true,
	atom.Noembed: true, atom.Noframes: true, atom.Template: true,
}

// inline are elements that may stand within a word; all others part words.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Bdi: true, atom.Bdo: true, atom.Cite: true,
	atom.Code: true, atom.Data: true, atom.Del: true, atom.Dfn: true, atom.Em: true, atom.Font: true,
	atom.I: true, atom.Ins: true, atom.Kbd: true, atom.Mark: true, atom.Q: true, atom.S: true,
	atom.Samp: true, atom.Small: true, atom.Span: true, atom.Strong: true, atom.Sub: true, atom.Sup: true,
	atom.Time: true, atom.Tt: true, atom.U: true, atom.Var: true, atom.Wbr: true,
}

// excerpt gathers text up to one rune more than fits, which tells whether a
// word ends at the limit.
type excerpt struct {
	runes []rune
	space bool
}

func (e *excerpt) full() bool { return len(e.runes) > maxExcerptRunes }

func (e *excerpt) boundary(tag atom.Atom) {
	if !inline[tag] {
		e.space = true
	}
}

func (e *excerpt) write(text string) {
	for _, r := range text {
		if e.full() {
			return
		}
		if unicode.IsSpace(r) {
			e.space = true
			continue
		}
		if e.space && len(e.runes) > 0 {
			e.runes = append(e.runes, ' ')
		}
		e.space = false
		e.runes = append(e.runes, r)
	}
}

// String cuts what does not fit, at a word.
func (e *excerpt) String() string {
	if len(e.runes) <= maxExcerptRunes {
		return string(e.runes)
	}
	for i := maxExcerptRunes; i > 0; i-- {
		if e.runes[i] == ' ' {
			return string(e.runes[:i])
		}
	}
	return string(e.runes[:maxExcerptRunes])
}
