// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// TestWhatNeedsAPersonHasFailed: Stalled for kstatus and Flux, and well again
// once the person has acted.
func TestWhatNeedsAPersonHasFailed(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	t.Run("BadContent", func(*testing.T) {
		request := s.request("front-matter")
		request.Spec.Content.Inline = "---\ntitle: [x]\n---\nbody"
		s.create(request)
		s.awaitRequest("front-matter", "Stalled=True/InvalidContent", "Ready=False/InvalidContent")
		s.checkHealth("PublishRequest", "front-matter", status.FailedStatus)
		s.patch(request, `{"spec":{"content":{"inline":"body"}}}`)
		s.awaitRequest("front-matter", "Ready=True/Published")
		s.checkHealth("PublishRequest", "front-matter", status.CurrentStatus)
	})
	t.Run("RefusedByTheSite", func(t *testing.T) {
		request := s.request("no-such-author")
		request.Spec.Author = "nobody-of-that-name"
		s.create(request)
		got := s.awaitRequest("no-such-author", "Stalled=True/ContentRejected")
		s.checkHealth("PublishRequest", "no-such-author", status.FailedStatus)
		if !strings.Contains(show(got.Status.Conditions), "author") {
			t.Errorf("the message does not say which field: %s", show(got.Status.Conditions))
		}
	})
	t.Run("NotYetSupported", func(*testing.T) {
		request := s.request("later")
		request.Spec.Origin = v1alpha1.OriginSite
		s.create(request)
		s.awaitRequest("later", "Stalled=True/NotYetSupported")
		s.checkHealth("PublishRequest", "later", status.FailedStatus)
	})
	t.Run("CredentialsThatOnceWorked", func(t *testing.T) {
		setKey(t, strings.Repeat("another-key-", 4))
		integration := s.integration("blog", site.URL)
		s.patch(integration, `{"metadata":{"annotations":{"`+v1alpha1.AnnotationTestRequestedAt+`":"now"}}}`)
		s.await(newIntegration(), "blog", "Stalled=True/CredentialsRefused", "Connected=False/CredentialsRefused")
		s.checkHealth("WordPressIntegration", "blog", status.FailedStatus)
		s.create(s.request("meanwhile"))
		s.awaitRequest("meanwhile", "Ready=False/IntegrationNotReady")
		s.checkHealth("PublishRequest", "meanwhile", status.InProgressStatus)
	})
	t.Run("AndHeals", func(*testing.T) {
		s.awaitRequest("meanwhile", "Ready=True/Published")
		s.checkHealth("WordPressIntegration", "blog", status.CurrentStatus)
	})
}

func (s *space) patch(object client.Object, patch string) {
	s.t.Helper()
	if err := shared.Client.Patch(s.t.Context(), object, client.RawPatch("application/merge-patch+json", []byte(patch))); err != nil {
		s.t.Fatal(err)
	}
}
