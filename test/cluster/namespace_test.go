// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/syncevent"
)

const (
	// deletionTimeout bounds how long a request waits for its site in these tests.
	deletionTimeout = 10 * time.Second
	// controllerDelay is how long the namespace controller may take to notice that the last
	// finalizer is gone: it expects one to take 15 s and looks again after about half of it,
	// as long as there are any.
	controllerDelay = 20 * time.Second
)

// delete deletes the team's namespace, and returns how long it took until it was gone.
func (m *team) delete() time.Duration {
	m.t.Helper()
	started := time.Now()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: m.name}}
	if err := api.Delete(m.t.Context(), namespace); err != nil {
		m.t.Fatal(err)
	}
	poll(m.t, func() (bool, string) {
		err := api.Get(m.t.Context(), client.ObjectKey{Name: m.name}, namespace)
		return apierrors.IsNotFound(err), fmt.Sprintf("the namespace is still there: %+v", namespace.Status.Conditions)
	})
	took := time.Since(started)
	var left v1alpha1.PublishRequestList
	if err := api.List(m.t.Context(), &left, client.InNamespace(m.name)); err != nil || len(left.Items) != 0 {
		m.t.Errorf("%d requests are left, %v", len(left.Items), err)
	}
	return took
}

// The Secret with the key may be the first thing to go: nothing may wait for it.
func TestANamespaceOfATeamIsDeleted(t *testing.T) {
	install(t, setup{})
	m := newTeam(t)
	m.connect()
	m.publish(some)
	m.awaitPublished(some)
	took := m.delete()
	t.Logf("the namespace was gone after %.1f s", took.Seconds())
	m.wantPosts(some)
}

// A namespace that is deleted takes Secret, integration and requests away in an order of
// its own. What becomes of each post must not stay unsaid, and nothing may hang.
func TestANamespaceWithPostsToTrashIsDeleted(t *testing.T) {
	tests := map[string]struct {
		reason string
		before func(*testing.T, *team)
		// unreachable says that no post can be.
		unreachable bool
	}{
		"SiteAnswers":  {reason: "posts are trashed as long as there is a key", before: func(*testing.T, *team) {}},
		"SecretsFirst": {reason: "without a key no site can be told", before: deleteSecrets, unreachable: true},
		"SiteDown":     {reason: "a site that does not answer is waited for, but not for ever", before: stopServing, unreachable: true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			install(t, setup{})
			m := newTeam(t)
			m.connect()
			for i := range some {
				r := m.request("post-" + strconv.Itoa(i))
				r.Spec.DeletionPolicy = v1alpha1.DeletionPolicyTrash
				r.Spec.DeletionTimeoutSeconds = int32(deletionTimeout.Seconds())
				m.create(r)
			}
			m.awaitPublished(some)
			tc.before(t, m)

			took := m.delete()
			trashed, events, logs := m.trashed(), orphaned{}, orphaned{}
			// Events are written in the background.
			poll(t, func() (bool, string) {
				events.noteEvents(m)
				return len(trashed)+len(events) >= some, fmt.Sprintf("%d posts are in the trash, Events are about %d", len(trashed), len(events))
			})
			logs.noteLogs(m)
			t.Logf("the namespace was gone after %.1f s: %d of %d posts are in the trash, %d are orphaned by Events, %d by the log",
				took.Seconds(), len(trashed), some, len(events), len(logs))
			if bound := deletionTimeout + controllerDelay; took > bound {
				t.Errorf("%s: it took %.1f s, longer than %s", tc.reason, took.Seconds(), bound)
			}
			if diff := cmp.Diff(events, logs); diff != "" {
				t.Errorf("Events and log do not say the same: -Events +log\n%s", diff)
			}
			m.wantAccounted(trashed, events, tc.unreachable)
		})
	}
}

// wantAccounted fails unless each post is in the trash or said to be orphaned.
func (m *team) wantAccounted(trashed map[string]bool, said orphaned, unreachable bool) {
	m.t.Helper()
	for i := range some {
		name := "post-" + strconv.Itoa(i)
		if !trashed[name] && !said[name] {
			m.t.Errorf("nobody says what became of the post of %s", name)
		}
		if unreachable && trashed[name] {
			m.t.Errorf("the post of %s is in the trash, though its site could not be told", name)
		}
	}
}

// deleteSecrets takes the key away before the namespace goes: that of the team, and
// then the copy that the operator keeps of it and goes on with.
func deleteSecrets(t *testing.T, m *team) {
	t.Helper()
	for _, name := range []string{"key", "blog-igny8"} {
		secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: m.name, Name: name}}
		if err := api.Delete(t.Context(), secret); client.IgnoreNotFound(err) != nil {
			t.Fatal(err)
		}
	}
}

// stopServing turns the site off until the end of the test.
func stopServing(t *testing.T, _ *team) {
	t.Helper()
	if err := site.StopServing(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := site.StartServing(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// trashed returns the names of the requests whose posts are in the trash.
func (m *team) trashed() map[string]bool {
	m.t.Helper()
	out, err := site.PHP(m.t.Context(), fmt.Sprintf(`global $wpdb;
		echo wp_json_encode( $wpdb->get_col( $wpdb->prepare( "SELECT post_title FROM $wpdb->posts WHERE post_status = 'trash' AND post_title LIKE %%s", %q . '%%' ) ) );`, m.name+" "))
	if err != nil {
		m.t.Fatal(err)
	}
	var titles []string
	if err := json.Unmarshal([]byte(out), &titles); err != nil {
		m.t.Fatalf("%v: %q", err, out)
	}
	found := map[string]bool{}
	for _, title := range titles {
		found[strings.TrimPrefix(title, m.name+" ")] = true
	}
	return found
}

// orphaned are the names of requests of which is said that their post stays.
type orphaned map[string]bool

// noteEvents adds those of which an Event says so. In a namespace that is being deleted no
// Event can be created: they are about the Namespace then, and are in another one.
func (o orphaned) noteEvents(m *team) {
	m.t.Helper()
	var list eventsv1.EventList
	if err := api.List(m.t.Context(), &list); err != nil {
		m.t.Fatal(err)
	}
	for i := range list.Items {
		e := &list.Items[i]
		if e.Reason != v1alpha1.ReasonPostOrphaned || e.Regarding.Kind != "Namespace" || e.Regarding.Name != m.name {
			continue
		}
		var name string
		if _, err := fmt.Sscanf(e.Note, "PublishRequest %q:", &name); err != nil {
			m.t.Errorf("an Event names no request: %s", e.Note)
		}
		o[name] = true
	}
}

// noteLogs adds those of which a line of the event log says so, the durable record.
func (o orphaned) noteLogs(m *team) {
	m.t.Helper()
	logs, complaints, err := tryKubectl(m.t.Context(), "", "logs", "--namespace="+namespace, deployment, "--all-pods", "--container=manager", "--tail=-1")
	if err != nil {
		m.t.Fatalf("read logs: %v: %s", err, complaints)
	}
	for line := range strings.Lines(logs) {
		// kubectl may put the Pod's name in front.
		_, text, _ := strings.Cut(line, "{")
		var entry struct{ Schema, Namespace, Name, ErrorMessage string }
		if err := json.Unmarshal([]byte("{"+text), &entry); err != nil {
			continue
		}
		if entry.Schema == syncevent.Schema && entry.Namespace == m.name && strings.Contains(entry.ErrorMessage, " stays at ") {
			o[entry.Name] = true
		}
	}
}
