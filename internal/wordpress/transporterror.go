// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"context"

	"github.com/igny8/wordpress-operator/internal/netguard"
)

// transportError describes a request without a complete answer.
func (c *Client) transportError(ctx context.Context, op Op, err error, trace *netguard.Trace) *Error {
	return &Error{
		Kind:           failureKinds[trace.Failure(ctx, err)],
		Op:             op,
		Host:           c.home.Host,
		MayHaveReached: trace.Connected(),
		err:            err,
	}
}

// failureKinds has the kind of every failure on the way.
var failureKinds = map[netguard.Failure]Kind{
	netguard.FailureCanceled:            KindCanceled,
	netguard.FailureAddressBlocked:      KindAddressBlocked,
	netguard.FailureDNS:                 KindDNS,
	netguard.FailureTLSUnknownAuthority: KindTLSUnknownAuthority,
	netguard.FailureTLSNameMismatch:     KindTLSNameMismatch,
	netguard.FailureTLSExpired:          KindTLSExpired,
	netguard.FailureTLS:                 KindTLS,
	netguard.FailureTimeout:             KindTimeout,
	netguard.FailureConnectionRefused:   KindConnectionRefused,
	netguard.FailureInvalidResponse:     KindInvalidResponse,
	netguard.FailureConnection:          KindConnection,
}
