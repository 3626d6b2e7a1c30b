// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseRequests(t *testing.T) {
	for name, test := range map[string]struct {
		text   string
		want   []Request
		broken bool
	}{
		"nothing":         {"", nil, false},
		"two":             {"200 GET /wp-json/\n409 POST /wp-json/igny8/v1/publish\n", []Request{{"GET", "/wp-json/", 200}, {"POST", "/wp-json/igny8/v1/publish", 409}}, false},
		"URI with spaces": {"400 GET /wp-json/a b\n", []Request{{"GET", "/wp-json/a b", 400}}, false},
		"half a line":     {"200 GET", nil, true},
		"no status":       {"x GET /\n", nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parseRequests(test.text)
			if (err != nil) != test.broken {
				t.Fatalf("error %v, want one: %t", err, test.broken)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRenderWantsEveryValue(t *testing.T) {
	if got, err := render("a {{B}} {{B}}", map[string]string{"B": "c"}); err != nil || got != "a c c" {
		t.Errorf("got %q: %v", got, err)
	}
	if got, err := render("a {{B}}", nil); err == nil {
		t.Errorf("got %q without a value for B", got)
	}
}

func TestNewestTool(t *testing.T) {
	if got := newest([]string{"/no/such/[x]", "/proc/self/statu[s]"}); got != "/proc/self/status" {
		t.Errorf("got %q", got)
	}
	if got := newest([]string{"/no/such/[x]"}); got != "" {
		t.Errorf("got %q for what is missing", got)
	}
}
