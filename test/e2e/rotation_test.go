// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/wordpress"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
)

const (
	// rotationCalls are made during a rotation, from before it begins until after
	// it has ended, by rotationCallers side by side; rotationPosts are published.
	rotationCalls   = 1000
	rotationCallers = 3
	rotationPosts   = 100
	// rotationKills is how often the manager is killed during a rotation.
	rotationKills = 10
)

// paired creates the integration "blog" with a key that the operator makes, and
// enters it at the site.
func (s *space) paired(timeoutSeconds int32) {
	s.t.Helper()
	integration := s.integration("blog", site.URL)
	integration.Spec.Credentials = v1alpha1.Credentials{}
	integration.Spec.Transport.TimeoutSeconds = timeoutSeconds
	s.create(integration)
	s.await(newIntegration(), "blog", "Connected=False/AwaitingPairing")
	setKey(s.t, s.keyInUse())
	s.await(newIntegration(), "blog", "Ready=True/Connected")
}

// keys are the entries of the operator's Secret.
func (s *space) keys() map[string][]byte {
	secret := &corev1.Secret{}
	if err := shared.Client.Get(s.t.Context(), client.ObjectKey{Namespace: s.name, Name: "blog-igny8"}, secret); err != nil {
		s.t.Error(err)
	}
	return secret.Data
}

func (s *space) keyInUse() string { return string(s.keys()[siteaccess.GeneratedSecretKey]) }

// rotate asks for a new key.
func (s *space) rotate(request string) {
	s.t.Helper()
	patch := fmt.Sprintf(`{"metadata":{"annotations":{%q:%q}}}`, v1alpha1.AnnotationRotateRequestedAt, request)
	integration := newIntegration()
	integration.SetNamespace(s.name)
	integration.SetName("blog")
	if err := shared.Client.Patch(s.t.Context(), integration, client.RawPatch(types.MergePatchType, []byte(patch))); err != nil {
		s.t.Fatal(err)
	}
}

// awaitRotated waits until a request is answered and the former key has ended.
func (s *space) awaitRotated(request string) {
	s.t.Helper()
	poll(s.t, func() (bool, string) {
		integration := &v1alpha1.WordPressIntegration{}
		if err := shared.Client.Get(s.t.Context(), client.ObjectKey{Namespace: s.name, Name: "blog"}, integration); err != nil {
			return false, err.Error()
		}
		status := &integration.Status
		over := v1alpha1.LookUp(status.LastHandled, v1alpha1.AnnotationRotateRequestedAt) == request &&
			hasCondition(status.Conditions, "KeyRotated=True/KeyRotated") && hasCondition(status.Conditions, "Ready=True/Connected")
		return over, fmt.Sprintf("request %q is not answered: %+v, %s", request, status.Keys, show(status.Conditions))
	})
}

// checkOneKey holds the end of a rotation: one key, in the Secret, in the status
// and at the site.
func (s *space) checkOneKey() {
	s.t.Helper()
	keys := s.keys()
	sum := sha256.Sum256(keys[siteaccess.GeneratedSecretKey])
	digest := "sha256:" + hex.EncodeToString(sum[:])
	integration := s.await(newIntegration(), "blog", "Ready=True/Connected").(*v1alpha1.WordPressIntegration)
	if known := integration.Status.Keys; len(keys) != 1 || len(known) != 1 || known[0].Digest != digest {
		s.t.Errorf("%d keys in the Secret, %+v in the status; want one", len(keys), known)
	}
	answer, err := site.PHP(s.t.Context(), "echo wp_json_encode( Igny8_Bridge_Credentials::states() );")
	if err != nil {
		s.t.Fatal(err)
	}
	var states map[string]any
	if err := json.Unmarshal([]byte(answer), &states); err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"current": digest, "candidate": nil, "retiring": nil}, states); diff != "" {
		s.t.Errorf("keys of the site (-want +got):\n%s", diff)
	}
}

// callSite makes a call as any client of the key would, and returns its status.
func callSite(t *testing.T, key string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, site.URL+"/wp-json/igny8/v1/site", http.NoBody)
	if err != nil {
		t.Error(err)
		return 0
	}
	request.Header.Set("X-IGNY8-API-KEY", key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Error(err)
		return 0
	}
	defer response.Body.Close()
	return response.StatusCode
}

// callers call the site with the key of the moment until they are stopped.
type callers struct {
	made, refused atomic.Int64
	stop          chan struct{}
	running       sync.WaitGroup
	// end stops them and waits for the last call.
	end func()
}

func (s *space) startCallers() *callers {
	c := &callers{stop: make(chan struct{})}
	c.end = sync.OnceFunc(func() {
		close(c.stop)
		c.running.Wait()
	})
	for range rotationCallers {
		c.running.Go(func() {
			for {
				select {
				case <-c.stop:
					return
				default:
				}
				if status := callSite(s.t, s.keyInUse()); status != http.StatusOK {
					s.t.Errorf("a call was answered %d", status)
					c.refused.Add(1)
				}
				c.made.Add(1)
			}
		})
	}
	return c
}

