// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// timeouts remember the longest time that a call to each site may have been
// given: one that was made before the spec had a shorter one may still run. Calls
// die with the process, so memory is where this belongs.
type timeouts struct {
	mu    sync.Mutex
	sites map[types.NamespacedName]time.Duration
}

func newTimeouts() *timeouts { return &timeouts{sites: map[types.NamespacedName]time.Duration{}} }

// longest notes the timeout of now, and returns the longest.
func (t *timeouts) longest(name types.NamespacedName, now time.Duration) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sites[name] = max(t.sites[name], now)
	return t.sites[name]
}

func (t *timeouts) forget(name types.NamespacedName) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.sites, name)
}

func timeoutOf(integration *v1alpha1.WordPressIntegration) time.Duration {
	if seconds := integration.Spec.Transport.TimeoutSeconds; seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	return wordpress.DefaultTimeout
}
