// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// pair is a key with its value.
type pair struct {
	// key is the path of the key, such as seo.title.
	key   string
	value *yaml.Node
}

// fault is an error about the value. The block begins in the second line.
func (m pair) fault(reason string) error {
	return &FrontMatterError{Key: cutText(m.key), Line: m.value.Line + 1, Reason: reason}
}

// members are the keys and values of an object, each once. What is written once
// and meant elsewhere (anchors, merges) is not followed: it costs a few bytes to
// write, and may mean gigabytes.
func members(prefix string, node *yaml.Node) ([]pair, error) {
	if node.Kind != yaml.MappingNode {
		return nil, &FrontMatterError{Key: strings.TrimSuffix(prefix, "."), Line: node.Line + 1, Reason: "must be an object: lines of key: value"}
	}
	var out []pair
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		m := pair{prefix + node.Content[i].Value, node.Content[i+1]}
		if node.Content[i].Kind != yaml.ScalarNode {
			return nil, m.fault("must have a text for its key")
		}
		if seen[m.key] {
			return nil, m.fault("is there twice")
		}
		seen[m.key] = true
		out = append(out, m)
	}
	return out, nil
}

func isNull(node *yaml.Node) bool { return node.Kind == yaml.ScalarNode && node.Tag == "!!null" }

// scalarTags are what YAML itself takes a plain scalar for. What it was written
// as counts, be it a number: 1.10 is not 1.1.
var scalarTags = []string{"!!str", "!!int", "!!float", "!!bool", "!!timestamp"}

// scalar is the text of a value.
func scalar(m pair) (string, error) {
	if m.value.Kind != yaml.ScalarNode || !slices.Contains(scalarTags, m.value.Tag) {
		return "", m.fault("must be a text")
	}
	text := strings.TrimSpace(m.value.Value)
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }) {
		return "", m.fault("must not have control characters")
	}
	return text, nil
}

// textField is where a text goes, and what it may be. A field that has a value is
// left: of two names for it, the first counts.
type textField struct {
	into     *string
	maxRunes int
	form     *form
}

func (f textField) fill(m pair) error {
	text, err := scalar(m)
	switch {
	case err != nil:
		return err
	case utf8.RuneCountInString(text) > f.maxRunes:
		return m.fault(fmt.Sprintf("must have at most %d characters", f.maxRunes))
	case f.form != nil && text != "" && !f.form.pattern.MatchString(text):
		return m.fault(f.form.reason)
	}
	if *f.into == "" {
		*f.into = text
	}
	return nil
}

// listField is where a list of texts goes. One text is a list, parted at commas.
type listField struct {
	into               *[]string
	maxItems, maxRunes int
}

func (f listField) fill(m pair) error {
	items, err := texts(m)
	if err != nil {
		return err
	}
	out := []string{}
	for _, item := range items {
		if utf8.RuneCountInString(item) > f.maxRunes {
			return m.fault(fmt.Sprintf("must have items of at most %d characters", f.maxRunes))
		}
		if item != "" && !slices.Contains(out, item) {
			out = append(out, item)
		}
	}
	if len(out) > f.maxItems {
		return m.fault(fmt.Sprintf("must have at most %d items", f.maxItems))
	}
	if len(*f.into) == 0 && len(out) > 0 {
		*f.into = out
	}
	return nil
}

func texts(m pair) ([]string, error) {
	if m.value.Kind != yaml.SequenceNode {
		text, err := scalar(m)
		if err != nil {
			return nil, m.fault("must be a text or a list of texts")
		}
		items := strings.Split(text, ",")
		for i := range items {
			items[i] = strings.TrimSpace(items[i])
		}
		return items, nil
	}
	var items []string
	for _, node := range m.value.Content {
		if isNull(node) {
			continue
		}
		text, err := scalar(pair{m.key, node})
		if err != nil {
			return nil, m.fault("must be a text or a list of texts")
		}
		items = append(items, text)
	}
	return items, nil
}

// fillFlag writes one of two words for true and false; an empty one leaves the
// field.
func fillFlag(into *string, m pair, yes, no string) error {
	var flag bool
	if m.value.Kind != yaml.ScalarNode || m.value.Tag != "!!bool" || m.value.Decode(&flag) != nil {
		return m.fault("must be true or false")
	}
	if *into == "" && flag {
		*into = yes
	} else if *into == "" {
		*into = no
	}
	return nil
}

// fillChoice takes one of a few words, in any case.
func fillChoice(into *string, m pair, words ...string) error {
	text, err := scalar(m)
	if err != nil {
		return err
	}
	text = strings.ToLower(text)
	if !slices.Contains(words, text) {
		return m.fault("must be one of " + strings.Join(words, ", "))
	}
	if *into == "" {
		*into = text
	}
	return nil
}

// dateLayouts are those that blogs are written with. Without a zone it is UTC.
var dateLayouts = []string{
	time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 -07:00", "2006-01-02 15:04:05Z07:00",
	"2006-01-02 15:04:05", "2006-01-02 15:04 -0700", "2006-01-02 15:04", time.DateOnly,
}

func fillDate(into *time.Time, m pair) error {
	text, err := scalar(m)
	if err != nil {
		return err
	}
	for _, layout := range dateLayouts {
		if date, err := time.Parse(layout, text); err == nil && date.Year() > 0 {
			*into = date.UTC().Truncate(time.Second)
			return nil
		}
	}
	return m.fault("must be a date such as 2026-11-23 or 2026-11-23T09:00:00Z")
}

// cutText bounds a key of the content's that goes into a message.
func cutText(key string) string {
	const most = 64
	clean := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, key)
	runes := []rune(clean)
	return string(runes[:min(len(runes), most)])
}
