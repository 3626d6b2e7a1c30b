// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// bucketError says why there is no object: no answer, an answer that the store
// gave, or one that no store gives.
func (f *Fetcher) bucketError(ctx context.Context, source string, b *bucket, err error, trip *bucketTrip) error {
	if trip.err != nil || ctx.Err() != nil {
		e := noAnswer(ctx, source, firstOf(trip.err, ctx.Err), &trip.trace)
		return b.explainBlocked(e)
	}
	var answer minio.ErrorResponse
	if !errors.As(err, &answer) || trip.status == 0 || trip.status < http.StatusMultipleChoices {
		return &Error{Reason: v1alpha1.ReasonInvalidResponse, Wait: true,
			Message: fmt.Sprintf("%s: what answers is no object store; check endpoint, bucket and key", source)}
	}
	switch {
	case trip.status == http.StatusTooManyRequests || isOutage(trip.status):
		return refused(source, trip.status, f.retryAfter(trip.header))
	case answer.Code == minio.NoSuchKey:
		return &Error{Reason: v1alpha1.ReasonSourceNotFound, Wait: true,
			Message: fmt.Sprintf("%s: the bucket has no such object; correct the key, or upload the object", source)}
	}
	return &Error{Reason: v1alpha1.ReasonBucketRefused, Wait: true, Message: fmt.Sprintf("%s: the object store refuses it [HTTP %d%s]; %s",
		source, trip.status, code(answer.Code), bucketAdvice(answer.Code, trip.status))}
}

// code is the store's word for an error, if it is one.
func code(text string) string {
	const longest = 64
	if text == "" || len(text) > longest || strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	}) {
		return ""
	}
	return " " + text
}

func bucketAdvice(code string, status int) string {
	switch {
	case code == minio.NoSuchBucket:
		return "create the bucket, or correct its name in the Secret"
	case code == "RequestTimeTooSkewed":
		return "set the clock of the nodes or of the store"
	case code == minio.InvalidRegion, code == minio.AuthorizationHeaderMalformed, status >= 300 && status < 400:
		return "correct region and endpoint in the Secret"
	}
	return "correct the credentials in the Secret, or permit them to read the object (s3:GetObject)"
}
