// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"net/http"
	"strings"
)

// apiRelation is the relation under which WordPress announces its REST API.
const apiRelation = "https://api.w.org/"

// findLink returns the target of the first link with a relation in Link headers
// (RFC 8288 section 3), "" if there is none.
func findLink(header http.Header, relation string) string {
	for _, value := range header.Values("Link") {
		for value != "" {
			var target string
			var relations []string
			target, relations, value = nextLink(value)
			for _, r := range relations {
				if strings.EqualFold(r, relation) {
					return target
				}
			}
		}
	}
	return ""
}

// nextLink parses one link-value and returns what follows it. Something that is
// no link ends the parsing.
func nextLink(value string) (target string, relations []string, rest string) {
	start := strings.IndexByte(value, '<')
	if start < 0 {
		return "", nil, ""
	}
	end := strings.IndexByte(value[start:], '>')
	if end < 0 {
		return "", nil, ""
	}
	target = strings.TrimSpace(value[start+1 : start+end])
	rest = value[start+end+1:]
	for {
		rest = strings.TrimLeft(rest, " \t")
		if !strings.HasPrefix(rest, ";") {
			break
		}
		var name, text string
		name, text, rest = nextParameter(rest[1:])
		// Only the first rel counts (section 3.3).
		if name == "rel" && relations == nil {
			relations = append([]string{}, strings.Fields(text)...)
		}
	}
	return target, relations, strings.TrimPrefix(rest, ",")
}

// nextParameter parses name=token or name="quoted string".
func nextParameter(s string) (name, text, rest string) {
	stop := strings.IndexAny(s, "=;,")
	if stop < 0 {
		return strings.ToLower(strings.TrimSpace(s)), "", ""
	}
	name = strings.ToLower(strings.TrimSpace(s[:stop]))
	if s[stop] != '=' {
		return name, "", s[stop:]
	}
	s = strings.TrimLeft(s[stop+1:], " \t")
	if strings.HasPrefix(s, `"`) {
		text, rest = quotedString(s[1:])
		return name, text, rest
	}
	end := strings.IndexAny(s, ";,")
	if end < 0 {
		end = len(s)
	}
	return name, strings.TrimSpace(s[:end]), s[end:]
}

func quotedString(s string) (text, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), s[i+1:]
		case '\\':
			i++
			if i == len(s) {
				return b.String(), ""
			}
		}
		b.WriteByte(s[i])
	}
	return b.String(), ""
}
