// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// FrontMatter is what the YAML block before Markdown says about its post. The
// zero value says nothing. Which keys there are: docs/spec/v1alpha1/publishrequest.md.
type FrontMatter struct {
	Title, Slug, Excerpt, Author, Template, Cluster string
	// Status is publish, draft, pending or private.
	Status string
	// Date is when the post is published.
	Date time.Time
	// Comments is open or closed.
	Comments         string
	Categories, Tags []string
	Taxonomies       []Taxonomy
	SEO              MatterSEO
	Image            MatterImage
	CustomFields     []Field
	// Ignored are the keys that mean nothing here, at most 20 of 64 characters.
	Ignored []string
}

// Taxonomy has the terms of one taxonomy.
type Taxonomy struct {
	Name  string
	Terms []string
}

// MatterSEO is what search engines are told.
type MatterSEO struct {
	Title, Description, CanonicalURL, PrimaryKeyword string
	SecondaryKeywords                                []string
	// Index is index or noindex.
	Index string
}

// MatterImage is the post's main image.
type MatterImage struct {
	URL, Alt, Caption, Title string
}

// Field is a custom field.
type Field struct {
	Name, Value string
}

// maxFrontMatterBytes is far beyond what anybody writes by hand.
const maxFrontMatterBytes = 64 << 10

// cutFrontMatter parts the YAML block between lines of --- from the body after
// it. Two thematic breaks with prose between them are none: the first line in
// between has to be a key, a comment, or the end.
func cutFrontMatter(source string) (block, body string, found bool) {
	first, rest, _ := strings.Cut(source, "\n")
	if strings.TrimRight(first, " \t\r") != "---" {
		return "", source, false
	}
	length, decided := 0, false
	for line := range strings.Lines(rest) {
		length += len(line)
		switch text := strings.TrimRight(line, " \t\r\n"); {
		case text == "---" || text == "...":
			return rest[:length-len(line)], rest[length:], true
		case text != "" && !decided:
			if decided = isYAMLStart(text); !decided {
				return "", source, false
			}
		}
	}
	return "", source, false
}

// yamlKey is "key:" or "key: value".
var yamlKey = regexp.MustCompile(`^["']?[\pL\pN_.][\pL\pN_. -]*["']?\s*:(\s|$)`)

// isYAMLStart recognises "key:", "key: value", "# comment" and "{".
func isYAMLStart(line string) bool {
	return strings.HasPrefix(line, "#") || strings.HasPrefix(line, "{") || yamlKey.MatchString(line)
}

// tomlKey is "key = value".
var tomlKey = regexp.MustCompile(`^\s*["']?[\w.-]+["']?\s*=`)

// isTOML recognises the front matter of other systems: lines of +++ with a key
// after the first.
func isTOML(source string) bool {
	first, rest, _ := strings.Cut(source, "\n")
	return strings.TrimRight(first, " \t\r") == "+++" && tomlKey.MatchString(rest)
}

// parseFrontMatter reads a block. Keys that nobody knows are noted; a known one
// with a value it cannot have is an error, a *FrontMatterError.
func parseFrontMatter(block string) (FrontMatter, error) {
	if len(block) > maxFrontMatterBytes {
		return FrontMatter{}, &FrontMatterError{Reason: "has more than 64 KiB; is the closing line of --- missing?"}
	}
	document := &yaml.Node{}
	if err := yaml.Unmarshal([]byte(block), document); err != nil {
		return FrontMatter{}, &FrontMatterError{Reason: "is not YAML: " + strings.ReplaceAll(strings.TrimPrefix(err.Error(), "yaml: "), "\n", " ")}
	}
	matter := FrontMatter{}
	if len(document.Content) == 0 || isNull(document.Content[0]) {
		return matter, nil
	}
	return matter, (&matterReader{matter: &matter}).readAll(document.Content[0])
}
