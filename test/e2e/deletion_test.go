// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// publishedWith creates the request "hello" with a change, and waits for its post.
func (s *space) publishedWith(change func(*v1alpha1.PublishRequestSpec)) *v1alpha1.PublishRequest {
	s.t.Helper()
	request := s.request("hello")
	change(&request.Spec)
	s.create(request)
	return s.awaitRequest("hello", "Ready=True/Published")
}

func (s *space) delete(objects ...client.Object) {
	s.t.Helper()
	for _, object := range objects {
		if err := shared.Client.Delete(s.t.Context(), object); err != nil {
			s.t.Fatal(err)
		}
	}
}

// awaitGone waits until the request is gone.
func (s *space) awaitGone(name string) {
	s.t.Helper()
	poll(s.t, func() (bool, string) {
		request := &v1alpha1.PublishRequest{}
		err := shared.Client.Get(s.t.Context(), client.ObjectKey{Namespace: s.name, Name: name}, request)
		return apierrors.IsNotFound(err), fmt.Sprintf("%s is still there (%v): %s", name, err, show(request.Status.Conditions))
	})
}

// awaitEvent waits for an Event of a namespace about an object, whose note has a
// text.
func (s *space) awaitEvent(namespace, name, reason, says string) {
	s.t.Helper()
	poll(s.t, func() (bool, string) {
		list := &eventsv1.EventList{}
		if err := shared.Client.List(s.t.Context(), list, client.InNamespace(namespace)); err != nil {
			return false, err.Error()
		}
		found := slices.ContainsFunc(list.Items, func(e eventsv1.Event) bool {
			return e.Regarding.Name == name && e.Reason == reason && strings.Contains(e.Note, says)
		})
		return found, fmt.Sprintf("no Event %s about %s that says %q", reason, name, says)
	})
}

// postStatus is WordPress's status of a post, empty if it is gone.
func postStatus(t *testing.T, id int64) string {
	t.Helper()
	return as(t, fmt.Sprintf("echo get_post_status( %d );", id))
}

func TestDeletionPoliciesOnARealSite(t *testing.T) {
	startManager(t)
	cases := map[string]struct {
		policy, ofSite v1alpha1.DeletionPolicy
		patches        int
		left           string
		event          string
	}{
		"Retain": {"", "", 0, "publish", ""},
		"Trash":  {"Trash", "", 2, "trash", "is in the trash of the site"},
		"Delete": {"", "Delete", 2, "", "was deleted for good"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newSpace(t)
			s.connected()
			integration := s.await(newIntegration(), "blog", "Ready=True/Connected")
			if tc.ofSite != "" {
				s.patch(integration, fmt.Sprintf(`{"spec":{"publishing":{"deletionPolicy":%q}}}`, tc.ofSite))
			}
			request := s.publishedWith(func(spec *v1alpha1.PublishRequestSpec) { spec.DeletionPolicy = tc.policy })
			if got := len(request.Finalizers) > 0; got != (tc.patches > 0) {
				t.Errorf("finalizers %v", request.Finalizers)
			}
			s.delete(request)
			s.awaitGone("hello")
			if got := postStatus(t, request.Status.Post.ID); got != tc.left {
				t.Errorf("the post is %q, want %q", got, tc.left)
			}
			writes := s.writes()
			if writes["patch publishrequests/"] != tc.patches || writes["patch publishrequests/status"] != 1 {
				t.Errorf("writes %v, want %d for the finalizer and one status", writes, tc.patches)
			}
			if tc.event != "" {
				s.awaitEvent(s.name, "hello", v1alpha1.ReasonPostRemoved, tc.event)
			}
		})
	}
}

// TestDeletionOfAPostNobodyKnows: PHP dies after its INSERT, so that the status
// has no id.
func TestDeletionOfAPostNobodyKnows(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.create(s.secret("key", site.APIKey))
	integration := s.integration("blog", site.URL)
	integration.Spec.Publishing.Retry.InitialDelaySeconds = 600
	s.create(integration)
	setOption(t, "test_kill", s.title("hello"))
	request := s.request("hello")
	request.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete
	s.create(request)
	request = s.awaitRequest("hello", "Ready=False/ServerError")
	if s.posts(s.title("hello")) != 1 || request.Status.Post.ID != 0 {
		t.Fatalf("%d posts, status %+v; want one that the status does not know", s.posts(s.title("hello")), request.Status.Post)
	}
	s.delete(request)
	s.awaitGone("hello")
	if got := s.posts(s.title("hello")); got != 0 {
		t.Errorf("%d posts are left", got)
	}
}

