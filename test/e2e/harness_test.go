// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	fluxcheck "github.com/fluxcd/pkg/runtime/conditions/check"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	fluxconditions "github.com/fluxcd/pkg/runtime/conditions"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/stack"
)

const (
	// patience bounds every wait; what is waited for takes a second or two.
	patience = 60 * time.Second
	// managerUser is whom the API server sees.
	managerUser = "system:serviceaccount:" + stack.Namespace + ":manager"
)

// quick makes the manager notice things within a second.
var quick = []string{"--leader-elect=false", "--connection-retry-min=1s", "--connection-retry-max=2s", "--secret-poll-interval=1s"}

// startManager runs a manager for the test, and checks at its end that it stayed
// within its rights and kept the key to itself.
func startManager(t *testing.T, flags ...string) *stack.Program {
	t.Helper()
	manager, err := shared.StartManager(t.Context(), append(quick, flags...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := manager.Stop(); err != nil {
			t.Error(err)
		}
		log := manager.Log()
		if t.Failed() {
			t.Logf("manager:\n%s\nWordPress:\n%s", log, site.Log())
		}
		for what, bad := range map[string]string{"the API key": site.APIKey, "a data race": "DATA RACE", "a panic": "panic", "a missing right": "is forbidden"} {
			if strings.Contains(log, bad) {
				t.Errorf("the manager's log has %s", what)
			}
		}
		if err := os.Truncate(manager.LogFile, 0); err != nil {
			t.Error(err)
		}
	})
	return manager
}

// space is a namespace of its own for a test.
type space struct {
	t    *testing.T
	name string
}

func newSpace(t *testing.T) *space {
	t.Helper()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "team-"}}
	if err := shared.Client.Create(t.Context(), namespace); err != nil {
		t.Fatal(err)
	}
	s := &space{t: t, name: namespace.Name}
	t.Cleanup(s.clear)
	return s
}

// clear removes the kinds the next manager would look after.
func (s *space) clear() {
	for _, kind := range []client.Object{&v1alpha1.PublishRequest{}, &v1alpha1.WordPressIntegration{}} {
		if err := shared.Client.DeleteAllOf(context.Background(), kind, client.InNamespace(s.name)); err != nil {
			s.t.Error(err)
		}
	}
}

func (s *space) create(object client.Object) {
	s.t.Helper()
	object.SetNamespace(s.name)
	if err := shared.Client.Create(s.t.Context(), object); err != nil {
		s.t.Fatal(err)
	}
}

// secret has the key of a site.
func (s *space) secret(name, key string) *corev1.Secret {
	return &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.name, Name: name}, StringData: map[string]string{"apiKey": key}}
}

// integration is one of a site, with its key in Secret "key".
func (s *space) integration(name, url string) *v1alpha1.WordPressIntegration {
	return &v1alpha1.WordPressIntegration{
		ObjectMeta: metav1.ObjectMeta{Namespace: s.name, Name: name},
		Spec: v1alpha1.WordPressIntegrationSpec{
			SiteURL: url,
			Credentials: v1alpha1.Credentials{
				Policy: v1alpha1.CredentialsPolicyProvided, SecretRef: v1alpha1.SecretKeyReference{Name: "key", Key: "apiKey"},
			},
			Transport:  v1alpha1.Transport{Plaintext: v1alpha1.PlaintextAllowed},
			Publishing: v1alpha1.Publishing{Retry: v1alpha1.Retry{InitialDelaySeconds: 1}},
		},
	}
}

// connected creates the integration "blog" of the shared site, and waits for it
// and for the Events about it: nothing is written for it any more.
func (s *space) connected() {
	s.t.Helper()
	s.create(s.secret("key", site.APIKey))
	s.create(s.integration("blog", site.URL))
	s.await(&v1alpha1.WordPressIntegration{}, "blog", "Ready=True/Connected", "Synced=True/Synced")
	poll(s.t, func() (bool, string) {
		n := s.writes()["create events/"]
		return n >= 2, fmt.Sprintf("%d Events, want Connected and Synced", n)
	})
}

// request publishes a title of this namespace through "blog".
func (s *space) request(name string) *v1alpha1.PublishRequest {
	return &v1alpha1.PublishRequest{
		ObjectMeta: metav1.ObjectMeta{Namespace: s.name, Name: name},
		Spec: v1alpha1.PublishRequestSpec{
			IntegrationRef: v1alpha1.LocalObjectReference{Name: "blog"},
			Title:          s.title(name),
			Content:        v1alpha1.Content{Type: v1alpha1.ContentTypeInline, Format: v1alpha1.ContentFormatMarkdown, Inline: "From *" + s.name + "*."},
			Categories:     []string{"News"},
			Tags:           []string{"one", "two"},
		},
	}
}

// title is one that no other test has.
func (s *space) title(name string) string { return s.name + " " + name }

// await waits until the object has all the conditions, "Type=Status/Reason".
func (s *space) await(object client.Object, name string, want ...string) client.Object {
	s.t.Helper()
	return s.awaitThat(object, name, strings.Join(want, " and "), func(conditions []metav1.Condition) bool {
		for _, condition := range want {
			if !hasCondition(conditions, condition) {
				return false
			}
		}
		return true
	})
}

