// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fieldmapping

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func field(path string) v1alpha1.FieldMapping {
	return v1alpha1.FieldMapping{Name: "m", MetaKey: "k", From: v1alpha1.FieldMappingSource{Type: v1alpha1.FieldMappingSourceField, Field: path}}
}

func expression(cel string) v1alpha1.FieldMapping {
	return v1alpha1.FieldMapping{Name: "m", MetaKey: "k", From: v1alpha1.FieldMappingSource{Type: v1alpha1.FieldMappingSourceCEL, CEL: cel}}
}

func request() *v1alpha1.PublishRequest {
	p := &v1alpha1.PublishRequest{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "hello", Labels: map[string]string{"tier": "gold"}}}
	p.Spec.Title, p.Spec.SEO.Title, p.Spec.ContentID = "Hello", "For search", 7
	p.Spec.Tags = []string{"a", "b"}
	p.Spec.Content.Inline = "secret"
	p.Spec.FeaturedImage.Alt = "A hand"
	p.Spec.PublishTime = metav1.NewTime(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	return p
}

func TestEvaluate(t *testing.T) {
	cases := map[string]struct {
		reason  string
		mapping v1alpha1.FieldMapping
		want    any // nil = not written
	}{
		"Field":       {"as it is", field("seo.title"), "For search"},
		"Number":      {"stays one", field("contentID"), int64(7)},
		"List":        {"of texts", field("tags"), []any{"a", "b"}},
		"Inlined":     {"what images share", field("featuredImage.alt"), "A hand"},
		"Time":        {"as in YAML", field("publishTime"), "2026-11-23T09:00:00Z"},
		"Unset":       {"nothing is written", field("slug"), nil},
		"UnsetDeep":   {"nor of a part that is unset", field("featuredImage.source.url"), nil},
		"Text":        {"joined", expression("spec.title + ' - ' + metadata.namespace + '/' + metadata.name"), "Hello - team/hello"},
		"Label":       {"of people", expression("metadata.labels['tier']"), "gold"},
		"Bool":        {"stays one", expression("has(spec.slug)"), false},
		"Int":         {"stays one", expression("size(spec.tags) + 1"), int64(3)},
		"Uint":        {"is a number", expression("3u"), uint64(3)},
		"Double":      {"is a number", expression("double(spec.contentID) / 2.0"), 3.5},
		"Strings":     {"as a list", expression("spec.tags.map(t, t.upperAscii())"), []string{"A", "B"}},
		"EmptyList":   {"is a value", expression("[]"), []string{}},
		"Null":        {"is nothing", expression("has(spec.slug) ? spec.slug : null"), nil},
		"Optional":    {"that is there", expression("spec.?title"), "Hello"},
		"OptionalNot": {"that is not", expression("spec.?slug"), nil},
		"OrValue":     {"with a word instead", expression("spec.?slug.orValue('none')"), "none"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			set, err := Compile([]v1alpha1.FieldMapping{tc.mapping})
			if err != nil {
				t.Fatal(err)
			}
			got, err := set.Evaluate(request())
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]any{}
			if tc.want != nil {
				want["k"] = tc.want
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

func TestWhatCannotBeCompiled(t *testing.T) {
	cases := map[string]struct {
		reason  string
		mapping v1alpha1.FieldMapping
		want    string
	}{
		"NoField":   {"misspelt", field("seo.titel"), "spec has no field seo.titel"},
		"InAText":   {"a text has no parts", field("title.x"), "spec has no field title.x"},
		"InATime":   {"nor has a time", field("publishTime.x"), "spec has no field"},
		"Object":    {"many values", field("seo"), "is no text, number"},
		"Objects":   {"many values", field("customFields"), "is no text, number"},
		"Content":   {"it may be anywhere", field("content.inline"), "cannot be mapped"},
		"Syntax":    {"cannot be read", expression("spec.title +"), "compile the expression: Syntax error"},
		"Variable":  {"there is none", expression("request.title"), "undeclared reference to 'request'"},
		"Types":     {"no sum", expression("'a' + 1"), "no matching overload"},
		"Map":       {"no value of a field", expression("{'a': 1}"), "gives a value of type map"},
		"Timestamp": {"no value of a field", expression("timestamp('2026-11-23T09:00:00Z')"), "gives a value of type"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Compile([]v1alpha1.FieldMapping{tc.mapping})
			var refused *Error
			if !errors.As(err, &refused) || refused.Mapping != "m" || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %v, want %q in one line", tc.reason, err, tc.want)
			}
		})
	}
	one, other := field("title"), field("slug")
	other.Name = "n"
	if _, err := Compile([]v1alpha1.FieldMapping{one, other}); err == nil || !strings.Contains(err.Error(), `"n": writes the meta key "k", as "m" does`) {
		t.Errorf("two mappings for one key: %v", err)
	}
}

func TestWhatHasNoValue(t *testing.T) {
	cases := map[string]struct{ reason, cel, want string }{
		"Missing": {"ask has() first", "spec.slug", "no such key: slug"},
		"Map":     {"found out late", "spec.seo", "gives a value of type map"},
		"Items":   {"no texts", "[1, 2]", "an item of the list is none"},
		"Cost":    {"it takes too long", "[0,1,2,3,4,5,6,7,8,9].map(a, [0,1,2,3,4,5,6,7,8,9].map(b, [0,1,2,3,4,5,6,7,8,9].map(c, [0,1,2,3,4,5,6,7,8,9].map(d, [0,1,2,3,4,5,6,7,8,9].map(e, 'x').size()).size()).size()).size()).size()", "cost limit"},
		"Pattern": {"compiled again and again", "['" + strings.Repeat("a{1000}", 90) + "'].map(p, lists.range(9000).all(i, !'a'.matches(p)))[0]", "cost limit"},
		"NaN":     {"no number", "0.0 / 0.0", "it gives no number"},
		"NUL":     {"a site cannot store it", "'\\u0000'", "NUL"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			set, err := Compile([]v1alpha1.FieldMapping{expression(tc.cel)})
			if err != nil {
				t.Fatal(err)
			}
			_, err = set.Evaluate(request())
			var failed *Error
			if !errors.As(err, &failed) || failed.Mapping != "m" || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: %v, want %q", tc.reason, err, tc.want)
			}
		})
	}
}

