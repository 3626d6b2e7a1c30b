// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/outcome"
	"github.com/igny8/wordpress-operator/internal/sitegate"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// maxBatchBodies bounds the JSON of the posts of all batches under way, beyond
// the first post of each: 128 batches of 5 MiB would be more than the manager has.
// Encoding takes as much again, and growing buffers up to twice that. What finds
// no room waits for another turn.
const maxBatchBodies = 32 << 20

// maxBatch is how many requests may share the call of this one. Only one that
// makes a post does; not one that failed before, which may have been what broke
// the batch; and not one with images, which the others would wait for.
func (s *scope) maxBatch() int {
	if updates(s.request) || s.request.Status.Attempts.Count > 0 || len(specImages(&s.request.Spec)) > 0 {
		return 1
	}
	return int(cmp.Or(s.integration.Spec.Publishing.BatchSize, wordpress.MaxBatchItems))
}

// batchTime is how long a batch should take: half the time it has, since the
// next posts may take longer than the ones before.
func batchTime(integration *v1alpha1.WordPressIntegration) time.Duration {
	timeout := time.Duration(integration.Spec.Transport.TimeoutSeconds) * time.Second
	return cmp.Or(timeout, wordpress.DefaultTimeout) / 2
}

// batchCall is one call for the posts of several requests.
type batchCall struct {
	items []*batchItem
	// site is open, with a credential, once the first item is prepared.
	site       *wordpress.Client
	credential string
	// bytes is the length of the JSON, and held what of it needed room.
	bytes int
	held  int64
	// unsupported says that the site does not know batches.
	unsupported bool
}

// batchItem is one request of a batch.
type batchItem struct {
	job    job
	result callResult
	fate   sitegate.Fate
	// work is set while its post is to be sent.
	work *work
	// took is the time that was spent on this one.
	took time.Duration
}

// callBatch publishes the posts of several requests in one call. Each has an
// outcome of its own; whatever fails for all of them is no attempt of any, and
// each goes alone next: the site has what it has, and says so.
func (r *Reconciler) callBatch(ctx context.Context, jobs []any) sitegate.Batch[callResult] {
	b := &batchCall{bytes: wordpress.BatchOverheadBytes}
	for _, j := range jobs {
		b.items = append(b.items, &batchItem{job: j.(job)})
	}
	defer func() { r.bodies.Release(b.held) }()
	r.prepareBatch(ctx, b)
	r.sendBatch(ctx, b)
	return b.answers(r.Clock.Now())
}

// maxPrepareTime is after how long no further post of a batch is prepared: a slow
// server of contents must not keep the site's slot for one time-out after the
// other; and what is sent is as it was when it was prepared, which must not be
// long ago.
const maxPrepareTime = 10 * time.Second

// prepareBatch prepares as many as fit into a call and into the time; the others
// are left for another turn.
func (r *Reconciler) prepareBatch(ctx context.Context, b *batchCall) {
	start := r.Clock.Now()
	for i, item := range b.items {
		itemStart := r.Clock.Now()
		if i > 0 && itemStart.Sub(start) > maxPrepareTime || !r.prepareItem(ctx, b, item) {
			b.leave(b.items[i:])
			return
		}
		item.took = r.Clock.Since(itemStart)
		if isOfSite(item.result.err) { // and would be of all that follow
			b.leave(b.items[i+1:])
			return
		}
	}
}

// leave leaves items for another turn.
func (b *batchCall) leave(items []*batchItem) {
	for _, item := range items {
		item.fate = sitegate.Again
	}
}

// prepareItem says whether the item is done with, or fits.
func (r *Reconciler) prepareItem(ctx context.Context, b *batchCall, item *batchItem) bool {
	w, err := r.prepare(ctx, item.job, &item.result)
	switch {
	case err != nil:
		item.end(nil, err)
		return true
	case item.result.update, len(w.images) > 0:
		item.fate = sitegate.Apart
		return true
	}
	if err := r.completeItem(ctx, b, w); err != nil {
		item.end(nil, err)
		return true
	}
	bytes, err := w.post.EncodedBytes()
	if err != nil {
		item.end(nil, err)
		return true
	}
	if !r.fits(b, bytes) {
		return false
	}
	item.work = w
	return true
}

