// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"net/http"
	"time"

	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// sabotage takes away something that crashes are survived by; the zero value
// takes nothing.
type sabotage struct {
	site     []wordpresstest.Option
	obstruct func(http.RoundTripper) http.RoundTripper
	// patience is how long is waited for what will not come.
	patience time.Duration
}
