// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/controlplane"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

const (
	// patience bounds every wait for the operator; on an idle machine nothing
	// takes longer than ten seconds.
	patience = 90 * time.Second
	// quiet is how long nothing has to happen for a case to count as settled. A
	// controller looks again after a second at the earliest.
	quiet = 1200 * time.Millisecond
	// tick is how often a wait looks.
	tick = 25 * time.Millisecond
)

// space is what one case has: a namespace, a site, and a person who uses both.
// The operators that come and go in it are its lives.
type space struct {
	name   string
	site   *wordpresstest.Fake
	client client.Client
	plane  *controlplane.ControlPlane
	log    *logBuffer
	// patience bounds each wait.
	patience time.Duration
	// obstruct, if set, stands between the operators and the API server.
	obstruct obstruction

	// late counts the calls that are yet to arrive at the site.
	late atomic.Int64

	mu    sync.Mutex
	lives []*life
	// armedVersion is the API server's resourceVersion when the record began.
	armedVersion string
}

// obstruction makes what stands between an operator and the API server. Lives are
// counted from 0.
type obstruction func(s *space, life int, next http.RoundTripper) http.RoundTripper

func newSpace(t *testing.T, options ...wordpresstest.Option) (*space, error) {
	s := &space{plane: controlplane.Shared(t), log: &logBuffer{}, patience: patience}
	scheme := runtime.NewScheme()
	err := errors.Join(clientgoscheme.AddToScheme(scheme), v1alpha1.AddToScheme(scheme))
	if err != nil {
		return nil, err
	}
	if s.client, err = client.New(s.plane.Config(), client.Options{Scheme: scheme}); err != nil {
		return nil, err
	}
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "faults-"}}
	if err := s.client.Create(context.Background(), namespace); err != nil {
		return nil, err
	}
	s.name = namespace.Name
	s.site = wordpresstest.New(t, append(options, wordpresstest.WithMiddleware(s.mortalCalls))...)
	return s, nil
}

// nameOf is the name of a life in the User-Agent.
func nameOf(n int) string { return fmt.Sprintf("life-%d.", n) }

// bear notes a life, and returns how many were before it.
func (s *space) bear(l *life) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lives = append(s.lives, l)
	return len(s.lives) - 1
}

// caller finds the operator that makes a request to the site.
func (s *space) caller(r *http.Request) *life {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, l := range s.lives {
		if strings.Contains(r.UserAgent(), nameOf(i)) {
			return l
		}
	}
	return newLife() // nobody's
}

// await asks until the answer is yes; the text says what is wrong so far.
func (s *space) await(ask func() (bool, string)) error {
	deadline := time.NewTimer(s.patience)
	defer deadline.Stop()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		ok, text := ask()
		if ok {
			return nil
		}
		select {
		case <-deadline.C:
			return fmt.Errorf("not within %s: %s", s.patience, text)
		case <-ticker.C:
		}
	}
}

// conditionsOf reads the conditions of an object of ours.
func (s *space) conditionsOf(name string, object client.Object) ([]metav1.Condition, error) {
	if err := s.get(name, object); err != nil {
		return nil, err
	}
	switch o := object.(type) {
	case *v1alpha1.PublishRequest:
		return o.Status.Conditions, nil
	case *v1alpha1.WordPressIntegration:
		return o.Status.Conditions, nil
	}
	return nil, fmt.Errorf("%T has no conditions that are known here", object)
}

func (s *space) get(name string, object client.Object) error {
	return s.client.Get(context.Background(), client.ObjectKey{Namespace: s.name, Name: name}, object)
}
