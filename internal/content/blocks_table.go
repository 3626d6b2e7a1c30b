// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// tableBlock is a table of cells that each hold a line of text.
func tableBlock(n *html.Node) (string, bool) {
	a, ok := readAttributes(n)
	if !ok || a.anchor != "" {
		return "", false
	}
	var sections, caption string
	for _, child := range childrenOf(n) {
		switch child.DataAtom {
		case atom.Thead, atom.Tbody, atom.Tfoot:
			section, ok := tableSection(child)
			if !ok {
				return "", false
			}
			sections += section
		case atom.Caption:
			if caption != "" || len(child.Attr) > 0 || !allPhrasing(child) {
				return "", false
			}
			caption = `<figcaption class="wp-element-caption">` + strings.TrimSpace(renderChildren(child)) + "</figcaption>"
		default:
			if !isBlank(child) {
				return "", false
			}
		}
	}
	if sections == "" {
		return "", false
	}
	// The default of hasFixedLayout differs between versions of the editor.
	json := append([]member{{"hasFixedLayout", false}}, a.json()...)
	return block("table", json, "<figure"+a.attributes("wp-block-table")+"><table>"+sections+"</table>"+caption+"</figure>"), true
}

func tableSection(n *html.Node) (string, bool) {
	var rows strings.Builder
	for _, row := range childrenOf(n) {
		if isBlank(row) {
			continue
		}
		if row.DataAtom != atom.Tr || len(row.Attr) > 0 {
			return "", false
		}
		rows.WriteString("<tr>")
		for _, cell := range childrenOf(row) {
			if isBlank(cell) {
				continue
			}
			text, ok := tableCell(cell)
			if !ok {
				return "", false
			}
			rows.WriteString(text)
		}
		rows.WriteString("</tr>")
	}
	if rows.Len() == 0 {
		return "", len(n.Attr) == 0
	}
	return "<" + n.Data + ">" + rows.String() + "</" + n.Data + ">", len(n.Attr) == 0
}

// cellAttributes are those of a cell that its block has, in its order.
var cellAttributes = []string{"scope", "colspan", "rowspan"}

func tableCell(n *html.Node) (string, bool) {
	a, ok := readAttributes(n, append([]string{"text-align"}, cellAttributes...)...)
	if !ok || n.DataAtom != atom.Td && n.DataAtom != atom.Th || !allPhrasing(n) || a.anchor != "" || len(a.class) > 0 {
		return "", false
	}
	text := "<" + n.Data
	if a.align != "" {
		text += ` class="` + a.alignClass() + `" data-align="` + a.align + `"`
	}
	for _, name := range cellAttributes {
		if value := attributeValue(n, name); value != "" {
			text += " " + name + `="` + template.HTMLEscapeString(value) + `"`
		}
	}
	return text + ">" + strings.TrimSpace(renderChildren(n)) + "</" + n.Data + ">", true
}

// figure is an image with a caption.
func figure(n *html.Node) (string, bool) {
	if len(n.Attr) > 0 {
		return "", false
	}
	children := slices.DeleteFunc(childrenOf(n), isBlank)
	caption := ""
	if last := len(children) - 1; last > 0 && children[last].DataAtom == atom.Figcaption && len(children[last].Attr) == 0 && allPhrasing(children[last]) {
		caption = `<figcaption class="wp-element-caption">` + strings.TrimSpace(renderChildren(children[last])) + "</figcaption>"
		children = children[:last]
	}
	if len(children) != 1 {
		return "", false
	}
	return imageBlock(children[0], caption)
}

// imageBlock is an image, possibly within a link.
func imageBlock(n *html.Node, caption string) (string, bool) {
	var json []member
	open, end := "", ""
	if n.DataAtom == atom.A {
		only := onlyNode(childrenOf(n))
		if only == nil || !onlyAttributes(n, "href", "target", "rel") || attributeValue(n, "href") == "" {
			return "", false
		}
		json = append(json, member{"linkDestination", "custom"})
		open, end = "<a"+writeAttributes(n, "href", "target", "rel")+">", "</a>"
		n = only
	}
	image, id, ok := imageTag(n)
	if !ok {
		return "", false
	}
	if id > 0 {
		json = append([]member{{"id", id}}, json...)
	}
	return block("image", json, `<figure class="wp-block-image">`+open+image+end+caption+"</figure>"), true
}

// imageTag is an <img> as its block has it, and the attachment it names. What
// WordPress adds itself (srcset, sizes, loading, decoding) is left out; other
// attributes keep it from being a block.
func imageTag(n *html.Node) (tag string, id int64, ok bool) {
	if n.DataAtom != atom.Img || attributeValue(n, "src") == "" ||
		!onlyAttributes(n, "src", "alt", "title", "class", "srcset", "sizes", "loading", "decoding") {
		return "", 0, false
	}
	class := ""
	if hasAttribute(n, "class") {
		if id, ok = attachment(attributeValue(n, "class")); !ok {
			return "", 0, false
		}
		class = fmt.Sprintf(` class="wp-image-%d"`, id)
	}
	return `<img src="` + template.HTMLEscapeString(attributeValue(n, "src")) + `" alt="` + template.HTMLEscapeString(attributeValue(n, "alt")) + `"` +
		class + writeAttributes(n, "title") + "/>", id, true
}

// attachment reads the class by which an image names its attachment.
func attachment(class string) (id int64, ok bool) {
	digits, ok := strings.CutPrefix(strings.TrimSpace(class), "wp-image-")
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, ok && err == nil && id > 0
}
