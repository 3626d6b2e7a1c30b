// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// person is who edits posts past the operator.
const person = "Jane Doe (jane)"

// as runs PHP as the person, who is made when first needed.
func as(t *testing.T, code string) string {
	t.Helper()
	out, err := site.PHP(t.Context(), `
$id = username_exists( 'jane' );
if ( ! $id ) {
	$id = wp_insert_user( array( 'user_login' => 'jane', 'user_pass' => wp_generate_password(), 'display_name' => 'Jane Doe', 'role' => 'editor' ) );
}
wp_set_current_user( $id );
require_once ABSPATH . 'wp-admin/includes/post.php';
`+code)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func editByHand(t *testing.T, post int64) {
	t.Helper()
	as(t, fmt.Sprintf("wp_update_post( array( 'ID' => %d, 'post_content' => 'By hand.' ) );", post))
}

func contentOf(t *testing.T, post int64) string {
	t.Helper()
	return as(t, fmt.Sprintf("echo get_post( %d )->post_content;", post))
}

// siteUpdates counts the updates that the site has answered.
func siteUpdates(t *testing.T) int {
	t.Helper()
	requests, err := site.RequestLog()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range requests {
		if r.Method == http.MethodPut && strings.Contains(r.URI, "igny8/v1/publish/") {
			n++
		}
	}
	return n
}

// awaitGeneration waits until the conditions are there, and are about the spec as
// it is.
func (s *space) awaitGeneration(name string, want ...string) *v1alpha1.PublishRequest {
	s.t.Helper()
	request := &v1alpha1.PublishRequest{}
	poll(s.t, func() (bool, string) {
		if err := shared.Client.Get(s.t.Context(), client.ObjectKey{Namespace: s.name, Name: name}, request); err != nil {
			return false, err.Error()
		}
		for _, condition := range want {
			if !hasCondition(request.Status.Conditions, condition) {
				return false, show(request.Status.Conditions)
			}
		}
		return request.Status.ObservedGeneration == request.Generation, "the generation is not observed"
	})
	return request
}

// publishedRequest is a request whose post is at the site.
func (s *space) publishedRequest(name string, change func(*v1alpha1.PublishRequestSpec)) *v1alpha1.PublishRequest {
	s.t.Helper()
	request := s.request(name)
	if change != nil {
		change(&request.Spec)
	}
	s.create(request)
	return s.awaitRequest(name, "Ready=True/Published")
}

func (s *space) retitle(request *v1alpha1.PublishRequest, title string) {
	s.t.Helper()
	s.patch(request, fmt.Sprintf(`{"spec":{"title":%q}}`, s.title(title)))
}

func (s *space) annotate(request *v1alpha1.PublishRequest, name, value string) {
	s.t.Helper()
	s.patch(request, fmt.Sprintf(`{"metadata":{"annotations":{%q:%q}}}`, name, value))
}

func TestAnUpdateCostsOneCallOneStatusWriteOneEvent(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	request := s.publishedRequest("hello", nil)
	writes := s.writes()
	poll(t, func() (bool, string) { // the Event is sent in the background
		writes = s.writes()
		return writes["create events/"] >= 3, fmt.Sprint(writes)
	})
	updates, publishes := siteUpdates(t), siteCalls(t)
	s.retitle(request, "other")
	s.awaitGeneration("hello", "Ready=True/Published", "Published=True/Published", "Synced=True/Succeeded")
	checkPage(t, request.Status.Post.URL, s.title("other"))
	writes["patch publishrequests/status"]++
	writes["create events/"]++
	poll(t, func() (bool, string) {
		diff := cmp.Diff(writes, s.writes())
		return diff == "", "writes (-want +got):\n" + diff
	})
	if got := siteUpdates(t) - updates; got != 1 || siteCalls(t) != publishes {
		t.Errorf("%d updates, %d publishes; want one, none", got, siteCalls(t)-publishes)
	}
	s.checkHealth("PublishRequest", "hello", status.CurrentStatus)

	s.patch(request, `{"spec":{"siteID":5}}`) // which the site does not learn
	s.awaitGeneration("hello", "Ready=True/Published", "Synced=True/Succeeded")
	writes["patch publishrequests/status"]++
	if diff := cmp.Diff(writes, s.writes()); diff != "" {
		t.Errorf("nothing to send: writes (-want +got):\n%s", diff)
	}
	if got := siteUpdates(t) - updates; got != 1 {
		t.Errorf("%d updates, want none for what the site does not learn", got-1)
	}
	if got := s.posts(s.title("other")); got != 1 {
		t.Errorf("%d posts, want 1", got)
	}
}

func TestAnEditByAPerson(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	const byHand, ours = "By hand.", "<em>"
	cases := map[string]struct {
		policy v1alpha1.ConflictPolicy
		// found is what the conflict comes to by the policy, empty if it is over at once.
		found  []string
		health status.Status
		answer string
		want   string // part of the post in the end
	}{
		"prefer-source": {policy: v1alpha1.ConflictPolicyPreferSource, want: ours},
		"prefer-site": {policy: v1alpha1.ConflictPolicyPreferSite, want: byHand, health: status.CurrentStatus,
			found: []string{"Ready=True/Published", "Synced=False/Conflict", "Conflict=True/Conflict"}},
		"manual-source": {policy: v1alpha1.ConflictPolicyManual, answer: "source", want: ours, health: status.FailedStatus,
			found: []string{"Stalled=True/Conflict", "Synced=False/Conflict", "Conflict=True/Conflict", "Published=True/Published"}},
		"manual-site": {policy: v1alpha1.ConflictPolicyManual, answer: "site", want: byHand, health: status.FailedStatus,
			found: []string{"Stalled=True/Conflict", "Conflict=True/Conflict"}},
		"prefer-site-source": {policy: v1alpha1.ConflictPolicyPreferSite, answer: "source:now", want: ours, health: status.CurrentStatus,
			found: []string{"Ready=True/Published", "Conflict=True/Conflict"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := &space{t, s.name}
			request := s.publishedRequest(name, func(spec *v1alpha1.PublishRequestSpec) { spec.ConflictPolicy = tc.policy })
			post := request.Status.Post.ID
			editByHand(t, post)
			s.retitle(request, name+" changed")
			if tc.found != nil {
				found := s.awaitGeneration(name, tc.found...)
				if got := contentOf(t, post); got != byHand || found.Status.Conflict.ModifiedBy != person {
					t.Errorf("conflict %+v; the site has %q", found.Status.Conflict, got)
				}
				s.checkHealth("PublishRequest", name, tc.health)
			}
			if tc.answer != "" {
				s.annotate(request, v1alpha1.AnnotationResolveConflict, tc.answer)
			}
			if tc.answer != "" || tc.found == nil {
				settled := s.awaitGeneration(name, "Ready=True/Published", "Synced=True/Succeeded", "Published=True/Published")
				if settled.Status.Conflict != (v1alpha1.PostConflict{}) || v1alpha1.LookUp(settled.Status.LastHandled, v1alpha1.AnnotationResolveConflict) != tc.answer {
					t.Errorf("conflict %+v, handled %v", settled.Status.Conflict, settled.Status.LastHandled)
				}
				if tc.want == ours && !strings.Contains(settled.Status.History[0].Description, "over the change made at the site by "+person) {
					t.Errorf("whose change was overwritten is not told: %+v", settled.Status.History[0])
				}
			}
			if got := contentOf(t, post); !strings.Contains(got, tc.want) {
				t.Errorf("the site has %q, want %q", got, tc.want)
			}
			s.checkHealth("PublishRequest", name, status.CurrentStatus)
		})
	}
}

func TestAPostThatIsGone(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	const trash, forGood = "wp_trash_post( %d );", "wp_delete_post( %d, true );"
	cases := map[string]struct {
		policy v1alpha1.MissingPolicy
		lose   string
		want   []string
		health status.Status
		same   bool // the post has its id
	}{
		"deleted-recreate": {v1alpha1.MissingPolicyRecreate, forGood, []string{"Ready=True/Published", "Published=True/Published", "Synced=True/Succeeded"}, status.CurrentStatus, false},
		"deleted-restore":  {v1alpha1.MissingPolicyRestore, forGood, []string{"Stalled=True/PostDeleted", "Published=False/PostDeleted"}, status.FailedStatus, true},
		"deleted-leave":    {v1alpha1.MissingPolicyLeave, forGood, []string{"Ready=True/PostDeleted", "Published=False/PostDeleted"}, status.CurrentStatus, true},
		"trashed-recreate": {v1alpha1.MissingPolicyRecreate, trash, []string{"Ready=True/Published", "Published=True/Published", "Synced=True/Succeeded"}, status.CurrentStatus, true},
		"trashed-restore":  {v1alpha1.MissingPolicyRestore, trash, []string{"Ready=True/Published", "Published=True/Published", "Synced=True/Succeeded"}, status.CurrentStatus, true},
		"trashed-leave":    {v1alpha1.MissingPolicyLeave, trash, []string{"Ready=True/PostDeleted", "Published=False/PostDeleted"}, status.CurrentStatus, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := &space{t, s.name}
			request := s.publishedRequest(name, func(spec *v1alpha1.PublishRequestSpec) { spec.MissingPolicy = tc.policy })
			as(t, fmt.Sprintf(tc.lose, request.Status.Post.ID))
			s.retitle(request, name+" changed")
			got := s.awaitGeneration(name, tc.want...)
			s.checkHealth("PublishRequest", name, tc.health)
			if same := got.Status.Post.ID == request.Status.Post.ID; same != tc.same {
				t.Errorf("post %d became %d", request.Status.Post.ID, got.Status.Post.ID)
			}
			if tc.want[0] != "Ready=True/Published" {
				return
			}
			checkPage(t, got.Status.Post.URL, s.title(name+" changed"))
			if posts := s.posts(s.title(name+" changed")) + s.posts(s.title(name)); posts != 1 {
				t.Errorf("%d posts, want 1", posts)
			}
		})
	}
}

