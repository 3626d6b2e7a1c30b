// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/wordpress"
)

// TestConnectionToKindsOfSites: sites as they are out there, on a real
// WordPress.
func TestConnectionToKindsOfSites(t *testing.T) {
	startManager(t)
	cases := map[string]struct {
		reason  string
		options wordpress.Options
		key     string
		want    string
	}{
		"PlainPermalinks": {reason: "only ?rest_route= works", options: wordpress.Options{PlainPermalinks: true}, want: "Ready=True/Connected"},
		"SubFolder":       {reason: "the site is not at the root", options: wordpress.Options{SubFolder: "blog"}, want: "Ready=True/Connected"},
		"NoPlugin":        {reason: "the plugin is not active", options: wordpress.Options{WithoutPlugin: true}, key: strings.Repeat("k", 40), want: "Connected=False/PluginMissing"},
		"WrongKey":        {reason: "the key is another site's", key: strings.Repeat("k", 40), want: "Connected=False/CredentialsRefused"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			target, err := wordpress.Start(t.Context(), tc.options)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := target.Stop(); err != nil {
					t.Error(err)
				}
			})
			if tc.key == "" {
				tc.key = target.APIKey
			}
			s := newSpace(t)
			s.create(s.secret("key", tc.key))
			s.create(s.integration("blog", target.URL))
			s.await(newIntegration(), "blog", tc.want)
			if !strings.HasPrefix(tc.want, "Ready=True") {
				s.checkHealth("WordPressIntegration", "blog", status.InProgressStatus)
				return
			}
			s.create(s.request("hello"))
			s.awaitRequest("hello", "Ready=True/Published")
		})
	}
}

// TestGeneratedKey: the operator makes the key, a person puts it into the site.
func TestGeneratedKey(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	integration := s.integration("blog", site.URL)
	integration.Spec.Credentials = v1alpha1.Credentials{}
	s.create(integration)
	s.await(newIntegration(), "blog", "Connected=False/AwaitingPairing", "Ready=False/AwaitingPairing")
	s.checkHealth("WordPressIntegration", "blog", status.InProgressStatus)
	key, err := shared.Kubectl(t.Context(), "", "get", "secret", "blog-igny8", "-n", s.name, "-o", "go-template={{.data.apiKey | base64decode}}")
	if err != nil {
		t.Fatal(err)
	}
	setKey(t, key)
	s.await(newIntegration(), "blog", "Ready=True/Connected")
	s.create(s.request("hello"))
	s.awaitRequest("hello", "Ready=True/Published")
	t.Run("SurvivesTheIntegration", func(*testing.T) {
		s.clear()
		integration := s.integration("blog", site.URL)
		integration.Spec.Credentials = v1alpha1.Credentials{}
		s.create(integration)
		s.await(newIntegration(), "blog", "Ready=True/Connected")
	})
}

// setKey enters a key at the site, as its settings page does, and puts the old
// one back at the end of the test.
func setKey(t *testing.T, key string) {
	t.Helper()
	enter := func(key string) error {
		out, err := site.PHP(context.Background(), "echo is_wp_error( Igny8_Bridge_Credentials::set( '"+key+"', 1 ) ) ? 'refused' : 'ok';")
		if err == nil && out != "ok" {
			err = errors.New(out)
		}
		return err
	}
	if err := enter(key); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := enter(site.APIKey); err != nil {
			t.Error(err)
		}
	})
}
