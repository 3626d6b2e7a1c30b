// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// samples renders config/samples for the site that was started: its address, its
// key, and plain http, as it is on loopback. Nothing else is changed.
func (d *demo) samples(ctx context.Context) (string, error) {
	rendered, err := d.stack.Kubectl(ctx, "", "kustomize", filepath.Join(d.root, "config", "samples"))
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	decoder := utilyaml.NewYAMLOrJSONDecoder(strings.NewReader(rendered), 4096)
	for {
		object := &unstructured.Unstructured{}
		if err := decoder.Decode(&object.Object); errors.Is(err, io.EOF) {
			return out.String(), nil
		} else if err != nil {
			return "", fmt.Errorf("read config/samples: %w", err)
		}
		if err := d.adapt(object); err != nil {
			return "", fmt.Errorf("adapt %s %q: %w", object.GetKind(), object.GetName(), err)
		}
		text, err := yaml.Marshal(object.Object)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&out, "---\n%s", text)
	}
}

func (d *demo) adapt(object *unstructured.Unstructured) error {
	switch object.GetKind() {
	case "Secret":
		return unstructured.SetNestedField(object.Object, d.site.APIKey, "stringData", "api-key")
	case "WordPressIntegration":
		return errors.Join(
			unstructured.SetNestedField(object.Object, d.site.URL, "spec", "siteURL"),
			unstructured.SetNestedField(object.Object, "Allowed", "spec", "transport", "plaintext"),
		)
	}
	return nil
}
