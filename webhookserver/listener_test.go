// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	certutil "k8s.io/client-go/util/cert"
)

// writeCertificate makes a certificate for the host and returns the pool that trusts it.
func writeCertificate(t *testing.T, files TLSOptions, host string) *x509.CertPool {
	t.Helper()
	cert, key, err := certutil.GenerateSelfSignedCertKey(host, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for path, content := range map[string][]byte{files.CertFile: cert, files.KeyFile: key} {
		if err := os.WriteFile(path+".tmp", content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{files.KeyFile, files.CertFile} {
		if err := os.Rename(path+".tmp", path); err != nil {
			t.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(cert)
	return pool
}

// handshake returns nil when the server shows a certificate for the host that the pool trusts.
func handshake(address, host string, pool *x509.CertPool) error {
	connection, err := tls.Dial("tcp", address, &tls.Config{ServerName: host, RootCAs: pool, NextProtos: []string{"h2", "http/1.1"}})
	if err != nil {
		return err
	}
	defer connection.Close()
	if protocol := connection.ConnectionState().NegotiatedProtocol; protocol != "http/1.1" {
		return errors.New("negotiated " + protocol)
	}
	return nil
}

func TestServerSpeaksTLSAndReloadsItsCertificate(t *testing.T) {
	dir := t.TempDir()
	files := TLSOptions{CertFile: filepath.Join(dir, "tls.crt"), KeyFile: filepath.Join(dir, "tls.key")}
	first := writeCertificate(t, files, "first.example.com")
	f := newFixture(t, func(o *Options) { o.TLS = files })
	f.start(t)
	if err := handshake(f.site.address(), "first.example.com", first); err != nil {
		t.Fatalf("handshake: %v", err)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{ServerName: "first.example.com", RootCAs: first}}}
	response, err := client.Get("https://" + f.site.address() + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if wantProblem(t, response); response.StatusCode != http.StatusNotFound {
		t.Errorf("answered %d over TLS", response.StatusCode)
	}

	second := writeCertificate(t, files, "second.example.com")
	eventually(t, "reload the certificate", func() bool {
		return handshake(f.site.address(), "second.example.com", second) == nil
	})
}

func TestSilentCallersAreCutOff(t *testing.T) {
	dir := t.TempDir()
	files := TLSOptions{CertFile: filepath.Join(dir, "tls.crt"), KeyFile: filepath.Join(dir, "tls.key")}
	writeCertificate(t, files, "example.com")
	for name, options := range map[string]TLSOptions{"Plain": {}, "TLS": files} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, func(o *Options) { o.TLS = options })
			f.site.server.ReadHeaderTimeout = 10 * time.Millisecond
			f.start(t)
			connection := dial(t, f.site.address())
			// The server answers 408 or nothing; either way it closes, or the test hangs.
			if _, err := io.ReadAll(connection); err != nil {
				t.Errorf("read until the server closes: %v", err)
			}
		})
	}
}

func TestConnectionsAreLimited(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.MaxConnections = 1 })
	f.start(t)
	first := dial(t, f.site.address())
	answered := make(chan string, 1)
	go func() {
		line, err := exchange(f.site.address(), "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		answered <- fmt.Sprint(line, err)
	}()

	// The first connection is served although the second one waits; only when it is
	// gone does the second get its answer.
	if _, err := io.WriteString(first, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := first.Read(make([]byte, 1)); err != nil {
		t.Fatalf("the first connection was not served: %v", err)
	}
	select {
	case line := <-answered:
		t.Errorf("the second connection was answered %q beside the first", line)
	default:
	}
	first.Close()
	if line := <-answered; line != "HTTP/1.1 404 Not Found<nil>" {
		t.Errorf("the second connection was answered %q", line)
	}
}

func TestBadCertificates(t *testing.T) {
	dir := t.TempDir()
	tests := map[string]struct {
		reason string
		files  TLSOptions
		want   error
	}{
		"NoKey":  {reason: "a certificate alone", files: TLSOptions{CertFile: "x"}, want: errHalfTLS},
		"NoCert": {reason: "a key alone", files: TLSOptions{KeyFile: "x"}, want: errHalfTLS},
		"NoFile": {reason: "files that are not there", files: TLSOptions{CertFile: filepath.Join(dir, "a"), KeyFile: filepath.Join(dir, "b")}, want: os.ErrNotExist},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			options := newFixture(t, unchanged).options
			options.Registry = prometheus.NewRegistry()
			options.TLS = tc.files
			if _, err := New(options); !errors.Is(err, tc.want) {
				t.Errorf("%s: New() = %v, want %v", tc.reason, err, tc.want)
			}
		})
	}
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	return connection
}
