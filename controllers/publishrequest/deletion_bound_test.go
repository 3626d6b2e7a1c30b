// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// obstacles are what keeps a post from being removed, and how it is overcome.
var obstacles = map[string]struct {
	block, clear func(*harness)
	// called says that it takes a call to find it.
	called bool
	reason string
	says   string
}{
	"IntegrationRemoved": {
		block:  (*harness).removeIntegration,
		clear:  func(h *harness) { h.create(h.integration()) },
		reason: "IntegrationNotFound", says: `WordPressIntegration "blog" does not exist`,
	},
	"SecretRemoved": {
		block:  func(h *harness) { h.remove(h.secret()) },
		clear:  func(h *harness) { h.create(h.secret()) },
		called: true, reason: "SecretNotFound", says: `Secret "blog-key" does not exist`,
	},
	"NotConnected": {
		block:  func(h *harness) { h.connect(metav1.ConditionFalse, v1alpha1.ReasonDNSFailed) },
		clear:  func(h *harness) { h.connect(metav1.ConditionTrue, v1alpha1.ReasonConnected) },
		reason: "IntegrationNotReady", says: "is not connected: DNSFailed",
	},
	"IntegrationSuspended": {
		block: func(h *harness) {
			h.changeIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.Suspend = true })
		},
		clear: func(h *harness) {
			h.changeIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.Suspend = false })
		},
		reason: "IntegrationNotReady", says: "is suspended",
	},
	"AnotherSite": {
		block:  func(h *harness) { h.lead(wordpresstest.New(h.t), otherUUID) },
		clear:  func(h *harness) { h.lead(h.site, siteUUID) },
		reason: "SiteChanged", says: `belongs to the one with "` + otherUUID + `" now`,
	},
	"PluginTooOld": {
		block:  func(h *harness) { h.changeSite("2.1.0") },
		clear:  func(h *harness) { h.changeSite("2.2.0") },
		reason: "PluginTooOld", says: "is older than 2.2.0",
	},
	"RequestSuspended": {
		block:  func(h *harness) { h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Suspend = true }) },
		clear:  func(h *harness) { h.change(func(p *v1alpha1.PublishRequest) { p.Spec.Suspend = false }) },
		reason: "Suspended", says: "the request is suspended",
	},
	"SiteDown": {
		block: func(h *harness) {
			h.site.SetHook(func(*http.Request) wordpresstest.Fault { return wordpresstest.Fault{Drop: true} })
		},
		clear:  func(h *harness) { h.site.SetHook(nil) },
		called: true, reason: "ConnectionFailed", says: "the connection failed",
	},
}

func TestAnObstacleIsWaitedFor(t *testing.T) {
	for name, tc := range obstacles {
		t.Run(name, func(t *testing.T) {
			h := toBeTrashed(t)
			tc.block(h)
			if h.reconcile(); tc.called {
				h.awaitCall()
				h.reconcile()
			}
			h.expect("Ready=False/"+tc.reason, "Reconciling=True/ProgressingWithRetry")
			message := h.condition(v1alpha1.ConditionReady).Message
			if until := h.deletedAt.Add(time.Hour).UTC().Format(time.RFC3339); !strings.Contains(message, tc.says) || !strings.Contains(message, until) {
				t.Errorf("message %q, want what it waits for (%s), and until when (%s)", message, tc.says, until)
			}
			h.checkHealth(status.TerminatingStatus)
			h.quiet("waiting")
			tc.clear(h)
			h.clock.Step(time.Minute)
			h.call()
			h.expectGone("Normal PostRemoved post 1 (")
			h.expectTrashed()
		})
	}
}

