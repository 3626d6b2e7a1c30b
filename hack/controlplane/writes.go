// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"net/http"
	"net/url"

	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
)

// Write is a kind of successful write: one counter of CountWrites.
type Write struct {
	// User is the authenticated name, such as system:serviceaccount:igny8:manager; the
	// administrator of Config is admin.
	User string
	// Verb is create, update, patch, delete or deletecollection. Server-side apply is patch.
	Verb string
	// Group, Resource and Subresource say what was written: "", "events", "" for a core
	// Event.
	Group, Resource, Subresource string
}

// CountWrites counts the writes that the API server carried out. What it refused counts
// nothing, nor does a dry run; a patch that changed nothing does count: its cost is the
// same.
func CountWrites(events []auditv1.Event) map[Write]int {
	counts := map[Write]int{}
	for i := range events {
		if e := &events[i]; isWrite(e) {
			counts[Write{
				User:        e.User.Username,
				Verb:        e.Verb,
				Group:       e.ObjectRef.APIGroup,
				Resource:    e.ObjectRef.Resource,
				Subresource: e.ObjectRef.Subresource,
			}]++
		}
	}
	return counts
}

func isWrite(e *auditv1.Event) bool {
	switch e.Verb {
	case "create", "update", "patch", "delete", "deletecollection":
	default:
		return false
	}
	return e.ObjectRef != nil && !isDryRun(e) && succeeded(e)
}

func succeeded(e *auditv1.Event) bool {
	return e.ResponseStatus != nil && e.ResponseStatus.Code < http.StatusMultipleChoices
}

func isDryRun(e *auditv1.Event) bool {
	target, err := url.ParseRequestURI(e.RequestURI)
	return err == nil && target.Query().Has("dryRun")
}
