// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/sets"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/fetch"
	"github.com/igny8/wordpress-operator/internal/media"
)

const (
	// imageTimeout bounds the reading of one image: meanwhile a slot of the site
	// is held.
	imageTimeout = 15 * time.Second
	// imagesTimeout bounds the reading of all images of a call together.
	imagesTimeout = 45 * time.Second
	// uploadsTimeout is how long a call goes on to the next image: others wait for
	// the site.
	uploadsTimeout = 5 * time.Minute
	// formBytes is room for what goes with an image in a call.
	formBytes = 16 << 10
)

// imageProblem is why an image is not at the site.
type imageProblem struct {
	problem
	// name is the image's.
	name string
	// retry says that another attempt may help, retryAfter how long its server
	// asks to be left alone.
	retry      bool
	retryAfter time.Duration
}

// wakesBy are reasons whose end is noticed: a ConfigMap that is made is watched.
var wakesBy = sets.New(v1alpha1.ReasonConfigMapNotFound, v1alpha1.ReasonConfigMapKeyMissing)

// unreadable is the problem of an image that cannot be read; the error is
// returned if it says nothing about the image.
func unreadable(err error) (*imageProblem, error) {
	var failed *fetch.Error
	if !errors.As(err, &failed) {
		return nil, err
	}
	return &imageProblem{
		problem: problem{failed.Reason, failed.Message},
		retry:   (failed.Transient || failed.Wait) && !wakesBy.Has(failed.Reason), retryAfter: failed.RetryAfter,
	}, nil
}

// readImage reads the bytes of an image, and looks at what they are.
func (r *Reconciler) readImage(ctx context.Context, namespace string, image *wantedImage, limit int64) (*fetch.Bytes, *imageProblem, error) {
	data, err := r.imageBytes(ctx, namespace, image, limit)
	if err != nil {
		unread, err := unreadable(err)
		return nil, unread, err
	}
	if int64(len(data.Data)) > limit {
		return nil, image.faulty(v1alpha1.ReasonImageTooLarge, fmt.Sprintf("has %d bytes, the site takes %d; make it smaller, or raise upload_max_filesize and post_max_size of PHP there", len(data.Data), limit)), nil
	}
	var refused *media.Error
	if _, err := media.Inspect(data.Data); errors.As(err, &refused) {
		reason := v1alpha1.ReasonImageUnsupported
		if refused.Kind == media.TooLarge {
			reason = v1alpha1.ReasonImageTooLarge
		}
		return nil, image.faulty(reason, refused.Message), nil
	}
	return data, nil, nil
}

func (r *Reconciler) imageBytes(ctx context.Context, namespace string, image *wantedImage, limit int64) (*fetch.Bytes, error) {
	switch {
	case strings.HasPrefix(strings.ToLower(image.address), "data:"):
		return dataBytes(image.address)
	case image.address != "":
		return r.Fetch.URL(ctx, image.address, limit)
	case image.source.Type == v1alpha1.ImageSourceObject:
		return r.Fetch.Object(ctx, namespace, image.source.Object, limit)
	case image.source.Type == v1alpha1.ImageSourceConfigMap:
		return r.configMapBytes(ctx, namespace, image)
	default:
		return r.Fetch.URL(ctx, image.source.URL, limit)
	}
}

// configMapBytes reads an image again from its ConfigMap. One that changed since it
// was identified is another image: the request is looked at anew.
func (r *Reconciler) configMapBytes(ctx context.Context, namespace string, image *wantedImage) (*fetch.Bytes, error) {
	data, err := r.Fetch.ConfigMap(ctx, namespace, image.source.ConfigMap, media.MaxBytes)
	if err == nil && data.Digest() != image.digest {
		return nil, errBehind
	}
	return data, err
}

// dataBytes reads a data: URI (RFC 2397).
func dataBytes(uri string) (*fetch.Bytes, error) {
	header, text, _ := strings.Cut(uri, ",")
	text, err := url.PathUnescape(text)
	data := []byte(text)
	if err == nil && strings.HasSuffix(strings.ToLower(strings.TrimSpace(header)), ";base64") {
		data, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	}
	if err != nil {
		return nil, &fetch.Error{Reason: v1alpha1.ReasonImageUnsupported, Message: "a data: URI of the text cannot be decoded"}
	}
	return &fetch.Bytes{Data: data}, nil
}

// faulty is the problem of an image that is read, and no good.
func (i *wantedImage) faulty(reason, why string) *imageProblem {
	return &imageProblem{problem: problem{reason, i.origin() + " " + why}}
}

// origin says where an image comes from, without what may be secret in a URL.
func (i *wantedImage) origin() string {
	address := i.address
	switch i.source.Type {
	case v1alpha1.ImageSourceConfigMap:
		return fmt.Sprintf("key %q of ConfigMap %q", i.source.ConfigMap.Key, i.source.ConfigMap.Name)
	case v1alpha1.ImageSourceObject:
		if i.source.Object.BucketRef.Name != "" {
			return fmt.Sprintf("object %q", i.source.Object.Key)
		}
		address = i.source.Object.URL
	case v1alpha1.ImageSourceURL:
		address = i.source.URL
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "a data: URI of the text"
	}
	const longest = 300
	shown := (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
	return shown[:min(len(shown), longest)]
}
