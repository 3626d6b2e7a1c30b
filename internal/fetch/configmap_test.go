// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fetch_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/fetch"
)

func TestConfigMap(t *testing.T) {
	f := newFetcher(t, &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "texts", ResourceVersion: "7"},
		Data:       map[string]string{"post.md": "hello"},
		BinaryData: map[string][]byte{"a.png": {0x89}, "large": make([]byte, limit+1)},
	})
	cases := map[string]struct {
		namespace, name, key string
		want                 *fetch.Bytes
		reason               string
		fate                 fate
	}{
		"Data":           {"ns", "texts", "post.md", &fetch.Bytes{Data: []byte("hello"), Name: "post.md", Version: "7"}, "", ""},
		"BinaryData":     {"ns", "texts", "a.png", &fetch.Bytes{Data: []byte{0x89}, Name: "a.png", Version: "7"}, "", ""},
		"NoKey":          {"ns", "texts", "b.png", nil, v1alpha1.ReasonConfigMapKeyMissing, wait},
		"NoConfigMap":    {"ns", "other", "b.png", nil, v1alpha1.ReasonConfigMapNotFound, wait},
		"OtherNamespace": {"other", "texts", "post.md", nil, v1alpha1.ReasonConfigMapNotFound, wait},
		"TooLarge":       {"ns", "texts", "large", nil, v1alpha1.ReasonSourceTooLarge, stop},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := f.ConfigMap(t.Context(), tc.namespace, v1alpha1.ConfigMapKeyReference{Name: tc.name, Key: tc.key}, limit)
			if tc.reason != "" {
				wantError(t, err, tc.reason, tc.fate)
			} else if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestObjectHasItsDigest(t *testing.T) {
	const empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(r.URL.Query().Get("body")))
	}))
	t.Cleanup(server.Close)
	f := newFetcherWith(t, fetch.Options{AllowedAddresses: loopback(), CABundle: certificateOf(server)})
	got, err := f.Object(t.Context(), "ns", v1alpha1.ObjectReference{URL: server.URL, Digest: empty}, limit)
	if err != nil || got.Digest() != empty {
		t.Errorf("%v, %v", got, err)
	}
	_, err = f.Object(t.Context(), "ns", v1alpha1.ObjectReference{URL: server.URL + "/?body=" + canary, Digest: empty}, limit)
	wantError(t, err, v1alpha1.ReasonDigestMismatch, stop)
}
