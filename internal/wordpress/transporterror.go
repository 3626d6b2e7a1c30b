// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"syscall"
)

// connectionTrace notes how far a request came. The transport calls its hooks
// from goroutines of its own, even after the request is over.
type connectionTrace struct {
	connected       atomic.Bool
	answered        atomic.Bool
	handshakeFailed atomic.Bool
}

func (t *connectionTrace) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GotConn:              func(httptrace.GotConnInfo) { t.connected.Store(true) },
		GotFirstResponseByte: func() { t.answered.Store(true) },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			t.handshakeFailed.Store(err != nil)
		},
	}
}

// transportError describes a request without a complete answer.
func (c *Client) transportError(ctx context.Context, op Op, err error, trace *connectionTrace) *Error {
	return &Error{
		Kind:           transportKind(ctx, err, trace),
		Op:             op,
		Host:           c.home.Host,
		MayHaveReached: trace.connected.Load(),
		err:            err,
	}
}

// transportKind goes from the certain to the vague: a cancelled context shows
// up as almost anything, and a handshake that timed out is a timeout.
func transportKind(ctx context.Context, err error, trace *connectionTrace) Kind {
	var dnsError *net.DNSError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return KindCanceled
	case errors.Is(err, errAddressBlocked):
		return KindAddressBlocked
	case errors.As(err, &dnsError):
		return KindDNS
	case certificateKind(err) != "":
		return certificateKind(err)
	case isTimeout(ctx, err):
		return KindTimeout
	case errors.Is(err, syscall.ECONNREFUSED):
		return KindConnectionRefused
	case trace.handshakeFailed.Load() && !isBroken(err) || errors.Is(err, http.ErrSchemeMismatch):
		return KindTLS
	case trace.answered.Load() && !isBroken(err):
		return KindInvalidResponse
	default:
		return KindConnection
	}
}

func certificateKind(err error) Kind {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &unknown):
		return KindTLSUnknownAuthority
	case errors.As(err, &name):
		return KindTLSNameMismatch
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return KindTLSExpired
	case errors.As(err, &invalid):
		return KindTLS
	default:
		return ""
	}
}

func isTimeout(ctx context.Context, err error) bool {
	var timeout net.Error
	return errors.Is(ctx.Err(), context.DeadlineExceeded) ||
		errors.Is(err, context.DeadlineExceeded) ||
		errors.As(err, &timeout) && timeout.Timeout()
}

// isBroken tells whether the connection ended under way.
func isBroken(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
