// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package outcome

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/go-logr/logr"
)

// Recovered is what a panic of a call comes to: an error for the status, which
// [Of] takes for an internal one, and a line of the log with the stack. What was
// thrown is shown of the runtime's own errors alone: any other value may be made
// of what was being worked on, a key or a page.
func Recovered(log logr.Logger, doing string, thrown any) error {
	text := fmt.Sprintf("%T", thrown)
	if err, ok := thrown.(error); ok {
		var own runtime.Error
		if errors.As(err, &own) {
			text = own.Error()
		}
	}
	log.Error(nil, "Recovered from a panic", "doing", doing, "thrown", text, "stack", string(debug.Stack()))
	return fmt.Errorf("internal error while %s; the manager's log tells more: report it", doing)
}
