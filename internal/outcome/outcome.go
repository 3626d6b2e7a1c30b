// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package outcome has the one table from what a call to a site came to
// (wordpress.Kind) to what it means: the reason that conditions and Events
// carry, and what a request does next.
package outcome

import (
	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// Action is what a request does next.
type Action int

const (
	// Retry tries again later; an attempt counts if the site may have seen it.
	Retry Action = iota
	// Wait tries again soon; no attempt counts.
	Wait
	// Site waits until the integration says that the site is well again: every
	// other request of the site would fail in the same way.
	Site
	// Adopt looks at the post that the site has already.
	Adopt
	// Decide looks at what became of the post: conflictPolicy or missingPolicy
	// says what next.
	Decide
	// Stall waits for a person.
	Stall
	// Drop forgets the call: it says nothing about the site.
	Drop
)

// Outcome is one row of the table.
type Outcome struct {
	// Reason is the condition's and the Event's.
	Reason string
	Action Action
	// Transport says that the way to the site failed rather than the request,
	// so that the site coming back is a reason to start over.
	Transport bool
}

// table is contract 2 ("Status maps and outcomes") by kind.
var table = map[wordpress.Kind]Outcome{
	wordpress.KindAlreadyPublished:    {v1alpha1.ReasonAlreadyPublished, Adopt, false},
	wordpress.KindInProgress:          {v1alpha1.ReasonInProgress, Wait, false},
	wordpress.KindLocked:              {v1alpha1.ReasonInProgress, Wait, false},
	wordpress.KindPreconditionFailed:  {v1alpha1.ReasonConflict, Decide, false},
	wordpress.KindTrashed:             {v1alpha1.ReasonPostDeleted, Decide, false},
	wordpress.KindMismatch:            {v1alpha1.ReasonPostDeleted, Decide, false},
	wordpress.KindNotFound:            {v1alpha1.ReasonPostDeleted, Decide, false},
	wordpress.KindClaimedByOther:      {v1alpha1.ReasonClaimedByOther, Stall, false},
	wordpress.KindClaimEnded:          {v1alpha1.ReasonClaimEnded, Wait, false},
	wordpress.KindForbidden:           {v1alpha1.ReasonForbidden, Stall, false},
	wordpress.KindRejected:            {v1alpha1.ReasonContentRejected, Stall, false},
	wordpress.KindRedirected:          {v1alpha1.ReasonRedirectedElsewhere, Stall, true},
	wordpress.KindBlocked:             {v1alpha1.ReasonBlocked, Stall, true},
	wordpress.KindCredentialsRefused:  {v1alpha1.ReasonCredentialsRefused, Site, true},
	wordpress.KindPluginMissing:       {v1alpha1.ReasonPluginMissing, Site, true},
	wordpress.KindRESTDisabled:        {v1alpha1.ReasonRESTDisabled, Site, true},
	wordpress.KindNotWordPress:        {v1alpha1.ReasonNotWordPress, Site, true},
	wordpress.KindAddressBlocked:      {v1alpha1.ReasonAddressBlocked, Site, true},
	wordpress.KindRateLimited:         {v1alpha1.ReasonRateLimited, Retry, false},
	wordpress.KindUnavailable:         {v1alpha1.ReasonServerError, Retry, true},
	wordpress.KindInvalidResponse:     {v1alpha1.ReasonInvalidResponse, Retry, true},
	wordpress.KindTimeout:             {v1alpha1.ReasonTimeout, Retry, true},
	wordpress.KindDNS:                 {v1alpha1.ReasonDNSFailed, Retry, true},
	wordpress.KindTLSUnknownAuthority: {v1alpha1.ReasonTLSUnknownAuthority, Retry, true},
	wordpress.KindTLSExpired:          {v1alpha1.ReasonTLSCertificateExpired, Retry, true},
	wordpress.KindTLSNameMismatch:     {v1alpha1.ReasonTLSNameMismatch, Retry, true},
	wordpress.KindTLS:                 {v1alpha1.ReasonTLSFailed, Retry, true},
	wordpress.KindConnectionRefused:   {v1alpha1.ReasonConnectionRefused, Retry, true},
	wordpress.KindConnection:          {v1alpha1.ReasonConnectionFailed, Retry, true},
	wordpress.KindCanceled:            {v1alpha1.ReasonProgressing, Drop, false},
}

// Of returns the row of an error of the client. An error it does not know, such
// as a recovered panic, is tried again: attempts are bounded.
func Of(err error) Outcome {
	if o, ok := table[wordpress.KindOf(err)]; ok {
		return o
	}
	return Outcome{Reason: v1alpha1.ReasonInternalError, Action: Retry}
}

// TransportReason says whether a reason that a status carries is one of the way
// to the site (see Outcome.Transport).
func TransportReason(reason string) bool {
	for _, o := range table {
		if o.Transport && o.Reason == reason {
			return true
		}
	}
	return false
}
