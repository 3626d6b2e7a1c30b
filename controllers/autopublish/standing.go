// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package autopublish

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/sets"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/destination"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// standing is where a request stands with auto-publish.
type standing int

const (
	// standingNone: it does not wait for a release, or no longer needs one.
	standingNone standing = iota
	// standingAlive: it may be released, and has no post yet.
	standingAlive
	// standingWaiting: it says that it awaits its release. It says so after the
	// release too, until its call has an outcome.
	standingWaiting
)

// standingOf reads the standing of a request off what it says of itself. One that
// is stalled, suspended, or waits for an approval or its time again is not on its
// way any more: it needs another release when it goes on.
func standingOf(request *v1alpha1.PublishRequest) standing {
	if request.Spec.Release != v1alpha1.ReleaseAuto || request.Spec.Suspend || request.Status.Post.ID != 0 || !request.DeletionTimestamp.IsZero() {
		return standingNone
	}
	if c := current(request, v1alpha1.ConditionStalled); c != nil && c.Status == metav1.ConditionTrue {
		return standingNone
	}
	ready := current(request, v1alpha1.ConditionReady)
	if ready == nil || ready.Status != metav1.ConditionTrue {
		return standingAlive
	}
	switch ready.Reason {
	case v1alpha1.ReasonAwaitingRelease:
		return standingWaiting
	case v1alpha1.ReasonAwaitingApproval, v1alpha1.ReasonScheduled:
		return standingNone
	}
	return standingAlive
}

// current returns a condition that was set for the spec as it is.
func current(request *v1alpha1.PublishRequest, conditionType string) *metav1.Condition {
	c := meta.FindStatusCondition(request.Status.Conditions, conditionType)
	if c == nil || c.ObservedGeneration != request.Generation {
		return nil
	}
	return c
}

// indexStanding is of requests: the way to their integration, of those alone that
// have a standing. Listing costs what waits, not what was ever published.
const indexStanding = "autoPublish"

func standingKeys(object client.Object) []string {
	request := object.(*v1alpha1.PublishRequest)
	if standingOf(request) == standingNone {
		return nil
	}
	if name := request.Spec.IntegrationRef.Name; name != "" {
		return []string{nameKey(name)}
	}
	return []string{siteKey(request.Spec.SiteID)}
}

func nameKey(integration string) string { return "name/" + integration }

func siteKey(id int64) string { return "site/" + destination.SiteKey(id) }

// waiter is a request that nobody has released.
type waiter struct {
	uid, name string
	created   time.Time
}

// collect finds who is on the way and who waits, the oldest first.
func (r *Reconciler) collect(ctx context.Context, s *scope) (phase.Result, error) {
	released := sets.New(s.status().AllReleased()...)
	s.alive = sets.New[string]()
	take := func(request *v1alpha1.PublishRequest, unambiguous bool) {
		uid := string(request.UID)
		s.alive.Insert(uid)
		if unambiguous && standingOf(request) == standingWaiting && !released.Has(uid) {
			s.waiting = append(s.waiting, waiter{uid, request.Name, request.CreationTimestamp.Time})
		}
	}
	if err := r.each(ctx, s, nameKey(s.integration.Name), true, take); err != nil {
		return phase.Done(), err
	}
	if site := s.integration.Spec.SiteID; site != 0 {
		only, err := r.onlyOfSite(ctx, s)
		if err != nil {
			return phase.Done(), err
		}
		if err := r.each(ctx, s, siteKey(site), only, take); err != nil {
			return phase.Done(), err
		}
	}
	slices.SortFunc(s.waiting, func(a, b waiter) int {
		return cmp.Or(a.created.Compare(b.created), cmp.Compare(a.name, b.name))
	})
	return phase.Proceed, nil
}

// each calls take with the requests of a key. They are the cache's own, not to be
// changed or kept.
func (r *Reconciler) each(ctx context.Context, s *scope, key string, unambiguous bool, take func(*v1alpha1.PublishRequest, bool)) error {
	list := &v1alpha1.PublishRequestList{}
	err := r.Client.List(ctx, list, client.InNamespace(s.integration.Namespace),
		client.MatchingFields{indexStanding: key}, client.UnsafeDisableDeepCopy)
	if err != nil {
		return fmt.Errorf("list requests of %s: %w", key, err)
	}
	for i := range list.Items {
		take(&list.Items[i], unambiguous)
	}
	return nil
}

// onlyOfSite says whether requests that name the site alone go through this
// integration.
func (r *Reconciler) onlyOfSite(ctx context.Context, s *scope) (bool, error) {
	active, err := destination.ActiveOfSite(ctx, r.Client, s.integration.Namespace, s.integration.Spec.SiteID)
	return len(active) == 1 && active[0].Name == s.integration.Name, err
}
