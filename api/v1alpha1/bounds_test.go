// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"fmt"
	"strings"
	"testing"

	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// Every bound of every field, at its edge, in an otherwise valid object: the
// largest value is accepted, and one step beyond is refused for that bound.
func TestBounds(t *testing.T) {
	for kind, c := range loadCRDs(t) {
		for file, fixture := range c.fixtures(t) {
			t.Run(kind+"/"+file, func(t *testing.T) {
				for _, n := range c.nodes(t, clone(fixture)) {
					testBounds(t, c, fixture, n)
				}
			})
		}
	}
}

func testBounds(t *testing.T, c *crd, fixture object, n node) {
	t.Helper()
	for _, e := range edges(n) {
		errs := apply(t, c, fixture, n.path, is(e.inside))
		if e.valid && len(errs) > 0 || hasBound(errs, n.path, e.refusal) {
			t.Errorf("%s: %s is refused: %v", n.path, e.name, messages(errs))
		}
		if e.outside == nil {
			continue
		}
		errs = apply(t, c, fixture, n.path, is(e.outside))
		if !hasBound(errs, n.path, e.refusal) {
			t.Errorf("%s: one beyond %s is not refused: %v", n.path, e.name, messages(errs))
		}
	}
}

// edge is one bound of a field.
type edge struct {
	name string
	// inside is the last value within the bound, outside the first beyond it.
	inside, outside any
	// valid says that inside is a valid value by every other rule too.
	valid bool
	// refusal is part of the error that outside gets.
	refusal string
}

// edges are the bounds of a place.
func edges(n node) []edge {
	v := n.schema.ValueValidation
	if v == nil {
		return nil
	}
	var out []edge
	switch n.schema.Type {
	case "string":
		if v.MaxLength != nil {
			longest := int(*v.MaxLength)
			out = append(out, edge{"the longest", text(n, longest), text(n, longest) + "a", true, "Too long: may not be more than"})
		}
		if v.MinLength != nil {
			shortest := int(*v.MinLength)
			out = append(out, edge{"the shortest", strings.Repeat("a", shortest), strings.Repeat("a", shortest-1), false, "should be at least"})
		}
	case "integer":
		if v.Maximum != nil {
			out = append(out, edge{"the maximum", int64(*v.Maximum), int64(*v.Maximum) + 1, true, "should be less than or equal to"})
		}
		if v.Minimum != nil {
			out = append(out, edge{"the minimum", int64(*v.Minimum), int64(*v.Minimum) - 1, true, "should be greater than or equal to"})
		}
	case "array":
		out = append(out, arrayEdges(n)...)
	}

	return out
}

func arrayEdges(n node) []edge {
	v := n.schema.ValueValidation
	most := edge{"the most items", items(n, int(*v.MaxItems)), items(n, int(*v.MaxItems)+1), true, "Too many:"}
	if v.MinItems == nil {
		return []edge{most}
	}

	return []edge{most, {"the fewest items", items(n, int(*v.MinItems)), items(n, int(*v.MinItems)-1), false, "should have at least"}}
}

// hasBound says whether an error about a bound of a place is there. The API
// server names lists with a bound of items by their path as well.
func hasBound(errs field.ErrorList, path, refusal string) bool {
	for _, err := range errs {
		if err.Field == path && strings.Contains(err.Error(), refusal) {
			return true
		}
	}

	return false
}

// prefixes are the beginnings of values that have a form, by field name.
var prefixes = map[string]string{
	"siteURL": "https://blog.example.com/", "url": "https://cdn.example.com/", "canonicalURL": "https://blog.example.com/",
	"homepage": "https://example.com/", "endpoint": "https://s3.example.com/", "repository": "registry.example.com/",
	"digest": "sha256:", "version": "1.", "wordPress": "1.", "php": "1.", "testedUpTo": "1.",
}

// fixed are values of fields that have just one length.
var fixed = map[string]string{
	"start": "08:00", "end": "17:00", "nextPublicKey": strings.Repeat("A", 43) + "=",
}

// text makes a valid value of n characters for a place.
func text(n node, length int) string {
	name := n.schemaPath[strings.LastIndex(n.schemaPath, ".")+1:]
	if value, ok := fixed[name]; ok {
		return value
	}
	prefix, fill := prefixes[name], "a"
	if strings.HasSuffix(prefix, ":") || strings.HasSuffix(prefix, "1.") {
		fill = "0"
	}

	return prefix + strings.Repeat(fill, length-len(prefix))
}

// items makes a list of n different items for a place, from its first item.
func items(n node, length int) []any {
	first := n.value.([]any)[0]
	out := make([]any, length)
	for i := range out {
		out[i] = item(n, first, i)
	}

	return out
}

func item(n node, first any, i int) any {
	template, ok := first.(object)
	if !ok {
		return unique(n.schema.Items, i)
	}
	copied := clone(template)
	for _, key := range n.schema.XListMapKeys {
		property := n.schema.Items.Properties[key]
		copied[key] = unique(&property, i)
	}
	if percent, ok := copied["percent"]; ok {
		copied["percent"] = percent.(int64) + int64(i)
	}

	return copied
}

// unique is the i-th of many values of a string field. Beyond the values of an
// enum it starts again, which only a list beyond its bound needs.
func unique(schema *structuralschema.Structural, i int) any {
	v := schema.ValueValidation
	if len(v.Enum) > 0 {
		return v.Enum[i%len(v.Enum)].Object
	}
	value := fmt.Sprintf("a%d", i)
	if v.MinLength != nil && len(value) < int(*v.MinLength) {
		value += strings.Repeat("a", int(*v.MinLength)-len(value))
	}

	return value
}
