// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bounds

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// patience bounds the wait for all statuses of a test.
const patience = time.Minute

// TestUnusualAnswersHaveAStatus puts each unusual value into each place of a
// site's answers. Either it is taken, or the status says which field is wrong;
// what may not happen is that the API server refuses the status.
func TestUnusualAnswersHaveAStatus(t *testing.T) {
	s := newSpace(t)
	for _, p := range places(usual(t).site) {
		for _, value := range p.unusual() {
			a := usual(t)
			p.put(a.site, value)
			s.connect(a, p.path)
		}
	}
	for _, p := range places(usual(t).post) {
		for _, value := range p.unusual() {
			a := usual(t)
			if p.put(a.post, value); a.post["content_key"] == contentKey {
				s.publish(a, p.path)
			}
		}
	}
	for _, link := range []string{strings.Repeat("/a", 1015), strings.Repeat("/a", 1024), "/" + strings.Repeat("ü", 600), "/?rest_route=/" + strings.Repeat("ü", 1100)} {
		a := usual(t)
		a.link = link
		s.connect(a, "root of the REST API")
	}
	s.awaitAll()
}

// TestAnswersAtTheBoundsAreTaken: what the CRDs have room for is stored as it is.
func TestAnswersAtTheBoundsAreTaken(t *testing.T) {
	s := newSpace(t)
	text := func(n int) string { return strings.Repeat("ü", n) }
	url := "https://x.test/" + strings.Repeat("a", 2048-len("https://x.test/"))
	a := usual(t)
	for name, n := range map[string]int{"uuid": 36, "name": 200, "wordpress_version": 64, "php_version": 64, "plugin_version": 64, "locale": 32, "timezone": 64} {
		a.site[name] = text(n)
	}
	for name, n := range map[string]int{"status": 32, "content_hash": 128, "source_digest": 128} {
		a.post[name] = text(n)
	}
	a.site["home_url"], a.post["url"], a.post["edit_url"], a.post["id"] = url, url, url, 1<<53-1
	name := s.publish(a, "")
	s.awaitAll()
	integration := get(s, name, &v1alpha1.WordPressIntegration{})
	request := get(s, name, &v1alpha1.PublishRequest{})
	want := []any{text(36), text(200), text(64), text(64), text(64), text(32), text(64), url, text(32), text(128), text(128), url, url, int64(1<<53 - 1)}
	site, post := integration.Status.Site, request.Status.Post
	got := []any{
		site.UUID, site.Name, site.WordPressVersion, site.PHPVersion, site.PluginVersion, site.Locale, site.TimeZone, site.HomeURL,
		post.Status, post.ContentHash, post.SourceDigest, post.URL, post.EditURL, post.ID,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("status (-want +got):\n%s", diff)
	}
}

// space is a namespace with the objects of one test.
type space struct {
	t     *testing.T
	name  string
	count int
	// integrations and requests without a status yet, by name, with the field
	// that is unusual; "" = none is.
	integrations, requests map[string]string
	// condition is the one of an integration that says so.
	condition string
}

func newSpace(t *testing.T) *space {
	t.Helper()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "bounds-"}}
	if err := shared.Client.Create(t.Context(), namespace); err != nil {
		t.Fatal(err)
	}
	s := &space{t: t, name: namespace.Name, integrations: map[string]string{}, requests: map[string]string{}, condition: v1alpha1.ConditionReady}
	s.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "key"}, StringData: map[string]string{"apiKey": wordpresstest.DefaultKey}})
	return s
}

func (s *space) create(object client.Object) {
	s.t.Helper()
	object.SetNamespace(s.name)
	if err := shared.Client.Create(s.t.Context(), object); err != nil {
		s.t.Fatal(err)
	}
}

// connect makes an integration of a site with the answers; field is what may be
// wrong with them.
func (s *space) connect(a answers, field string) (name string) {
	s.t.Helper()
	s.count++
	name = fmt.Sprint("case-", s.count)
	s.integrations[name] = field
	s.create(&v1alpha1.WordPressIntegration{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: v1alpha1.WordPressIntegrationSpec{
			SiteURL:   a.serve(s.t),
			Transport: v1alpha1.Transport{Plaintext: v1alpha1.PlaintextAllowed},
			Credentials: v1alpha1.Credentials{
				Policy: v1alpha1.CredentialsPolicyProvided, SecretRef: v1alpha1.SecretKeyReference{Name: "key", Key: "apiKey"},
			},
		},
	})
	return name
}

// publish makes a request beside the integration, which has nothing wrong.
func (s *space) publish(a answers, field string) (name string) {
	s.t.Helper()
	name = s.connect(a, "")
	s.requests[name] = field
	s.create(&v1alpha1.PublishRequest{
		ObjectMeta: metav1.ObjectMeta{Name: name},
		Spec: v1alpha1.PublishRequestSpec{
			IntegrationRef: v1alpha1.LocalObjectReference{Name: name}, ContentKey: contentKey, Title: "Hello",
			Content: v1alpha1.Content{Type: v1alpha1.ContentTypeInline, Format: v1alpha1.ContentFormatHTML, Inline: "<p>Hello</p>"},
		},
	})
	return name
}

// awaitAll waits until every object is ready, or says of its field that it is
// wrong.
func (s *space) awaitAll() {
	s.t.Helper()
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(patience)
	for {
		for name, field := range s.integrations {
			s.settle(s.integrations, name, get(s, name, &v1alpha1.WordPressIntegration{}).Status.Conditions, s.condition, field)
		}
		for name, field := range s.requests {
			s.settle(s.requests, name, get(s, name, &v1alpha1.PublishRequest{}).Status.Conditions, v1alpha1.ConditionReady, field)
		}
		if len(s.integrations)+len(s.requests) == 0 {
			return
		}
		select {
		case <-ticker.C:
		case <-deadline:
			s.t.Fatalf("no status within %s for integrations with an unusual %v, requests with %v; the manager says:\n%s",
				patience, s.integrations, s.requests, refusals())
		}
	}
}

// settle takes an object off the list once its status says what it should.
func (s *space) settle(list map[string]string, name string, conditions []metav1.Condition, condition, field string) {
	c := meta.FindStatusCondition(conditions, condition)
	if c == nil {
		return
	}
	well := c.Status == metav1.ConditionTrue
	told := field != "" && c.Reason == v1alpha1.ReasonInvalidResponse && strings.Contains(c.Message, field)
	if well || told {
		delete(list, name)
	}
}

func get[T client.Object](s *space, name string, object T) T {
	s.t.Helper()
	if err := shared.Client.Get(s.t.Context(), client.ObjectKey{Namespace: s.name, Name: name}, object); err != nil {
		s.t.Fatal(err)
	}
	return object
}

// refusals are the lines of the manager's log about statuses that were refused.
func refusals() string {
	var out strings.Builder
	for line := range strings.Lines(manager.Log()) {
		if strings.Contains(line, "is invalid") && out.Len() < 16<<10 {
			out.WriteString(line)
		}
	}
	return out.String()
}
