// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// listed is a cache with some integrations.
type listed struct {
	client.Reader
	items []v1alpha1.WordPressIntegration
	err   error
}

func (l *listed) List(_ context.Context, list client.ObjectList, _ ...client.ListOption) error {
	list.(*v1alpha1.WordPressIntegrationList).Items = l.items
	return l.err
}

func elected() <-chan struct{} {
	ch := make(chan struct{})
	close(ch)
	return ch
}

// known is an integration with a verdict.
func known(name string, status metav1.ConditionStatus, reason string) v1alpha1.WordPressIntegration {
	i := blog("https://blog.example.com", func(i *v1alpha1.WordPressIntegration) { i.Name = name })
	i.Status.Conditions = []metav1.Condition{
		{Type: v1alpha1.ConditionConnected, Status: status, Reason: reason},
		{Type: v1alpha1.ConditionReady, Status: status, Reason: reason},
	}
	return *i
}

func TestCollector(t *testing.T) {
	well, down, fresh := known("well", "True", "Connected"), known("down", "False", "Timeout"), known("fresh", "True", "Connected")
	well.Status.LastContactTime = metav1.NewTime(start)
	well.Status.LastSyncTime = metav1.NewTime(start.Add(-time.Hour))
	well.Status.Keys = []v1alpha1.APIKeyStatus{
		{State: v1alpha1.APIKeyStateRetiring, SinceTime: metav1.NewTime(start)},
		{State: v1alpha1.APIKeyStateAccepted, SinceTime: metav1.NewTime(start.Add(-24 * time.Hour))},
	}
	down.Spec.Suspend = true // its silence is no alarm
	down.Status.LastContactTime, down.Status.LastSyncTime = metav1.NewTime(start), metav1.NewTime(start)
	r := New(Options{Intervals: DefaultIntervals()})
	r.sightings.answered(nameOf(&well), start.Add(time.Minute)) // later than the status says
	want := fmt.Sprintf(`
# HELP igny8_integration_key_accepted_timestamp_seconds Since when the site accepts the present API key, as Unix time.
# TYPE igny8_integration_key_accepted_timestamp_seconds gauge
igny8_integration_key_accepted_timestamp_seconds{name="well",namespace="team"} %d
# HELP igny8_integration_last_contact_timestamp_seconds When the plugin at the site last answered, as Unix time.
# TYPE igny8_integration_last_contact_timestamp_seconds gauge
igny8_integration_last_contact_timestamp_seconds{name="well",namespace="team"} %d
# HELP igny8_integration_last_sync_timestamp_seconds When the site was last read in full, as Unix time.
# TYPE igny8_integration_last_sync_timestamp_seconds gauge
igny8_integration_last_sync_timestamp_seconds{name="well",namespace="team"} %d
# HELP igny8_integrations Integrations by the type, status and reason of their conditions.
# TYPE igny8_integrations gauge
igny8_integrations{condition="Connected",reason="Connected",status="True"} 2
igny8_integrations{condition="Connected",reason="Timeout",status="False"} 1
igny8_integrations{condition="Ready",reason="Connected",status="True"} 2
igny8_integrations{condition="Ready",reason="Timeout",status="False"} 1
# HELP igny8_integrations_suspended Integrations that are suspended; their conditions are those of before.
# TYPE igny8_integrations_suspended gauge
igny8_integrations_suspended 1
`, start.Add(-24*time.Hour).Unix(), start.Add(time.Minute).Unix(), start.Add(-time.Hour).Unix())
	cache := &listed{items: []v1alpha1.WordPressIntegration{well, down, fresh}}
	if err := testutil.CollectAndCompare(r.Collector(cache, elected()), strings.NewReader(want)); err != nil {
		t.Error(err)
	}
	problems, err := testutil.CollectAndLint(r.Collector(cache, elected()))
	if err != nil || len(problems) > 0 {
		t.Errorf("against the conventions of Prometheus: %v, %v", problems, err)
	}
}

// Each replica has the cache, and what they export is summed up.
func TestAStandbyExportsNothing(t *testing.T) {
	r := New(Options{Intervals: DefaultIntervals()})
	cache := &listed{items: []v1alpha1.WordPressIntegration{known("well", "True", "Connected")}}
	if n := testutil.CollectAndCount(r.Collector(cache, make(chan struct{}))); n != 0 {
		t.Errorf("%d series", n)
	}
}

func TestACacheThatFailsIsNotTakenForNoIntegrations(t *testing.T) {
	r := New(Options{Intervals: DefaultIntervals()})
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(r.Collectors(&listed{err: errors.New("not started")}, elected())...)
	if _, err := registry.Gather(); err == nil {
		t.Error("a scrape without the cache succeeds")
	}
}

func BenchmarkCollectorOfAThousand(b *testing.B) {
	cache := &listed{}
	for n := range 1000 {
		i := known(fmt.Sprint("blog-", n), "True", "Connected")
		i.Status.LastContactTime = metav1.NewTime(start)
		cache.items = append(cache.items, i)
	}
	collector := New(Options{Intervals: DefaultIntervals()}).Collector(cache, elected())
	for b.Loop() {
		testutil.CollectAndCount(collector)
	}
}
