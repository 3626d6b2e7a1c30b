// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"encoding/json"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// member is one attribute of a block.
type member struct {
	name  string
	value any
}

// block writes a block: a comment before and one after its HTML.
func block(name string, members []member, inner string) string {
	attributes := ""
	if len(members) > 0 {
		var parts []string
		for _, m := range members {
			value, _ := json.Marshal(m.value) // strings, numbers and booleans never fail
			parts = append(parts, fmt.Sprintf("%q:%s", m.name, value))
		}
		attributes = " {" + blockEscaper.Replace(strings.Join(parts, ",")) + "}"
	}
	return "<!-- wp:" + name + attributes + " -->\n" + inner + "\n<!-- /wp:" + name + " -->"
}

// blockEscaper keeps a value from ending the comment it stands in; json.Marshal
// has escaped <, > and & already. Backslashes go first: one at the end of a value
// is not to be taken for that of an escaped quote.
var blockEscaper = strings.NewReplacer(`\\`, `\u005c`, "--", `\u002d\u002d`, `\"`, `\u0022`)

// attributes of an element that blocks have a place for.
type attributes struct {
	anchor string
	class  []string
	align  string
}

// readAttributes reads id, class and, where named, text-align; others that are
// named are left to the caller. It fails on any attribute a block cannot hold.
func readAttributes(n *html.Node, others ...string) (attributes, bool) {
	var a attributes
	for _, attribute := range n.Attr {
		value := strings.TrimSpace(attribute.Val)
		switch key := attribute.Key; {
		case key == "id":
			a.anchor = value
		case key == "class":
			a.class = strings.Fields(value)
		case (key == "style" || key == "align") && slices.Contains(others, "text-align"):
			if a.align = alignment(key, value); a.align == "" {
				return a, false
			}
		case !slices.Contains(others, key):
			return a, false
		}
	}
	// Classes of blocks say things that only the block's attributes may say.
	ofBlocks := func(class string) bool { return strings.HasPrefix(class, "wp-") || strings.HasPrefix(class, "has-") }
	return a, !slices.ContainsFunc(a.class, ofBlocks)
}

// alignment returns left, center or right, empty for anything else.
func alignment(key, value string) string {
	value = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(value), ";"))
	if key == "style" {
		name, rest, _ := strings.Cut(value, ":")
		if strings.TrimSpace(name) != "text-align" {
			return ""
		}
		value = strings.TrimSpace(rest)
	}
	if slices.Contains([]string{"left", "center", "right"}, value) {
		return value
	}
	return ""
}

func (a attributes) isEmpty() bool { return a.anchor == "" && len(a.class) == 0 && a.align == "" }

// json is what the block's comment says; the editor reads the id from the HTML.
func (a attributes) json() []member {
	if len(a.class) == 0 {
		return nil
	}
	return []member{{"className", strings.Join(a.class, " ")}}
}

func (a attributes) alignClass() string {
	if a.align == "" {
		return ""
	}
	return "has-text-align-" + a.align
}

// attributes is what the block's element has, its own classes first.
func (a attributes) attributes(own ...string) string {
	text := ""
	if a.anchor != "" {
		text = ` id="` + template.HTMLEscapeString(a.anchor) + `"`
	}
	classes := slices.DeleteFunc(append(own, a.class...), func(c string) bool { return c == "" })
	if len(classes) > 0 {
		text += ` class="` + template.HTMLEscapeString(strings.Join(classes, " ")) + `"`
	}
	return text
}

// phrasing are the elements of a line of text.
var phrasing = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.B: true, atom.Bdi: true, atom.Bdo: true, atom.Br: true, atom.Cite: true,
	atom.Code: true, atom.Del: true, atom.Dfn: true, atom.Em: true, atom.I: true, atom.Img: true, atom.Input: true,
	atom.Ins: true, atom.Kbd: true, atom.Mark: true, atom.Q: true, atom.S: true, atom.Samp: true, atom.Small: true,
	atom.Span: true, atom.Strong: true, atom.Sub: true, atom.Sup: true, atom.Time: true, atom.U: true, atom.Var: true, atom.Wbr: true,
}

// isPhrasing says that a node and all in it may stand in a line of text.
func isPhrasing(n *html.Node) bool {
	return n.Type == html.TextNode || n.Type == html.ElementNode && phrasing[n.DataAtom] && allPhrasing(n)
}

func allPhrasing(n *html.Node) bool {
	for child := range n.ChildNodes() {
		if !isPhrasing(child) {
			return false
		}
	}
	return true
}

func isBlank(n *html.Node) bool {
	return n.Type == html.TextNode && strings.TrimSpace(n.Data) == ""
}

func childrenOf(n *html.Node) []*html.Node { return slices.Collect(n.ChildNodes()) }

// onlyNode returns the only node that is not blank, nil if there are more or none.
func onlyNode(nodes []*html.Node) *html.Node {
	var only *html.Node
	for _, n := range nodes {
		switch {
		case isBlank(n):
		case only != nil:
			return nil
		default:
			only = n
		}
	}
	return only
}

func render(nodes ...*html.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		_ = html.Render(&b, n) // fails only with its writer
	}
	return plainQuotes(b.String())
}

var quotes = strings.NewReplacer("&#34;", `"`, "&#39;", "'")

// plainQuotes writes the quotes of the text, which rendering has escaped, as they
// were: a shortcode's attributes stand in them.
func plainQuotes(text string) string {
	if !strings.Contains(text, "&#3") {
		return text
	}
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(text)); z.Next() != html.ErrorToken; {
		raw := string(z.Raw())
		if !strings.HasPrefix(raw, "<") {
			raw = quotes.Replace(raw)
		}
		b.WriteString(raw)
	}
	return b.String()
}

func renderChildren(n *html.Node) string { return render(childrenOf(n)...) }

func hasAttribute(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func attributeValue(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func onlyAttributes(n *html.Node, names ...string) bool {
	return !slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return !slices.Contains(names, a.Key) })
}

// writeAttributes writes those of the named attributes that are there.
func writeAttributes(n *html.Node, names ...string) string {
	text := ""
	for _, name := range names {
		if hasAttribute(n, name) {
			text += " " + name + `="` + template.HTMLEscapeString(attributeValue(n, name)) + `"`
		}
	}
	return text
}
