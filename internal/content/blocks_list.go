// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// list is a list of items that each are a line of text and further lists. A list
// whose items hold more (several paragraphs, code) has no block.
func list(n *html.Node) (string, bool) {
	a, ok := readAttributes(n, "start", "reversed")
	if !ok {
		return "", false
	}
	var items strings.Builder
	for _, child := range childrenOf(n) {
		if isBlank(child) {
			continue
		}
		item, ok := listItem(child)
		if !ok {
			return "", false
		}
		if items.Len() > 0 {
			items.WriteString("\n\n")
		}
		items.WriteString(item)
	}
	json, order, ok := listOrder(n)
	if !ok {
		return "", false
	}
	return block("list", append(json, a.json()...),
		"<"+n.Data+order+a.attributes("wp-block-list")+">"+items.String()+"</"+n.Data+">"), true
}

// listOrder is what distinguishes a numbered list.
func listOrder(n *html.Node) (json []member, text string, ok bool) {
	if n.DataAtom == atom.Ul {
		return nil, "", len(attributeValue(n, "start")) == 0 && !hasAttribute(n, "reversed")
	}
	json = []member{{"ordered", true}}
	if hasAttribute(n, "reversed") {
		json, text = append(json, member{"reversed", true}), text+" reversed"
	}
	if start := attributeValue(n, "start"); start != "" {
		number, err := strconv.Atoi(start)
		if err != nil {
			return nil, "", false
		}
		json, text = append(json, member{"start", number}), text+` start="`+strconv.Itoa(number)+`"`
	}
	return json, text, true
}

// listItem is a line of text and the lists below it.
func listItem(n *html.Node) (string, bool) {
	if n.DataAtom != atom.Li || len(n.Attr) > 0 {
		return "", false
	}
	text, rest := itemText(childrenOf(n))
	var lists []string
	for _, child := range rest {
		if isBlank(child) {
			continue
		}
		if child.DataAtom != atom.Ul && child.DataAtom != atom.Ol {
			return "", false
		}
		inner, ok := list(child)
		if !ok {
			return "", false
		}
		lists = append(lists, inner)
	}
	return block("list-item", nil, "<li>"+text+strings.Join(lists, "\n\n")+"</li>"), true
}

// itemText returns the text an item begins with, which a loose list puts into a
// paragraph, and the nodes behind it.
func itemText(nodes []*html.Node) (text string, rest []*html.Node) {
	for len(nodes) > 0 && isBlank(nodes[0]) {
		nodes = nodes[1:]
	}
	if len(nodes) > 0 && nodes[0].DataAtom == atom.P && len(nodes[0].Attr) == 0 && allPhrasing(nodes[0]) {
		return strings.TrimSpace(renderChildren(nodes[0])), nodes[1:]
	}
	end := 0
	for end < len(nodes) && isPhrasing(nodes[end]) {
		end++
	}
	return strings.TrimSpace(render(nodes[:end]...)), nodes[end:]
}
