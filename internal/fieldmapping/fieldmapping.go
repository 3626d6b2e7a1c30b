// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package fieldmapping makes post meta of the fields of a request, as the
// fieldMappings of its integration say: by the name of a field, or by an
// expression in CEL.
package fieldmapping

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/content"
)

// Error says which mapping cannot be used, and why.
type Error struct {
	// Mapping is its name.
	Mapping string
	// Reason is what is wrong, in one line.
	Reason string
}

// Error names the mapping.
func (e *Error) Error() string { return fmt.Sprintf("fieldMappings %q: %s", e.Mapping, e.Reason) }

// Set is the compiled mappings of an integration. It is safe for concurrent use.
type Set struct {
	mappings []mapping
}

type mapping struct {
	name, metaKey string
	// value returns what is to be written; nil = nothing.
	value func(variables) (any, error)
}

// variables are what expressions see: spec and metadata.
type variables map[string]any

// Compile compiles mappings. The error is an [*Error].
func Compile(mappings []v1alpha1.FieldMapping) (*Set, error) {
	set, keys := &Set{}, map[string]string{}
	for i := range mappings {
		m := &mappings[i]
		if other, taken := keys[m.MetaKey]; taken {
			return nil, &Error{m.Name, fmt.Sprintf("writes the meta key %q, as %q does", m.MetaKey, other)}
		}
		keys[m.MetaKey] = m.Name
		value, err := compile(&m.From)
		if err != nil {
			return nil, &Error{m.Name, oneLine(err)}
		}
		set.mappings = append(set.mappings, mapping{m.Name, m.MetaKey, value})
	}
	return set, nil
}

func compile(from *v1alpha1.FieldMappingSource) (func(variables) (any, error), error) {
	if from.Type == v1alpha1.FieldMappingSourceCEL {
		return compileCEL(from.CEL)
	}
	return compileField(from.Field)
}

// Evaluate returns the meta of a request by key, nil for none: texts, numbers,
// truth values and lists of texts. The error is an [*Error].
func (s *Set) Evaluate(request *v1alpha1.PublishRequest) (map[string]any, error) {
	if len(s.mappings) == 0 {
		return nil, nil
	}
	vars, err := variablesOf(request)
	if err != nil {
		return nil, err
	}
	meta := map[string]any{}
	for _, m := range s.mappings {
		value, err := m.value(vars)
		if err != nil {
			return nil, &Error{m.name, oneLine(err)}
		}
		if value != nil {
			meta[m.metaKey] = value
		}
	}
	return meta, nil
}

// variablesOf are the spec as it is written in YAML, but for the content, which
// may be anywhere; and of the metadata what people give.
func variablesOf(request *v1alpha1.PublishRequest) (variables, error) {
	spec, err := runtime.DefaultUnstructuredConverter.ToUnstructured(&request.Spec)
	if err != nil {
		return nil, fmt.Errorf("read spec: %w", err)
	}
	delete(spec, "content")
	metadata := map[string]any{
		"name": request.Name, "namespace": request.Namespace,
		"labels": textMap(request.Labels), "annotations": textMap(request.Annotations),
	}
	return variables{"spec": spec, "metadata": metadata}, nil
}

func textMap(texts map[string]string) map[string]any {
	out := map[string]any{}
	for name, text := range texts {
		out[name] = text
	}
	return out
}

// Digest tells mappings apart; empty for none.
func Digest(mappings []v1alpha1.FieldMapping) string {
	if len(mappings) == 0 {
		return ""
	}
	return content.Digest(mappings)
}
