// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	clocktesting "k8s.io/utils/clock/testing"
)

// source is a Source that a test drives.
type source struct {
	ready error
	fail  chan error
}

func (s *source) Ready(*http.Request) error { return s.ready }

func (s *source) Start(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.fail:
		return err
	}
}

// fixture is a server on free ports of the loopback address.
type fixture struct {
	*Server
	source *source
	clock  *clocktesting.FakeClock
	stop   context.CancelFunc
	done   chan error
}

func newFixture(t *testing.T, change func(*Options)) *fixture {
	t.Helper()
	f := &fixture{source: &source{fail: make(chan error)}, clock: clocktesting.NewFakeClock(now), done: make(chan error, 1)}
	options := Options{
		SiteAddress: "127.0.0.1:0", HealthAddress: "127.0.0.1:0", MetricsAddress: "127.0.0.1:0",
		MaxConnections: 10, ShutdownTimeout: time.Minute,
		Source: f.source, Registry: prometheus.NewRegistry(), Clock: f.clock, Log: logr.Discard(),
	}
	change(&options)
	server, err := New(options)
	if err != nil {
		t.Fatalf("New() = %v", err)
	}
	f.Server = server
	return f
}

func (f *fixture) start(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f.stop = cancel
	go func() { f.done <- f.Run(ctx) }()
	// A test that has ended need not see a clean end.
	t.Cleanup(func() {
		cancel()
		_ = f.close()
	})
}

func (f *fixture) get(t *testing.T, l *listener, path string) (int, string) {
	t.Helper()
	status, body, err := fetch("http://" + l.address() + path)
	if err != nil {
		t.Fatal(err)
	}
	return status, body
}

func fetch(url string) (int, string, error) {
	response, err := http.Get(url)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, string(body), err
}

func unchanged(*Options) {}

func TestServerAnswersOnThreeListeners(t *testing.T) {
	f := newFixture(t, unchanged)
	f.start(t)
	tests := map[string]struct {
		reason string
		on     *listener
		path   string
		want   int
		body   string
	}{
		"Sites":          {reason: "no route yet", on: f.site, path: "/api/v1/integration/webhooks/wordpress/status/", want: 404, body: `"title":"Not Found"`},
		"SitesNoMetrics": {reason: "metrics are not public", on: f.site, path: "/metrics", want: 404, body: `"title":"Not Found"`},
		"SitesNoProbes":  {reason: "probes are not public", on: f.site, path: "/healthz", want: 404, body: `"title":"Not Found"`},
		"Healthz":        {reason: "alive", on: f.probes, path: "/healthz", want: 200, body: "ok"},
		"Readyz":         {reason: "ready", on: f.probes, path: "/readyz", want: 200, body: "ok"},
		"Metrics":        {reason: "in the text format", on: f.metrics, path: "/metrics", want: 200},
		"MetricsRoot":    {reason: "nothing else beside the metrics", on: f.metrics, path: "/", want: 404},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			status, body := f.get(t, tc.on, tc.path)
			if status != tc.want || !strings.Contains(body, tc.body) {
				t.Errorf("%s: answered %d %q, want %d with %q", tc.reason, status, body, tc.want, tc.body)
			}
		})
	}
	if _, body := f.get(t, f.metrics, "/metrics"); !strings.Contains(body, `igny8_webhookserver_requests_total{code="404",method="GET",route="none"} 3`) {
		t.Errorf("three requests to no route are not counted:\n%s", body)
	}
}

func TestServerIsAliveBeforeItIsReady(t *testing.T) {
	f := newFixture(t, unchanged)
	f.source.ready = errNotSynced
	f.start(t)
	if status, _ := f.get(t, f.probes, "/healthz"); status != http.StatusOK {
		t.Errorf("/healthz answered %d: it must not be restarted for it", status)
	}
	if status, _ := f.get(t, f.probes, "/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz answered %d", status)
	}
}

func TestServerDrainsBeforeItStops(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.DrainDelay = 5 * time.Second })
	f.start(t)
	f.get(t, f.probes, "/readyz")

	f.stop()
	eventually(t, "drain", f.clock.HasWaiters)
	if status, _ := f.get(t, f.probes, "/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz answered %d while draining", status)
	}
	if status, _ := f.get(t, f.probes, "/healthz"); status != http.StatusOK {
		t.Errorf("/healthz answered %d while draining", status)
	}
	if status, _ := f.get(t, f.site, "/"); status != http.StatusNotFound {
		t.Errorf("a late request was answered %d", status)
	}

	f.clock.Step(5 * time.Second)
	if err := <-f.done; err != nil {
		t.Errorf("Run() = %v, want a clean end", err)
	}
	if _, err := net.Dial("tcp", f.site.address()); err == nil {
		t.Error("the server still listens")
	}
}

