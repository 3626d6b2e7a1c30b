// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package syncevent

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-logr/logr/funcr"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func TestAppendKeepsNewest(t *testing.T) {
	var history []v1alpha1.SyncEvent
	for i := range 25 {
		before := append([]v1alpha1.SyncEvent(nil), history...)
		longer := Append(history, v1alpha1.SyncEvent{Action: fmt.Sprint(i)})
		if diff := cmp.Diff(before, history); diff != "" {
			t.Fatalf("the old history was changed (-before +after):\n%s", diff)
		}
		history = longer
	}
	var actions []string
	for _, ev := range history {
		actions = append(actions, ev.Action)
	}
	if got, want := strings.Join(actions, " "), "24 23 22 21 20 19 18 17 16 15"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAppendKeepsToTheBoundsOfTheAPI(t *testing.T) {
	long := strings.Repeat("ü", 2000)
	details := make([]v1alpha1.NamedValue, 20)
	for i := range details {
		details[i] = v1alpha1.NamedValue{Name: string(rune('a'+i)) + long, Value: long}
	}
	ev := Append(nil, v1alpha1.SyncEvent{
		Action: long, Description: long, ErrorMessage: long, ExternalID: long, Details: details, DurationMilliseconds: 1 << 40,
	})[0]
	for field, got := range map[string]int{
		"action 64":        64 - len([]rune(ev.Action)),
		"description 1024": 1024 - len([]rune(ev.Description)),
		"error 1024":       1024 - len([]rune(ev.ErrorMessage)),
		"external id 64":   64 - len([]rune(ev.ExternalID)),
		"details 16":       16 - len(ev.Details),
		"name 253":         253 - len([]rune(ev.Details[0].Name)),
		"value 1024":       1024 - len([]rune(ev.Details[0].Value)),
		"duration a day":   int(24*time.Hour/time.Millisecond) - int(ev.DurationMilliseconds),
	} {
		if got != 0 {
			t.Errorf("%s: off by %d", field, got)
		}
	}
	if len(details) != 20 || details[0].Name != "a"+long {
		t.Error("the caller's details were changed")
	}
}

// TestAppendMakesAMapOfDetails: the API refuses a status with a name twice, or
// without one.
func TestAppendMakesAMapOfDetails(t *testing.T) {
	ev := Append(nil, v1alpha1.SyncEvent{Details: []v1alpha1.NamedValue{
		{Name: "a", Value: "1"}, {Value: "nameless"}, {Name: "b", Value: "2"}, {Name: "a", Value: "3"},
	}})[0]
	if diff := cmp.Diff([]v1alpha1.NamedValue{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}}, ev.Details); diff != "" {
		t.Errorf("details (-want +got):\n%s", diff)
	}
}

func TestLogWritesOneLine(t *testing.T) {
	var lines []string
	log := funcr.NewJSON(func(line string) { lines = append(lines, line) }, funcr.Options{}).
		WithValues("namespace", "default", "name", "hello")
	Log(log, v1alpha1.SyncEvent{
		EventType: v1alpha1.SyncEventTypePublish, Action: "ContentPublish", Description: "two\nlines",
		ContentID: 123, ExternalID: "12", ErrorMessage: "refused", DurationMilliseconds: 5,
		Details:     []v1alpha1.NamedValue{{Name: "attempt", Value: "2"}},
		CreatedTime: metav1.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("CET", 3600)),
	})
	if len(lines) != 1 || strings.Contains(lines[0], "\n") {
		t.Fatalf("got %q, want one line", lines)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &got); err != nil {
		t.Fatalf("%s is not JSON: %v", lines[0], err)
	}
	delete(got, "level")
	want := map[string]any{
		"logger": "syncevent", "msg": "sync event", "schema": "publishing.igny8.com/syncevent/v1",
		"namespace": "default", "name": "hello",
		"eventType": "Publish", "action": "ContentPublish", "description": "two\nlines", "success": false,
		"contentID": 123.0, "externalID": "12", "errorMessage": "refused", "durationMilliseconds": 5.0,
		"details": map[string]any{"attempt": "2"}, "createdTime": "2026-11-23T08:00:00Z",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("line (-want +got):\n%s", diff)
	}
}
