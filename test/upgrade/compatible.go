// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package upgrade compares CustomResourceDefinitions of two versions: whatever was valid
// must stay so, or objects that are stored cannot be written any more.
package upgrade

import (
	"fmt"
	"slices"
	"sort"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
)

// schema is that of a field.
type schema = apiextensionsv1.JSONSchemaProps

// Incompatible returns what of the new definition refuses what the old one takes, each with
// the path of its field, in order.
func Incompatible(before, after *apiextensionsv1.CustomResourceDefinition) []string {
	var found []string
	if before.Spec.Scope != after.Spec.Scope {
		found = append(found, fmt.Sprintf("scope: was %s, is %s", before.Spec.Scope, after.Spec.Scope))
	}
	for _, old := range before.Spec.Versions {
		i := slices.IndexFunc(after.Spec.Versions, func(v apiextensionsv1.CustomResourceDefinitionVersion) bool { return v.Name == old.Name })
		if i < 0 {
			found = append(found, old.Name+": the version is gone")
			continue
		}
		found = append(found, versions(old, after.Spec.Versions[i])...)
	}
	sort.Strings(found)
	return found
}

func versions(before, after apiextensionsv1.CustomResourceDefinitionVersion) []string {
	var found []string
	if before.Served && !after.Served {
		found = append(found, before.Name+": the version is not served any more")
	}
	if before.Storage && !after.Storage {
		found = append(found, before.Name+": the version is not stored any more; stored objects have to be migrated first")
	}
	return append(found, compare(before.Name, before.Schema.OpenAPIV3Schema, after.Schema.OpenAPIV3Schema)...)
}

// compare looks at a field and at all below.
func compare(path string, before, after *schema) []string {
	if before == nil || after == nil {
		return nil
	}
	var found []string
	report := func(format string, args ...any) { found = append(found, path+": "+fmt.Sprintf(format, args...)) }
	if before.Type != after.Type {
		report("type was %s, is %s", before.Type, after.Type)
	}
	for _, name := range after.Required {
		if !slices.Contains(before.Required, name) && after.Properties[name].Default == nil {
			report("%s is required now", name)
		}
	}
	for _, value := range before.Enum {
		if len(after.Enum) > 0 && !slices.ContainsFunc(after.Enum, func(v apiextensionsv1.JSON) bool { return string(v.Raw) == string(value.Raw) }) {
			report("value %s is refused now", value.Raw)
		}
	}
	if len(before.Enum) == 0 && len(after.Enum) > 0 {
		report("only some values are taken now")
	}
	if after.Pattern != "" && before.Pattern != after.Pattern {
		report("pattern was %q, is %q", before.Pattern, after.Pattern)
	}
	if after.Format != "" && before.Format != after.Format {
		report("format was %q, is %q", before.Format, after.Format)
	}
	found = append(found, bounds(path, before, after)...)
	found = append(found, rules(path, before, after)...)
	return append(found, below(path, before, after)...)
}

// bounds are numbers that may not come closer.
func bounds(path string, before, after *schema) []string {
	var found []string
	for name, b := range map[string]struct {
		before, after *int64
		upper         bool
	}{
		"maxLength":     {before.MaxLength, after.MaxLength, true},
		"minLength":     {before.MinLength, after.MinLength, false},
		"maxItems":      {before.MaxItems, after.MaxItems, true},
		"minItems":      {before.MinItems, after.MinItems, false},
		"maxProperties": {before.MaxProperties, after.MaxProperties, true},
		"minProperties": {before.MinProperties, after.MinProperties, false},
		"maximum":       {whole(before.Maximum), whole(after.Maximum), true},
		"minimum":       {whole(before.Minimum), whole(after.Minimum), false},
	} {
		if closer(b.before, b.after, b.upper) {
			found = append(found, fmt.Sprintf("%s: %s is closer now: %d", path, name, *b.after))
		}
	}
	return found
}

// whole numbers are all that our schemas have.
func whole(number *float64) *int64 {
	if number == nil {
		return nil
	}
	n := int64(*number)
	return &n
}

func closer(before, after *int64, upper bool) bool {
	switch {
	case after == nil:
		return false
	case before == nil:
		return upper || *after > 0
	case upper:
		return *after < *before
	default:
		return *after > *before
	}
}

// rules of CEL may go, and may not come.
func rules(path string, before, after *schema) []string {
	var found []string
	for _, rule := range after.XValidations {
		if !slices.ContainsFunc(before.XValidations, func(r apiextensionsv1.ValidationRule) bool { return r.Rule == rule.Rule }) {
			found = append(found, path+": there is a new rule: "+rule.Rule)
		}
	}
	return found
}

// below compares the fields of a field.
func below(path string, before, after *schema) []string {
	var found []string
	for name, old := range before.Properties {
		now, there := after.Properties[name]
		if !there {
			found = append(found, path+"."+name+": the field is gone, and its values with it")
			continue
		}
		found = append(found, compare(path+"."+name, &old, &now)...)
	}
	if before.Items != nil && after.Items != nil {
		found = append(found, compare(path+"[]", before.Items.Schema, after.Items.Schema)...)
	}
	if before.AdditionalProperties != nil && after.AdditionalProperties != nil {
		found = append(found, compare(path+"{}", before.AdditionalProperties.Schema, after.AdditionalProperties.Schema)...)
	}
	return found
}
