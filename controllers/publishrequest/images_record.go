// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/sets"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/destination"
	"github.com/igny8/wordpress-operator/internal/jitter"
	"github.com/igny8/wordpress-operator/internal/phase"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// message says which images are missing, and why.
func (b *broughtImages) message() string {
	const most = 5
	var parts []string
	for _, missing := range b.missing[:min(len(b.missing), most)] {
		parts = append(parts, fmt.Sprintf("%q: %s", missing.name, missing.message))
	}
	if more := len(b.missing) - len(parts); more > 0 {
		parts = append(parts, fmt.Sprintf("and %d more", more))
	}
	return fmt.Sprintf("%s: %s", b.count(), strings.Join(parts, "; "))
}

func (b *broughtImages) count() string {
	return fmt.Sprintf("%d of %d images missing", len(b.missing), b.wanted)
}

// retry says whether another look at an image may help, and how long their servers
// ask to be left alone.
func (b *broughtImages) retry() (worthIt bool, after time.Duration) {
	for _, missing := range b.missing {
		worthIt, after = worthIt || missing.retry, max(after, missing.retryAfter)
	}
	return worthIt, after
}

// imageAttempt is the number of the attempt to bring the images of one post. It
// starts anew with any other attempt, with any other image that is missing, and
// with each one that was brought: who has many gets there.
func (s *scope) imageAttempt(call callResult) int32 {
	a := &s.request.Status.Attempts
	if s.broughtNew(call) || a.LastReason != v1alpha1.ReasonImagesMissing || a.Generation != s.request.Generation || a.SourceDigest != call.sourceDigest || retryRequested(s.request) {
		return 1
	}
	return a.Count + 1
}

// broughtNew says that a call has brought an image that was not there.
func (s *scope) broughtNew(call callResult) bool {
	return call.images != nil && slices.ContainsFunc(call.images.media, func(m v1alpha1.MediaStatus) bool {
		return !slices.ContainsFunc(s.request.Status.Media, func(known v1alpha1.MediaStatus) bool { return known.AttachmentID == m.AttachmentID })
	})
}

// noteImages says what became of the images of a post that is there, or that has
// nothing to be written. What is missing is looked for again a few times; it is no
// reason not to be Ready.
func (s *scope) noteImages(call callResult, attempt int32, random jitter.Random) {
	images := call.images
	if images == nil { // they were not looked at: the digest says that they are as they were
		s.restamp(v1alpha1.ConditionMediaReady)
		return
	}
	s.request.Status.Media = images.media
	if len(images.missing) == 0 {
		s.imagesComplete(images)
		return
	}
	a := &s.request.Status.Attempts
	a.LastReason, a.Count, a.LastTime, a.NextTime = v1alpha1.ReasonImagesMissing, attempt, metav1.NewTime(call.endTime), metav1.Time{}
	a.SourceDigest, a.CredentialDigest = call.sourceDigest, call.credentialDigest // what the next attempt is counted by
	message := images.message()
	if s.planImages(call, images, attempt, random) {
		message += fmt.Sprintf(" (%d of %d attempts made)", attempt, retryOf(s.integration).maxAttempts)
	}
	s.health().Set(v1alpha1.ConditionMediaReady, metav1.ConditionFalse, images.missing[0].reason, message)
	ready := s.condition(v1alpha1.ConditionReady)
	s.health().Set(v1alpha1.ConditionReady, ready.Status, ready.Reason, ready.Message+"; "+images.count())
	if s.event != nil {
		s.event.note += "; " + images.message()
	}
}

func (s *scope) imagesComplete(images *broughtImages) {
	if images.wanted == 0 {
		s.health().Remove(v1alpha1.ConditionMediaReady)
		return
	}
	s.health().Set(v1alpha1.ConditionMediaReady, metav1.ConditionTrue, v1alpha1.ReasonSucceeded,
		fmt.Sprintf("%d images are in the media library", images.wanted))
}

// planImages plans the next attempt, if one is worth it and left.
func (s *scope) planImages(call callResult, images *broughtImages, attempt int32, random jitter.Random) bool {
	retry := retryOf(s.integration)
	worthIt, after := images.retry()
	if !worthIt || attempt >= retry.maxAttempts {
		return false
	}
	delay := max(random.Extend(retry.delay(attempt), retryJitter), after)
	s.request.Status.Attempts.NextTime = metav1.NewTime(call.endTime.Add(delay))
	return true
}

