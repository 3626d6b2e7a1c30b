// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func TestSecretCacheHoldsLabelledMetadataOnly(t *testing.T) {
	const canary = "canary-5d0c2f"
	options := SecretCache()
	for value, want := range map[string]bool{"true": true, "false": false, "": false} {
		if got := options.Label.Matches(labels.Set{v1alpha1.LabelWatch: value}); got != want {
			t.Errorf("a Secret labelled %q is held: %t, want %t", value, got, want)
		}
	}
	secret := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{
		Namespace: "team", Name: "key", ResourceVersion: "7",
		Labels:      map[string]string{v1alpha1.LabelWatch: "true"},
		Annotations: map[string]string{"kubectl.kubernetes.io/last-applied-configuration": `{"stringData":{"apiKey":"` + canary + `"}}`},
	}}
	held, err := options.Transform(secret)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(held)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), canary) {
		t.Errorf("the cache holds the key: %s", text)
	}
	if got := held.(metav1.Object); got.GetName() != "key" || got.GetNamespace() != "team" || got.GetResourceVersion() != "7" {
		t.Errorf("the cache holds %s, which does not tell what changed", text)
	}
}

// indexer gives the controller's indexes to the fake client.
type indexer struct{ *fake.ClientBuilder }

func (i indexer) IndexField(_ context.Context, object client.Object, field string, values client.IndexerFunc) error {
	i.WithIndex(object, field, values)
	return nil
}

func TestAChangedInputWakesItsReaders(t *testing.T) {
	h := newHarness(t)
	builder := fake.NewClientBuilder().WithScheme(h.client.Scheme())
	if err := addIndexes(t.Context(), indexer{builder}); err != nil {
		t.Fatal(err)
	}
	named := func(name string, change func(*v1alpha1.WordPressIntegration)) client.Object {
		return blog("https://blog.example.com", func(i *v1alpha1.WordPressIntegration) {
			i.Name = name
			i.Spec.Credentials = v1alpha1.Credentials{}
			change(i)
		})
	}
	provided := func(i *v1alpha1.WordPressIntegration) {
		i.Spec.Credentials = v1alpha1.Credentials{Policy: v1alpha1.CredentialsPolicyProvided, SecretRef: v1alpha1.SecretKeyReference{Name: "key"}}
	}
	trusting := func(kind v1alpha1.CAReferenceKind) func(*v1alpha1.WordPressIntegration) {
		return func(i *v1alpha1.WordPressIntegration) {
			i.Spec.Transport.CARef = v1alpha1.CAReference{Kind: kind, Name: "ca"}
		}
	}
	h.Client = builder.WithObjects(
		named("generated", func(*v1alpha1.WordPressIntegration) {}), named("provided", provided),
		named("ca-secret", trusting(v1alpha1.CAReferenceKindSecret)), named("ca-configmap", trusting(v1alpha1.CAReferenceKindConfigMap)),
		named("elsewhere", func(i *v1alpha1.WordPressIntegration) { provided(i); i.Namespace = "other" }),
	).Build()
	cases := map[string]struct {
		index, name string
		want        []string
	}{
		"Key":        {indexSecret, "key", []string{"provided"}},
		"Kept":       {indexSecret, "generated-igny8", []string{"generated"}},
		"KeptBeside": {indexSecret, "provided-igny8", []string{"provided"}},
		"CASecret":   {indexSecret, "ca", []string{"ca-secret"}},
		"CA":         {indexConfigMap, "ca", []string{"ca-configmap"}},
		"Nobody's":   {indexSecret, "other", nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			changed := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: tc.name}}
			var got []string
			for _, request := range h.readersOf(tc.index)(t.Context(), changed) {
				got = append(got, request.Name)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("woken (-want +got):\n%s", diff)
			}
		})
	}
}
