// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fetch

import (
	"context"
	"fmt"
	"time"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/netguard"
)

// Error says why bytes cannot be had. Its message names the source without
// credentials or query, and holds no bytes of what answered. Where neither Wait
// nor Transient is set, only a change of the reference or of the bytes helps.
type Error struct {
	// Reason is a condition's.
	Reason string
	// Message says what failed, why and what to do.
	Message string
	// Wait says that the bytes may yet appear, or may be had, without a change
	// of who refers to them: to be tried again slowly.
	Wait bool
	// Transient says that the normal retry with backoff is worth it.
	Transient bool
	// RetryAfter is how long the source asks to be left alone: 0 = it did not
	// say, at most one hour.
	RetryAfter time.Duration
	// Version is that of the ConfigMap that was read in vain, empty otherwise.
	Version string
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// tooLarge stops: the bytes have to become other ones.
func tooLarge(source string, limit int64) *Error {
	return &Error{Reason: v1alpha1.ReasonSourceTooLarge,
		Message: fmt.Sprintf("%s has more than the %d bytes that are allowed; make it smaller", source, limit)}
}

// onTheWay is what a failure without an answer comes to.
type onTheWay struct {
	reason    string
	transient bool
	explain   string
}

// failures has a row for each of netguard.Failures but the caller's giving up.
// What a person has to put right is waited for; what passes by itself is retried.
var failures = map[netguard.Failure]onTheWay{
	netguard.FailureAddressBlocked:      {v1alpha1.ReasonAddressBlocked, false, "the name resolves to an address that is not allowed; an administrator can allow it with --allow-addresses"},
	netguard.FailureDNS:                 {v1alpha1.ReasonDNSFailed, true, "the name does not resolve; check it, and the DNS of the cluster"},
	netguard.FailureTLSUnknownAuthority: {v1alpha1.ReasonTLSUnknownAuthority, false, "the certificate is signed by an authority that is not trusted"},
	netguard.FailureTLSNameMismatch:     {v1alpha1.ReasonTLSNameMismatch, false, "the certificate is for another name; replace it, or use a name that it is for"},
	netguard.FailureTLSExpired:          {v1alpha1.ReasonTLSCertificateExpired, false, "the certificate is expired or not yet valid; renew it"},
	netguard.FailureTLS:                 {v1alpha1.ReasonTLSFailed, false, "TLS could not be established; does the port speak TLS 1.2 or newer?"},
	netguard.FailureTimeout:             {v1alpha1.ReasonTimeout, true, "it was not read in time; is the server slow, or does a firewall drop packets?"},
	netguard.FailureConnectionRefused:   {v1alpha1.ReasonConnectionRefused, true, "the connection was refused, nothing listens there; is the server up?"},
	netguard.FailureInvalidResponse:     {v1alpha1.ReasonInvalidResponse, false, "what answers does not speak HTTP; check the address"},
	netguard.FailureConnection:          {v1alpha1.ReasonConnectionFailed, true, "the connection failed or broke off; check network policies, firewalls and load balancers on the way"},
}

// noAnswer describes a request without a complete answer. A caller that gave up
// gets its own error: it says nothing about the source.
func noAnswer(ctx context.Context, source string, err error, trace *netguard.Trace) error {
	failure := trace.Failure(ctx, err)
	if failure == netguard.FailureCanceled {
		return fmt.Errorf("%s: %w", source, context.Canceled)
	}
	row := failures[failure]
	return &Error{Reason: row.reason, Message: source + ": " + row.explain, Wait: !row.transient, Transient: row.transient}
}
