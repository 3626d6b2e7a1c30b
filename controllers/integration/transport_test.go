// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// The header of the spec is the one that the site sees, at each call and after
// each change.
func TestTheKeyTravelsInTheHeaderOfTheSpec(t *testing.T) {
	site := wordpresstest.New(t)
	var (
		mu   sync.Mutex
		seen []string
	)
	site.SetHook(func(r *http.Request) wordpresstest.Fault {
		mu.Lock()
		defer mu.Unlock()
		if strings.HasSuffix(r.URL.Path, "/igny8/v1/site") {
			seen = append(seen, r.Header.Get("X-IGNY8-API-KEY")+"|"+r.Header.Get("Authorization"))
		}
		return wordpresstest.Fault{}
	})
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	key, bearer := site.Key(), "Bearer "+site.Key()
	for header, want := range map[v1alpha1.AuthHeader]string{
		v1alpha1.AuthHeaderKey: key + "|", v1alpha1.AuthHeaderBearer: "|" + bearer, v1alpha1.AuthHeaderAuto: key + "|" + bearer,
	} {
		mu.Lock()
		seen = nil
		mu.Unlock()
		h.edit(func(spec *v1alpha1.WordPressIntegrationSpec) { spec.Transport.AuthHeader = header })
		h.test()
		h.expect("Ready=True/Connected")
		mu.Lock()
		if diff := cmp.Diff([]string{want}, seen); diff != "" {
			t.Errorf("authHeader %s: what the site saw (-want +got):\n%s", header, diff)
		}
		mu.Unlock()
	}
}

func TestEachWayToTheRESTAPI(t *testing.T) {
	cases := map[string][]wordpresstest.Option{
		"Announced":  nil,
		"Fallback":   {wordpresstest.WithoutLinkHeader()},
		"Plain":      {wordpresstest.WithPlainPermalinks()},
		"Folder":     {wordpresstest.WithFolder("/blog")},
		"Everything": {wordpresstest.WithFolder("/blog"), wordpresstest.WithPlainPermalinks(), wordpresstest.WithoutLinkHeader()},
	}
	for name, options := range cases {
		t.Run(name, func(t *testing.T) {
			site := wordpresstest.New(t, options...)
			h := newHarness(t, blog(site.URL()+"/", nil), keySecret(site.Key()))
			h.test()
			h.expect("Ready=True/Connected")
		})
	}
}

func TestASiteMayMove(t *testing.T) {
	site := wordpresstest.New(t, wordpresstest.WithoutLinkHeader())
	h := newHarness(t, blog(site.URL(), nil), keySecret(site.Key()))
	h.test()
	h.edit(func(spec *v1alpha1.WordPressIntegrationSpec) {
		spec.SiteURL = strings.Replace(spec.SiteURL, "127.0.0.1", "localhost", 1)
	})
	h.test()
	if i := h.expect("Ready=True/Connected"); !strings.Contains(i.Status.Site.RESTURL, "localhost") {
		t.Errorf("the REST API is at %s", i.Status.Site.RESTURL)
	}
}
