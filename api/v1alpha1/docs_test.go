// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// Words for bounds that are too long to write out.
var boundWords = strings.NewReplacer("2^53-1", "9007199254740991")

// A field's documentation states its bounds and its default; that it stays
// true when one of them is changed is what this test is for.
func TestDocumentationStatesBoundsAndDefaults(t *testing.T) {
	for kind, c := range loadCRDs(t) {
		t.Run(kind, func(t *testing.T) {
			spec := c.schema.Properties["spec"]
			walkSchema(&spec, "spec", func(n node) {
				text := boundWords.Replace(strings.ReplaceAll(n.schema.Description, "\n", " "))
				for _, number := range documentedNumbers(n) {
					if !regexp.MustCompile(`\b` + number + `\b`).MatchString(text) {
						t.Errorf("%s: the bound %s is not in %q", n.schemaPath, number, text)
					}
				}
				if want := documentedDefault(n); !strings.Contains(text, want) {
					t.Errorf("%s: %q is not in %q", n.schemaPath, want, text)
				}
			})
		})
	}
}

// documentedNumbers are the bounds a field's documentation has to name. An
// enum's values, a reference's name and a fixed length say themselves.
func documentedNumbers(n node) []string {
	v := n.schema.ValueValidation
	if v == nil || strings.HasSuffix(n.schemaPath, "[]") {
		return nil
	}
	var out []string
	add := func(number int64) { out = append(out, fmt.Sprint(number)) }
	if v.MaxLength != nil && (v.MinLength == nil || *v.MinLength != *v.MaxLength) {
		add(*v.MaxLength)
	}
	if v.Minimum != nil {
		add(int64(*v.Minimum))
	}
	if v.Maximum != nil {
		add(int64(*v.Maximum))
	}
	if n.schema.Items == nil {
		return out
	}
	if item := n.schema.Items.ValueValidation; item == nil || len(item.Enum) == 0 {
		add(*v.MaxItems)
		if item != nil && item.MaxLength != nil {
			add(*item.MaxLength)
		}
	}

	return out
}

// documentedDefault is the sentence that names a field's default.
func documentedDefault(n node) string {
	switch value := n.schema.Default.Object.(type) {
	case string, int64, bool:
		return fmt.Sprintf("Default %v", value)
	default:
		return ""
	}
}
