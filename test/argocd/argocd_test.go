// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package argocd

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHealth(t *testing.T) {
	script, err := os.ReadFile(filepath.Join(folder, "health.lua"))
	if err != nil {
		t.Fatal(err)
	}
	var cases struct {
		Tests []struct {
			InputPath    string         `json:"inputPath"`
			HealthStatus map[string]any `json:"healthStatus"`
		} `json:"tests"`
	}
	read(t, "health_test.yaml", &cases)
	if len(cases.Tests) == 0 {
		t.Fatal("there is no case")
	}
	for _, tc := range cases.Tests {
		t.Run(tc.InputPath, func(t *testing.T) {
			if diff := cmp.Diff(any(tc.HealthStatus), run(t, string(script), tc.InputPath)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// actions is the form that Argo CD's ConfigMap has them in.
type actions struct {
	Discovery   string `json:"discovery.lua"`
	Definitions []struct {
		Name   string `json:"name"`
		Action string `json:"action.lua"`
	} `json:"definitions"`
}

// actionCases are in the form of Argo CD's own tests.
type actionCases struct {
	DiscoveryTests []struct {
		InputPath string `json:"inputPath"`
		Result    []struct {
			Name     string `json:"name"`
			Disabled bool   `json:"disabled"`
		} `json:"result"`
	} `json:"discoveryTests"`
	ActionTests []struct {
		Action             string `json:"action"`
		InputPath          string `json:"inputPath"`
		ExpectedOutputPath string `json:"expectedOutputPath"`
	} `json:"actionTests"`
}

func TestActions(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(folder, "actions_*_test.yaml"))
	if err != nil || len(files) != 3 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), "_test.yaml")
		t.Run(name, func(t *testing.T) {
			var a actions
			var cases actionCases
			read(t, name+".yaml", &a)
			read(t, name+"_test.yaml", &cases)
			testDiscovery(t, a, cases)
			testActions(t, a, cases)
		})
	}
}

func testDiscovery(t *testing.T, a actions, cases actionCases) {
	for _, tc := range cases.DiscoveryTests {
		want := map[string]any{}
		for _, r := range tc.Result {
			want[r.Name] = map[string]any{"disabled": r.Disabled}
		}
		if diff := cmp.Diff(any(want), run(t, a.Discovery, tc.InputPath)); diff != "" {
			t.Errorf("%s: -want +got\n%s", tc.InputPath, diff)
		}
		if len(want) != len(a.Definitions) {
			t.Errorf("%d actions are discovered, %d are defined", len(want), len(a.Definitions))
		}
	}
}

func testActions(t *testing.T, a actions, cases actionCases) {
	tested := map[string]bool{}
	for _, tc := range cases.ActionTests {
		tested[tc.Action] = true
		for _, d := range a.Definitions {
			if d.Name != tc.Action {
				continue
			}
			var want map[string]any
			read(t, tc.ExpectedOutputPath, &want)
			if diff := cmp.Diff(any(want), run(t, d.Action, tc.InputPath)); diff != "" {
				t.Errorf("%s of %s: -want +got\n%s", tc.Action, tc.InputPath, diff)
			}
		}
	}
	for _, d := range a.Definitions {
		if !tested[d.Name] {
			t.Errorf("action %s has no case", d.Name)
		}
	}
}
