// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// sightings remember of each site what changes with every call. It is kept in
// memory: a status that told it would be written with every call.
type sightings struct {
	mu    sync.Mutex
	sites map[types.NamespacedName]sighting
}

type sighting struct {
	// contact is when the plugin at the site last answered.
	contact time.Time
	// position is how far the site's outbox was at the most.
	position wordpress.Position
}

func newSightings() *sightings { return &sightings{sites: map[types.NamespacedName]sighting{}} }

// answered notes that the plugin at the site answered.
func (s *sightings) answered(name types.NamespacedName, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.sites[name]
	if at.After(seen.contact) {
		seen.contact = at
	}
	s.sites[name] = seen
}

// reached notes a position of the site's outbox. A mark of another epoch says
// nothing about this one's.
func (s *sightings) reached(name types.NamespacedName, position wordpress.Position) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.sites[name]
	if seen.position.Epoch != position.Epoch || position.Mark > seen.position.Mark {
		seen.position = position
	}
	s.sites[name] = seen
}

// position is what is known of the site's outbox: with it the site finds out
// that it went back in time.
func (s *sightings) position(integration *v1alpha1.WordPressIntegration) wordpress.Position {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := wordpress.Position{Epoch: integration.Status.Site.Epoch}
	if seen := s.sites[nameOf(integration)].position; seen.Epoch == known.Epoch {
		known.Mark = seen.Mark
	}
	return known
}

// contact is when the plugin at the site last answered, as far as memory and
// status go; zero if never.
func (s *sightings) contact(integration *v1alpha1.WordPressIntegration) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if seen := s.sites[nameOf(integration)].contact; seen.After(integration.Status.LastContactTime.Time) {
		return seen
	}
	return integration.Status.LastContactTime.Time
}

// show takes the last contact along into a status that is written anyway.
func (s *sightings) show(integration *v1alpha1.WordPressIntegration) {
	if contact := s.contact(integration); !contact.IsZero() {
		integration.Status.LastContactTime = metav1.NewTime(contact)
	}
}

func (s *sightings) forget(name types.NamespacedName) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sites, name)
}

func nameOf(integration *v1alpha1.WordPressIntegration) types.NamespacedName {
	return types.NamespacedName{Namespace: integration.Namespace, Name: integration.Name}
}
