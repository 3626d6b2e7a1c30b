// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package logging

import (
	"bytes"
	"encoding/json"
	"flag"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDefaultsOfTheFlags(t *testing.T) {
	var got Options
	flags := flag.NewFlagSet("program", flag.ContinueOnError)
	got.AddFlags(flags)
	if err := flags.Parse(nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Options{Level: "info", Format: FormatJSON}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestLevels(t *testing.T) {
	tests := map[string]struct {
		reason string
		level  string
		want   []string
	}{
		"Error": {reason: "errors alone", level: "error", want: []string{"failed"}},
		"Info":  {reason: "the default", level: "info", want: []string{"failed", "info"}},
		"Zero":  {reason: "V(0) is info", level: "0", want: []string{"failed", "info"}},
		"Debug": {reason: "V(1) is debug", level: "debug", want: []string{"failed", "info", "one"}},
		"Most":  {reason: "what comes at 8 has the bodies of Secrets in it", level: "20", want: []string{"failed", "info", "one", "two", "seven"}},
		"Two":   {reason: "numbers go on from there", level: "2", want: []string{"failed", "info", "one", "two"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			log, err := Options{Level: tc.level, Format: FormatJSON}.New(&out)
			if err != nil {
				t.Fatalf("New() = %v", err)
			}
			log.Error(nil, "failed")
			log.Info("info")
			log.V(1).Info("one")
			log.V(2).Info("two")
			log.V(7).Info("seven")
			log.V(8).Info("eight")
			if diff := cmp.Diff(tc.want, messages(t, &out)); diff != "" {
				t.Errorf("%s: -want +got\n%s", tc.reason, diff)
			}
		})
	}
}

func TestConsoleIsNotJSON(t *testing.T) {
	var out bytes.Buffer
	log, err := Options{Level: "info", Format: FormatConsole}.New(&out)
	if err != nil {
		t.Fatalf("New() = %v", err)
	}
	log.Info("Started", "port", 1)
	if line := out.String(); json.Valid(out.Bytes()) || !strings.Contains(line, "Started") {
		t.Errorf("logged %q", line)
	}
}

func TestNothingIsSampledAway(t *testing.T) {
	var out bytes.Buffer
	log, err := Options{Level: "info", Format: FormatJSON}.New(&out)
	if err != nil {
		t.Fatalf("New() = %v", err)
	}
	const lines = 1000
	for range lines {
		log.Info("Published")
	}
	if got := len(messages(t, &out)); got != lines {
		t.Errorf("logged %d of %d lines", got, lines)
	}
}

func TestBadOptions(t *testing.T) {
	tests := map[string]Options{
		"UnknownLevel":   {Level: "loud", Format: FormatJSON},
		"NegativeLevel":  {Level: "-1", Format: FormatJSON},
		"LevelTooHigh":   {Level: "128", Format: FormatJSON},
		"UnknownFormat":  {Level: "info", Format: "xml"},
		"NothingAtAll":   {},
		"MissingFormat":  {Level: "info"},
		"LevelWithSpace": {Level: " info", Format: FormatJSON},
	}
	for name, options := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := options.New(&bytes.Buffer{}); err == nil {
				t.Errorf("New() of %+v must fail", options)
			}
		})
	}
}

func messages(t *testing.T, out *bytes.Buffer) []string {
	t.Helper()
	var got []string
	for decoder := json.NewDecoder(out); decoder.More(); {
		var line struct {
			Msg string `json:"msg"`
		}
		if err := decoder.Decode(&line); err != nil {
			t.Fatalf("decode log: %v", err)
		}
		got = append(got, line.Msg)
	}
	return got
}
