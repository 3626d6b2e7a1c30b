// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"encoding/json"
	"net/http"
	"strconv"
)

// contentTypeProblem is the media type of RFC 9457, section 3.
const contentTypeProblem = "application/problem+json"

// Problem is an RFC 9457 problem. It never carries bytes of the request.
type Problem struct {
	// Type is a URI that tells problems of one status apart; "about:blank" says that
	// there is nothing beyond the status (RFC 9457, section 4.2.1).
	Type string `json:"type"`
	// Title is the phrase of the status when Type is "about:blank".
	Title string `json:"title"`
	// Status repeats the HTTP status, for callers that see only the body.
	Status int `json:"status"`
	// Detail tells a person what to do about it.
	Detail string `json:"detail,omitempty"`
}

// newProblem returns a problem that its status says everything about.
func newProblem(status int, detail string) Problem {
	return Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

// write sends the problem. Problems are never cached: a 404 of today may be the route
// of tomorrow, and the next caller has other rights.
func (p Problem) write(w http.ResponseWriter) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("Content-Type", contentTypeProblem)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(p.Status)
	_, err = w.Write(body)
	return err
}
