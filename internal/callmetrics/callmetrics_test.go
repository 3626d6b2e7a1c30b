// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package callmetrics

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/prometheus/common/expfmt"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

func TestObserve(t *testing.T) {
	registry := prometheus.NewPedanticRegistry()
	calls := New(registry)
	calls.Observe("publish", nil, 20*time.Millisecond)
	calls.Observe("publish", &wordpress.Error{Kind: wordpress.KindTimeout}, 30*time.Second)
	calls.Observe("publish", &wordpress.Error{Kind: wordpress.KindCanceled}, time.Second)
	text, err := testutil.CollectAndFormat(calls.seconds, expfmt.TypeTextPlain, "igny8_site_call_duration_seconds")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`igny8_site_call_duration_seconds_bucket{purpose="publish",result="Succeeded",le="0.025"} 1`,
		`igny8_site_call_duration_seconds_bucket{purpose="publish",result="Timeout",le="10"} 0`,
		`igny8_site_call_duration_seconds_bucket{purpose="publish",result="Timeout",le="30"} 1`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("metrics do not have %s:\n%s", want, text)
		}
	}
	if n := testutil.CollectAndCount(calls.seconds); n != 2 {
		t.Errorf("%d results, want Succeeded and Timeout: a call given up is none", n)
	}
	if problems, err := testutil.CollectAndLint(calls.seconds); err != nil || len(problems) > 0 {
		t.Errorf("against the conventions of Prometheus: %v, %v", problems, err)
	}
}
