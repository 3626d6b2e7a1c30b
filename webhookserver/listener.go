// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"

	"github.com/go-logr/logr"
	"golang.org/x/net/netutil"
	"sigs.k8s.io/controller-runtime/pkg/certwatcher"
)

// TLSOptions name the certificate of the site-facing listener. Both empty: plain HTTP,
// for an Ingress that ends TLS.
type TLSOptions struct {
	CertFile string
	KeyFile  string
}

// errHalfTLS is a certificate without a key, or the other way round.
var errHalfTLS = errors.New("a TLS certificate and a TLS key go together")

// newCertWatcher returns what keeps the certificate fresh, or nil without TLS.
func (o TLSOptions) newCertWatcher() (*certwatcher.CertWatcher, error) {
	switch {
	case o.CertFile == "" && o.KeyFile == "":
		return nil, nil
	case o.CertFile == "" || o.KeyFile == "":
		return nil, errHalfTLS
	}
	watcher, err := certwatcher.New(o.CertFile, o.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("load TLS certificate: %w", err)
	}
	return watcher, nil
}

// listener is one address with the server that answers there.
type listener struct {
	name   string
	socket net.Listener
	server *http.Server
}

// listen opens the socket; the address may end in :0.
func listen(name, address string, handler http.Handler, log logr.Logger) (*listener, error) {
	socket, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen for %s: %w", name, err)
	}
	return &listener{name: name, socket: socket, server: newHTTPServer(handler, log)}, nil
}

// limitConnections makes further callers wait in the kernel's queue.
func (l *listener) limitConnections(n int) {
	l.socket = netutil.LimitListener(l.socket, n)
}

// useTLS serves the certificate that the watcher holds at each handshake.
func (l *listener) useTLS(watcher *certwatcher.CertWatcher) {
	l.socket = tls.NewListener(l.socket, &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: watcher.GetCertificate,
		NextProtos:     []string{"http/1.1"},
	})
}

// serve returns nil after a shutdown.
func (l *listener) serve() error {
	if err := l.server.Serve(l.socket); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", l.name, err)
	}
	return nil
}

func (l *listener) address() string { return l.socket.Addr().String() }

// close ends the server and its socket, which are one only once serve was called.
func (l *listener) close() error {
	err := l.server.Close()
	if socketErr := l.socket.Close(); !errors.Is(socketErr, net.ErrClosed) {
		err = errors.Join(err, socketErr)
	}
	return err
}
