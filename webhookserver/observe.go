// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"net/http"
	"strconv"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/util/uuid"
	"k8s.io/utils/clock"
)

// requestIDHeader names the header that ties an answer to our log.
const requestIDHeader = "X-Request-Id"

// observer logs and counts requests. Neither has the path: it is the caller's to choose,
// so it would let anybody fill the log and the metrics. The pattern of the route stands in.
type observer struct {
	metrics *requestMetrics
	clock   clock.PassiveClock
	log     logr.Logger
}

func (o observer) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := o.clock.Now()
		id := string(uuid.NewUUID())
		w.Header().Set(requestIDHeader, id)
		recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(recorder, r)
		o.record(r, recorder.status, o.clock.Since(start), id)
	})
}

// record runs after the router has set r.Pattern. Requests without a route are the
// noise of the internet: counted, and logged at debug alone.
func (o observer) record(r *http.Request, status int, elapsed time.Duration, id string) {
	route, method := routeLabel(r.Pattern), methodLabel(r.Method)
	o.metrics.observe(route, method, strconv.Itoa(status), elapsed)
	log := o.log
	if route == noRoute {
		log = log.V(1)
	}
	log.Info("Answered a request", "route", route, "method", method, "status", status,
		"seconds", elapsed.Seconds(), "requestID", id)
}

// statusRecorder remembers the status of an answer.
type statusRecorder struct {
	http.ResponseWriter
	status  int
	written bool
}

// WriteHeader implements http.ResponseWriter; net/http ignores all but the first.
func (s *statusRecorder) WriteHeader(status int) {
	if !s.written {
		s.status, s.written = status, true
	}
	s.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter; the first write without a status is a 200.
func (s *statusRecorder) Write(body []byte) (int, error) {
	s.written = true
	return s.ResponseWriter.Write(body)
}

// Unwrap lets http.ResponseController reach deadlines and flushing.
func (s *statusRecorder) Unwrap() http.ResponseWriter { return s.ResponseWriter }
