// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

func testDiscovery(t *testing.T, s *suite) {
	root, err := s.client.Discover(t.Context())
	if err != nil {
		t.Fatalf("Discover: %v", err)
	}
	if !strings.HasPrefix(root, strings.TrimSuffix(s.target.URL, "/")) {
		t.Errorf("root %s is not under %s", root, s.target.URL)
	}
	res := s.raw(t, http.MethodGet, "", "", nil)
	if res.status != http.StatusOK || !strings.Contains(res.body, `"igny8\/v1"`) && !strings.Contains(res.body, `"igny8/v1"`) {
		t.Errorf("the index at %s answers %d and does not list igny8/v1", root, res.status)
	}
}

func testSite(t *testing.T, s *suite) {
	site, err := s.client.Site(t.Context(), wordpress.Position{})
	if err != nil {
		t.Fatalf("Site: %v", err)
	}
	again, err := s.client.Site(t.Context(), wordpress.Position{})
	if err != nil {
		t.Fatalf("Site again: %v", err)
	}
	if site.UUID != again.UUID {
		t.Errorf("the UUID changed from %s to %s", site.UUID, again.UUID)
	}
	for field, text := range map[string]string{"locale": site.Locale, "timezone": site.TimeZone, "user.login": site.User.Login} {
		if text == "" {
			t.Errorf("%s is missing", field)
		}
	}
	if !slices.Contains(site.BlockEditorPostTypes, "post") {
		t.Errorf("posts open in no block editor, only %v", site.BlockEditorPostTypes)
	}
	for _, capability := range []string{"edit_posts", "publish_posts"} {
		if !strings.Contains(strings.Join(site.Capabilities, " "), capability) {
			t.Errorf("the user lacks %s: %v", capability, site.Capabilities)
		}
	}
}

func testRead(t *testing.T, s *suite) {
	created := s.publish(t, newPost())
	byID, err := s.client.GetPost(t.Context(), created.ID)
	if err != nil {
		t.Fatalf("GetPost: %v", err)
	}
	byKey, err := s.client.FindPost(t.Context(), created.ContentKey)
	if err != nil {
		t.Fatalf("FindPost: %v", err)
	}
	editor := cmpopts.IgnoreFields(wordpress.PostRepresentation{}, "ModifiedBy") // It comes with reads only.
	if diff := cmp.Diff(created, byID, editor); diff != "" {
		t.Errorf("by id (-created +got):\n%s", diff)
	}
	if diff := cmp.Diff(created, byKey, editor); diff != "" {
		t.Errorf("by key (-created +got):\n%s", diff)
	}
}

func testNotFound(t *testing.T, s *suite) {
	if err := second(s.client.GetPost(t.Context(), 1<<40)); wordpress.KindOf(err) != wordpress.KindNotFound {
		t.Errorf("GetPost: %v, want not found", err)
	}
	if err := second(s.client.FindPost(t.Context(), newPost().ContentKey)); wordpress.KindOf(err) != wordpress.KindNotFound {
		t.Errorf("FindPost: %v, want not found", err)
	}
}

func testETag(t *testing.T, s *suite) {
	created := s.publish(t, newPost())
	res := s.raw(t, http.MethodGet, "igny8/v1/publish/"+strconv.FormatInt(created.ID, 10), "", s.auth())
	if want := strconv.Quote(created.ContentHash); res.header.Get("ETag") != want {
		t.Errorf("ETag %s, want %s", res.header.Get("ETag"), want)
	}
	changed := newPost()
	changed.ContentHTML = "<p>Other text.</p>"
	if other := s.publish(t, changed); other.ContentHash == created.ContentHash {
		t.Errorf("posts with different content have the same hash %s", other.ContentHash)
	}
}
