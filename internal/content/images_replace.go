// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// replacer goes through markup and replaces images.
type replacer struct {
	tokens []token
	// uploaded are the images of the library, by the address they had.
	uploaded map[string]LibraryImage
	// open are the blocks around the token that is visited, innermost last.
	open []*openBlock
	// changed are blocks whose attributes are not as they were.
	changed []*openBlock
}

// openBlock is a block whose end is yet to come.
type openBlock struct {
	name string
	// begin is the comment it begins with.
	begin *token
	// attributes are read when an image asks for them, nil if they cannot be.
	attributes map[string]any
	isRead     bool
	isChanged  bool
	// seen are the addresses of images that were looked for in the attributes.
	seen map[string]bool
}

// run replaces all that is to be replaced.
func (r *replacer) run() {
	for i := range r.tokens {
		r.visit(i)
	}
	for _, b := range r.changed {
		name, _ := cutBlock(b.begin.comment)
		b.begin.raw = "<!-- " + name + " " + blockJSON(b.attributes) + " -->"
	}
}

func (r *replacer) visit(i int) {
	t := &r.tokens[i]
	switch {
	case t.kind == html.CommentToken:
		r.follow(i)
	case t.isStart(atom.Picture):
		r.flatten(i)
	case t.isStart(atom.Img):
		if image, ok := r.uploaded[t.imageSource()]; ok {
			r.replace(t, image)
		}
	}
}

// follow keeps the list of open blocks. What is no well-formed pair of comments
// is none of WordPress's either.
func (r *replacer) follow(i int) {
	name, rest := cutBlock(r.tokens[i].comment)
	if closed, ok := strings.CutPrefix(name, "/wp:"); ok {
		last := len(r.open) - 1
		if last >= 0 && r.open[last].name == strings.TrimPrefix(closed, "core/") {
			r.open = r.open[:last]
		}
		return
	}
	if opened, ok := strings.CutPrefix(name, "wp:"); ok && !strings.HasSuffix(rest, "/") {
		r.open = append(r.open, &openBlock{name: strings.TrimPrefix(opened, "core/"), begin: &r.tokens[i], seen: map[string]bool{}})
	}
}

// cutBlock parts a comment into the name of a block, wp: included, and the rest.
func cutBlock(comment string) (name, rest string) {
	end := strings.IndexAny(comment+" ", htmlSpace)
	return comment[:end], strings.TrimSpace(comment[end:])
}

// maxPictureTokens is how far the end of a <picture> is looked for.
const maxPictureTokens = 200

// flatten leaves of a <picture> the image, if that is replaced: its sources are
// what browsers would show instead.
func (r *replacer) flatten(start int) {
	inside := r.tokens[start:min(len(r.tokens), start+maxPictureTokens)]
	end := slices.IndexFunc(inside, func(t token) bool { return t.isEnd(atom.Picture) })
	if end < 0 {
		return
	}
	inside = inside[:end+1]
	if !slices.ContainsFunc(inside, func(t token) bool { _, ok := r.uploaded[t.imageSource()]; return ok && t.isStart(atom.Img) }) {
		return
	}
	for i := range inside {
		if inside[i].tag == atom.Picture || inside[i].tag == atom.Source {
			inside[i].raw = ""
		}
	}
}

// replace shows the image of the library, and tells the block it stands in.
func (r *replacer) replace(t *token, image LibraryImage) {
	if len(r.open) == 0 {
		t.show(image, true)
		return
	}
	block := r.open[len(r.open)-1]
	class, changed := block.show(t.attribute("src"), image)
	if changed && !block.isChanged {
		block.isChanged = true
		r.changed = append(r.changed, block)
	}
	t.show(image, class)
}

// show has the attributes of a block tell of an image within it. It tells whether
// the image may have the class of its attachment, and whether that changed
// anything.
func (b *openBlock) show(src string, image LibraryImage) (class, changed bool) {
	if !b.isRead {
		b.attributes, b.isRead = blockAttributes(b.begin.comment), true
	}
	if b.attributes == nil {
		return false, false
	}
	if !b.seen[src] {
		b.seen[src] = true
		changed = replaceStrings(b.attributes, src, image.URL)
	}
	idKey, class := idOf(b.name, b.attributes)
	if idKey != "" {
		b.attributes[idKey], changed = image.ID, true
	}
	return class, changed
}

// idOf says which attribute of a block names the attachment, and whether its
// image may have the class that does: the editor calls a block invalid whose HTML
// is not what its attributes make of it. In a text any class may be.
func idOf(block string, attributes map[string]any) (key string, class bool) {
	switch block {
	case "image":
		return "id", true
	case "cover":
		key = "id"
	case "media-text":
		key = "mediaId"
	case "gallery":
		return "", false // older ones have the ids in their HTML
	default:
		return "", !strings.Contains(block, "/")
	}
	if attributes[key] == nil {
		return "", false
	}
	return key, true
}

// blockAttributes reads what stands in the comment that begins a block, nil if it
// cannot be read.
func blockAttributes(comment string) map[string]any {
	_, text := cutBlock(comment)
	attributes := map[string]any{}
	if text == "" {
		return attributes
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&attributes) != nil {
		return nil
	}
	return attributes
}

// replaceStrings replaces an address in the attributes of a block, however deep.
// It tells whether there was any.
func replaceStrings(attributes map[string]any, old, replacement string) bool {
	changed := false
	for name, value := range attributes {
		switch v := value.(type) {
		case string:
			if v == old && old != "" {
				attributes[name], changed = replacement, true
			}
		case map[string]any:
			changed = replaceStrings(v, old, replacement) || changed
		}
	}
	return changed
}

func blockJSON(attributes map[string]any) string {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(attributes); err != nil {
		panic(fmt.Sprintf("encode attributes of a block: %v", err)) // they were decoded from JSON
	}
	return blockEscaper.Replace(strings.TrimSpace(b.String()))
}