func TestTheCacheIsOfOneGeneration(t *testing.T) {
	cache, blog := Cache{}, &v1alpha1.WordPressIntegration{ObjectMeta: metav1.ObjectMeta{UID: "u", Generation: 1}}
	blog.Spec.FieldMappings = []v1alpha1.FieldMapping{field("title")}
	first, err := cache.Get(blog)
	again, _ := cache.Get(blog)
	if err != nil || first != again {
		t.Errorf("compiled twice, %v", err)
	}
	blog.Generation, blog.Spec.FieldMappings = 2, []v1alpha1.FieldMapping{field("nope")}
	if _, err := cache.Get(blog); err == nil {
		t.Error("the mappings of another generation are used")
	}
}

func TestDigest(t *testing.T) {
	one, other := Digest([]v1alpha1.FieldMapping{field("title")}), Digest([]v1alpha1.FieldMapping{field("slug")})
	if Digest(nil) != "" || one == other || one == "" {
		t.Errorf("digests %q, %q, %q", Digest(nil), one, other)
	}
}

// FuzzCEL: whatever the expression, compiling and evaluating it ends, and what it
// gives can be sent.
func FuzzCEL(f *testing.F) {
	for _, cel := range []string{"spec.title", "spec.tags.map(t, t + t)", "1.0/0.0", "metadata.?labels.?tier", "[[1]]", "dyn(spec)"} {
		f.Add(cel)
	}
	f.Fuzz(func(_ *testing.T, cel string) {
		set, err := Compile([]v1alpha1.FieldMapping{expression(cel)})
		if err != nil {
			return
		}
		meta, err := set.Evaluate(request())
		if err == nil {
			Digest([]v1alpha1.FieldMapping{expression(cel)})
			_ = cmp.Equal(meta, meta)
		}
	})
}