// hold makes the server answer one request only when release is closed.
func (f *fixture) hold() (arrived, release chan struct{}) {
	arrived, release = make(chan struct{}), make(chan struct{})
	f.site.server.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-release
		_, _ = io.WriteString(w, "finished")
	})
	return arrived, release
}

func TestServerFinishesRequestsInFlight(t *testing.T) {
	f := newFixture(t, unchanged)
	arrived, release := f.hold()
	f.start(t)
	answer := make(chan string)
	go func() {
		_, body, err := fetch("http://" + f.site.address())
		answer <- fmt.Sprint(body, err)
	}()
	<-arrived
	f.stop()
	eventually(t, "close the socket", func() bool {
		_, err := net.Dial("tcp", f.site.address())
		return err != nil
	})
	close(release)
	if got := <-answer; got != "finished<nil>" {
		t.Errorf("the request in flight was answered %q", got)
	}
	if err := <-f.done; err != nil {
		t.Errorf("Run() = %v, want a clean end", err)
	}
}

func TestServerCutsOffWhatTakesTooLong(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.ShutdownTimeout = time.Millisecond })
	arrived, release := f.hold()
	defer close(release)
	f.start(t)
	go func() { _, _, _ = fetch("http://" + f.site.address()) }()
	<-arrived
	f.stop()
	if err := <-f.done; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Run() = %v, want that requests were cut off", err)
	}
}

func TestServerStopsWhenItsSourceFails(t *testing.T) {
	f := newFixture(t, unchanged)
	f.start(t)
	f.source.fail <- errBoom
	if err := <-f.done; !errors.Is(err, errBoom) {
		t.Errorf("Run() = %v, want %v", err, errBoom)
	}
}

func TestPortsThatAreTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	tests := map[string]func(*Options){
		"sites":   func(o *Options) { o.SiteAddress = taken.Addr().String() },
		"probes":  func(o *Options) { o.HealthAddress = taken.Addr().String() },
		"metrics": func(o *Options) { o.MetricsAddress = taken.Addr().String() },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			options := newFixture(t, unchanged).options
			options.Registry = prometheus.NewRegistry()
			change(&options)
			if _, err := New(options); err == nil || !strings.Contains(err.Error(), "listen for "+name) {
				t.Errorf("New() = %v, want it to name the listener", err)
			}
		})
	}
}

// exchange sends bytes and returns the status line of the answer.
func exchange(address, request string) (string, error) {
	connection, err := net.Dial("tcp", address)
	if err != nil {
		return "", err
	}
	defer connection.Close()
	if _, err := io.WriteString(connection, request); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(connection).ReadString('\n')
	return strings.TrimSpace(line), err
}

func TestHostileRequests(t *testing.T) {
	f := newFixture(t, unchanged)
	f.start(t)
	// net/http allows 4 KiB more than it is told; twice the limit is beyond doubt.
	huge := strings.Repeat("x", 2*MaxHeaderBytes)
	tests := map[string]struct {
		reason  string
		request string
		want    string
	}{
		"HugeHeader": {reason: "headers are bounded", request: "GET / HTTP/1.1\r\nHost: x\r\nX-Huge: " + huge + "\r\n\r\n", want: "431"},
		"HugePath":   {reason: "so is the request line", request: "GET /" + huge + " HTTP/1.1\r\nHost: x\r\n\r\n", want: "431"},
		"TwoLengths": {reason: "smuggling: which length counts?", request: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", want: "400"},
		"NoHost":     {reason: "HTTP/1.1 demands a host", request: "GET / HTTP/1.1\r\n\r\n", want: "400"},
		"H2C":        {reason: "HTTP/2 without TLS is not spoken: the preface is a request like another", request: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", want: "404"},
		"Options":    {reason: "OPTIONS * is a path like another", request: "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", want: "404"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := exchange(f.site.address(), tc.request)
			if err != nil || !strings.HasPrefix(got, fmt.Sprintf("HTTP/1.1 %s ", tc.want)) {
				t.Errorf("%s: answered %q, %v, want %s", tc.reason, got, err, tc.want)
			}
		})
	}
}

func TestTimeoutsAreSetOnEveryListener(t *testing.T) {
	f := newFixture(t, unchanged)
	for _, l := range f.listeners() {
		s := l.server
		for name, timeout := range map[string]time.Duration{
			"ReadHeaderTimeout": s.ReadHeaderTimeout, "ReadTimeout": s.ReadTimeout,
			"WriteTimeout": s.WriteTimeout, "IdleTimeout": s.IdleTimeout,
		} {
			if timeout <= 0 || timeout > time.Minute {
				t.Errorf("%s: %s is %v", l.name, name, timeout)
			}
		}
	}
}
