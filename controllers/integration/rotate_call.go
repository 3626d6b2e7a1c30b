// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/sitegate"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// problemKeyUnknown is what a site answers that does not know a key.
const problemKeyUnknown = "key-unknown"

// rotationCall is what calls of a rotation start from. Each step may have been
// made before, by a process that died: the site is asked first.
type rotationCall struct {
	reconciler  *Reconciler
	integration *v1alpha1.WordPressIntegration
	keys        siteaccess.Keys
	caBundle    []byte
	// superseded says that a person wants yet another key than the candidate.
	superseded bool
	// stop is closed when the site is to be left alone.
	stop <-chan struct{}
}

// rotationResult is what it came to: how the Secret is to be changed, or an error.
type rotationResult struct {
	change  func(*corev1.Secret)
	err     error
	endTime time.Time
}

// retryAfter is how long the site asks to be left alone.
func (r rotationResult) retryAfter() time.Duration {
	var refused *wordpress.Error
	if errors.As(r.err, &refused) {
		return refused.RetryAfter
	}
	return 0
}

// newRotations returns the dispatcher of the calls of rotations.
func newRotations(r *Reconciler) *sitegate.Dispatcher[rotationResult] {
	return sitegate.New(sitegate.Options[rotationResult]{
		Wake: r.wake.Wake,
		Recover: func(p any) rotationResult {
			return rotationResult{err: outcome.Recovered(ctrl.Log, "replacing the API key", p), endTime: r.Clock.Now()}
		},
		Clock: r.Clock,
	})
}

// do calls the site. It runs outside the controller's workers.
func (c *rotationCall) do(ctx context.Context) rotationResult {
	ctx, done := until(ctx, c.stop)
	defer done()
	step := c.replace
	if c.keys.Previous.Usable() {
		step = c.retire
	}
	clock := c.reconciler.Clock
	startTime := clock.Now()
	change, err := step(ctx)
	endTime := clock.Now()
	c.reconciler.Metrics.Observe("rotate-key", err, endTime.Sub(startTime))
	return rotationResult{change: change, err: err, endTime: endTime}
}

// replace makes the candidate the site's key: its first use does. It is offered
// only to a site that is the right one, and by the key in use.
func (c *rotationCall) replace(ctx context.Context) (func(*corev1.Secret), error) {
	_, err := c.identify(ctx, c.keys.Candidate)
	switch {
	case err == nil:
		return promote, nil
	case c.superseded && neverTaken(err):
		return dropCandidate, nil
	case !keyRefused(err):
		return nil, err
	}
	if err := c.offer(ctx); err != nil {
		return nil, err
	}
	if _, err := c.identify(ctx, c.keys.Candidate); err != nil {
		return nil, err
	}
	return promote, nil
}

func (c *rotationCall) offer(ctx context.Context) error {
	site, err := c.identify(ctx, c.keys.Current)
	if err != nil {
		return err
	}
	_, err = site.OfferKey(ctx, c.keys.Candidate.Key)
	return c.explain(err)
}

// retire ends the previous key. A site that refuses the key in use and takes the
// previous one has an older database than it had.
func (c *rotationCall) retire(ctx context.Context) (func(*corev1.Secret), error) {
	site, err := c.identify(ctx, c.keys.Current)
	if keyRefused(err) {
		if _, older := c.identify(ctx, c.keys.Previous); older == nil {
			return restore, nil
		}
	}
	if err != nil {
		return nil, err
	}
	if _, err = site.RetireKeys(ctx); err != nil && wordpress.KindOf(err) != wordpress.KindPluginMissing {
		return nil, err
	}
	return dropPrevious, nil // a plugin without the route knows one key only
}

// identify calls the site with a key, and makes sure that it is the right site.
func (c *rotationCall) identify(ctx context.Context, key siteaccess.Credentials) (*wordpress.Client, error) {
	key.CABundle = c.caBundle
	site, err := c.reconciler.Access.Client(c.integration, key, c.integration.Status.Site.RESTURL)
	if err != nil {
		return nil, err
	}
	found, err := site.Site(ctx, wordpress.Position{})
	if err != nil {
		return nil, err
	}
	if doubt := suspect(c.integration, found); doubt != nil {
		return nil, &siteaccess.Error{Reason: v1alpha1.ReasonCloneSuspected, Message: doubt.message}
	}
	return site, nil
}

// explain says what a refused offer means to a person.
func (c *rotationCall) explain(err error) error {
	var unusable *wordpress.ConfigError
	switch {
	case errors.As(err, &unusable):
		ref := siteaccess.SecretOf(c.integration)
		return &siteaccess.Error{Reason: v1alpha1.ReasonKeyInvalid,
			Message: fmt.Sprintf("the API key under %q of Secret %q %s", ref.Key, ref.Name, unusable.Reason)}
	case wordpress.KindOf(err) == wordpress.KindPluginMissing:
		return &siteaccess.Error{Reason: v1alpha1.ReasonPluginTooOld,
			Message: "the plugin of the site is older than " + rotatingPluginVersion + " and takes one key only; update it, or enter the new key at the site"}
	}
	return err
}

// rotatingPluginVersion is the first plugin that takes a second key.
const rotatingPluginVersion = "2.1.0"

func keyRefused(err error) bool { return wordpress.KindOf(err) == wordpress.KindCredentialsRefused }

// neverTaken says that the site cannot have taken a key: it says so itself, or
// the key cannot even be sent.
func neverTaken(err error) bool {
	var refused *wordpress.Error
	if errors.As(err, &refused) {
		return refused.Kind == wordpress.KindCredentialsRefused && refused.Problem == problemKeyUnknown
	}
	var unusable *siteaccess.Error
	return errors.As(err, &unusable) && unusable.Reason == v1alpha1.ReasonKeyInvalid
}
