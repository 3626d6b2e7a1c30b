// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// patience bounds every wait. The longest is for the Lease of a killed leader, 15 s, and
// Pods that start, 10 s.
const patience = 2 * time.Minute

// kubectl runs it as the administrator and returns what it prints; it must not warn.
func kubectl(t *testing.T, stdin string, args ...string) string {
	t.Helper()
	out, complaints, err := tryKubectl(t.Context(), stdin, args...)
	if err != nil || complaints != "" {
		t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, complaints)
	}
	return out
}

func tryKubectl(ctx context.Context, stdin string, args ...string) (out, complaints string, err error) {
	cmd := exec.CommandContext(ctx, shared.KubectlPath(), args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+shared.Kubeconfig())
	cmd.Stdin = strings.NewReader(stdin)
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	return stdout.String(), strings.TrimSpace(stderr.String()), err
}

// poll asks until the answer is yes; the text says what is wrong so far.
func poll(t *testing.T, ask func() (done bool, text string)) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		done, text := ask()
		if done {
			return
		}
		select {
		case <-deadline.C:
			t.Fatalf("not within %s: %s", patience, text)
		case <-ticker.C:
		}
	}
}

// team is a namespace with an integration "blog" of the shared site.
type team struct {
	t    *testing.T
	name string
}

func newTeam(t *testing.T) *team {
	t.Helper()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "team-"}}
	if err := api.Create(t.Context(), namespace); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.IgnoreNotFound(api.Delete(context.Background(), namespace)); err != nil {
			t.Error(err)
		}
	})
	return &team{t: t, name: namespace.Name}
}

func (m *team) create(object client.Object) {
	m.t.Helper()
	object.SetNamespace(m.name)
	if err := api.Create(m.t.Context(), object); err != nil {
		m.t.Fatal(err)
	}
}

// connect creates the integration and does not wait for it.
func (m *team) connect() {
	m.t.Helper()
	m.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "key"}, StringData: map[string]string{"apiKey": site.APIKey}})
	m.create(&v1alpha1.WordPressIntegration{
		ObjectMeta: metav1.ObjectMeta{Name: "blog"},
		Spec: v1alpha1.WordPressIntegrationSpec{
			SiteURL: site.URL,
			Credentials: v1alpha1.Credentials{
				Policy: v1alpha1.CredentialsPolicyProvided, SecretRef: v1alpha1.SecretKeyReference{Name: "key", Key: "apiKey"},
			},
			Transport:  v1alpha1.Transport{Plaintext: v1alpha1.PlaintextAllowed},
			Publishing: v1alpha1.Publishing{Retry: v1alpha1.Retry{InitialDelaySeconds: 1}},
		},
	})
}

// request publishes through "blog".
func (m *team) request(name string) *v1alpha1.PublishRequest {
	return &v1alpha1.PublishRequest{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: v1alpha1.PublishRequestSpec{
			IntegrationRef: v1alpha1.LocalObjectReference{Name: "blog"},
			Title:          m.name + " " + name,
			Content:        v1alpha1.Content{Type: v1alpha1.ContentTypeInline, Format: v1alpha1.ContentFormatMarkdown, Inline: "From *" + m.name + "*."},
			Categories:     []string{"News"},
		},
	}
}

// published counts the requests that are.
func (m *team) published() int {
	m.t.Helper()
	var list v1alpha1.PublishRequestList
	if err := api.List(m.t.Context(), &list, client.InNamespace(m.name)); err != nil {
		m.t.Fatal(err)
	}
	count := 0
	for i := range list.Items {
		if meta.IsStatusConditionTrue(list.Items[i].Status.Conditions, v1alpha1.ConditionPublished) {
			count++
		}
	}
	return count
}

// awaitPublished waits until that many requests are.
func (m *team) awaitPublished(want int) {
	m.t.Helper()
	poll(m.t, func() (bool, string) {
		count := m.published()
		return count >= want, fmt.Sprintf("%d of %d requests are published", count, want)
	})
}

// countPosts asks WordPress: all posts of this team, and different titles among them.
func (m *team) countPosts() (all, different int) {
	m.t.Helper()
	out, err := site.PHP(m.t.Context(), fmt.Sprintf(`global $wpdb;
		$titles = $wpdb->get_col( $wpdb->prepare( "SELECT post_title FROM $wpdb->posts WHERE post_type = 'post' AND post_status = 'publish' AND post_title LIKE %%s", %q . '%%' ) );
		echo count( $titles ), ' ', count( array_unique( $titles ) );`, m.name+" "))
	if err != nil {
		m.t.Fatal(err)
	}
	if _, err := fmt.Sscan(out, &all, &different); err != nil {
		m.t.Fatalf("%v: %q", err, out)
	}
	return all, different
}

// wantPosts fails unless the site has exactly one post of each title.
func (m *team) wantPosts(want int) {
	m.t.Helper()
	if all, different := m.countPosts(); all != want || different != want {
		m.t.Errorf("the site has %d posts with %d titles, want %d of each", all, different, want)
	}
}

// publish creates that many requests, from several clients at once as a pipeline would.
func (m *team) publish(count int) {
	m.t.Helper()
	const clients = 8
	work, errs := make(chan int), make(chan error, clients)
	for range clients {
		go func() {
			var first error
			for i := range work {
				r := m.request("post-" + strconv.Itoa(i))
				r.Namespace = m.name
				if err := api.Create(m.t.Context(), r); err != nil && first == nil {
					first = err
				}
			}
			errs <- first
		}()
	}
	for i := range count {
		work <- i
	}
	close(work)
	for range clients {
		if err := <-errs; err != nil {
			m.t.Fatal(err)
		}
	}
}
