// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package s3 runs a real S3 server on loopback, for tests: the Versity gateway
// over a folder, built from its Go module into bin/ when first needed.
package s3

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/igny8/wordpress-operator/hack/process"
)

// What there is from the start.
const (
	// Bucket is there from the start.
	Bucket = "content"
	// Region is what the server says it is in.
	Region = "us-east-1"
	// AccessKeyID and SecretAccessKey may do everything.
	AccessKeyID     = "test-access-key"
	SecretAccessKey = "test-secret-access-key"
)

// Options say how to run a server.
type Options struct {
	// Root is the folder of the checkout.
	Root string
	// Dir is an empty folder for objects and log; the caller removes it.
	Dir string
	// Host is the address to listen at; empty means 127.0.0.1.
	Host string
	// CertFile and KeyFile make it speak https; without them it speaks http.
	CertFile, KeyFile string
}

// Server is a running S3 server.
type Server struct {
	// Endpoint is host:port, URL the same with its scheme.
	Endpoint, URL string

	process *process.Process
	store   *minio.Client
	probe   *http.Client
	log     string
}

// Start starts a server with an empty bucket.
func Start(ctx context.Context, o Options) (_ *Server, err error) {
	if err := build(ctx, o.Root); err != nil {
		return nil, err
	}
	endpoint, err := freeAddress(cmp.Or(o.Host, "127.0.0.1"))
	if err != nil {
		return nil, err
	}
	s := &Server{Endpoint: endpoint, URL: "http://" + endpoint, log: filepath.Join(o.Dir, "gateway.log")}
	if o.CertFile != "" {
		s.URL = "https://" + endpoint
	}
	if err := s.connect(o.CertFile != ""); err != nil {
		return nil, err
	}
	cmd := exec.Command(filepath.Join(o.Root, "bin", "s3-gateway"), "-address="+endpoint, "-dir="+o.Dir, "-cert="+o.CertFile, "-key="+o.KeyFile)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+AccessKeyID, "ROOT_SECRET_KEY="+SecretAccessKey)
	if s.process, err = process.Start(s.log, cmd); err != nil {
		return nil, err
	}
	err = s.process.WaitUntil(ctx, s.ready)
	if err == nil {
		err = s.store.MakeBucket(ctx, Bucket, minio.MakeBucketOptions{Region: Region})
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start S3 server: %w\n%s", err, s.Log()), s.process.Kill())
	}
	return s, nil
}

// build makes the program when it is missing or of other pins.
func build(ctx context.Context, root string) error {
	cmd := exec.CommandContext(ctx, filepath.Join(root, "hack", "tools", "install.sh"), "s3-gateway")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build S3 server: %w\n%s", err, out)
	}
	return nil
}

// connect makes the tests' own client, which takes any certificate: it is the
// product's that has to look.
func (s *Server) connect(encrypted bool) (err error) {
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // of a server of our own, on loopback
	s.probe = &http.Client{Transport: transport}
	s.store, err = minio.New(s.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(AccessKeyID, SecretAccessKey, ""), Secure: encrypted, Region: Region, Transport: transport,
	})
	return err
}

func (s *Server) ready(ctx context.Context) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/healthz", http.NoBody)
	if err != nil {
		return false
	}
	response, err := s.probe.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// Put stores an object in the bucket.
func (s *Server) Put(ctx context.Context, key string, data []byte, mediaType string) error {
	_, err := s.store.PutObject(ctx, Bucket, key, bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{ContentType: mediaType})
	return err
}

// Remove deletes an object of the bucket.
func (s *Server) Remove(ctx context.Context, key string) error {
	return s.store.RemoveObject(ctx, Bucket, key, minio.RemoveObjectOptions{})
}

// Secret is what a Secret for the bucket has: see the page of PublishRequests.
func (s *Server) Secret() map[string][]byte {
	return map[string][]byte{
		"endpoint": []byte(s.URL), "bucket": []byte(Bucket), "region": []byte(Region),
		"accessKeyID": []byte(AccessKeyID), "secretAccessKey": []byte(SecretAccessKey),
	}
}

// Reads counts the requests for an object of the bucket, whatever became of them.
func (s *Server) Reads(key string) int {
	return strings.Count(s.Log(), "| GET | /"+Bucket+"/"+key+" |")
}

// Log is what the server printed so far, every request among it.
func (s *Server) Log() string {
	text, err := os.ReadFile(s.log)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// Stop ends the server.
func (s *Server) Stop() error {
	s.probe.CloseIdleConnections()
	return s.process.Stop()
}

// freeAddress returns an address of a host with a port nobody listens on now.
func freeAddress(host string) (string, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return "", err
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}
