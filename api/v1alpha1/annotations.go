// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// Annotations that a person or the app sets. Each takes any new value (a time
// by habit, unless said otherwise) and is echoed in status.lastHandled once the
// operator has acted on it.
const (
	// AnnotationTestRequestedAt asks an integration to test the connection now.
	AnnotationTestRequestedAt = GroupName + "/test-requested-at"

	// AnnotationSyncRequestedAt asks for a metadata sync now.
	AnnotationSyncRequestedAt = GroupName + "/sync-requested-at"

	// AnnotationStructureRequestedAt asks an integration to read the site's structure now.
	AnnotationStructureRequestedAt = GroupName + "/structure-requested-at"

	// AnnotationRotateRequestedAt asks an integration to rotate its API key.
	AnnotationRotateRequestedAt = GroupName + "/rotate-requested-at"

	// AnnotationConfirmSite accepts a changed site; its value is the site's new
	// UUID, or its new home URL where the UUID is the same.
	AnnotationConfirmSite = GroupName + "/confirm-site"

	// AnnotationRetryRequestedAt starts a request's attempts from zero.
	AnnotationRetryRequestedAt = GroupName + "/retry-requested-at"

	// AnnotationReleaseRequestedAt releases a request whose spec.release is Manual.
	AnnotationReleaseRequestedAt = GroupName + "/release-requested-at"

	// AnnotationApprovedGeneration names the only metadata.generation of a request
	// that may be published while its spec.approval is Required. What follows a
	// colon (3:b) makes another approval of the same generation, for a content
	// that changed outside the spec.
	AnnotationApprovedGeneration = GroupName + "/approved-generation"

	// AnnotationResolveConflict resolves a conflict; its value is "source" or "site".
	AnnotationResolveConflict = GroupName + "/resolve-conflict"
)

// LabelBatch groups requests; progress of a batch shows in the integration's
// status.batches. Requests without it are grouped by their controller, if they
// have one.
const LabelBatch = GroupName + "/batch"

// LabelWatch on a Secret, with the value "true", has changes of it noticed at
// once where the operator runs with --watch-labelled-secrets.
const LabelWatch = GroupName + "/watch"

// FinalizerPost is on a request whose deletionPolicy is not Retain, and keeps it
// until its site has confirmed that the post is in the trash or gone.
const FinalizerPost = GroupName + "/post"
