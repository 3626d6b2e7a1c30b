// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package satoken

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/go-logr/logr"
	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/clock"
)

// TokenCreator requests a token of the named ServiceAccount. The ServiceAccounts(namespace)
// client of client-go is one.
type TokenCreator interface {
	CreateToken(ctx context.Context, serviceAccount string, request *authenticationv1.TokenRequest,
		options metav1.CreateOptions) (*authenticationv1.TokenRequest, error)
}

// Minter keeps a file filled with a valid token of a ServiceAccount. It is a
// manager.Runnable. Fields may not change once Start has been called.
type Minter struct {
	// Tokens requests the tokens, in the namespace of the ServiceAccount. Required.
	Tokens TokenCreator
	// ServiceAccount is the name of the account whose tokens are requested. Required.
	ServiceAccount string
	// Path is the file to keep filled; its folder must exist. Required.
	Path string
	// Lifetime is asked for; the API server may grant another. DefaultLifetime when
	// zero, and never less than MinLifetime.
	Lifetime time.Duration
	// Clock is the real one when nil.
	Clock clock.Clock
	// Random returns the jitter, in [0,1); math/rand's when nil.
	Random func() float64
	// Log is told about each renewal and each failure, never about the token.
	Log logr.Logger
}

// errEmptyToken is an answer of the API server that no real one gives.
var errEmptyToken = errors.New("the API server answered without a token")

// NeedLeaderElection implements manager.LeaderElectionRunnable: the sidecar of a standby
// replica serves too, so each replica mints for its own.
func (m *Minter) NeedLeaderElection() bool { return false }

// Start mints tokens until ctx is done. Failures are retried and never returned: an API
// server that is away must not take the manager down.
func (m *Minter) Start(ctx context.Context) error {
	backoff := newBackoff()
	for {
		delay, err := m.renew(ctx)
		if err == nil {
			backoff = newBackoff()
		} else {
			delay = backoff.Step()
			m.Log.Error(err, "Minting a token failed", "serviceAccount", m.ServiceAccount, "retryAfter", delay.String())
		}
		if !m.sleep(ctx, delay) {
			return nil
		}
	}
}

// renew mints one token and returns how long to wait before the next.
func (m *Minter) renew(ctx context.Context) (time.Duration, error) {
	expiry, err := m.mint(ctx)
	if err != nil {
		return 0, err
	}
	delay := renewDelay(m.clock().Now(), expiry, m.random())
	m.Log.V(1).Info("Minted a token", "serviceAccount", m.ServiceAccount, "expires", expiry, "renewAfter", delay.String())
	return delay, nil
}

// mint requests one token, writes it, and returns when it expires.
func (m *Minter) mint(ctx context.Context) (time.Time, error) {
	answer, err := m.Tokens.CreateToken(ctx, m.ServiceAccount, m.request(), metav1.CreateOptions{})
	if err != nil {
		return time.Time{}, fmt.Errorf("request token: %w", err)
	}
	if answer.Status.Token == "" {
		return time.Time{}, errEmptyToken
	}
	if err := writeFile(m.Path, answer.Status.Token); err != nil {
		return time.Time{}, err
	}
	return answer.Status.ExpirationTimestamp.Time, nil
}

// request asks for a token of the API server's own default audience.
func (m *Minter) request() *authenticationv1.TokenRequest {
	seconds := int64(m.lifetime() / time.Second)
	return &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: &seconds}}
}

func (m *Minter) lifetime() time.Duration {
	if m.Lifetime == 0 {
		return DefaultLifetime
	}
	return max(m.Lifetime, MinLifetime)
}

func (m *Minter) random() float64 {
	if m.Random == nil {
		return rand.Float64()
	}
	return m.Random()
}

func (m *Minter) clock() clock.Clock {
	if m.Clock == nil {
		return clock.RealClock{}
	}
	return m.Clock
}

// sleep waits for delay and says whether to go on.
func (m *Minter) sleep(ctx context.Context, delay time.Duration) bool {
	timer := m.clock().NewTimer(delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C():
		return true
	}
}