func TestAPostThatIsOpenInTheEditor(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	request := s.publishedRequest("hello", nil)
	as(t, fmt.Sprintf("wp_set_post_lock( %d );", request.Status.Post.ID))
	s.retitle(request, "other")
	waiting := s.awaitRequest("hello", "Ready=False/InProgress", "Synced=False/InProgress", "Published=True/Published")
	if message := waiting.Status.Conditions; !strings.Contains(show(message), "Jane Doe") {
		t.Errorf("who has it open is not told: %s", show(message))
	}
	s.checkHealth("PublishRequest", "hello", status.InProgressStatus)
	as(t, fmt.Sprintf("delete_post_meta( %d, '_edit_lock' );", request.Status.Post.ID))
	s.annotate(request, v1alpha1.AnnotationRetryRequestedAt, "closed")
	s.awaitGeneration("hello", "Ready=True/Published", "Synced=True/Succeeded")
	s.checkHealth("PublishRequest", "hello", status.CurrentStatus)
}

// TestARebuiltClusterOverwritesNoEdit: the request is gone with its status, and a
// person edits the post before it is applied again.
func TestARebuiltClusterOverwritesNoEdit(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	first := s.publishedRequest("hello", nil)
	if err := shared.Client.Delete(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	editByHand(t, first.Status.Post.ID)
	again := s.request("hello")
	again.Spec.ConflictPolicy = v1alpha1.ConflictPolicyManual
	s.create(again)
	found := s.awaitGeneration("hello", "Stalled=True/Conflict", "Conflict=True/Conflict")
	if found.Status.Post.ID != first.Status.Post.ID || contentOf(t, first.Status.Post.ID) != "By hand." {
		t.Errorf("post %d, the site has %q", found.Status.Post.ID, contentOf(t, first.Status.Post.ID))
	}
	s.annotate(again, v1alpha1.AnnotationResolveConflict, "source")
	got := s.awaitGeneration("hello", "Ready=True/Adopted", "Synced=True/Succeeded")
	if claim := as(t, fmt.Sprintf("global $wpdb; echo $wpdb->get_var( \"SELECT claim FROM {$wpdb->prefix}igny8_reservations WHERE post_id = %d\" );", got.Status.Post.ID)); claim != string(got.UID) {
		t.Errorf("claim %q, want that of the new request, %s", claim, got.UID)
	}
	if posts := s.posts(s.title("hello")); posts != 1 {
		t.Errorf("%d posts, want 1", posts)
	}
	s.checkHealth("PublishRequest", "hello", status.CurrentStatus)
}
