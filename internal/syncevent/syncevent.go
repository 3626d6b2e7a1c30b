// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package syncevent records what happened between the cluster and a site: in
// an object's history, and as one line of the event log.
package syncevent

import (
	"slices"
	"time"

	"github.com/go-logr/logr"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

const (
	// Schema names the form of a line in the event log. A change that breaks
	// readers gets a new version.
	Schema = "publishing.igny8.com/syncevent/v1"
	// LoggerName is the name of the event log's logger, by which whatever ships
	// logs picks its lines.
	LoggerName = "syncevent"
	// MaxHistory is how many events an object's status keeps.
	MaxHistory = 10
)

// The bounds of the CustomResourceDefinitions: an event beyond them would make the whole status invalid.
const (
	maxActionRunes   = 64
	maxMessageRunes  = 1024
	maxExternalID    = 64
	maxDetailName    = 253
	maxDetails       = 16
	maxDurationMilli = int64(24 * time.Hour / time.Millisecond)
)

// Append returns history with ev in front, the newest [MaxHistory] of it. The
// event is cut to what the API accepts; history itself is not changed.
func Append(history []v1alpha1.SyncEvent, ev v1alpha1.SyncEvent) []v1alpha1.SyncEvent {
	keep := history[:min(len(history), MaxHistory-1)]
	return append(append(make([]v1alpha1.SyncEvent, 0, len(keep)+1), bounded(ev)), keep...)
}

// Log writes ev as one line. The logger's own values should name the object.
func Log(log logr.Logger, ev v1alpha1.SyncEvent) {
	ev = bounded(ev)
	fields := []any{
		"schema", Schema, "eventType", string(ev.EventType), "action", ev.Action, "success", ev.Success,
		"createdTime", ev.CreatedTime.UTC().Format(time.RFC3339Nano), "durationMilliseconds", ev.DurationMilliseconds,
	}
	add := func(name, text string) {
		if text != "" {
			fields = append(fields, name, text)
		}
	}
	add("description", ev.Description)
	add("externalID", ev.ExternalID)
	add("errorMessage", ev.ErrorMessage)
	if ev.ContentID != 0 {
		fields = append(fields, "contentID", ev.ContentID)
	}
	if len(ev.Details) > 0 {
		details := make(map[string]string, len(ev.Details))
		for _, d := range ev.Details {
			details[d.Name] = d.Value
		}
		fields = append(fields, "details", details)
	}
	log.WithName(LoggerName).Info("sync event", fields...)
}

func bounded(ev v1alpha1.SyncEvent) v1alpha1.SyncEvent {
	ev.Action = cut(ev.Action, maxActionRunes)
	ev.Description = cut(ev.Description, maxMessageRunes)
	ev.ErrorMessage = cut(ev.ErrorMessage, maxMessageRunes)
	ev.DurationMilliseconds = min(max(ev.DurationMilliseconds, 0), maxDurationMilli)
	ev.ExternalID = cut(ev.ExternalID, maxExternalID)
	ev.Details = boundedDetails(ev.Details)
	return ev
}

// boundedDetails makes a map of details as the API understands it: each name
// once, the first one counts, and none empty.
func boundedDetails(details []v1alpha1.NamedValue) []v1alpha1.NamedValue {
	var out []v1alpha1.NamedValue
	for _, d := range details {
		d = v1alpha1.NamedValue{Name: cut(d.Name, maxDetailName), Value: cut(d.Value, maxMessageRunes)}
		known := slices.ContainsFunc(out, func(o v1alpha1.NamedValue) bool { return o.Name == d.Name })
		if d.Name != "" && !known && len(out) < maxDetails {
			out = append(out, d)
		}
	}
	return out
}

// cut shortens text to a number of runes, the last of them an ellipsis.
func cut(text string, maxRunes int) string {
	runes := []rune(text)
	if len(runes) <= maxRunes {
		return text
	}
	return string(runes[:maxRunes-1]) + "…"
}
