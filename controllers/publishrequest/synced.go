// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// setSynced says that the post has what is wanted, as far as the site lets it:
// what its filters took out is not lost, it is in the request.
func (s *scope) setSynced(call callResult) {
	post := &s.request.Status.Post
	reason, message := v1alpha1.ReasonSucceeded, "the site has what the request asks for"
	if len(post.Stripped) > 0 {
		reason = v1alpha1.ReasonContentStripped
		message += ", except for what its filters took out, because the user of its API key may not write that: " + list(post.Stripped)
	}
	if len(post.SEOKept) > 0 {
		message += "; left as a person has set it at the site: " + list(post.SEOKept)
	}
	if len(call.ignored) > 0 {
		message += "; keys of the front matter that mean nothing here: " + list(call.ignored)
	}
	s.health().Set(v1alpha1.ConditionSynced, metav1.ConditionTrue, reason, message)
}

// written is the Event of a write: a warning if the site took something out.
func (s *scope) written(reason, note string) *occurrence {
	if stripped := s.request.Status.Post.Stripped; len(stripped) > 0 {
		return &occurrence{corev1.EventTypeWarning, v1alpha1.ReasonContentStripped, note + "; the site's filters took out " + list(stripped)}
	}
	return &occurrence{corev1.EventTypeNormal, reason, note}
}

// maxListed keeps a message readable; the status has the whole list.
const maxListed = 10

// list enumerates names, the first of them if there are many.
func list(names []string) string {
	if len(names) > maxListed {
		return strings.Join(names[:maxListed], ", ") + ", ..."
	}
	return strings.Join(names, ", ")
}
