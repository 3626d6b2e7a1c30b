// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"regexp"
	"strconv"
	"testing"

	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
)

// node is one place in a schema, and with walkObject in an object too.
type node struct {
	// path is where the value is, such as spec.gallery[0].name.
	path string
	// schemaPath is path without indexes, such as spec.gallery[].name.
	schemaPath string
	schema     *structuralschema.Structural
	// value is set by walkObject.
	value any
}

// walkSchema visits every place of a schema, without metadata.
func walkSchema(schema *structuralschema.Structural, path string, visit func(node)) {
	visit(node{schemaPath: path, schema: schema})
	if schema.Items != nil {
		walkSchema(schema.Items, path+"[]", visit)
	}
	for _, name := range sortedKeys(schema.Properties) {
		if child := join(path, name); !isObjectMeta(child) {
			property := schema.Properties[name]
			walkSchema(&property, child, visit)
		}
	}
}

// walkObject visits every place of an object that is there.
func walkObject(n node, visit func(node)) {
	visit(n)
	switch value := n.value.(type) {
	case []any:
		for i, item := range value {
			walkObject(node{
				path:       n.path + "[" + strconv.Itoa(i) + "]",
				schemaPath: n.schemaPath + "[]",
				schema:     n.schema.Items,
				value:      item,
			}, visit)
		}
	case object:
		for _, name := range sortedKeys(value) {
			property, ok := n.schema.Properties[name]
			if child := join(n.schemaPath, name); ok && !isObjectMeta(child) {
				walkObject(node{path: join(n.path, name), schemaPath: child, schema: &property, value: value[name]}, visit)
			}
		}
	}
}

// nodes are the places of a defaulted object.
func (c *crd) nodes(t *testing.T, obj object) []node {
	t.Helper()
	c.decode(obj)
	var out []node
	walkObject(node{schema: c.schema, value: obj}, func(n node) { out = append(out, n) })

	return out
}

func isObjectMeta(path string) bool {
	return path == "apiVersion" || path == "kind" || path == "metadata"
}

func join(path, name string) string {
	if path == "" || name == "" {
		return path + name
	}

	return path + "." + name
}

var pathStep = regexp.MustCompile(`[^.\[\]]+`)

// set puts a value at a path, making objects on the way; nil removes.
func set(t *testing.T, obj object, path string, value any) {
	t.Helper()
	steps := pathStep.FindAllString(path, -1)
	var at any = obj
	for i, step := range steps {
		last := i == len(steps)-1
		switch parent := at.(type) {
		case object:
			if !last && parent[step] == nil {
				parent[step] = object{}
			}
			if last && value == nil {
				delete(parent, step)
			} else if last {
				parent[step] = value
			}
			at = parent[step]
		case []any:
			index, err := strconv.Atoi(step)
			check(t, err)
			if last {
				parent[index] = value
			}
			at = parent[index]
		default:
			t.Fatalf("set %s: there is nothing at %s", path, step)
		}
	}
}
