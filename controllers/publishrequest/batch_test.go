// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// bulk is a harness with several requests.
type bulk struct {
	*harness
	names []types.NamespacedName
}

// newBulk has n requests, the oldest first, whose tickets are left.
func newBulk(t *testing.T, n int, change func(i int, p *v1alpha1.PublishRequest)) *bulk {
	t.Helper()
	b := newIdleBulk(t, n, change)
	b.reconcileAll()
	return b
}

// newIdleBulk has requests without tickets.
func newIdleBulk(t *testing.T, n int, change func(i int, p *v1alpha1.PublishRequest)) *bulk {
	t.Helper()
	b := &bulk{}
	var objects []client.Object
	for i := range n {
		request := published(func(p *v1alpha1.PublishRequest) {
			p.Name, p.UID = fmt.Sprintf("bulk-%02d", i), types.UID(fmt.Sprintf("uid-bulk-%02d", i))
			p.CreationTimestamp.Time = start.Add(time.Duration(i) * time.Second)
			if change != nil {
				change(i, p)
			}
		})
		objects = append(objects, request)
		b.names = append(b.names, client.ObjectKeyFromObject(request))
	}
	b.harness = newIdleHarness(t, objects...)
	return b
}

func (b *bulk) reconcileAll() {
	b.t.Helper()
	for _, name := range b.names {
		b.reconcileThat(name)
	}
}

// drain makes the calls that are asked for, and records n outcomes.
func (b *bulk) drain(n int) {
	b.t.Helper()
	b.runCalls()
	for range n {
		b.awaitCall()
	}
	b.reconcileAll()
}

func (b *bulk) request(i int) *v1alpha1.PublishRequest {
	b.t.Helper()
	request := &v1alpha1.PublishRequest{}
	if err := b.client.Get(b.t.Context(), b.names[i], request); err != nil {
		b.t.Fatal(err)
	}
	return request
}

// reasons are those of Ready, with how many attempts count; empty where nothing
// was said.
func (b *bulk) reasons() []string {
	b.t.Helper()
	reasons := make([]string, len(b.names))
	for i := range b.names {
		s := newScope(b.request(i), start)
		if ready := s.condition(v1alpha1.ConditionReady); ready != nil {
			reasons[i] = fmt.Sprint(ready.Reason, " ", s.request.Status.Attempts.Count)
		}
	}
	return reasons
}

// calls are those of the site, by route.
func (b *bulk) calls() string {
	var calls []string
	for _, c := range b.site.Calls() {
		calls = append(calls, strings.TrimPrefix(c.Route, "publish/"))
	}
	return strings.Join(calls, " ")
}

// once checks that each request has made one post and knows it.
func (b *bulk) once() {
	b.t.Helper()
	for i := range b.names {
		request := b.request(i)
		if n := b.site.Created(contentKey(request)); n != 1 || request.Status.Post.ID == 0 {
			b.t.Errorf("%s: %d posts were made, and it knows %d", request.Name, n, request.Status.Post.ID)
		}
	}
}

func repeat(n int, text string) []string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = text
	}
	return texts
}

// TestABatchIsOneCall: five posts, five outcomes, five writes, one call.
func TestABatchIsOneCall(t *testing.T) {
	b := newBulk(t, 5, nil)
	writes := b.writes
	b.drain(5)
	if got := b.calls(); got != "batch" {
		t.Errorf("calls %q, want one batch", got)
	}
	if diff := cmp.Diff(repeat(5, "Published 1"), b.reasons()); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	if events, writes := len(b.recorder.Events), b.writes-writes; events != 5 || writes != 5 {
		t.Errorf("%d Events and %d writes, want 5 of each", events, writes)
	}
	b.once()
}