func (s *space) awaitThat(object client.Object, name, what string, that func([]metav1.Condition) bool) client.Object {
	s.t.Helper()
	poll(s.t, func() (bool, string) {
		if err := shared.Client.Get(s.t.Context(), client.ObjectKey{Namespace: s.name, Name: name}, object); err != nil {
			return false, err.Error()
		}
		conditions := conditionsOf(object)
		return that(conditions), fmt.Sprintf("%s %s: want %s, has %s", s.name, name, what, show(conditions))
	})
	return object
}

func (s *space) awaitRequest(name string, want ...string) *v1alpha1.PublishRequest {
	s.t.Helper()
	return s.await(&v1alpha1.PublishRequest{}, name, want...).(*v1alpha1.PublishRequest)
}

func conditionsOf(object client.Object) []metav1.Condition {
	switch o := object.(type) {
	case *v1alpha1.PublishRequest:
		return o.Status.Conditions
	case *v1alpha1.WordPressIntegration:
		return o.Status.Conditions
	case *v1alpha1.PluginRelease:
		return o.Status.Conditions
	}
	return nil
}

func hasCondition(conditions []metav1.Condition, want string) bool {
	conditionType, rest, _ := strings.Cut(want, "=")
	c := meta.FindStatusCondition(conditions, conditionType)
	return c != nil && string(c.Status)+"/"+c.Reason == rest
}

func show(conditions []metav1.Condition) string {
	var text string
	for _, c := range conditions {
		text += fmt.Sprintf("\n  %s=%s/%s: %s", c.Type, c.Status, c.Reason, c.Message)
	}
	return text
}

// poll asks until the answer is yes; the text says what is wrong so far.
func poll(t *testing.T, ask func() (bool, string)) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		ok, text := ask()
		if ok {
			return
		}
		select {
		case <-deadline.C:
			t.Fatalf("not within %s: %s", patience, text)
		case <-ticker.C:
		}
	}
}

// checkHealth holds an object against kstatus and, unless it was not visited
// yet, Flux's checker of conditions.
func (s *space) checkHealth(kind, name string, want status.Status) {
	s.t.Helper()
	u := &unstructured.Unstructured{}
	u.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kind))
	if err := shared.Client.Get(s.t.Context(), client.ObjectKey{Namespace: s.name, Name: name}, u); err != nil {
		s.t.Fatal(err)
	}
	result, err := status.Compute(u)
	if err != nil {
		s.t.Fatal(err)
	}
	if result.Status != want {
		s.t.Errorf("kstatus says %s (%s) of %s %s, want %s", result.Status, result.Message, kind, name, want)
	}
	if u.Object["status"].(map[string]any)["observedGeneration"] == int64(-1) && conditionReason(u, v1alpha1.ConditionReady) == v1alpha1.ReasonPending {
		return // not visited: Flux's checker is for what a controller has written
	}
	checker := fluxcheck.NewChecker(shared.Client, &fluxcheck.Conditions{NegativePolarity: []string{v1alpha1.ConditionStalled, v1alpha1.ConditionReconciling}})
	checker.DisableFetch = true
	fail, warn := checker.Check(s.t.Context(), fluxconditions.UnstructuredGetter(u))
	if fail != nil || warn != nil {
		s.t.Errorf("Flux's checker on %s %s: fail %v, warn %v", kind, name, fail, warn)
	}
}

func conditionReason(u *unstructured.Unstructured, conditionType string) string {
	if c := fluxconditions.Get(fluxconditions.UnstructuredGetter(u), conditionType); c != nil {
		return c.Reason
	}
	return ""
}

// posts counts the site's posts with a title, drafts included.
func (s *space) posts(title string) int {
	s.t.Helper()
	rows, err := site.Query(s.t.Context(), "SELECT COUNT(*) FROM wp_posts WHERE post_type = 'post' AND post_title = '"+title+"'")
	if err != nil {
		s.t.Fatal(err)
	}
	n, err := strconv.Atoi(rows[0][0])
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// writes counts what the manager wrote in the namespace.
func (s *space) writes() map[string]int {
	s.t.Helper()
	events, err := shared.AuditEvents(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	counts := map[string]int{}
	for i := range events {
		if e := &events[i]; e.User.Username == managerUser && e.ObjectRef != nil && e.ObjectRef.Namespace == s.name && isWrite(e) {
			counts[e.Verb+" "+e.ObjectRef.Resource+"/"+e.ObjectRef.Subresource]++
		}
	}
	return counts
}

func isWrite(e *auditv1.Event) bool {
	switch e.Verb {
	case "create", "update", "patch", "delete":
		return true
	}
	return false
}

// siteCalls counts the publishes that the site has answered.
func siteCalls(t *testing.T) int {
	t.Helper()
	requests, err := site.RequestLog()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range requests {
		if r.Method == http.MethodPost && strings.Contains(r.URI, "igny8/v1/publish") {
			n++
		}
	}
	return n
}

// reconciles returns how many reconciles of a controller have ended.
func reconciles(t *testing.T, manager *stack.Program, controller string) int {
	t.Helper()
	response, err := http.Get("http://" + manager.Metrics + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	total := 0
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		line := lines.Bytes()
		if !bytes.HasPrefix(line, []byte(`controller_runtime_reconcile_total{controller="`+controller+`"`)) {
			continue
		}
		n, err := strconv.Atoi(string(line[bytes.LastIndexByte(line, ' ')+1:]))
		if err != nil {
			t.Fatal(err)
		}
		total += n
	}
	return total
}
