// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package media

import (
	"bytes"
	"net/http"
	"strings"
)

// sniffBytes is how much of a file says what it is.
const sniffBytes = 1024

// describe says what bytes are that are none of the formats. It quotes nothing
// of them: they are somebody else's.
func describe(data []byte) string {
	start := bytes.ToLower(bytes.TrimSpace(data[:min(len(data), sniffBytes)]))
	detected, _, _ := strings.Cut(http.DetectContentType(data), ";")
	switch {
	case len(data) == 0:
		return "is empty"
	case bytes.Contains(start, []byte("<svg")):
		return "is SVG, which can carry scripts and is not uploaded"
	case detected == "text/html", bytes.HasPrefix(start, []byte("<!doctype html")):
		return "is a page of HTML; does the address need a login?"
	case detected == "application/octet-stream", detected == "text/plain":
		return "is no image"
	default:
		return "is " + detected
	}
}