// recordImagesMissing keeps a post from being published without its images, as
// imagePolicy UploadRequired asks for.
func (s *scope) recordImagesMissing(call callResult, images *broughtImages, attempt int32, random jitter.Random) {
	reason, message := images.missing[0].reason, images.message()
	s.recordFailure(call, reason, message)
	s.noteAttempt(call, attempt, v1alpha1.ReasonImagesMissing)
	s.health().Set(v1alpha1.ConditionMediaReady, metav1.ConditionFalse, reason, message)
	worthIt, _ := images.retry()
	switch {
	case s.planImages(call, images, attempt, random):
		s.health().Wait(reason, fmt.Sprintf("%s (%d of %d attempts made)", message, attempt, retryOf(s.integration).maxAttempts))
	case worthIt:
		s.health().Stall(v1alpha1.ReasonRetriesExhausted, fmt.Sprintf("gave up after %d attempts: %s", attempt, message))
	case !slices.ContainsFunc(images.missing, func(p imageProblem) bool { return !wakesBy.Has(p.reason) }):
		s.health().Wait(reason, message)
	default:
		s.health().Stall(reason, message)
	}
}

// keepMedia notes the images that a call has brought to the site although the post
// was not written: the next attempt need not bring them again.
func (s *scope) keepMedia(call callResult) {
	if call.images == nil {
		return
	}
	kept := call.images.media
	for _, m := range s.request.Status.Media {
		isNew := slices.ContainsFunc(kept, func(k v1alpha1.MediaStatus) bool { return k.Name == m.Name })
		if !isNew && len(kept) < maxImages {
			kept = append(kept, m)
		}
	}
	s.request.Status.Media = kept
}

// imagesGone says that the site refused a post for images that its media library
// does not have any more.
func imagesGone(refused *wordpress.Error) bool {
	return refused.Kind == wordpress.KindRejected && (names(refused, "featured_image_id") || names(refused, "gallery"))
}

// names says that the site refused a field.
func names(refused *wordpress.Error, field string) bool {
	return slices.ContainsFunc(refused.Fields, func(f wordpress.FieldError) bool { return f.Field == field })
}

// forgetMedia has the next call bring those images anew that the site may mean:
// others may not be had again. Images of the text are not what it has looked at.
func (s *scope) forgetMedia(call callResult, refused *wordpress.Error, random jitter.Random) {
	lost := sets.New[int64]()
	featured := cmp.Or(s.request.Spec.FeaturedImage.Name, "featured")
	for _, m := range s.request.Status.Media {
		isFeatured := m.Name == featured
		if names(refused, "featured_image_id") && isFeatured || names(refused, "gallery") && !isFeatured && !isContentName(m.Name) {
			lost.Insert(m.AttachmentID)
		}
	}
	s.request.Status.Media = slices.DeleteFunc(s.request.Status.Media, func(m v1alpha1.MediaStatus) bool { return lost.Has(m.AttachmentID) })
	s.goOn(call, v1alpha1.ReasonProgressing, "the media library has lost images of the post, they are uploaded again: "+refused.Error(), random)
}

// awaitsImages says that the last call left images behind, and that nothing else
// is to be done.
func (s *scope) awaitsImages() bool {
	return s.request.Status.Attempts.LastReason == v1alpha1.ReasonImagesMissing
}

// settledPost ends the reconcile of a post that is there: nothing is to be done
// before the request expires, or before it is time to look for missing images.
func (r *Reconciler) settledPost(ctx context.Context, s *scope) (phase.Result, error) {
	if meta.IsStatusConditionTrue(s.request.Status.Conditions, v1alpha1.ConditionSynced) {
		s.noteApproval() // of what is there: it is not good for the next content
	}
	expiry, expires := s.expiry()
	next := s.request.Status.Attempts.NextTime
	switch {
	case !s.awaitsImages() || next.IsZero() || expires && !expiry.After(next.Time):
	case next.After(s.now):
		return phase.DoneFor(s.until(next.Time)), nil
	case s.isSiteWell():
		return phase.Proceed, nil
	}
	return r.expire(ctx, s)
}

// isSiteWell says that the integration can be used. One that cannot does not
// matter to a post that is there, and wakes the request when it can.
func (s *scope) isSiteWell() bool {
	if s.integration == nil {
		return false
	}
	why, pending := destination.NotReady(s.integration)
	return why == "" && !pending
}

// restamp says again, of this generation, what a condition says.
func (s *scope) restamp(conditionType string) {
	if c := s.condition(conditionType); c != nil {
		s.health().Set(conditionType, c.Status, c.Reason, c.Message)
	}
}
