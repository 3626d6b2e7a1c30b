// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package netguard

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

// Failure is why a request has no complete answer. The set is closed; [Failures]
// lists it.
type Failure string

// The failures, from the certain to the vague.
const (
	// FailureCanceled: the caller gave up, usually because the process stops.
	FailureCanceled Failure = "Canceled"
	// FailureAddressBlocked: the guard refuses the address.
	FailureAddressBlocked Failure = "AddressBlocked"
	// FailureDNS: the name does not resolve.
	FailureDNS Failure = "DNS"
	// FailureTLSUnknownAuthority: the certificate is of an authority that is not trusted.
	FailureTLSUnknownAuthority Failure = "TLSUnknownAuthority"
	// FailureTLSNameMismatch: the certificate is for another name.
	FailureTLSNameMismatch Failure = "TLSNameMismatch"
	// FailureTLSExpired: the certificate is expired or not yet valid.
	FailureTLSExpired Failure = "TLSExpired"
	// FailureTLS: the TLS handshake failed otherwise.
	FailureTLS Failure = "TLS"
	// FailureTimeout: no answer in time.
	FailureTimeout Failure = "Timeout"
	// FailureConnectionRefused: nothing listens there.
	FailureConnectionRefused Failure = "ConnectionRefused"
	// FailureInvalidResponse: what answers does not speak HTTP.
	FailureInvalidResponse Failure = "InvalidResponse"
	// FailureConnection: the connection failed or broke off.
	FailureConnection Failure = "Connection"
)

// Failures lists every failure.
func Failures() []Failure {
	return []Failure{
		FailureCanceled, FailureAddressBlocked, FailureDNS, FailureTLSUnknownAuthority, FailureTLSNameMismatch, FailureTLSExpired,
		FailureTLS, FailureTimeout, FailureConnectionRefused, FailureInvalidResponse, FailureConnection,
	}
}

// Trace notes how far a request came. The transport calls its hooks from
// goroutines of its own, even after the request is over. The zero value is
// ready, for one request.
type Trace struct {
	connected       atomic.Bool
	answered        atomic.Bool
	handshakeFailed atomic.Bool
}

// Context returns a context whose request is traced.
func (t *Trace) Context(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn:              func(httptrace.GotConnInfo) { t.connected.Store(true) },
		GotFirstResponseByte: func() { t.answered.Store(true) },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			t.handshakeFailed.Store(err != nil)
		},
	})
}

// Connected says that a connection came about: the server may have seen the
// request.
func (t *Trace) Connected() bool { return t.connected.Load() }

// Failure reads the error of the traced request. It goes from the certain to the
// vague: a cancelled context shows up as almost anything, and a handshake that
// timed out is a timeout.
func (t *Trace) Failure(ctx context.Context, err error) Failure {
	var dnsError *net.DNSError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return FailureCanceled
	case errors.Is(err, ErrAddressBlocked):
		return FailureAddressBlocked
	case errors.As(err, &dnsError):
		return FailureDNS
	case certificateFailure(err) != "":
		return certificateFailure(err)
	case isTimeout(ctx, err):
		return FailureTimeout
	case errors.Is(err, syscall.ECONNREFUSED):
		return FailureConnectionRefused
	case t.handshakeFailed.Load() && !isBroken(err) || errors.Is(err, http.ErrSchemeMismatch):
		return FailureTLS
	case t.answered.Load() && !isBroken(err):
		return FailureInvalidResponse
	default:
		return FailureConnection
	}
}

func certificateFailure(err error) Failure {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &unknown):
		return FailureTLSUnknownAuthority
	case errors.As(err, &name):
		return FailureTLSNameMismatch
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return FailureTLSExpired
	case errors.As(err, &invalid):
		return FailureTLS
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
