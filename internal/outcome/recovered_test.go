// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package outcome

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-logr/logr/funcr"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func TestRecoveredShowsNothingOfWhatWasWorkedOn(t *testing.T) {
	const secret = "igny8_secret"
	cases := map[string]struct {
		fails func()
		// tells is what the log has about it.
		tells string
	}{
		"Text":    {func() { panic(secret) }, "string"},
		"Error":   {func() { panic(errors.New(secret)) }, "*errors.errorString"},
		"Wrapped": {func() { panic(fmt.Errorf("call with %s: %w", secret, errBoom)) }, "*fmt.wrapError"},
		"Runtime": {func() { _ = strings.Split(secret, "")[len(secret)] }, "index out of range"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var log strings.Builder
			logger := funcr.New(func(_, line string) { log.WriteString(line) }, funcr.Options{})
			err := func() (err error) {
				defer func() { err = Recovered(logger, "testing", recover()) }()
				tc.fails()
				return nil
			}()
			if strings.Contains(err.Error()+log.String(), secret) {
				t.Errorf("the secret is in %v or in the log %s", err, log.String())
			}
			if !strings.Contains(log.String(), tc.tells) || !strings.Contains(log.String(), "recovered_test.go") {
				t.Errorf("the log does not tell %q and where: %s", tc.tells, log.String())
			}
			if got := Of(err).Reason; got != v1alpha1.ReasonInternalError {
				t.Errorf("reason %s, want InternalError", got)
			}
		})
	}
}

var errBoom = errors.New("boom")
