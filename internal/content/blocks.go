// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Blocks turns HTML into the block editor's markup: paragraphs, headings, lists,
// quotes, tables, code and images become blocks that the editor takes for its
// own, and whatever has no block of its own goes into one of HTML as it is. HTML
// that has block markup already is returned unchanged.
func Blocks(source string) (string, error) {
	if strings.Contains(source, "<!-- wp:") {
		return source, nil
	}
	body := &html.Node{Type: html.ElementNode, DataAtom: atom.Body, Data: "body"}
	nodes, err := html.ParseFragment(strings.NewReader(source), body)
	if err != nil {
		return "", fmt.Errorf("parse HTML: %w", err)
	}
	return blocks(nodes), nil
}

// blocks returns the blocks of nodes that stand beside each other. Text and what
// belongs into a line of text make a paragraph together.
func blocks(nodes []*html.Node) string {
	var (
		out  []string
		line []*html.Node
	)
	endLine := func() {
		if b := lineBlock(line); b != "" {
			out = append(out, b)
		}
		line = nil
	}
	for _, n := range nodes {
		if isPhrasing(n) {
			line = append(line, n)
			continue
		}
		endLine()
		out = append(out, nodeBlock(n))
	}
	endLine()
	return strings.Join(out, "\n\n")
}

// lineBlock returns the block of text that stands in no element of its own.
func lineBlock(nodes []*html.Node) string {
	text := strings.TrimSpace(render(nodes...))
	if text == "" {
		return ""
	}
	return textBlock(nodes, attributes{}, text)
}

// nodeBlock returns the block of one element or comment.
func nodeBlock(n *html.Node) string {
	if n.Type == html.CommentNode {
		return commentBlock(n)
	}
	if b, ok := convert(n); ok {
		return b
	}
	return htmlBlock(n)
}

// convert makes a block of an element. It fails if the element has none, or has
// an attribute or a child that its block cannot hold.
func convert(n *html.Node) (string, bool) {
	switch n.DataAtom {
	case atom.P:
		return paragraph(n)
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return heading(n)
	case atom.Ul, atom.Ol:
		return list(n)
	case atom.Blockquote:
		return quote(n)
	case atom.Pre:
		return preformatted(n)
	case atom.Hr:
		return separator(n)
	case atom.Table:
		return tableBlock(n)
	case atom.Figure:
		return figure(n)
	default:
		return "", false
	}
}

// htmlBlock holds what has no block of its own.
func htmlBlock(n *html.Node) string { return block("html", nil, strings.TrimSpace(render(n))) }

// commentBlock is for the comments that mean something to WordPress, with or
// without the space that other systems write.
func commentBlock(n *html.Node) string {
	name, text, _ := strings.Cut(strings.TrimSpace(n.Data), " ")
	switch text = strings.TrimSpace(text); {
	case name == "more" && text == "":
		return block("more", nil, "<!--more-->")
	case name == "more":
		return block("more", []member{{"customText", text}}, "<!--more "+text+"-->")
	case name == "nextpage" && text == "":
		return block("nextpage", nil, "<!--nextpage-->")
	}
	return htmlBlock(n)
}

func paragraph(n *html.Node) (string, bool) {
	a, ok := readAttributes(n, "text-align")
	if !ok || !allPhrasing(n) {
		return "", false
	}
	children := childrenOf(n)
	return textBlock(children, a, strings.TrimSpace(render(children...))), true
}

// textBlock is the block of a line of text: mostly a paragraph.
func textBlock(nodes []*html.Node, a attributes, text string) string {
	if only := onlyNode(nodes); only != nil && a.isEmpty() {
		if b, ok := imageBlock(only, ""); ok {
			return b
		}
	}
	if isShortcode(text) && a.isEmpty() {
		return block("shortcode", nil, text)
	}
	json := a.json()
	if a.align != "" {
		json = append(json, member{"align", a.align})
	}
	return block("paragraph", json, "<p"+a.attributes(a.alignClass())+">"+text+"</p>")
}

// isShortcode says that a text is one shortcode and nothing else.
func isShortcode(text string) bool {
	return strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") &&
		!strings.ContainsAny(text[1:len(text)-1], "[]<>") && len(text) > 2 && text[1] != ' '
}

const defaultHeadingLevel = 2

func heading(n *html.Node) (string, bool) {
	a, ok := readAttributes(n, "text-align")
	if !ok || !allPhrasing(n) {
		return "", false
	}
	level := int(n.Data[1] - '0')
	var json []member
	if level != defaultHeadingLevel {
		json = append(json, member{"level", level})
	}
	if a.align != "" {
		json = append(json, member{"textAlign", a.align})
	}
	return block("heading", append(json, a.json()...),
		fmt.Sprintf("<%s%s>%s</%s>", n.Data, a.attributes("wp-block-heading", a.alignClass()), strings.TrimSpace(renderChildren(n)), n.Data)), true
}

func separator(n *html.Node) (string, bool) {
	if len(n.Attr) > 0 {
		return "", false
	}
	return block("separator", nil, `<hr class="wp-block-separator has-alpha-channel-opacity"/>`), true
}

func quote(n *html.Node) (string, bool) {
	a, ok := readAttributes(n)
	if !ok {
		return "", false
	}
	children, cite := childrenOf(n), ""
	for len(children) > 0 && isBlank(children[len(children)-1]) {
		children = children[:len(children)-1]
	}
	if last := len(children) - 1; last >= 0 && children[last].DataAtom == atom.Cite && len(children[last].Attr) == 0 {
		cite, children = "<cite>"+renderChildren(children[last])+"</cite>", children[:last]
	}
	return block("quote", a.json(), "<blockquote"+a.attributes("wp-block-quote")+">"+blocks(children)+cite+"</blockquote>"), true
}

// preformatted is a block of code if it holds nothing else.
func preformatted(n *html.Node) (string, bool) {
	a, ok := readAttributes(n)
	if !ok {
		return "", false
	}
	code := onlyNode(childrenOf(n))
	if code == nil || code.DataAtom != atom.Code {
		if !allPhrasing(n) {
			return "", false
		}
		return block("preformatted", a.json(), "<pre"+a.attributes("wp-block-preformatted")+">"+leadingBreak(renderChildren(n))+"</pre>"), true
	}
	inner, ok := readAttributes(code)
	if !ok || !allPhrasing(code) || inner.anchor != "" {
		return "", false
	}
	a.class = append(a.class, inner.class...) // the language: the block has one class attribute
	return block("code", a.json(), "<pre"+a.attributes("wp-block-code")+"><code>"+escapeShortcodes(strings.TrimSuffix(renderChildren(code), "\n"))+"</code></pre>"), true
}

// leadingBreak keeps a line break at the start, which HTML drops after <pre>.
func leadingBreak(text string) string {
	if strings.HasPrefix(text, "\n") {
		return "\n" + text
	}
	return text
}

// escapeShortcodes keeps code from being run as a shortcode, as the editor does.
func escapeShortcodes(text string) string { return strings.ReplaceAll(text, "[", "&#91;") }
