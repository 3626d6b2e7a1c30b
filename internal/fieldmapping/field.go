// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fieldmapping

import (
	"fmt"
	"reflect"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// compileField checks a path such as seo.title against the type of the spec, so
// that a misspelt one is found before anything is published.
func compileField(path string) (func(variables) (any, error), error) {
	names := strings.Split(path, ".")
	if names[0] == "content" {
		return nil, fmt.Errorf("the content cannot be mapped")
	}
	if err := checkPath(reflect.TypeFor[v1alpha1.PublishRequestSpec](), names, path); err != nil {
		return nil, err
	}
	return func(vars variables) (any, error) { return fieldOf(vars["spec"], names), nil }, nil
}

// fieldOf is the value of a field, nil if it is unset.
func fieldOf(value any, names []string) any {
	for _, name := range names {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[name]
	}
	return value
}

func checkPath(t reflect.Type, names []string, path string) error {
	for _, name := range names {
		field, ok := fieldNamed(t, name)
		if !ok {
			return fmt.Errorf("spec has no field %s", path)
		}
		t = field
	}
	if !isValueType(t) {
		return fmt.Errorf("spec.%s is no text, number, truth value or list of texts; take a field of it, or an expression", path)
	}
	return nil
}

// fieldNamed is the type of a member as JSON names it.
func fieldNamed(t reflect.Type, name string) (reflect.Type, bool) {
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[metav1.Time]() {
		return nil, false
	}
	for i := range t.NumField() {
		f := t.Field(i)
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if tag == "" && f.Anonymous {
			if inner, ok := fieldNamed(f.Type, name); ok {
				return inner, true
			}
		}
		if tag == name && tag != "" {
			return deref(f.Type), true
		}
	}
	return nil, false
}

func deref(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

func isValueType(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Int32, reflect.Int64:
		return true
	case reflect.Slice:
		return t.Elem().Kind() == reflect.String
	}
	return t == reflect.TypeFor[metav1.Time]()
}
