// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"strings"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// change sets fields by path, relative to the place the rule is at; nil removes
// the field, and the empty path is the place itself.
type change map[string]any

// ruleCase is one change of a valid object.
type ruleCase struct {
	// old changes the stored object too: the case is an update then.
	old change
	// set changes the object that is applied.
	set change
}

// ruleCases are the cases of one rule by reason. The fixtures, all valid, are
// further good cases.
type ruleCases struct {
	good, bad map[string]ruleCase
}

// Every rule is broken wherever it stands, in every fixture that has the place,
// and must answer with its message at the right path.
func TestRules(t *testing.T) {
	unused := map[string]bool{}
	for message := range rules() {
		unused[message] = true
	}
	for kind, c := range loadCRDs(t) {
		walkSchema(c.schema, "", func(n node) {
			for _, rule := range n.schema.XValidations {
				cases, ok := rules()[rule.Message]
				if !ok {
					t.Errorf("%s: no test of the rule at %s with message %q", kind, n.schemaPath, rule.Message)

					continue
				}
				delete(unused, rule.Message)
				t.Run(kind+"/"+n.schemaPath+"/"+rule.Message, func(t *testing.T) {
					testRule(t, c, n.schemaPath, rule, cases)
				})
			}
		})
	}
	for message := range unused {
		t.Errorf("no rule has the message %q", message)
	}
}

func testRule(t *testing.T, c *crd, schemaPath string, rule apiextensionsv1.ValidationRule, cases ruleCases) {
	t.Helper()
	if len(cases.bad) == 0 {
		t.Fatal("no case breaks the rule")
	}
	for file, fixture := range c.fixtures(t) {
		for _, n := range c.nodes(t, clone(fixture)) {
			if n.schemaPath != schemaPath {
				continue
			}
			for reason, tc := range cases.bad {
				if !hasError(apply(t, c, fixture, n.path, tc), n.path, rule) {
					t.Errorf("%s in %s: %s: no error %q at %s", file, n.path, reason, rule.Message, n.path)
				}
			}
			for reason, tc := range cases.good {
				if errs := apply(t, c, fixture, n.path, tc); len(errs) > 0 {
					t.Errorf("%s in %s: %s: %v", file, n.path, reason, errs.ToAggregate())
				}
			}
		}
	}
}

// apply changes a copy of the fixture and validates it.
func apply(t *testing.T, c *crd, fixture object, at string, tc ruleCase) field.ErrorList {
	t.Helper()
	obj := changed(t, fixture, at, tc.set)
	if tc.old == nil {
		return c.admit(t, obj)
	}

	return c.admitUpdate(t, obj, changed(t, fixture, at, tc.old))
}

func changed(t *testing.T, fixture object, at string, with change) object {
	t.Helper()
	obj := clone(fixture)
	for _, path := range sortedKeys(with) {
		set(t, obj, join(at, path), runtime.DeepCopyJSONValue(with[path]))
	}

	return obj
}

// hasError says whether a rule's error is there, at the rule's path and of its type.
func hasError(errs field.ErrorList, at string, rule apiextensionsv1.ValidationRule) bool {
	want := field.ErrorTypeInvalid
	if rule.Reason != nil && *rule.Reason == apiextensionsv1.FieldValueForbidden {
		want = field.ErrorTypeForbidden
	}
	path := join(at, strings.TrimPrefix(rule.FieldPath, "."))
	if path == "" {
		path = "<nil>"
	}
	for _, err := range errs {
		if err.Type == want && err.Field == path && err.Detail == rule.Message {
			return true
		}
	}

	return false
}
