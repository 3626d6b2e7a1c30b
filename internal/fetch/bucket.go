// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/netguard"
)

func (f *Fetcher) bucketObject(ctx context.Context, namespace string, ref v1alpha1.ObjectReference, limit int64) (*Bytes, error) {
	b, err := f.loadBucket(ctx, namespace, ref.BucketRef.Name)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, f.opts.Timeout)
	defer cancel()
	trip := &bucketTrip{}
	if trip.next, err = f.bucketTransport(b); err != nil {
		return nil, err
	}
	store, err := minio.NewCore(b.host, &minio.Options{
		Creds:  credentials.NewStaticV4(b.accessKeyID, b.secretAccessKey, b.sessionToken),
		Secure: b.secure, Region: b.region, Transport: trip,
		MaxRetries: 1, // the controller retries, with a memory that outlives a crash
	})
	if err != nil {
		return nil, b.invalid("endpoint", "cannot be used as the address of an object store")
	}
	store.SetAppInfo("igny8-wordpress-operator", f.opts.Version)
	source := fmt.Sprintf("read object %q of bucket %q at %s (Secret %q)", shorten(ref.Key), b.name, b.host, b.secret)
	body, info, _, err := store.GetObject(trip.trace.Context(ctx), b.name, ref.Key, minio.GetObjectOptions{})
	if err != nil {
		return nil, f.bucketError(ctx, source, b, err, trip)
	}
	defer func() { _ = body.Close() }()
	data, err := read(body, info.Size, limit)
	switch {
	case errors.Is(err, errTooLarge):
		return nil, tooLarge(source, limit)
	case err != nil:
		return nil, noAnswer(ctx, source, err, &trip.trace)
	}
	return &Bytes{Data: data, Name: lastPart(ref.Key), MediaType: mediaType(info.ContentType), Version: version(info.ETag)}, nil
}

func (f *Fetcher) bucketTransport(b *bucket) (http.RoundTripper, error) {
	pools := f.pools
	if !b.secure {
		pools = f.readable
	}
	transport, err := pools.Transport(b.caBundle)
	if err != nil {
		return nil, b.invalid(bucketCABundle, err.Error())
	}
	return transport, nil
}

// maxErrorBytes is what is read of an answer that is no object; the library would
// read 5 MiB of it.
const maxErrorBytes = 64 << 10

// bucketTrip makes the calls of one reading, and remembers what the library does
// not tell.
type bucketTrip struct {
	next  http.RoundTripper
	trace netguard.Trace
	// err is of the last call, nil if it was answered, with status and header then.
	err    error
	status int
	header http.Header
}

// RoundTrip makes one call. It asks for the bytes as they are stored.
func (t *bucketTrip) RoundTrip(request *http.Request) (*http.Response, error) {
	request.Header.Set("Accept-Encoding", "identity")
	response, err := t.next.RoundTrip(request)
	t.err, t.status, t.header = err, 0, nil
	if err != nil {
		return nil, err
	}
	t.status, t.header = response.StatusCode, response.Header
	if response.StatusCode != http.StatusOK {
		response.Body = limited{io.LimitReader(response.Body, maxErrorBytes), response.Body}
	}
	return response, nil
}

type limited struct {
	io.Reader
	io.Closer
}
