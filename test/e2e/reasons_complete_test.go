// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// reasonsElsewhere are the reasons of an integration that no row of the tables
// here has, each with the test file that leads there.
var reasonsElsewhere = map[string]string{
	"Connected":       "test/e2e/reasons_test.go",
	"PlaintextDenied": "test/e2e/reasons_way_test.go",
	"SiteURLInvalid":  "internal/siteaccess/siteaccess_test.go",
	"InternalError":   "controllers/integration/panic_test.go",

	// Of Events, and of other conditions than Connected.
	"KeyRotating":       "controllers/integration/rotate_test.go",
	"KeyRotated":        "controllers/integration/rotate_test.go",
	"KeyRotationFailed": "controllers/integration/rotate_test.go",
	"SiteRestored":      "controllers/integration/clone_test.go",
	"Synced":            "controllers/integration/structure_test.go",
	"SyncOff":           "controllers/integration/structure_test.go",
	"ConfigMapConflict": "controllers/integration/structure_configmap_test.go",
	"Releasing":         "controllers/autopublish/reconciler_test.go",
	"Released":          "controllers/autopublish/reconciler_test.go",
	"TimeZoneUnknown":   "controllers/autopublish/blocked_test.go",
}

// TestEveryReasonOfAConnectionHasARow: a reason that is added to the API comes
// with the way there and back.
func TestEveryReasonOfAConnectionHasARow(t *testing.T) {
	covered := map[string]bool{}
	for _, row := range wordPressReasons() {
		covered[row.want] = true
	}
	for _, row := range wayRows() {
		covered[row.want] = true
	}
	declared := declaredReasons(t)
	for _, reason := range declared {
		test, elsewhere := reasonsElsewhere[reason]
		switch {
		case covered[reason] == elsewhere:
			t.Errorf("%s: in a table %t, in the list of other tests %t; want it in one of both", reason, covered[reason], elsewhere)
		case elsewhere && !mentions(test, reason):
			t.Errorf("%s: %s does not have it", reason, test)
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(reasonsElsewhere)) {
		if !slices.Contains(declared, reason) {
			t.Errorf("%s is no reason of an integration any more", reason)
		}
	}
}

// declaredReasons reads the reasons that a connection can have out of the API.
func declaredReasons(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "api", "v1alpha1", "conditions.go"), nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	var reasons []string
	for _, declaration := range file.Decls {
		block, ok := declaration.(*ast.GenDecl)
		if !ok || block.Tok != token.CONST || !isOfConnection(block.Doc.Text()) {
			continue
		}
		for _, spec := range block.Specs {
			value, err := strconv.Unquote(spec.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			reasons = append(reasons, value)
		}
	}
	const fewest = 25
	if len(reasons) < fewest {
		t.Fatalf("found %d reasons in conditions.go, fewer than the %d there were", len(reasons), fewest)
	}
	return reasons
}

func isOfConnection(title string) bool {
	return strings.HasPrefix(title, "Reasons of WordPressIntegration, mostly of its condition Connected") ||
		strings.HasPrefix(title, "Reasons of both WordPressIntegration and PublishRequest")
}

// mentions says whether a test file has a reason, by its constant or its text.
func mentions(file, reason string) bool {
	text, err := os.ReadFile(filepath.Join(root, file))
	return err == nil && regexp.MustCompile(`\b(Reason)?`+reason+`\b`).Match(text)
}
