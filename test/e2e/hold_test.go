// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// TestHolds takes one request through all that can hold it back, one after the
// other, and then to its site.
func TestHolds(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	request := s.request("hello")
	request.Spec.Approval = v1alpha1.ApprovalRequired
	request.Spec.Release = v1alpha1.ReleaseManual
	request.Spec.PublishTime = metav1.NewTime(time.Now().Add(time.Hour))
	s.create(request)
	held := func(reason string) {
		t.Helper()
		s.awaitRequest("hello", "Ready=True/"+reason, "Published=False/"+reason)
		s.checkHealth("PublishRequest", "hello", status.CurrentStatus)
	}
	held(v1alpha1.ReasonAwaitingApproval)
	annotate := func(name, value string) {
		t.Helper()
		s.patch(request, fmt.Sprintf(`{"metadata":{"annotations":{%q:%q}}}`, name, value))
	}
	annotate(v1alpha1.AnnotationApprovedGeneration, "1")
	held(v1alpha1.ReasonScheduled)

	// Another time is another generation.
	due := metav1.NewTime(time.Now().Add(5 * time.Second).Truncate(time.Second))
	s.patch(request, `{"spec":{"publishTime":"`+due.UTC().Format(time.RFC3339)+`"}}`)
	held(v1alpha1.ReasonAwaitingApproval)
	annotate(v1alpha1.AnnotationApprovedGeneration, "2")
	held(v1alpha1.ReasonAwaitingRelease)
	if early := time.Until(due.Time); early > 0 {
		t.Errorf("let go %s before its time", early)
	}
	annotate(v1alpha1.AnnotationReleaseRequestedAt, "now")
	got := s.awaitRequest("hello", "Ready=True/Published", "Published=True/Published")
	if v1alpha1.LookUp(got.Status.LastHandled, v1alpha1.AnnotationReleaseRequestedAt) != "now" {
		t.Errorf("lastHandled %v, want the annotation that released it", got.Status.LastHandled)
	}
	if posts := s.posts(s.title("hello")); posts != 1 {
		t.Errorf("%d posts, want 1", posts)
	}
}
