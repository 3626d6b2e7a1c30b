// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// strike is what may happen to a request to the API server.
type strike string

const (
	conflict      strike = "409"
	tooMany       strike = "429"
	internalError strike = "500"
	unavailable   strike = "503"
	// unsent is a timeout of a request that never arrived, unanswered one of a
	// request that had its effect.
	unsent     strike = "timeout without effect"
	unanswered strike = "timeout with effect"
)

var strikes = []strike{conflict, tooMany, internalError, unavailable, unsent, unanswered}

// apply makes the request, or lets happen what is to happen to it.
func (s strike) apply(r *http.Request, next http.RoundTripper) (*http.Response, error) {
	switch s {
	case conflict:
		return answer(r, http.StatusConflict, metav1.StatusReasonConflict, "the object has been modified"), nil
	case tooMany:
		response := answer(r, http.StatusTooManyRequests, metav1.StatusReasonTooManyRequests, "try again later")
		response.Header.Set("Retry-After", "1")
		return response, nil
	case internalError:
		return answer(r, http.StatusInternalServerError, metav1.StatusReasonInternalError, "etcdserver: request timed out"), nil
	case unavailable:
		return answer(r, http.StatusServiceUnavailable, metav1.StatusReasonServiceUnavailable, "the server is shutting down"), nil
	case unsent:
		return nil, os.ErrDeadlineExceeded
	case unanswered:
		if response, err := next.RoundTrip(r); err == nil {
			if !isWatch(r) {
				_, _ = io.Copy(io.Discard, response.Body)
			}
			_ = response.Body.Close()
		}
		return nil, os.ErrDeadlineExceeded
	}
	return next.RoundTrip(r)
}

// answer is one of the API server's own errors.
func answer(r *http.Request, code int32, reason metav1.StatusReason, message string) *http.Response {
	body, err := json.Marshal(&metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
		Status:   metav1.StatusFailure, Code: code, Reason: reason, Message: message,
	})
	if err != nil {
		panic(err) // a struct of strings: cannot fail
	}
	return &http.Response{
		Status: http.StatusText(int(code)), StatusCode: int(code), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)), Request: r,
	}
}
