// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr/funcr"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	clocktesting "k8s.io/utils/clock/testing"
)

// observed serves the requests and returns the metrics and the log they leave.
func observed(t *testing.T, verbosity int, requests ...*http.Request) (*prometheus.Registry, string) {
	t.Helper()
	var out bytes.Buffer
	log := funcr.New(func(_, args string) { out.WriteString(args + "\n") }, funcr.Options{Verbosity: verbosity})
	registry := prometheus.NewRegistry()
	metrics, err := newRequestMetrics(registry)
	if err != nil {
		t.Fatalf("newRequestMetrics() = %v", err)
	}
	clock := clocktesting.NewFakePassiveClock(time.Unix(0, 0))
	handler := observer{metrics: metrics, clock: clock, log: log}.wrap(newTestHandler())
	for _, request := range requests {
		handler.ServeHTTP(httptest.NewRecorder(), request)
	}
	return registry, out.String()
}

func TestRequestsAreCountedByRoute(t *testing.T) {
	registry, _ := observed(t, 0,
		httptest.NewRequest("GET", "/api/things/", nil),
		httptest.NewRequest("GET", "/api/things", nil),
		httptest.NewRequest("GET", "/api/things/one/part", nil),
		httptest.NewRequest("GET", "/api/things/two/part/", nil),
		httptest.NewRequest("GET", "/api/busy/", nil),
		httptest.NewRequest("GET", "/nowhere", nil),
		httptest.NewRequest("BREW", "/somewhere/else", nil),
		httptest.NewRequest("STEEP", "/somewhere/else", nil),
	)
	const want = `
# HELP igny8_webhookserver_requests_total Requests answered on the site-facing listener, by route, method and status.
# TYPE igny8_webhookserver_requests_total counter
igny8_webhookserver_requests_total{code="200",method="GET",route="/api/things/"} 2
igny8_webhookserver_requests_total{code="200",method="GET",route="/api/things/{name}/part/"} 2
igny8_webhookserver_requests_total{code="503",method="GET",route="/api/busy/"} 1
igny8_webhookserver_requests_total{code="404",method="GET",route="none"} 1
igny8_webhookserver_requests_total{code="404",method="other",route="none"} 2
`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want), "igny8_webhookserver_requests_total"); err != nil {
		t.Error(err)
	}
}

func TestMetricsFollowTheNamingRules(t *testing.T) {
	registry, _ := observed(t, 0, httptest.NewRequest("GET", "/", nil))
	problems, err := testutil.GatherAndLint(registry)
	if err != nil {
		t.Fatal(err)
	}
	if len(problems) != 0 {
		t.Errorf("promlint found %v", problems)
	}
}

func TestLogHoldsNothingOfTheCaller(t *testing.T) {
	tests := map[string]struct {
		reason    string
		verbosity int
		request   *http.Request
		want      string
	}{
		"Route":      {reason: "a route is logged by its path", request: httptest.NewRequest("GET", "/api/things/c4n4ry/part?c4n4ry=1", nil), want: `"route"="/api/things/{name}/part/"`},
		"NoRoute":    {reason: "the noise of the internet is not logged", request: httptest.NewRequest("GET", "/c4n4ry", nil)},
		"NoRouteDev": {reason: "but at debug it is, without the path", verbosity: 1, request: httptest.NewRequest("GET", "/c4n4ry", nil), want: `"route"="none"`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, log := observed(t, tc.verbosity, tc.request)
			if strings.Contains(log, "c4n4ry") {
				t.Errorf("%s: logged %s", tc.reason, log)
			}
			if (tc.want == "") != (log == "") || !strings.Contains(log, tc.want) {
				t.Errorf("%s: logged %q, want %q in it", tc.reason, log, tc.want)
			}
		})
	}
}

func TestAnswersHaveARequestID(t *testing.T) {
	registry := prometheus.NewRegistry()
	metrics, err := newRequestMetrics(registry)
	if err != nil {
		t.Fatal(err)
	}
	handler := observer{metrics: metrics, clock: clocktesting.NewFakePassiveClock(time.Unix(0, 0))}.wrap(newTestHandler())
	seen := map[string]bool{}
	for range 10 {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, httptest.NewRequest("GET", "/", nil))
		seen[recorder.Header().Get("X-Request-Id")] = true
	}
	if len(seen) != 10 || seen[""] {
		t.Errorf("10 answers have the ids %v", seen)
	}
}

func TestStatusRecorder(t *testing.T) {
	tests := map[string]struct {
		reason string
		write  func(w http.ResponseWriter)
		want   int
	}{
		"Nothing":     {reason: "net/http answers 200 by itself", write: func(http.ResponseWriter) {}, want: 200},
		"Status":      {reason: "what the handler says", write: func(w http.ResponseWriter) { w.WriteHeader(404) }, want: 404},
		"FirstStatus": {reason: "the second is ignored", write: func(w http.ResponseWriter) { w.WriteHeader(404); w.WriteHeader(500) }, want: 404},
		"BodyFirst": {reason: "a body without a status is a 200", write: func(w http.ResponseWriter) {
			_, _ = io.WriteString(w, "x")
			w.WriteHeader(500)
		}, want: 200},
		"Deadline": {reason: "the controller reaches the writer below", write: func(w http.ResponseWriter) {
			if err := http.NewResponseController(w).Flush(); err != nil {
				w.WriteHeader(500)
			}
		}, want: 200},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			recorder := &statusRecorder{ResponseWriter: httptest.NewRecorder(), status: 200}
			tc.write(recorder)
			if recorder.status != tc.want {
				t.Errorf("%s: recorded %d, want %d", tc.reason, recorder.status, tc.want)
			}
		})
	}
}
