// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/go-logr/logr"
)

// recoverPanics answers 500 where a handler panics, and keeps the stack for the log.
func recoverPanics(next http.Handler, log logr.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch cause := recover(); cause {
			case nil:
			case http.ErrAbortHandler:
				// net/http's own way to cut a connection.
				panic(cause)
			default:
				answerPanic(w, r, log, cause)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func answerPanic(w http.ResponseWriter, r *http.Request, log logr.Logger, cause any) {
	err := fmt.Errorf("panic: %v", cause)
	log.Error(err, "A handler panicked", "route", r.Pattern, "stack", string(debug.Stack()))
	if err := writeError(w, err); err != nil {
		log.V(1).Info("Writing a problem failed", "reason", err.Error())
	}
}
