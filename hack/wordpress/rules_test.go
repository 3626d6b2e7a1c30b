// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/hack/wordpress"
)

func TestWebRulesTakeEffectWhileTheSiteServes(t *testing.T) {
	site := start(t, wordpress.Options{WithoutPlugin: true})
	t.Cleanup(func() {
		if err := site.Stop(); err != nil {
			t.Error(err)
		}
	})
	set := func(rules wordpress.WebRules) error { return site.SetWebRules(t.Context(), rules) }
	if err := set(wordpress.WebRules{Server: `if ($uri = /) { return 418; }`}); err != nil {
		t.Fatal(err)
	}
	awaitStatus(t, site.URL, http.StatusTeapot)
	if err := set(wordpress.WebRules{Server: "no such directive;"}); err == nil {
		t.Error("rules with a mistake are accepted")
	}
	if err := set(wordpress.WebRules{PHP: `return 418;`}); err != nil {
		t.Fatal(err)
	}
	awaitStatus(t, site.URL, http.StatusTeapot)
	if err := set(wordpress.WebRules{}); err != nil {
		t.Fatal(err)
	}
	awaitStatus(t, site.URL, http.StatusOK)
}

// awaitStatus asks over new connections until the answer is as wanted.
func awaitStatus(t *testing.T, url string, want int) {
	t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(startTimeout)
	for {
		got, err := get(t, url)
		if err == nil && got == want {
			return
		}
		http.DefaultClient.CloseIdleConnections()
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatalf("GET %s: %d (%v), want %d", url, got, err, want)
		}
	}
}
