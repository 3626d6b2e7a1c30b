// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	crdvalidation "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	"k8s.io/apimachinery/pkg/runtime"
)

// The API server's own check of a CRD: structural schema, defaults that are
// valid, and CEL rules whose estimated cost is within the budget.
func TestCRDsAreAccepted(t *testing.T) {
	for kind, c := range loadCRDs(t) {
		t.Run(kind, func(t *testing.T) {
			apiextensionsv1.SetDefaults_CustomResourceDefinition(c.definition)
			apiextensionsv1.SetDefaults_CustomResourceDefinitionSpec(&c.definition.Spec)
			c.definition.Status.StoredVersions = []string{"v1alpha1"}
			internal := &apiextensions.CustomResourceDefinition{}
			check(t, apiextensionsv1.Convert_v1_CustomResourceDefinition_To_apiextensions_CustomResourceDefinition(c.definition, internal, nil))

			if errs := crdvalidation.ValidateCustomResourceDefinition(t.Context(), internal); len(errs) > 0 {
				t.Error(errs.ToAggregate())
			}
		})
	}
}

func TestNamesAndColumns(t *testing.T) {
	type facts struct {
		ShortNames, Categories, Columns, Selectable []string
	}
	want := map[string]facts{
		"WordPressIntegration": {
			ShortNames: []string{"wpi"},
			Columns:    []string{"Ready", "Connected", "URL", "WordPress (wide)", "Plugin (wide)", "Synced (wide)", "Suspended (wide)", "Status (wide)", "Age"},
			Selectable: []string{".spec.siteID"},
		},
		"PublishRequest": {
			ShortNames: []string{"pubreq"},
			Columns:    []string{"Ready", "Published", "Post", "URL", "Status (wide)", "Age"},
			Selectable: []string{".spec.integrationRef.name", ".spec.contentID", ".spec.siteID"},
		},
		"PluginRelease": {
			ShortNames: []string{"plugrel"},
			Columns:    []string{"Ready", "Slug", "Version", "Channel", "State", "Status (wide)", "Age"},
			Selectable: []string{".spec.slug"},
		},
	}
	for kind, c := range loadCRDs(t) {
		t.Run(kind, func(t *testing.T) {
			version := c.definition.Spec.Versions[0]
			got := facts{ShortNames: c.definition.Spec.Names.ShortNames}
			for _, column := range version.AdditionalPrinterColumns {
				name := column.Name
				if column.Priority > 0 {
					name += " (wide)"
				}
				got.Columns = append(got.Columns, name)
			}
			for _, selectable := range version.SelectableFields {
				got.Selectable = append(got.Selectable, selectable.JSONPath)
			}
			if diff := cmp.Diff(want[kind], got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff([]string{"igny8"}, c.definition.Spec.Names.Categories); diff != "" {
				t.Errorf("categories, -want +got:\n%s", diff)
			}
		})
	}
}

// An unbounded field makes objects grow past what the store takes, and makes
// the API server refuse rules for their estimated cost.
func TestEveryFieldIsBounded(t *testing.T) {
	for kind, c := range loadCRDs(t) {
		t.Run(kind, func(t *testing.T) {
			walkSchema(c.schema, "", func(n node) {
				for _, lack := range lacks(n) {
					t.Errorf("%s: %s has no %s", kind, n.schemaPath, lack)
				}
			})
		})
	}
}

// lacks names the bounds a place should have and has not.
func lacks(n node) []string {
	v := n.schema.ValueValidation
	var out []string
	lack := func(missing bool, what string) {
		if missing {
			out = append(out, what)
		}
	}
	switch n.schema.Type {
	case "string":
		lack(v == nil || (v.MaxLength == nil && len(v.Enum) == 0 && v.Format == ""), "maxLength, enum or format")
	case "array":
		lack(v == nil || v.MaxItems == nil, "maxItems")
		lack(n.schema.XListType == nil, "listType")
	case "integer":
		lack(v == nil || v.Minimum == nil, "minimum")
		lack((v == nil || v.Maximum == nil) && !isGeneration(n.schemaPath), "maximum")
	case "object":
		lack(n.schema.AdditionalProperties != nil, "fixed set of fields")
		lack(n.schema.XPreserveUnknownFields, "pruning")
	}
	if n.schema.Nullable {
		out = append(out, "refusal of null")
	}

	return out
}

// isGeneration says whether a place holds a generation, which only the API
// server counts; upstream's conditions leave theirs unbounded too.
func isGeneration(schemaPath string) bool {
	return strings.HasSuffix(schemaPath, "observedGeneration")
}

// The fixtures stand for every field: what they do not set is not tested.
func TestFixturesSetEveryField(t *testing.T) {
	for kind, c := range loadCRDs(t) {
		t.Run(kind, func(t *testing.T) {
			seen := map[string]bool{}
			for name, obj := range c.fixtures(t) {
				if errs := c.admit(t, obj); len(errs) > 0 {
					t.Errorf("%s: %v", name, errs.ToAggregate())
				}
				for _, n := range c.nodes(t, obj) {
					seen[n.schemaPath] = true
				}
			}
			walkSchema(c.schema, "", func(n node) {
				if !seen[n.schemaPath] {
					t.Errorf("no fixture sets %s", n.schemaPath)
				}
			})
		})
	}
}

// Health tools read an object without conditions as healthy.
func TestNewObjectsAreNotHealthy(t *testing.T) {
	condition := func(kind, status string) any {
		return object{
			"type": kind, "status": status, "reason": "Pending", "message": "Waiting for controller",
			"lastTransitionTime": "1970-01-01T00:00:00Z",
		}
	}
	want := object{
		"observedGeneration": int64(-1),
		"conditions":         []any{condition("Ready", "Unknown"), condition("Reconciling", "True")},
	}
	for kind, c := range loadCRDs(t) {
		for name, obj := range c.fixtures(t) {
			t.Run(kind+"/"+name, func(t *testing.T) {
				if errs := c.create(t, obj); len(errs) > 0 {
					t.Error(errs.ToAggregate())
				}
				if diff := cmp.Diff(want, obj["status"]); diff != "" {
					t.Errorf("status of a new object, -want +got:\n%s", diff)
				}
			})
		}
	}
}

// Each default is written here once more, so that a changed one is noticed.
func TestDefaults(t *testing.T) {
	cases := map[string]struct {
		reason string
		file   string
		want   object
	}{
		"WordPressIntegration": {
			reason: "the shortest integration works with a generated key",
			file:   "wordpressintegration.yaml",
			want: object{
				"siteURL": "https://blog.example.com", "platform": "WordPress",
				"credentials": object{"policy": "Generated"},
				"transport":   object{"plaintext": "Denied", "timeoutSeconds": int64(30), "authHeader": "Key"},
				"publishing": object{
					"maxConcurrent": int64(2), "batchSize": int64(20),
					"retry":       object{"maxAttempts": int64(3), "initialDelaySeconds": int64(60), "maxDelaySeconds": int64(3600)},
					"defaults":    object{"postType": "post", "status": "Publish"},
					"imagePolicy": "Upload", "conflictPolicy": "PreferSource", "deletionPolicy": "Retain",
					"autoPublish": object{"mode": "Disabled", "intervalSeconds": int64(300), "maxPerRun": int64(50)},
				},
				"sync":     object{"mode": "TwoWay", "intervalSeconds": int64(3600), "structureIntervalSeconds": int64(86400)},
				"plugin":   object{"slug": "igny8-wp-bridge", "channel": "Stable", "updatePolicy": "Manual"},
				"webhooks": object{"legacyCallback": "Denied"},
			},
		},
		"PublishRequest": {
			reason: "what the integration decides has no default here",
			file:   "publishrequest.yaml",
			want: object{
				"integrationRef": object{"name": "blog"}, "title": "Hello",
				"content": object{"type": "Inline", "format": "HTML", "inline": "<p>Hello</p>"},
				"release": "Immediate", "approval": "NotRequired", "adoptionPolicy": "IfOwned",
				"missingPolicy": "Recreate", "deletionTimeoutSeconds": int64(3600), "origin": "Cluster",
				"featuredImage": object{"name": "featured", "source": object{"type": "URL", "url": "https://cdn.example.com/hello.jpg"}},
			},
		},
		"PluginRelease": {
			reason: "a release starts as a draft kept in a ConfigMap",
			file:   "pluginrelease.yaml",
			want: object{
				"slug": "igny8-wp-bridge", "version": "2.0.0", "channel": "Stable", "state": "Draft", "security": "Routine",
				"source":  object{"type": "Embedded", "stampVersion": "Never"},
				"storage": object{"type": "ConfigMap"},
				"rollout": object{"type": "AllAtOnce", "action": "Continue"},
			},
		},
	}
	crds := loadCRDs(t)
	for kind, tc := range cases {
		t.Run(kind, func(t *testing.T) {
			obj := readObjects(t, filepath.Join("testdata/minimal", tc.file))[0]
			if errs := crds[kind].create(t, obj); len(errs) > 0 {
				t.Error(errs.ToAggregate())
			}
			if diff := cmp.Diff(tc.want, obj["spec"]); diff != "" {
				t.Errorf("%s, -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// A field that Go and the schema see differently would be lost on the way.
func TestGoTypesKeepEveryField(t *testing.T) {
	for kind, c := range loadCRDs(t) {
		for name, obj := range c.fixtures(t) {
			t.Run(kind+"/"+name, func(t *testing.T) {
				c.decode(obj)
				typed := newTyped(t, kind)
				check(t, runtime.DefaultUnstructuredConverter.FromUnstructuredWithValidation(obj, typed, true))
				back, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
				check(t, err)
				if diff := cmp.Diff(obj, back); diff != "" {
					t.Errorf("through the Go type, -want +got:\n%s", diff)
				}
			})
		}
	}
}
