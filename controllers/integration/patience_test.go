// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"net/http"
	"testing"

	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// One failure of a site that was well is looked at twice, unless the site asks
// for no second look: WordPress in maintenance asks for ten minutes.
func TestASiteThatSaysForHowLongItIsAwayIsBelieved(t *testing.T) {
	cases := map[string]struct {
		header http.Header
		want   string
	}{
		"RetryAfter":    {http.Header{"Retry-After": {"600"}}, "Connected=False/ServerError"},
		"NothingSaid":   {nil, "Connected=True/Connected"},
		"NoPatience":    {http.Header{"Retry-After": {"0"}}, "Connected=True/Connected"},
		"NotReallySaid": {http.Header{"Retry-After": {"soon"}}, "Connected=True/Connected"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			site := wordpresstest.New(t)
			h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
			h.test()
			h.expect("Connected=True/Connected")
			fault(wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusServiceUnavailable, Header: tc.header}})(site)
			h.clock.Step(DefaultIntervals().Healthy)
			h.test()
			h.expect(tc.want)
		})
	}
}
