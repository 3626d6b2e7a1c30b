// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package upgrade_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	"github.com/igny8/wordpress-operator/test/upgrade"
)

// accepted is what is stricter than in the version before, and why no stored object suffers.
var accepted = map[string]string{
	"WordPressIntegration v1alpha1: there is a new rule: oldSelf.hasValue() || size(self.metadata.name) <= 237": "it holds for new objects alone",
	"PublishRequest v1alpha1.spec: there is a new rule: has(self.title) || self.content.format == 'Markdown'":   "the title was required of all before",
}

func read(t *testing.T, file string) *apiextensionsv1.CustomResourceDefinition {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	crd := &apiextensionsv1.CustomResourceDefinition{}
	if err := yaml.UnmarshalStrict(text, crd); err != nil {
		t.Fatal(err)
	}
	return crd
}

// testdata/previous has the CRDs of the version before this one; a release replaces them.
func TestSchemas(t *testing.T) {
	files, err := filepath.Glob("testdata/previous/*.yaml")
	if err != nil || len(files) != 3 {
		t.Fatalf("%v, %v", files, err)
	}
	used := map[string]bool{}
	for _, file := range files {
		before, after := read(t, file), read(t, filepath.Join("../../config/crd/bases", filepath.Base(file)))
		for _, line := range upgrade.Incompatible(before, after) {
			line = after.Spec.Names.Kind + " " + line
			if used[line] = true; accepted[line] == "" {
				t.Errorf("stored objects may become invalid: %s", line)
			}
		}
	}
	for line := range accepted {
		if !used[line] {
			t.Errorf("this is not stricter any more: %s", line)
		}
	}
}

func definition(text string, change func(*apiextensionsv1.CustomResourceDefinition)) (*apiextensionsv1.CustomResourceDefinition, error) {
	crd := &apiextensionsv1.CustomResourceDefinition{}
	if err := yaml.UnmarshalStrict([]byte(text), crd); err != nil {
		return nil, err
	}
	change(crd)
	return crd, nil
}

const example = `
spec:
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            name: {type: string, maxLength: 10, enum: [a, b]}
            count: {type: integer, minimum: 1}
            list:
              type: array
              items: {type: string}
`

func TestIncompatible(t *testing.T) {
	type definitionOf = *apiextensionsv1.CustomResourceDefinition
	root := func(d definitionOf) *apiextensionsv1.JSONSchemaProps {
		return d.Spec.Versions[0].Schema.OpenAPIV3Schema
	}
	field := func(name string, change func(*apiextensionsv1.JSONSchemaProps)) func(definitionOf) {
		return func(d definitionOf) {
			f := root(d).Properties[name]
			change(&f)
			root(d).Properties[name] = f
		}
	}
	number := func(n int64) *int64 { return &n }
	real := func(n float64) *float64 { return &n }
	tests := map[string]struct {
		change func(definitionOf)
		want   []string
	}{
		"Same":       {func(definitionOf) {}, nil},
		"NewField":   {func(d definitionOf) { root(d).Properties["more"] = apiextensionsv1.JSONSchemaProps{Type: "string"} }, nil},
		"Looser":     {field("name", func(f *apiextensionsv1.JSONSchemaProps) { f.MaxLength, f.Enum = number(20), nil }), nil},
		"FieldGone":  {func(d definitionOf) { delete(root(d).Properties, "count") }, []string{"v1.count: the field is gone, and its values with it"}},
		"Required":   {func(d definitionOf) { root(d).Required = []string{"name"} }, []string{"v1: name is required now"}},
		"Scope":      {func(d definitionOf) { d.Spec.Scope = "Cluster" }, []string{"scope: was Namespaced, is Cluster"}},
		"Version":    {func(d definitionOf) { d.Spec.Versions[0].Name = "v2" }, []string{"v1: the version is gone"}},
		"NotServed":  {func(d definitionOf) { d.Spec.Versions[0].Served = false }, []string{"v1: the version is not served any more"}},
		"NotStored":  {func(d definitionOf) { d.Spec.Versions[0].Storage = false }, []string{"v1: the version is not stored any more; stored objects have to be migrated first"}},
		"Shorter":    {field("name", func(f *apiextensionsv1.JSONSchemaProps) { f.MaxLength = number(5) }), []string{"v1.name: maxLength is closer now: 5"}},
		"Longer":     {field("name", func(f *apiextensionsv1.JSONSchemaProps) { f.MinLength = number(5) }), []string{"v1.name: minLength is closer now: 5"}},
		"Smaller":    {field("count", func(f *apiextensionsv1.JSONSchemaProps) { f.Maximum = real(5) }), []string{"v1.count: maximum is closer now: 5"}},
		"Larger":     {field("count", func(f *apiextensionsv1.JSONSchemaProps) { f.Minimum = real(2) }), []string{"v1.count: minimum is closer now: 2"}},
		"Type":       {field("count", func(f *apiextensionsv1.JSONSchemaProps) { f.Type = "string" }), []string{"v1.count: type was integer, is string"}},
		"Value":      {field("name", func(f *apiextensionsv1.JSONSchemaProps) { f.Enum = f.Enum[:1] }), []string{`v1.name: value "b" is refused now`}},
		"Pattern":    {field("name", func(f *apiextensionsv1.JSONSchemaProps) { f.Pattern = "^a" }), []string{`v1.name: pattern was "", is "^a"`}},
		"Format":     {field("name", func(f *apiextensionsv1.JSONSchemaProps) { f.Format = "uri" }), []string{`v1.name: format was "", is "uri"`}},
		"SomeValues": {field("count", func(f *apiextensionsv1.JSONSchemaProps) { f.Enum = []apiextensionsv1.JSON{{Raw: []byte("1")}} }), []string{"v1.count: only some values are taken now"}},
		"Rule": {
			field("name", func(f *apiextensionsv1.JSONSchemaProps) {
				f.XValidations = apiextensionsv1.ValidationRules{{Rule: "self != 'c'"}}
			}),
			[]string{"v1.name: there is a new rule: self != 'c'"},
		},
		"InList": {field("list", func(f *apiextensionsv1.JSONSchemaProps) { f.Items.Schema.MaxLength = number(5) }), []string{"v1.list[]: maxLength is closer now: 5"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			before, err := definition(example, func(definitionOf) {})
			if err != nil {
				t.Fatal(err)
			}
			after, err := definition(example, tc.change)
			if err != nil {
				t.Fatal(err)
			}
			got := upgrade.Incompatible(before, after)
			if diff := cmp.Diff(slices.Clip(tc.want), got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
