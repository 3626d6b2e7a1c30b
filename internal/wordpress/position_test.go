// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// TestSiteOfEarlierPlugin: a plugin that was put back to a version without
// epochs refuses what it does not know, and is asked again without it.
func TestSiteOfEarlierPlugin(t *testing.T) {
	fake := wordpresstest.New(t)
	client := clientOf(t, fake)
	var queries []string
	fake.SetHook(func(r *http.Request) wordpresstest.Fault {
		queries = append(queries, r.URL.RawQuery)
		if r.URL.Query().Has("epoch") {
			return wordpresstest.Fault{Answer: wordpresstest.Problem(400, "invalid-payload", "epoch is not a field of this route.")}
		}
		return wordpresstest.Fault{}
	})
	known := wordpress.Position{Epoch: "e", Mark: 7}
	if err := second(client.Site(t.Context(), known)); err != nil {
		t.Errorf("Site: %v", err)
	}
	if diff := cmp.Diff([]string{"epoch=e&mark=7", ""}, queries); diff != "" {
		t.Errorf("queries (-want +got):\n%s", diff)
	}
}

// TestSiteIsAskedOnce: every other failure is the site's last word.
func TestSiteIsAskedOnce(t *testing.T) {
	cases := map[string]struct {
		known  wordpress.Position
		status int
		want   wordpress.Kind
		reason string
	}{
		"nothing known": {wordpress.Position{}, 400, wordpress.KindRejected, "there is nothing to leave out"},
		"credentials":   {wordpress.Position{Epoch: "e"}, 401, wordpress.KindCredentialsRefused, "not about the position"},
		"unavailable":   {wordpress.Position{Epoch: "e"}, 503, wordpress.KindUnavailable, "not about the position"},
	}
	for name, tc := range cases {
		fake := wordpresstest.New(t)
		fake.SetHook(answering(tc.status, "", ""))
		wantKind(t, second(clientOf(t, fake).Site(t.Context(), tc.known)), tc.want)
		if n := fake.CountCalls(http.MethodGet, "site"); n != 1 {
			t.Errorf("%s: %d calls, want 1 (%s)", name, n, tc.reason)
		}
	}
}
