// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package satoken

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/manager"
)

var _ manager.LeaderElectionRunnable = (*Minter)(nil)

var errBoom = errors.New("boom")

// start is in the past on purpose: nothing may depend on the real clock.
var start = time.Date(2020, time.February, 29, 12, 0, 0, 0, time.UTC)

// issuer is the API server's token endpoint: it counts requests and numbers its tokens.
type issuer struct {
	clock    *clocktesting.FakeClock
	lifetime time.Duration
	failures int
	requests []clienttesting.CreateAction
}

func (i *issuer) create(action clienttesting.Action) (bool, runtime.Object, error) {
	i.requests = append(i.requests, action.(clienttesting.CreateAction))
	if len(i.requests) <= i.failures {
		return true, nil, errBoom
	}
	return true, &authenticationv1.TokenRequest{Status: authenticationv1.TokenRequestStatus{
		Token:               fmt.Sprintf("token-%d", len(i.requests)),
		ExpirationTimestamp: metav1.NewTime(i.clock.Now().Add(i.lifetime)),
	}}, nil
}

// newMinter returns a minter that renews at exactly 80 % of what the issuer grants.
func newMinter(t *testing.T, i *issuer) *Minter {
	t.Helper()
	i.clock = clocktesting.NewFakeClock(start)
	client := fake.NewClientset()
	client.PrependReactor("create", "serviceaccounts", i.create)
	return &Minter{
		Tokens:         client.CoreV1().ServiceAccounts("igny8-system"),
		ServiceAccount: "webhookserver",
		Path:           filepath.Join(t.TempDir(), "token"),
		Clock:          i.clock,
		Random:         func() float64 { return 0 },
		Log:            logr.Discard(),
	}
}

// run calls check while the minter runs, in a bubble where synctest.Wait returns when
// the minter has done all it can at the current time.
func run(t *testing.T, m *Minter, check func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- m.Start(ctx) }()
	synctest.Wait()
	check()
	cancel()
	if err := <-done; err != nil {
		t.Errorf("Start() = %v, want nil: the manager stops when a runnable fails", err)
	}
}

func TestMinterRenewsAtFourFifths(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &issuer{lifetime: time.Hour}
		m := newMinter(t, i)
		run(t, m, func() {
			wantFile(t, m.Path, "token-1")

			i.clock.Step(48*time.Minute - time.Second)
			synctest.Wait()
			wantFile(t, m.Path, "token-1")

			i.clock.Step(time.Second)
			synctest.Wait()
			wantFile(t, m.Path, "token-2")
		})
	})
}

func TestMinterRetriesWithBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &issuer{lifetime: time.Hour, failures: 2}
		m := newMinter(t, i)
		run(t, m, func() {
			wantNoFile(t, m.Path)

			// The delays are 1 and 2 s, each up to half as long again.
			i.clock.Step(1500 * time.Millisecond)
			synctest.Wait()
			wantNoFile(t, m.Path)

			i.clock.Step(1999 * time.Millisecond)
			synctest.Wait()
			wantNoFile(t, m.Path)

			i.clock.Step(1001 * time.Millisecond)
			synctest.Wait()
			wantFile(t, m.Path, "token-3")
		})
	})
}

func TestMinterKeepsTheOldTokenWhileRenewalFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := &issuer{lifetime: time.Hour}
		m := newMinter(t, i)
		run(t, m, func() {
			i.failures = 2
			i.clock.Step(48 * time.Minute)
			synctest.Wait()
			wantFile(t, m.Path, "token-1")

			i.clock.Step(1500 * time.Millisecond)
			synctest.Wait()
			wantFile(t, m.Path, "token-3")
		})
	})
}

func TestMinterAsksForTheRightToken(t *testing.T) {
	tests := map[string]struct {
		reason   string
		lifetime time.Duration
		want     int64
	}{
		"Default":  {reason: "an hour when nothing is said", want: 3600},
		"Longer":   {reason: "what is asked for", lifetime: 2 * time.Hour, want: 7200},
		"TooShort": {reason: "the API server refuses less than 10 minutes", lifetime: time.Second, want: 600},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			i := &issuer{lifetime: time.Hour}
			m := newMinter(t, i)
			m.Lifetime = tc.lifetime
			if _, err := m.mint(t.Context()); err != nil {
				t.Fatalf("mint() = %v", err)
			}
			request := i.requests[0]
			spec := request.GetObject().(*authenticationv1.TokenRequest).Spec
			if diff := cmp.Diff(authenticationv1.TokenRequestSpec{ExpirationSeconds: &tc.want}, spec); diff != "" {
				t.Errorf("%s: -want +got\n%s", tc.reason, diff)
			}
			if request.GetNamespace() != "igny8-system" || request.GetSubresource() != "token" {
				t.Errorf("asked for %s in namespace %s", request.GetSubresource(), request.GetNamespace())
			}
		})
	}
}

func TestMintFails(t *testing.T) {
	tests := map[string]struct {
		reason string
		tokens TokenCreator
		path   string
		want   error
	}{
		"Refused":   {reason: "the API server's error stays recognisable", tokens: answer{err: errBoom}, path: "token", want: errBoom},
		"NoToken":   {reason: "an empty file would look like a token", tokens: answer{}, path: "token", want: errEmptyToken},
		"NoFolder":  {reason: "the volume is not mounted", tokens: answer{token: "x"}, path: "missing/token", want: os.ErrNotExist},
		"PathTaken": {reason: "a folder is in the way", tokens: answer{token: "x"}, path: ".", want: os.ErrExist},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			m := &Minter{Tokens: tc.tokens, ServiceAccount: "webhookserver", Path: filepath.Join(folder, tc.path)}
			if _, err := m.mint(t.Context()); !errors.Is(err, tc.want) {
				t.Errorf("%s: mint() = %v, want %v", tc.reason, err, tc.want)
			}
			if left, _ := filepath.Glob(filepath.Join(folder, "*")); len(left) != 0 {
				t.Errorf("%s: left behind %v", tc.reason, left)
			}
		})
	}
}

func TestMinterNeedsNoLeader(t *testing.T) {
	if (&Minter{}).NeedLeaderElection() {
		t.Error("the sidecar of a standby needs a token too")
	}
}

// answer is a TokenCreator that always says the same.
type answer struct {
	token string
	err   error
}

func (a answer) CreateToken(context.Context, string, *authenticationv1.TokenRequest, metav1.CreateOptions) (*authenticationv1.TokenRequest, error) {
	return &authenticationv1.TokenRequest{Status: authenticationv1.TokenRequestStatus{Token: a.token}}, a.err
}

func wantFile(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("read token file: %v", err)
	}
	if string(got) != want {
		t.Errorf("token file holds %q, want %q", got, want)
	}
}

func wantNoFile(t *testing.T, path string) {
	t.Helper()
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Stat() = %v, want no token file yet", err)
	}
}
