// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fetch

import (
	"net/url"
	"strings"
	"testing"
)

// FuzzShow holds what people see of a URL against what they must not: its user,
// its query, its fragment.
func FuzzShow(f *testing.F) {
	f.Add("cdn.example.com", "/a.md", "user", "password", "X-Amz-Signature=0")
	f.Add("[::1]:8443", "/a%2fb c", "u@", "p:/", "a=b&c")
	f.Fuzz(func(t *testing.T, host, path, user, password, query string) {
		u, err := url.Parse("https://cdn.example.com/")
		if err != nil {
			t.Fatal(err)
		}
		u.Host, u.Path = host, path
		bare := show(u)
		u.User, u.RawQuery, u.Fragment = url.UserPassword(user, password), query, query
		if got := show(u); got != bare || len(got) > maxShown+len("…") {
			t.Errorf("%q is shown as %q, want %q", u, got, bare)
		}
	})
}

// FuzzEndpoint takes any text for the endpoint of a bucket: what is accepted is a
// host and nothing beside it.
func FuzzEndpoint(f *testing.F) {
	for _, text := range []string{"s3.example.com", "http://minio:9000/", "https://[::1]:9000", "http://user@host", "://", "a b"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b := &bucket{secret: "store"}
		if err := b.setEndpoint(text); err != nil {
			return
		}
		if b.host == "" || strings.ContainsAny(b.host, "/@?# ") || b.secure == strings.HasPrefix(strings.ToLower(text), "http://") {
			t.Errorf("%q is taken for host %q, secure %t", text, b.host, b.secure)
		}
	})
}