func TestADeletionDoesNotWaitForEver(t *testing.T) {
	for name, tc := range obstacles {
		t.Run(name, func(t *testing.T) {
			h := toBeTrashed(t)
			h.change(func(p *v1alpha1.PublishRequest) { p.Spec.DeletionTimeoutSeconds = 90 })
			tc.block(h)
			if h.reconcile(); tc.called {
				h.awaitCall()
				h.reconcile()
			}
			h.clock.SetTime(h.deletedAt.Add(89 * time.Second))
			if got := h.reconcile(); got.RequeueAfter != time.Second {
				t.Errorf("looks again after %s, want 1s", got.RequeueAfter)
			}
			if tc.called {
				h.awaitCall()
			}
			if h.isGone() {
				t.Fatal("the request is gone before its time")
			}
			h.clock.Step(time.Second)
			h.calls.Forget(helloName) // the second call may have failed by now
			h.reconcile()
			h.expectGone("Warning PostOrphaned post 1 (")
			h.expectKept()
			if last := h.logged[len(h.logged)-1]; !strings.Contains(last, `"success"=false`) || !strings.Contains(last, strings.ReplaceAll(tc.says, `"`, `\"`)) {
				t.Errorf("logged %s, want a failure that says %q", last, tc.says)
			}
		})
	}
}

func TestAnOrphanedPostIsToldWithAllThatIsKnown(t *testing.T) {
	h := toBeTrashed(t)
	url := h.site.Posts()[0].URL
	h.removeIntegration()
	h.reconcile()
	h.clock.Step(time.Hour)
	h.reconcile()
	want := `Warning PostOrphaned post 1 (` + url + `) stays at the site of WordPressIntegration "blog": WordPressIntegration "blog" does not exist; create it`
	if got := <-h.recorder.Events; got != want {
		t.Errorf("event\n%q, want\n%q", got, want)
	}
}

// TestANamespaceThatIsDeletedIsNotHeldUp: what is gone of it cannot come back.
func TestANamespaceThatIsDeletedIsNotHeldUp(t *testing.T) {
	for _, name := range []string{"IntegrationRemoved", "SecretRemoved"} {
		tc := obstacles[name]
		t.Run(name, func(t *testing.T) {
			h := toBeTrashed(t)
			h.terminateNamespace()
			tc.block(h)
			if h.reconcile(); tc.called {
				h.awaitCall()
				h.reconcile()
			}
			h.expectGone(`Warning PostOrphaned PublishRequest "hello": post 1 (`)
			h.expectKept()
		})
	}
	t.Run("LaterThanTheRequest", func(t *testing.T) {
		h := toBeTrashed(t)
		h.removeIntegration()
		if got := h.reconcile(); got.RequeueAfter != sitePause {
			t.Errorf("looks again after %s, want %s: nothing else tells", got.RequeueAfter, sitePause)
		}
		h.terminateNamespace()
		h.reconcile()
		h.expectGone(`Warning PostOrphaned PublishRequest "hello": post 1 (`)
	})
	t.Run("EverythingIsStillThere", func(t *testing.T) {
		h := toBeTrashed(t)
		h.terminateNamespace()
		h.call()
		h.expectGone(`Normal PostRemoved PublishRequest "hello": post 1 (`)
		h.expectTrashed()
	})
}

func TestAPersonCanEndTheWait(t *testing.T) {
	h := toBeTrashed(t)
	h.removeIntegration()
	h.reconcile()
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.DeletionPolicy = v1alpha1.DeletionPolicyRetain })
	h.reconcile()
	h.expectGone("")
	h.expectKept()
}

// TestAPolicyThatChangesBeforeTheCall: the ticket waits when a person decides
// that the post is to stay.
func TestAPolicyThatChangesBeforeTheCall(t *testing.T) {
	h := toBeTrashed(t)
	h.changeIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.RequestsPerMinute = 1 })
	j := job{request: helloName, uid: h.get().UID, generation: h.get().Generation, integration: h.integration(), basis: basis(h.get())}
	h.change(func(p *v1alpha1.PublishRequest) { p.Spec.DeletionPolicy = v1alpha1.DeletionPolicyRetain })
	if call := h.callRemoval(t.Context(), j); call.err == nil {
		t.Error("the post was removed")
	}
	h.reconcile()
	h.expectGone("")
	h.expectKept()
}

