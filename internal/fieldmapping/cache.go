// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fieldmapping

import (
	"sync"

	"k8s.io/apimachinery/pkg/types"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// maxCached is when the cache starts over: sets of integrations that are gone are
// not told apart from others.
const maxCached = 1000

// Cache keeps the compiled mappings of integrations. The zero value is ready to
// use, and safe for concurrent use.
type Cache struct {
	mu   sync.Mutex
	sets map[types.UID]cached
}

type cached struct {
	generation int64
	set        *Set
	err        error
}

// Get compiles the mappings of an integration once per generation.
func (c *Cache) Get(integration *v1alpha1.WordPressIntegration) (*Set, error) {
	if len(integration.Spec.FieldMappings) == 0 {
		return &Set{}, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.sets[integration.UID]; ok && known.generation == integration.Generation {
		return known.set, known.err
	}
	if c.sets == nil || len(c.sets) >= maxCached {
		c.sets = map[types.UID]cached{}
	}
	set, err := Compile(integration.Spec.FieldMappings)
	c.sets[integration.UID] = cached{integration.Generation, set, err}
	return set, err
}