func TestDeletionLeavesThePostsOfOthers(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	first := s.publishedWith(func(spec *v1alpha1.PublishRequestSpec) {
		spec.ContentKey = s.name + "/shared"
		spec.DeletionPolicy = v1alpha1.DeletionPolicyRetain
	})
	second := s.request("second")
	second.Spec.ContentKey, second.Spec.DeletionPolicy = s.name+"/shared", v1alpha1.DeletionPolicyDelete
	s.create(second)
	s.awaitRequest("second", "Stalled=True/ClaimedByOther")
	s.delete(second)
	s.awaitGone("second")
	s.awaitEvent(s.name, "second", v1alpha1.ReasonClaimedByOther, `stays, it belongs to PublishRequest "hello"`)
	if got := postStatus(t, first.Status.Post.ID); got != "publish" {
		t.Errorf("the post is %q, want it published", got)
	}
}

func TestDeletionWaitsForTheIntegration(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	request := s.publishedWith(func(spec *v1alpha1.PublishRequestSpec) { spec.DeletionPolicy = v1alpha1.DeletionPolicyTrash })
	s.loseIntegration()
	s.delete(request)
	waiting := s.awaitRequest("hello", "Ready=False/IntegrationNotFound")
	if message := meta.FindStatusCondition(waiting.Status.Conditions, v1alpha1.ConditionReady).Message; !strings.Contains(message, "the deletion waits for it until ") {
		t.Errorf("message %q does not say until when", message)
	}
	s.checkHealth("PublishRequest", "hello", status.TerminatingStatus)
	s.create(s.integration("blog", site.URL))
	s.awaitGone("hello")
	if got := postStatus(t, request.Status.Post.ID); got != "trash" {
		t.Errorf("the post is %q, want it in the trash", got)
	}
}

// loseIntegration deletes objects and then the integration, and waits until the
// operator knows: what it says of a request that needs the integration tells. A post
// is removed as long as it does not.
func (s *space) loseIntegration(first ...client.Object) {
	s.t.Helper()
	witness := s.request("witness")
	witness.Spec.Content = v1alpha1.Content{Type: v1alpha1.ContentTypeConfigMap, ConfigMap: v1alpha1.ConfigMapKeyReference{Name: "none", Key: "none"}}
	s.create(witness)
	s.awaitRequest("witness", "Ready=False/ConfigMapNotFound")
	s.delete(first...)
	s.delete(&v1alpha1.WordPressIntegration{ObjectMeta: metav1.ObjectMeta{Namespace: s.name, Name: "blog"}})
	s.awaitRequest("witness", "Ready=False/IntegrationNotFound")
}

func TestDeletionGivesUpASiteThatIsDown(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	request := s.publishedWith(func(spec *v1alpha1.PublishRequestSpec) {
		spec.DeletionPolicy, spec.DeletionTimeoutSeconds = v1alpha1.DeletionPolicyTrash, 3
	})
	if err := site.StopServing(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := site.StartServing(context.Background()); err != nil {
			t.Error(err)
		}
	})
	s.delete(request)
	s.awaitGone("hello")
	s.awaitEvent(s.name, "hello", v1alpha1.ReasonPostOrphaned, fmt.Sprintf("post %d (%s) stays at "+site.URL, request.Status.Post.ID, request.Status.Post.URL))
}

// TestDeletionWithItsNamespace: the integration and its Secret go first, and
// nothing can be made again.
func TestDeletionWithItsNamespace(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	request := s.publishedWith(func(spec *v1alpha1.PublishRequestSpec) { spec.DeletionPolicy = v1alpha1.DeletionPolicyTrash })
	s.loseIntegration(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: s.name}}, s.secret("key", ""))
	s.delete(request)
	s.awaitGone("hello")
	s.awaitEvent(metav1.NamespaceDefault, s.name, v1alpha1.ReasonPostOrphaned, "the namespace is being deleted")
	if got := postStatus(t, request.Status.Post.ID); got != "publish" {
		t.Errorf("the post is %q, want it published", got)
	}
}

func TestDeletionOfFinishedRequests(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	request := s.request("hello")
	request.Spec.DeletionPolicy, request.Spec.TTLSecondsAfterPublished = v1alpha1.DeletionPolicyDelete, ptr.To(int32(1))
	s.create(request)
	s.awaitGone("hello")
	s.awaitEvent(s.name, "hello", v1alpha1.ReasonExpired, "stays: http")
	if got := s.posts(s.title("hello")); got != 1 {
		t.Errorf("%d posts, want the one that stays", got)
	}
	if writes := s.writes(); writes["delete publishrequests/"] != 1 || writes["patch publishrequests/"] != 2 || writes["patch publishrequests/status"] != 1 {
		t.Errorf("writes %v, want the finalizer put on and off, one status, one deletion", writes)
	}
}