func TestPostsOfOthersStay(t *testing.T) {
	another := published(func(p *v1alpha1.PublishRequest) {
		p.Name, p.UID, p.Spec.ContentKey = "another", "uid-another", "team/hello"
	})
	cases := map[string]struct {
		reason  string
		claim   string
		adopted bool
		calls   int
		event   string
		posts   int
	}{
		"Claimed":        {"it was never this request's", "uid-another", false, 1, `Warning ClaimedByOther post 1 stays, it belongs to PublishRequest "another"`, 1},
		"TakenOver":      {"it is not any more", "uid-another", true, 1, `Warning ClaimedByOther post 1 stays, it belongs to PublishRequest "another"`, 1},
		"NeverAdopted":   {"whoever made it is gone, and this one did not take it", "uid-gone", false, 1, `Warning ClaimedByOther post 1 stays, it belongs to no request that exists`, 1},
		"Adopted":        {"it was adopted, and not updated since", "uid-gone", true, 2, "Normal PostRemoved post 1 (", 0},
		"TakenElsewhere": {"it was, and who has it now may be in another cluster", "uid-elsewhere", true, 1, `Warning ClaimedByOther post 1 stays, it belongs to no request that exists`, 1},
		"NoClaim":        {"made by something else", "", false, 1, `Warning ClaimedByOther post 1 stays, it belongs to no request`, 1},
		"AdoptedNone":    {"the site has lost the claim, the status knows the post", "", true, 1, "Normal PostRemoved post 1 (", 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t, another.DeepCopy(), published(func(p *v1alpha1.PublishRequest) {
				p.Spec.DeletionPolicy, p.Finalizers = v1alpha1.DeletionPolicyDelete, []string{v1alpha1.FinalizerPost}
				if tc.adopted {
					p.Status.Post = v1alpha1.PostInfo{ID: 1, URL: "https://example.com/1", Origin: v1alpha1.PostOriginAdopted}
					if tc.claim == "uid-elsewhere" {
						p.Status.Post.SourceDigest = "sha256:written"
					}
				}
			}))
			h.publishAs("team/blog", tc.claim, "Theirs")
			h.delete()
			h.call()
			h.expectGone(tc.event)
			if got := h.removals(); got != tc.calls || len(h.site.Posts()) != tc.posts {
				t.Errorf("%s: %d calls, %d posts; want %d, %d", tc.reason, got, len(h.site.Posts()), tc.calls, tc.posts)
			}
		})
	}
}

func TestASiteThatIsBackIsAskedAtOnce(t *testing.T) {
	h := toBeTrashed(t)
	h.site.SetHook(func(*http.Request) wordpresstest.Fault { return wordpresstest.Fault{Drop: true} })
	h.call()
	h.site.SetHook(nil)
	h.clock.Step(10 * time.Second)
	h.connect(metav1.ConditionFalse, v1alpha1.ReasonConnectionFailed)
	h.reconcile()
	h.clock.Step(10 * time.Second)
	h.connect(metav1.ConditionTrue, v1alpha1.ReasonConnected)
	h.call()
	h.expectGone("Normal PostRemoved post 1 (")
}

// TestADeletionIsTriedByWhoeverComes: nobody was there for longer than it may
// take.
func TestADeletionIsTriedByWhoeverComes(t *testing.T) {
	late := func(t *testing.T) *harness {
		t.Helper()
		h := newHarness(t, published(func(p *v1alpha1.PublishRequest) {
			p.Spec.DeletionPolicy, p.Finalizers = v1alpha1.DeletionPolicyTrash, []string{v1alpha1.FinalizerPost}
		}))
		h.publishAs("team/blog", "uid-1", "Hello")
		h.delete()
		h.clock.Step(2 * time.Hour)
		return h
	}
	t.Run("Removed", func(t *testing.T) {
		h := late(t)
		h.call()
		h.expectGone("Normal PostRemoved")
		h.expectTrashed()
	})
	t.Run("NotReached", func(t *testing.T) {
		h := late(t)
		h.removeIntegration()
		if got := h.reconcile(); got.RequeueAfter != time.Minute {
			t.Errorf("looks again after %s, want 1m", got.RequeueAfter)
		}
		h.clock.Step(time.Minute)
		h.reconcile()
		h.expectGone("Warning PostOrphaned")
	})
}
