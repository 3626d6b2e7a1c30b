// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"regexp"
	"strings"
)

// hasFrontMatter tells whether a body begins with a YAML block between lines
// of ---. Two thematic breaks with prose between them are none: the first line
// in between has to be a key, a comment, or the end.
func hasFrontMatter(source string) bool {
	first, rest, found := strings.Cut(source, "\n")
	if !found || strings.TrimRight(first, " \t\r") != "---" {
		return false
	}
	looksLikeYAML, decided := false, false
	for line := range strings.Lines(rest) {
		line = strings.TrimRight(line, " \t\r\n")
		closes := line == "---" || line == "..."
		switch {
		case closes && !decided:
			return true
		case closes:
			return looksLikeYAML
		case line != "" && !decided:
			looksLikeYAML, decided = isYAMLStart(line), true
		}
	}
	return false
}

// isYAMLStart recognises "key:", "key: value", "# comment" and "{".
func isYAMLStart(line string) bool {
	key := regexp.MustCompile(`^["']?[\pL\pN_.][\pL\pN_. -]*["']?\s*:(\s|$)`)
	return strings.HasPrefix(line, "#") || strings.HasPrefix(line, "{") || key.MatchString(line)
}
