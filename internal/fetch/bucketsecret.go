// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/minio/minio-go/v7/pkg/s3utils"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// The keys of a Secret with a bucket (docs/spec/v1alpha1/publishrequest.md).
const (
	bucketEndpoint        = "endpoint"
	bucketName            = "bucket"
	bucketRegion          = "region"
	bucketAccessKeyID     = "accessKeyID"
	bucketSecretAccessKey = "secretAccessKey"
	bucketSessionToken    = "sessionToken"
	bucketCABundle        = "caBundle"
)

// bucket is what a Secret says about a bucket.
type bucket struct {
	secret                                     string
	host, name, region                         string
	secure                                     bool
	accessKeyID, secretAccessKey, sessionToken string
	caBundle                                   []byte
}

func (f *Fetcher) loadBucket(ctx context.Context, namespace, name string) (*bucket, error) {
	secret := &corev1.Secret{}
	err := f.opts.Live.Get(ctx, client.ObjectKey{Namespace: namespace, Name: name}, secret)
	if apierrors.IsNotFound(err) {
		return nil, &Error{Reason: v1alpha1.ReasonSecretNotFound, Wait: true,
			Message: fmt.Sprintf("Secret %q with the bucket does not exist; create it with endpoint, bucket, accessKeyID and secretAccessKey", name)}
	}
	if err != nil {
		return nil, fmt.Errorf("get secret %q: %w", name, err)
	}
	return parseBucket(secret)
}

// parseBucket reads a Secret. Secrets are written by hand and by tools that add a
// line's end: white space around a value is dropped.
func parseBucket(secret *corev1.Secret) (*bucket, error) {
	value := func(key string) string { return strings.TrimSpace(string(secret.Data[key])) }
	b := &bucket{
		secret: secret.Name, name: value(bucketName), region: value(bucketRegion),
		accessKeyID: value(bucketAccessKeyID), secretAccessKey: value(bucketSecretAccessKey), sessionToken: value(bucketSessionToken),
		caBundle: secret.Data[bucketCABundle],
	}
	for _, key := range []string{bucketEndpoint, bucketName, bucketAccessKeyID, bucketSecretAccessKey} {
		if value(key) == "" {
			return nil, &Error{Reason: v1alpha1.ReasonSecretKeyMissing, Wait: true,
				Message: fmt.Sprintf("Secret %q with the bucket has no key %q; add it", secret.Name, key)}
		}
	}
	if err := b.setEndpoint(value(bucketEndpoint)); err != nil {
		return nil, err
	}
	if err := s3utils.CheckValidBucketName(b.name); err != nil {
		return nil, b.invalid(bucketName, "is no name of a bucket")
	}
	return b, nil
}

// setEndpoint takes a host with or without a port, or the URL of one; https
// unless it says http.
func (b *bucket) setEndpoint(text string) error {
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return b.invalid(bucketEndpoint, "is not a host with or without a port, nor an http or https URL of one")
	}
	b.host, b.secure = u.Host, u.Scheme == "https"
	if !b.secure && u.Scheme != "http" {
		return b.invalid(bucketEndpoint, "must begin with https:// or http://")
	}
	return nil
}

// invalid says that a key of the Secret cannot be used, without its value.
func (b *bucket) invalid(key, what string) *Error {
	return &Error{Reason: v1alpha1.ReasonBucketInvalid, Wait: true,
		Message: fmt.Sprintf("key %q of Secret %q with the bucket %s; correct it", key, b.secret, what)}
}

// explainBlocked says of an address that it is closed because nothing would be
// encrypted.
func (b *bucket) explainBlocked(err error) error {
	var blocked *Error
	if b.secure || !errors.As(err, &blocked) || blocked.Reason != v1alpha1.ReasonAddressBlocked {
		return err
	}
	blocked.Message = fmt.Sprintf("bucket %q at %s (Secret %q): plain http goes only to addresses that an administrator has opened with --allow-addresses; use https",
		b.name, b.host, b.secret)
	return blocked
}
