// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// deleteWorkload: requests are deleted under each policy, one of them before it
// is published.
func deleteWorkload() *workload {
	policy := func(policy v1alpha1.DeletionPolicy) func(*v1alpha1.PublishRequest) {
		return func(p *v1alpha1.PublishRequest) { p.Spec.DeletionPolicy = policy }
	}
	return &workload{
		name:    "delete",
		prepare: []step{connect(), connected(), publish("retained"), published("retained")},
		steps: []step{
			publish("trashed", policy(v1alpha1.DeletionPolicyTrash)),
			publish("deleted", policy(v1alpha1.DeletionPolicyDelete)),
			publish("unpublished", policy(v1alpha1.DeletionPolicyDelete), func(p *v1alpha1.PublishRequest) {
				p.Spec.Release = v1alpha1.ReleaseManual
			}),
			published("trashed"), published("deleted"), awaitRequest("unpublished", "Ready=True/AwaitingRelease"),
			remove("trashed"), remove("deleted"), remove("unpublished"), remove("retained"),
		},
	}
}