// completeItem opens the site once, and looks at the integration for each: their
// tickets may have been left before and after a change of it.
func (r *Reconciler) completeItem(ctx context.Context, b *batchCall, w *work) error {
	if b.site == nil {
		site, err := r.open(ctx, w)
		if err != nil {
			return err
		}
		b.site, b.credential = site, w.result.credentialDigest
	} else if err := r.checkOpen(ctx, w.integration); err != nil {
		return err
	}
	w.result.noteOpen(w.integration, b.credential)
	return r.complete(ctx, b.site, w)
}

// isOfSite says that a call for one request failed for a reason that is not the
// request's.
func isOfSite(err error) bool {
	var refused *wordpress.Error
	if !errors.As(err, &refused) {
		return false
	}
	action := outcome.Of(refused).Action
	return action == outcome.Retry || action == outcome.Site || action == outcome.Drop
}

// fits makes room for another post. The first one always has it, as it would
// have alone.
func (r *Reconciler) fits(b *batchCall, bytes int) bool {
	if len(b.ready()) > 0 {
		if b.bytes+bytes > wordpress.MaxBatchBytes || !r.bodies.TryAcquire(int64(bytes)) {
			return false
		}
		b.held += int64(bytes)
	}
	b.bytes += bytes
	return true
}

// ready are the items whose posts are to be sent.
func (b *batchCall) ready() []*batchItem {
	var ready []*batchItem
	for _, item := range b.items {
		if item.work != nil {
			ready = append(ready, item)
		}
	}
	return ready
}

// sendBatch gives the posts to the site. One that is left on its own goes as it
// would have without the others.
func (r *Reconciler) sendBatch(ctx context.Context, b *batchCall) {
	ready := b.ready()
	if len(ready) > 1 {
		r.sendTogether(ctx, b, ready)
		return
	}
	for _, item := range ready {
		start := r.Clock.Now()
		post, err := r.send(ctx, b.site, item.work)
		item.took += r.Clock.Since(start)
		item.end(post, err)
	}
}

// sendTogether makes the call. The time it took is shared among the posts.
func (r *Reconciler) sendTogether(ctx context.Context, b *batchCall, ready []*batchItem) {
	posts := make([]*wordpress.Post, len(ready))
	for i, item := range ready {
		posts[i] = item.work.post
	}
	start := r.Clock.Now()
	results, err := b.site.PublishBatch(ctx, posts)
	took := r.Clock.Since(start)
	r.Metrics.Observe("publish-batch", err, took)
	b.unsupported = isUnknownRoute(err)
	for i, item := range ready {
		item.took += took / time.Duration(len(ready))
		if err != nil {
			item.end(nil, err)
			item.fate = sitegate.Alone
			continue
		}
		item.end(results[i].Post, results[i].Err)
		item.fate = fateOf(results[i].Err)
	}
}

// fateOf is that of a post with a result of its own. What could be tried again is
// tried alone: PHP may have ended over another post, and nobody knows whether
// that was before this one, behind it or in the middle of it.
func fateOf(err error) sitegate.Fate {
	if err != nil && outcome.Of(err).Action == outcome.Retry {
		return sitegate.Alone
	}
	return sitegate.Settled
}

// end notes what became of an item.
func (i *batchItem) end(post *wordpress.PostRepresentation, err error) {
	i.result.post, i.result.err, i.work = post, err, nil
}

// isUnknownRoute says that a plugin that is too old answered, or something that
// lets no other route through.
func isUnknownRoute(err error) bool {
	var refused *wordpress.Error
	return errors.As(err, &refused) && (refused.Status == http.StatusNotFound || refused.Status == http.StatusMethodNotAllowed)
}

// answers are those of the items. Each took what was spent on it alone, and its
// share of the call.
func (b *batchCall) answers(now time.Time) sitegate.Batch[callResult] {
	batch := sitegate.Batch[callResult]{Unsupported: b.unsupported}
	for _, item := range b.items {
		item.result.startTime, item.result.endTime = now.Add(-item.took), now
		batch.Answers = append(batch.Answers, sitegate.Answer[callResult]{Outcome: item.result, Fate: item.fate})
	}
	return batch
}
