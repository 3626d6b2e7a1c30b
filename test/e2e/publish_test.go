// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func TestOnePostByOneCallOneStatusWriteOneEvent(t *testing.T) {
	manager := startManager(t)
	s := newSpace(t)
	s.connected()
	before, calls := s.writes(), siteCalls(t)
	s.create(s.request("hello"))
	request := s.awaitRequest("hello", "Ready=True/Published", "Published=True/Published", "Synced=True/Succeeded")
	s.checkHealth("PublishRequest", "hello", status.CurrentStatus)
	s.checkHealth("WordPressIntegration", "blog", status.CurrentStatus)
	checkPage(t, request.Status.Post.URL, request.Spec.Title)

	publish := before // what was written for the integration, and for the request
	publish["patch publishrequests/status"]++
	publish["create events/"]++
	poll(t, func() (bool, string) { // the Event is sent in the background
		diff := cmp.Diff(publish, s.writes())
		return diff == "", "writes (-want +got):\n" + diff
	})
	if got := siteCalls(t) - calls; got != 1 {
		t.Errorf("%d calls to the site, want 1", got)
	}

	t.Run("NothingToDo", func(t *testing.T) {
		done := reconciles(t, manager, "publishrequest")
		for range 20 {
			request.Annotations = map[string]string{"example.com/touched": request.ResourceVersion}
			if err := shared.Client.Patch(t.Context(), request, client.RawPatch("application/merge-patch+json",
				[]byte(`{"metadata":{"annotations":{"example.com/touched":"`+request.ResourceVersion+`"}}}`))); err != nil {
				t.Fatal(err)
			}
			done++
			poll(t, func() (bool, string) { return reconciles(t, manager, "publishrequest") >= done, "no reconcile" })
		}
		if diff := cmp.Diff(publish, s.writes()); diff != "" {
			t.Errorf("writes (-want +got):\n%s", diff)
		}
		if got := siteCalls(t) - calls; got != 1 {
			t.Errorf("%d calls to the site, want no more than the first", got)
		}
	})
	t.Run("Restart", func(t *testing.T) {
		if err := manager.Stop(); err != nil {
			t.Fatal(err)
		}
		again := startManager(t)
		poll(t, func() (bool, string) {
			return reconciles(t, again, "publishrequest") > 0 && reconciles(t, again, "integration") > 0, "no reconcile"
		})
		if diff := cmp.Diff(publish, s.writes()); diff != "" {
			t.Errorf("writes (-want +got):\n%s", diff)
		}
	})
}

// checkPage reads a post as a visitor does.
func checkPage(t *testing.T, url, title string) {
	t.Helper()
	if !strings.Contains(pageOf(t, url), title) {
		t.Errorf("the page %s lacks %q", url, title)
	}
}

// pageOf is a page of the site, as a visitor gets it.
func pageOf(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Errorf("GET %s: status %d", url, response.StatusCode)
	}
	return string(page)
}

func TestTheSamePostForARequestThatIsAppliedAgain(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	s.create(s.request("hello"))
	first := s.awaitRequest("hello", "Ready=True/Published")
	if err := shared.Client.Delete(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	s.create(s.request("hello"))
	second := s.awaitRequest("hello", "Ready=True/Adopted")
	if first.Status.Post.ID != second.Status.Post.ID || s.posts(s.title("hello")) != 1 {
		t.Errorf("posts %d and %d, %d at the site; want the same, one", first.Status.Post.ID, second.Status.Post.ID, s.posts(s.title("hello")))
	}
	s.checkHealth("PublishRequest", "hello", status.CurrentStatus)
}

func TestTwoRequestsForOneContent(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	for _, name := range []string{"first", "second"} {
		request := s.request(name)
		request.Spec.ContentKey, request.Spec.Title = s.name+"/same", s.title("same")
		s.create(request)
		if name == "first" {
			s.awaitRequest(name, "Ready=True/Published")
		}
	}
	s.awaitRequest("second", "Stalled=True/ClaimedByOther")
	s.checkHealth("PublishRequest", "second", status.FailedStatus)
	if got := s.posts(s.title("same")); got != 1 {
		t.Errorf("%d posts, want 1", got)
	}
}

func TestSamplesApply(t *testing.T) {
	s := newSpace(t)
	if out, err := shared.Kubectl(t.Context(), "", "apply", "-n", s.name, "-k", root+"/config/samples"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s.checkHealth("PublishRequest", "hello", status.InProgressStatus)
	startManager(t)
	s.await(&v1alpha1.PluginRelease{}, "igny8-wp-bridge-2.0.0", "Stalled=True/NotYetSupported")
	s.checkHealth("PluginRelease", "igny8-wp-bridge-2.0.0", status.FailedStatus)
	// https://blog.example.com is nobody's: how it cannot be reached depends on the machine.
	s.awaitThat(&v1alpha1.WordPressIntegration{}, "blog", "not connected", notConnected)
	s.checkHealth("WordPressIntegration", "blog", status.InProgressStatus)
}