// TestEachOfABatchHasItsOwnOutcome whatever becomes of the others.
func TestEachOfABatchHasItsOwnOutcome(t *testing.T) {
	b := newBulk(t, 5, func(i int, p *v1alpha1.PublishRequest) {
		switch i {
		case 1:
			p.Spec.Content.Inline = "a NUL \x00"
		case 2:
			p.Spec.CustomFields = []v1alpha1.CustomField{{Name: "_protected"}}
		case 3:
			p.Spec.ContentKey = "taken"
		}
	})
	if _, err := b.bare(t).Publish(t.Context(), &wordpress.Post{ContentKey: "taken", Title: "Theirs", Status: "publish", Owner: "somebody"}); err != nil {
		t.Fatal(err)
	}
	b.drain(5)
	if got := b.calls(); got != "publish batch" {
		t.Errorf("calls %q, want one batch after the one of the test", got)
	}
	want := []string{"Published 1", "InvalidContent 0", "ContentRejected 1", "OwnedByOther 1", "Published 1"}
	if diff := cmp.Diff(want, b.reasons()); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

// bare is a client that knows nothing of requests.
func (b *bulk) bare(t *testing.T) *wordpress.Client {
	t.Helper()
	c, err := wordpress.NewClient(wordpress.Config{SiteURL: b.site.URL(), Key: wordpress.NewKey(b.site.Key())}, wordpresstest.LoopbackTransports(t))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestABatchThatFails counts no attempt: its requests go alone, and what they
// come to then counts. Whatever the site had done by then is found by its key.
func TestABatchThatFails(t *testing.T) {
	noRoute := &wordpresstest.Answer{Status: http.StatusNotFound, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"code":"rest_no_route"}`}
	cases := map[string]struct {
		reason string
		fault  wordpresstest.Fault
	}{
		"Unavailable": {"nothing was looked at", wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusBadGateway}}},
		"TooLarge":    {"a proxy has a limit of its own", wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusRequestEntityTooLarge}}},
		"Forbidden":   {"a firewall does not know the route", wordpresstest.Fault{Answer: &wordpresstest.Answer{Status: http.StatusForbidden}}},
		"TooOld":      {"the plugin does not know the route", wordpresstest.Fault{Answer: noRoute}},
		"BrokenOff":   {"PHP died over the last one", wordpresstest.Fault{Stage: wordpresstest.DuringEffect, Drop: true}},
		"AnswerLost":  {"all were made", wordpresstest.Fault{Stage: wordpresstest.AfterEffect, Drop: true}},
		"NotReached":  {"the connection broke", wordpresstest.Fault{Drop: true}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			b := newBulk(t, 5, nil)
			b.site.SetHook(func(r *http.Request) wordpresstest.Fault {
				if strings.HasSuffix(r.URL.Path, "/batch") {
					return tc.fault
				}
				return wordpresstest.Fault{}
			})
			b.drain(5)
			if diff := cmp.Diff(repeat(5, "Published 1"), b.reasons()); diff != "" {
				t.Errorf("%s: reasons (-want +got):\n%s", tc.reason, diff)
			}
			if n := b.site.CountCalls(http.MethodPost, "publish/batch"); n != 1 {
				t.Errorf("%s: %d batches, want one", tc.reason, n)
			}
			for i := range b.names {
				if history := b.request(i).Status.History; len(history) != 1 || !history[0].Success {
					t.Errorf("%s: history %+v, want one success", tc.reason, history)
				}
			}
			b.once()
		})
	}
}

// TestABatchThatTakesTooLong: what the site has made by then is found, and the
// next batch is smaller.
func TestABatchThatTakesTooLong(t *testing.T) {
	b := newIdleBulk(t, 8, nil)
	b.replaceIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.Transport.TimeoutSeconds = 1 })
	b.reconcileAll()
	var sizes []int
	b.site.SetHook(func(r *http.Request) wordpresstest.Fault {
		if !strings.HasSuffix(r.URL.Path, "/batch") {
			return wordpresstest.Fault{}
		}
		if sizes = append(sizes, b.Stats().Waiting); len(sizes) > 1 {
			return wordpresstest.Fault{}
		}
		return wordpresstest.Fault{Stage: wordpresstest.AfterEffect, Hold: t.Context().Done()}
	})
	b.drain(8)
	if diff := cmp.Diff([]int{3, 1}, sizes); diff != "" {
		t.Errorf("waiting during each batch: five go first, then two (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(repeat(8, "Published 1"), b.reasons()); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	b.once()
}

// TestAKeyThatIsRefusedIsHeardOfByOneThatGoesAlone: not by all of the batch.
func TestAKeyThatIsRefusedIsHeardOfByOneThatGoesAlone(t *testing.T) {
	b := newBulk(t, 5, nil)
	b.site.SetHook(func(*http.Request) wordpresstest.Fault {
		return wordpresstest.Fault{Answer: wordpresstest.Problem(http.StatusUnauthorized, "key-unknown", "The site does not know this API key.")}
	})
	b.drain(1)
	if got := b.calls(); got != "batch publish" {
		t.Errorf("calls %q, want a batch and one that found out", got)
	}
	if b.retests != 1 || b.Stats().Waiting != 4 || b.Stats().Paused != 1 {
		t.Errorf("%d tests were asked for, %+v; want one, and the others to wait", b.retests, b.Stats())
	}
}

// TestWhatDoesNotFitWaitsForAnotherTurn: by the length of the call, and by the
// room there is for all of them.
func TestWhatDoesNotFitWaitsForAnotherTurn(t *testing.T) {
	t.Run("Call", func(t *testing.T) {
		b := newBulk(t, 3, func(_ int, p *v1alpha1.PublishRequest) { p.Spec.Content.Inline = strings.Repeat("x", 2<<20) })
		b.drain(3)
		if got := b.calls(); got != "batch publish" {
			t.Errorf("calls %q, want two in a batch and one alone", got)
		}
		b.once()
	})
	t.Run("Room", func(t *testing.T) {
		b := newBulk(t, 3, nil)
		if !b.bodies.TryAcquire(maxBatchBodies) {
			t.Fatal("the room is not empty")
		}
		b.drain(3)
		if got := b.calls(); got != "publish publish publish" {
			t.Errorf("calls %q, want each alone", got)
		}
		b.once()
	})
	t.Run("RoomIsGivenBack", func(t *testing.T) {
		b := newBulk(t, 5, nil)
		b.drain(5)
		if !b.bodies.TryAcquire(maxBatchBodies) {
			t.Error("room was kept")
		}
	})
}

// TestWhoDoesNotShareACall: a batch has none that updates a post, failed before,
// or whose integration wants none.
func TestWhoDoesNotShareACall(t *testing.T) {
	cases := map[string]struct {
		request     func(*v1alpha1.PublishRequest)
		integration func(*v1alpha1.WordPressIntegration)
		want        int
	}{
		"Default":    {nil, nil, 20},
		"Size":       {nil, func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.BatchSize = 7 }, 7},
		"Off":        {nil, func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.BatchSize = 1 }, 1},
		"Update":     {func(p *v1alpha1.PublishRequest) { p.Status.Post.ID = 3 }, nil, 1},
		"Failed":     {func(p *v1alpha1.PublishRequest) { p.Status.Attempts.Count = 1 }, nil, 1},
		"NotReached": {func(p *v1alpha1.PublishRequest) { p.Status.Attempts.LastReason = v1alpha1.ReasonConnectionRefused }, nil, 20},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := newScope(newRequest(tc.request), start)
			s.integration = newIntegration(tc.integration)
			if got := s.maxBatch(); got != tc.want {
				t.Errorf("maxBatch = %d, want %d", got, tc.want)
			}
		})
	}
}

// TestARequestThatChangedLeavesItsBatch: the others do not notice.
func TestARequestThatChangedLeavesItsBatch(t *testing.T) {
	b := newBulk(t, 5, func(i int, p *v1alpha1.PublishRequest) {
		if i == 2 {
			p.Spec.Approval = v1alpha1.ApprovalRequired
			p.Annotations = map[string]string{v1alpha1.AnnotationApprovedGeneration: "1"}
		}
	})
	suspended, unapproved := b.request(1), b.request(2)
	suspended.Spec.Suspend, suspended.Generation = true, 2
	unapproved.Annotations = nil
	for _, request := range []*v1alpha1.PublishRequest{suspended, unapproved} {
		if err := b.client.Update(t.Context(), request); err != nil {
			t.Fatal(err)
		}
	}
	b.drain(5)
	want := []string{"Published 1", "", "", "Published 1", "Published 1"}
	if diff := cmp.Diff(want, b.reasons()); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	for _, i := range []int{1, 2} {
		if n := b.site.Created(contentKey(b.request(i))); n != 0 {
			t.Errorf("%s was published", b.names[i].Name)
		}
	}
}

// TestABatchWhoseIntegrationChanged makes no call; its requests are looked at
// again.
func TestABatchWhoseIntegrationChanged(t *testing.T) {
	b := newBulk(t, 5, nil)
	integration := &v1alpha1.WordPressIntegration{}
	if err := b.client.Get(t.Context(), types.NamespacedName{Namespace: "team", Name: "blog"}, integration); err != nil {
		t.Fatal(err)
	}
	integration.Spec.Suspend, integration.Generation = true, 2
	if err := b.client.Update(t.Context(), integration); err != nil {
		t.Fatal(err)
	}
	b.drain(5)
	if got := b.calls(); got != "" {
		t.Errorf("calls %q, want none", got)
	}
	if diff := cmp.Diff(repeat(5, "IntegrationNotReady 0"), b.reasons()); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

// TestPostsWithImagesGoAlone: the others do not wait for the images.
func TestPostsWithImagesGoAlone(t *testing.T) {
	b := newIdleBulk(t, 5, func(i int, p *v1alpha1.PublishRequest) {
		if i == 3 {
			p.Spec.FeaturedImage.Source = fromConfigMap(nil).Spec.FeaturedImage.Source
		}
	})
	if err := b.client.Create(t.Context(), pictures(picture(3))); err != nil {
		t.Fatal(err)
	}
	b.reconcileAll()
	b.drain(5)
	if got := b.calls(); got != "batch media publish publish" {
		t.Errorf("calls %q, want those before in a batch, and each after it by itself", got)
	}
	b.once()
}

// TestABatchIsNotPreparedForLong: what is sent was approved a moment ago.
func TestABatchIsNotPreparedForLong(t *testing.T) {
	b := newBulk(t, 5, nil)
	b.Live = slowReader{b.client, func() { b.clock.Step(8 * time.Second) }}
	b.drain(5)
	if got := b.calls(); got != "batch publish publish publish" {
		t.Errorf("calls %q, want two in the batch, which took longer than it should, and the rest alone", got)
	}
	b.once()
}

// slowReader takes its time over requests.
type slowReader struct {
	client.Reader
	before func()
}

func (s slowReader) Get(ctx context.Context, key client.ObjectKey, object client.Object, opts ...client.GetOption) error {
	if _, ok := object.(*v1alpha1.PublishRequest); ok {
		s.before()
	}
	return s.Reader.Get(ctx, key, object, opts...)
}

// TestTheTimeOfABatchIsShared among its posts, and added to what each took.
func TestTheTimeOfABatchIsShared(t *testing.T) {
	b := newBulk(t, 5, nil)
	b.site.SetHook(func(*http.Request) wordpresstest.Fault {
		b.clock.Step(5 * time.Second)
		return wordpresstest.Fault{}
	})
	b.drain(5)
	for i := range b.names {
		if event := b.request(i).Status.History[0]; event.DurationMilliseconds != 1000 {
			t.Errorf("%s took %d ms, want a fifth of 5 s", b.names[i].Name, event.DurationMilliseconds)
		}
	}
}

// TestFateOfEachKind: only what could be tried again goes alone.
func TestFateOfEachKind(t *testing.T) {
	for _, kind := range wordpress.Kinds() {
		err := &wordpress.Error{Kind: kind}
		if got, want := fateOf(err) != 0, outcome.Of(err).Action == outcome.Retry; got != want {
			t.Errorf("%s goes alone: %v, want %v", kind, got, want)
		}
	}
	if fateOf(nil) != 0 {
		t.Error("a post that was made goes alone")
	}
}
