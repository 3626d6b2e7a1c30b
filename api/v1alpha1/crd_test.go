// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apiextensions-apiserver/pkg/registry/customresource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apiserver/pkg/registry/rest"
	"sigs.k8s.io/yaml"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

const (
	crdFolder     = "../../config/crd/bases"
	fixtureFolder = "testdata/objects"
)

// crdFiles are the generated CRDs by kind.
var crdFiles = map[string]string{
	"WordPressIntegration": "publishing.igny8.com_wordpressintegrations.yaml",
	"PublishRequest":       "publishing.igny8.com_publishrequests.yaml",
	"PluginRelease":        "publishing.igny8.com_pluginreleases.yaml",
}

// object is the content of an unstructured object.
type object = map[string]any

// crd validates objects of one kind with the code the API server runs, from
// the generated file it reads: pruning, defaulting, schema, list types, CEL.
type crd struct {
	kind       string
	definition *apiextensionsv1.CustomResourceDefinition
	schema     *structuralschema.Structural
	strategy   interface {
		rest.RESTCreateStrategy
		rest.RESTUpdateStrategy
	}
}

// loadCRDs reads the CRD of every kind.
func loadCRDs(t *testing.T) map[string]*crd {
	t.Helper()
	crds := map[string]*crd{}
	for kind, file := range crdFiles {
		crds[kind] = loadCRD(t, kind, filepath.Join(crdFolder, file))
	}

	return crds
}

func loadCRD(t *testing.T, kind, path string) *crd {
	t.Helper()
	definition := &apiextensionsv1.CustomResourceDefinition{}
	check(t, yaml.UnmarshalStrict(readFile(t, path), definition))
	version := definition.Spec.Versions[0]

	props := &apiextensions.JSONSchemaProps{}
	check(t, apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(version.Schema.OpenAPIV3Schema, props, nil))
	structural, err := structuralschema.NewStructural(props)
	check(t, err)
	validator, _, err := validation.NewSchemaValidator(props)
	check(t, err)

	return &crd{
		kind:       kind,
		definition: definition,
		schema:     structural,
		strategy: customresource.NewStrategy(nil, true, v1alpha1.GroupVersion.WithKind(kind), validator, nil,
			structural, &apiextensions.CustomResourceSubresourceStatus{}, nil, version.SelectableFields),
	}
}

// admit defaults obj in place and validates it as a new object. Unlike a
// create at the API server it keeps the status, so that status is validated too.
func (c *crd) admit(t *testing.T, obj object) field.ErrorList {
	t.Helper()
	var errs field.ErrorList
	for _, unknown := range c.decode(obj) {
		errs = append(errs, field.Forbidden(field.NewPath(unknown), "unknown field"))
	}

	return append(errs, c.strategy.Validate(t.Context(), &unstructured.Unstructured{Object: obj})...)
}

// admitUpdate defaults both objects in place and validates obj as an update of old.
func (c *crd) admitUpdate(t *testing.T, obj, old object) field.ErrorList {
	t.Helper()
	for _, each := range []object{obj, old} {
		set(t, each, "metadata.resourceVersion", "1")
		c.decode(each)
	}

	return c.strategy.ValidateUpdate(t.Context(), &unstructured.Unstructured{Object: obj}, &unstructured.Unstructured{Object: old})
}

// create does what the API server does to a new object until it answers with it.
func (c *crd) create(t *testing.T, obj object) field.ErrorList {
	t.Helper()
	errs := c.admit(t, obj)
	c.strategy.PrepareForCreate(t.Context(), &unstructured.Unstructured{Object: obj})
	// The answer is read back as it is read from the store, with defaults.
	c.decode(obj)

	return errs
}

// decode prunes and defaults obj in place and returns the fields pruned.
func (c *crd) decode(obj object) []string {
	unknown := pruning.PruneWithOptions(obj, c.schema, true, structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
	defaulting.PruneNonNullableNullsWithoutDefaults(obj, c.schema)
	defaulting.Default(obj, c.schema)

	return unknown
}

// fixtures are the objects of one kind in testdata by file name: together they
// have every field set, and each is valid.
func (c *crd) fixtures(t *testing.T) map[string]object {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(fixtureFolder, strings.ToLower(c.kind)+"*.yaml"))
	check(t, err)
	if len(files) == 0 {
		t.Fatalf("no fixture of %s", c.kind)
	}
	out := map[string]object{}
	for _, file := range files {
		out[filepath.Base(file)] = readObjects(t, file)[0]
	}

	return out
}

// readObjects reads the objects of a YAML file into the namespace default.
func readObjects(t *testing.T, path string) []object {
	t.Helper()
	var out []object
	for _, document := range bytes.Split(readFile(t, path), []byte("\n---\n")) {
		data, err := yaml.YAMLToJSONStrict(document)
		check(t, err)
		obj := object{}
		check(t, json.Unmarshal(data, &obj))
		set(t, obj, "metadata.namespace", "default")
		out = append(out, obj)
	}

	return out
}

// messages are errors as kubectl shows them, sorted. The note that further
// rules were skipped is left out.
func messages(errs field.ErrorList) []string {
	var out []string
	for _, err := range errs {
		if !strings.HasPrefix(err.Detail, "some validation rules were not checked") {
			out = append(out, err.Error())
		}
	}
	slices.Sort(out)

	return out
}

func clone(obj object) object { return runtime.DeepCopyJSON(obj) }

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	check(t, err)

	return data
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
