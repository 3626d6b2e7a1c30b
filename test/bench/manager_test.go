// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bufio"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/igny8/wordpress-operator/hack/stack"
)

// startManager runs a manager until the end of the test, or until it is stopped.
func startManager(t *testing.T, z size, flags ...string) *stack.Program {
	t.Helper()
	manager, err := shared.StartManager(t.Context(), append([]string{
		"--leader-elect=false", "--log-level=info",
		"--connection-test-interval=" + z.interval.String(), "--secret-poll-interval=" + z.secretPoll.String(),
		"--connection-retry-min=1s", "--connection-retry-max=" + z.interval.String(),
	}, flags...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := manager.Stop(); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			log := manager.Log()
			t.Logf("manager:\n%s", log[max(0, len(log)-4000):])
		}
	})
	return manager
}

// stopManager ends a manager before the test does.
func stopManager(t *testing.T, manager *stack.Program) {
	t.Helper()
	if err := manager.Stop(); err != nil {
		t.Fatal(err)
	}
}

// series are the metrics of a program, by name and labels.
type series map[string]float64

// metricsOf reads the metrics of the manager.
func metricsOf(t *testing.T, manager *stack.Program) series {
	t.Helper()
	response, err := http.Get("http://" + manager.Metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	all := series{}
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		line := lines.Text()
		at := strings.LastIndexByte(line, ' ')
		if at < 0 || strings.HasPrefix(line, "#") {
			continue
		}
		if all[line[:at]], err = strconv.ParseFloat(line[at+1:], 64); err != nil {
			t.Fatal(err)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// of is the one value of a metric without labels.
func (s series) of(t *testing.T, name string) float64 {
	t.Helper()
	value, ok := s[name]
	if !ok {
		t.Fatalf("the manager has no metric %s", name)
	}
	return value
}

// sum adds the series of a metric that have a label. There are none until the
// controller has started.
func (s series) sum(name, label string) float64 {
	total := 0.0
	for key, value := range s {
		if strings.HasPrefix(key, name+"{") && strings.Contains(key, label) {
			total += value
		}
	}
	return total
}

const ofRequests = `controller="publishrequest"`

// reconciles is how often a request was reconciled to an end.
func reconciles(t *testing.T, manager *stack.Program) float64 {
	t.Helper()
	return metricsOf(t, manager).sum("controller_runtime_reconcile_total", ofRequests)
}

// cpuSeconds is what the manager has used of the processors, in seconds.
func cpuSeconds(t *testing.T, manager *stack.Program) float64 {
	t.Helper()
	return metricsOf(t, manager).of(t, "process_cpu_seconds_total")
}

// state is what the manager holds at a moment.
type state struct {
	// heap is what was alive at the last garbage collection, resident what the
	// kernel counts, both in bytes.
	heap, resident float64
	goroutines     float64
}

func stateOf(t *testing.T, manager *stack.Program) state {
	t.Helper()
	m := metricsOf(t, manager)
	return state{m.of(t, "go_gc_heap_live_bytes"), m.of(t, "process_resident_memory_bytes"), m.of(t, "go_goroutines")}
}

// collected is the state after two garbage collections more: what was alive only
// in a pool or waited for its finalizer is gone then. Reading the metrics makes
// the garbage that they need.
func collected(t *testing.T, manager *stack.Program) state {
	t.Helper()
	const cycles = "go_gc_cycles_total_gc_cycles_total"
	wanted := metricsOf(t, manager).of(t, cycles) + 2
	await(t, "two garbage collections", func() bool {
		for range 200 {
			if metricsOf(t, manager).of(t, cycles) >= wanted {
				return true
			}
		}
		return false
	})
	return stateOf(t, manager)
}
