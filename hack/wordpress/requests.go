// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// Request is one request that the web server answered.
type Request struct {
	// Method and URI are as in the request line.
	Method, URI string
	// Status is the status of the answer.
	Status int
}

// Requests returns how many requests to the REST API the site has answered since it was started, under
// /wp-json/ or through ?rest_route=. The ones Start made are not counted.
func (s *Site) Requests() (int, error) {
	requests, err := s.RequestLog()
	return len(requests), err
}

// RequestLog returns the requests to the REST API that the site has answered, in order.
func (s *Site) RequestLog() ([]Request, error) {
	// nginx writes the line of a request after its answer has left. It has one worker, a single thread, so once it
	// has answered another request, the lines of all earlier ones are written. A stopped server has written all.
	const enough = 10 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), enough)
	defer cancel()
	if s.web != nil && s.get(ctx, "http://"+s.address(s.port)+barrierPath) != http.StatusNoContent {
		return nil, fmt.Errorf("read requests: the web server does not answer")
	}
	text, err := os.ReadFile(s.logFile("access.log"))
	if err != nil {
		return nil, fmt.Errorf("read requests: %w", err)
	}
	return parseRequests(string(text))
}

// parseRequests reads the access log: status, method and URI in each line, of the REST API only.
func parseRequests(text string) ([]Request, error) {
	var requests []Request
	for line := range strings.Lines(text) {
		fields := strings.SplitN(strings.TrimSpace(line), " ", 3)
		if len(fields) != 3 {
			return nil, fmt.Errorf("access log has an odd line: %q", line)
		}
		status, err := strconv.Atoi(fields[0])
		if err != nil {
			return nil, fmt.Errorf("access log has an odd status: %w", err)
		}
		requests = append(requests, Request{Status: status, Method: fields[1], URI: fields[2]})
	}
	return requests, nil
}
