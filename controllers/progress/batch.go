// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package progress

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

const (
	// maxBatches and maxName are the bounds of status.batches and of the name.
	maxBatches = 10
	maxName    = 63
	// hashChars are enough to tell the long names of one namespace apart.
	hashChars = 8
)

// batchOf names the batch of a request: that of its label or else, for the
// requests that a Job or another controller makes, the controller's kind and name.
// Empty for a request on its own.
func batchOf(request *v1alpha1.PublishRequest) string {
	if label := request.Labels[v1alpha1.LabelBatch]; label != "" {
		return label
	}
	owner := metav1.GetControllerOf(request)
	if owner == nil {
		return ""
	}
	return shorten(owner.Kind + "/" + owner.Name)
}

// shorten keeps names within their bound, and different ones different. Kinds and
// names of objects are ASCII.
func shorten(name string) string {
	if len(name) <= maxName {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	return name[:maxName-1-hashChars] + "-" + hex.EncodeToString(sum[:])[:hashChars]
}

// state is what became of a request.
type state int

const (
	// statePending: it is on its way, or held.
	statePending state = iota
	// statePublished: its post is at the site, as it was asked for.
	statePublished
	// stateFailed: only a person can help.
	stateFailed
	states
)

// stateOf reads it off what the request says of itself. A draft is done as much as
// a post that is public; a post that is gone is not.
func stateOf(request *v1alpha1.PublishRequest) state {
	conditions := request.Status.Conditions
	published := meta.FindStatusCondition(conditions, v1alpha1.ConditionPublished)
	switch {
	case meta.IsStatusConditionTrue(conditions, v1alpha1.ConditionStalled):
		return stateFailed
	case published == nil:
		return statePending
	case published.Reason == v1alpha1.ReasonScheduleMissed:
		return stateFailed
	case published.Status == metav1.ConditionTrue:
		return statePublished
	case !meta.IsStatusConditionTrue(conditions, v1alpha1.ConditionReady):
		return statePending
	case published.Reason == v1alpha1.ReasonDraft, published.Reason == v1alpha1.ReasonInReview,
		published.Status == metav1.ConditionUnknown: // the site has it, and does not show it
		return statePublished
	}
	return statePending
}

// batches are the newest of those that are counted. What the status knows of them
// goes on: when they began, though their first requests are gone by now, and when
// they were complete.
func batches(tallies map[string]tally, known []v1alpha1.BatchStatus, now time.Time) []v1alpha1.BatchStatus {
	var all []v1alpha1.BatchStatus
	for name, t := range tallies {
		before := v1alpha1.BatchStatus{}
		if i := slices.IndexFunc(known, func(b v1alpha1.BatchStatus) bool { return b.Name == name }); i >= 0 {
			before = known[i]
		}
		all = append(all, t.status(name, before, now))
	}
	slices.SortFunc(all, func(a, b v1alpha1.BatchStatus) int {
		return cmp.Or(b.StartTime.Compare(a.StartTime.Time), cmp.Compare(a.Name, b.Name))
	})
	return all[:min(len(all), maxBatches)]
}

func (t *tally) status(name string, before v1alpha1.BatchStatus, now time.Time) v1alpha1.BatchStatus {
	b := v1alpha1.BatchStatus{
		Name: name, Pending: t.counts[statePending], Published: t.counts[statePublished], Failed: t.counts[stateFailed],
		StartTime: metav1.NewTime(t.oldest),
	}
	b.Total = b.Pending + b.Published + b.Failed
	if !before.StartTime.IsZero() && before.StartTime.Before(&b.StartTime) {
		b.StartTime = before.StartTime
	}
	switch {
	case b.Pending > 0:
	case before.CompletionTime.IsZero():
		b.CompletionTime = metav1.NewTime(now.Truncate(time.Second)) // the API keeps no more
	default:
		b.CompletionTime = before.CompletionTime
	}
	return b
}

// sameReport says that two statuses tell the same of queue and batches.
func sameReport(a, b *v1alpha1.WordPressIntegrationStatus) bool {
	return equality.Semantic.DeepEqual(a.Queue, b.Queue) && equality.Semantic.DeepEqual(a.Batches, b.Batches)
}
