// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// HandlerFunc answers a request, or returns an error before it has written anything. The
// error becomes a problem: see problemFor.
type HandlerFunc func(w http.ResponseWriter, r *http.Request) error

// httpError is an error whose status and detail may be shown to any caller.
type httpError struct {
	status int
	detail string
	header http.Header
}

// NewError returns an error that answers the request with status and detail. detail is
// shown to the caller as it is: it must hold neither bytes of the request nor secrets.
func NewError(status int, detail string) error {
	return &httpError{status: status, detail: detail}
}

func (e *httpError) Error() string { return fmt.Sprintf("%d: %s", e.status, e.detail) }

// methodNotAllowed names the methods that are, as RFC 9110 section 15.5.6 demands.
func methodNotAllowed(allowed []string) error {
	return &httpError{
		status: http.StatusMethodNotAllowed,
		detail: "This route does not take the method.",
		header: http.Header{"Allow": {strings.Join(allowed, ", ")}},
	}
}

// tooLarge closes the connection: reading the rest of the body just to throw it away
// would serve nobody but the sender of too much.
func tooLarge() error {
	return &httpError{
		status: http.StatusRequestEntityTooLarge,
		detail: fmt.Sprintf("The body must not be larger than %d bytes.", MaxBodyBytes),
		header: http.Header{"Connection": {"close"}},
	}
}

// asHTTPError is the one table from an error to an answer. What it does not know is a
// failure of ours whose text is for the log alone.
func asHTTPError(err error) *httpError {
	var answer *httpError
	var exceeded *http.MaxBytesError
	switch {
	case errors.As(err, &answer):
		return answer
	case errors.As(err, &exceeded):
		return asHTTPError(tooLarge())
	default:
		return &httpError{status: http.StatusInternalServerError, detail: "The request failed. It may be sent again."}
	}
}

// writeError answers with the problem that stands for err.
func writeError(w http.ResponseWriter, err error) error {
	answer := asHTTPError(err)
	for name, values := range answer.header {
		w.Header()[name] = values
	}
	return newProblem(answer.status, answer.detail).write(w)
}