// await waits until a number of calls are made.
func (c *callers) await(t *testing.T, n int64) {
	t.Helper()
	poll(t, func() (bool, string) { return c.made.Load() >= n, fmt.Sprintf("%d of %d calls", c.made.Load(), n) })
}

func TestRotationDuringAThousandCalls(t *testing.T) {
	manager := startManager(t)
	s := newSpace(t)
	s.paired(5)
	old, answered := s.keyInUse(), len(restRequests(t))

	calls := s.startCallers()
	defer calls.end()
	calls.await(t, rotationCalls/5)
	for i := range rotationPosts {
		s.create(s.request(fmt.Sprintf("post-%d", i)))
	}
	began := time.Now()
	s.rotate("now")
	s.awaitRotated("now")
	took, during := time.Since(began), calls.made.Load()-rotationCalls/5
	calls.await(t, max(rotationCalls, calls.made.Load()+rotationCalls/5))
	calls.end()

	for i := range rotationPosts {
		name := fmt.Sprintf("post-%d", i)
		request := s.awaitRequest(name, "Ready=True/Published")
		if len(request.Status.History) != 1 || s.posts(s.title(name)) != 1 {
			t.Errorf("%s: %d posts, history %+v; want one post at the first attempt", name, s.posts(s.title(name)), request.Status.History)
		}
	}
	s.checkOneKey()
	if status := callSite(t, old); status != http.StatusUnauthorized {
		t.Errorf("the old key is answered %d, want 401", status)
	}
	refused := refusals(restRequests(t)[answered:])
	// The operator asks with the new key before it offers it, and the test just now.
	if want := map[string]int{"GET site": 2}; !cmp.Equal(want, refused) {
		t.Errorf("refused calls %v, want %v", refused, want)
	}
	for _, key := range []string{old, s.keyInUse()} {
		if strings.Contains(manager.Log(), key) {
			t.Error("the manager's log has a key")
		}
	}
	t.Logf("%d calls, %d of them during the rotation of %s, and %d posts: %d refused", calls.made.Load(), during, took.Round(time.Millisecond), rotationPosts, calls.refused.Load())
}

func restRequests(t *testing.T) []wordpress.Request {
	t.Helper()
	requests, err := site.RequestLog()
	if err != nil {
		t.Fatal(err)
	}
	return requests
}

// refusals counts the calls that were answered 401 or 403, by method and route.
func refusals(requests []wordpress.Request) map[string]int {
	counts := map[string]int{}
	for _, r := range requests {
		if r.Status == http.StatusUnauthorized || r.Status == http.StatusForbidden {
			_, route, _ := strings.Cut(r.URI, "igny8/v1/")
			counts[r.Method+" "+route]++
		}
	}
	return counts
}

func TestKilledDuringARotation(t *testing.T) {
	manager := startManager(t)
	s := newSpace(t)
	s.paired(1)
	began := time.Now()
	s.rotate("undisturbed")
	s.awaitRotated("undisturbed")
	span := time.Since(began)
	s.checkOneKey()

	random := rand.New(rand.NewPCG(killSeed, 1))
	for i := range rotationKills {
		request, old := fmt.Sprintf("killed-%d", i), s.keyInUse()
		// Most steps are at the beginning; the rest is waiting for calls to end.
		window := time.Second
		if i%5 == 4 {
			window = span
		}
		moment := time.Duration(random.Float64() * float64(window))
		s.rotate(request)
		<-time.After(moment) // the moment is the test: it is drawn from the seed
		if err := manager.Kill(); err != nil {
			t.Fatal(err)
		}
		if status := callSite(t, s.keyInUse()); status != http.StatusOK {
			t.Errorf("killed after %s: the key in use is answered %d", moment, status)
		}
		manager = restart(t)
		s.create(s.request(request))
		s.awaitRequest(request, "Ready=True/Published")
		s.awaitRotated(request)
		s.checkOneKey()
		if status := callSite(t, old); status != http.StatusUnauthorized {
			t.Errorf("killed after %s: the old key is answered %d, want 401", moment, status)
		}
	}
	t.Logf("%d kills within %s of asking for a new key: each rotation completed, one key left", rotationKills, span.Round(time.Millisecond))
}

// TestProvidedKeyIsChanged: a person changes a Secret, and nothing else.
func TestProvidedKeyIsChanged(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.create(s.secret("key", site.APIKey))
	integration := s.integration("blog", site.URL)
	integration.Spec.Transport.TimeoutSeconds = 1
	s.create(integration)
	s.await(newIntegration(), "blog", "Ready=True/Connected")
	setKey(t, site.APIKey) // the end of the test puts it back

	key := "igny8_" + strings.Repeat("changed-by-a-person-", 3)
	if err := shared.Client.Update(t.Context(), s.secret("key", key)); err != nil {
		t.Fatal(err)
	}
	s.await(newIntegration(), "blog", "KeyRotated=True/KeyRotated", "Ready=True/Connected")
	if s.keyInUse() != key {
		t.Error("the key in use is not the provided one")
	}
	s.checkOneKey()
	s.create(s.request("hello"))
	s.awaitRequest("hello", "Ready=True/Published")
}
