// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// TestWebhookserver: the sidecar becomes ready with the token that the manager
// mints for it, and answers in JSON.
func TestWebhookserver(t *testing.T) {
	startManager(t)
	server, err := shared.StartWebhookserver(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
		if log := server.Log(); strings.Contains(log, "DATA RACE") || strings.Contains(log, "is forbidden") {
			t.Errorf("the webhookserver's log:\n%s", log)
		}
	})
	response, err := http.Get("http://" + server.Address + "/api/v1/nothing")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var problem struct {
		Status int    `json:"status"`
		Title  string `json:"title"`
	}
	if err := json.NewDecoder(response.Body).Decode(&problem); err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusNotFound || problem.Status != http.StatusNotFound || response.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("answered %d %q with %+v, want a 404 problem", response.StatusCode, response.Header.Get("Content-Type"), problem)
	}
	metrics, err := http.Get("http://" + server.Metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer metrics.Body.Close()
	if metrics.StatusCode != http.StatusOK {
		t.Errorf("GET /metrics: %d", metrics.StatusCode)
	}
}
