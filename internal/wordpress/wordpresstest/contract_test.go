// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest_test

import (
	"testing"

	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func TestFakeKeepsContract(t *testing.T) {
	variants := map[string][]wordpresstest.Option{
		"pretty permalinks": nil,
		"plain permalinks":  {wordpresstest.WithPlainPermalinks()},
		"sub-folder":        {wordpresstest.WithFolder("/blog")},
		"https":             {wordpresstest.WithTLS(wordpresstest.Valid)},
	}
	for name, options := range variants {
		t.Run(name, func(t *testing.T) {
			wordpresstest.RunContract(t, func(t *testing.T) wordpresstest.Target {
				return wordpresstest.New(t, options...).Target()
			})
		})
	}
}
