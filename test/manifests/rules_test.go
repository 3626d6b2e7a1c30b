// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package manifests_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/test/manifests"
)

// prometheusRule is what of the Prometheus operator's kind is used.
type prometheusRule struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Groups []struct {
			Name  string `json:"name"`
			Rules []struct {
				Alert       string            `json:"alert"`
				Expr        string            `json:"expr"`
				For         string            `json:"for,omitempty"`
				Labels      map[string]string `json:"labels"`
				Annotations map[string]string `json:"annotations"`
			} `json:"rules"`
		} `json:"groups"`
	} `json:"spec"`
}

// An alert on a series that nobody exports never fires.
func TestAlertsAreOnDocumentedMetrics(t *testing.T) {
	operations, err := os.ReadFile(filepath.Join(manifests.Root(), "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(igny8_[a-z_]+)").FindAllStringSubmatch(string(operations), -1) {
		documented[row[1]] = true
	}
	for _, file := range decode[prometheusRule](t, render(t, "prometheus"), "PrometheusRule") {
		for _, group := range file.Spec.Groups {
			for _, rule := range group.Rules {
				metrics := regexp.MustCompile(`igny8_[a-z_]+`).FindAllString(rule.Expr, -1)
				if len(metrics) == 0 || rule.Annotations["summary"] == "" || rule.Labels["severity"] == "" {
					t.Errorf("alert %s has no metric, summary or severity", rule.Alert)
				}
				for _, metric := range metrics {
					if !documented[metric] {
						t.Errorf("alert %s is on %s, which docs/operations.md does not have", rule.Alert, metric)
					}
				}
			}
		}
	}
}
