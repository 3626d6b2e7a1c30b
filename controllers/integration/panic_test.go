// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"testing"

	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func TestAPanicWhileTestingIsSaidAndHeals(t *testing.T) {
	site := wordpresstest.New(t)
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	transports := h.Access.Transports
	h.Access.Transports = nil // whoever opens the site falls over it
	h.test()
	h.expect("Connected=False/InternalError", "Ready=False/InternalError")
	h.Access.Transports = transports
	h.clock.Step(DefaultIntervals().FailingMin * 2)
	h.test()
	h.expect("Connected=True/Connected")
}
