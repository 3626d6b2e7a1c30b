// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fetch

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/netguard"
)

// maxRedirects is how many redirects are followed: one to a name with www, one to
// https and a few of a content delivery network.
const maxRedirects = 5

var (
	errDowngrade        = errors.New("redirects from https to http")
	errTooManyRedirects = fmt.Errorf("redirects more than %d times", maxRedirects)
	errNotWeb           = errors.New("redirects to something else than http and https")
)

// URL reads what is at an http or https URL, up to limit bytes. Credentials in
// the URL are sent to its host alone and shown to nobody.
func (f *Fetcher) URL(ctx context.Context, rawURL string, limit int64) (*Bytes, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, &Error{Reason: v1alpha1.ReasonSourceRefused, Message: "the URL is not one of http or https with a host; correct it"}
	}
	ctx, cancel := context.WithTimeout(ctx, f.opts.Timeout)
	defer cancel()
	return f.get(ctx, u, limit)
}

func (f *Fetcher) get(ctx context.Context, u *url.URL, limit int64) (*Bytes, error) {
	source, trace := "read "+show(u), &netguard.Trace{}
	request, err := f.newRequest(trace.Context(ctx), u)
	if err != nil {
		return nil, err
	}
	transport, err := f.pools.Transport(f.opts.CABundle)
	if err != nil {
		return nil, fmt.Errorf("trust further authorities: %w", err)
	}
	response, err := (&http.Client{Transport: transport, CheckRedirect: checkRedirect}).Do(request)
	if err != nil {
		return nil, firstOf(badRedirect(source, err), func() error { return noAnswer(ctx, source, err, trace) })
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, refused(source, response.StatusCode, f.retryAfter(response.Header))
	}
	data, err := read(response.Body, response.ContentLength, limit)
	switch {
	case errors.Is(err, errTooLarge):
		return nil, tooLarge(source, limit)
	case err != nil:
		return nil, noAnswer(ctx, source, err, trace)
	}
	return &Bytes{
		Data: data, Name: lastPart(u.Path),
		MediaType: mediaType(response.Header.Get("Content-Type")), Version: version(response.Header.Get("ETag")),
	}, nil
}

// newRequest asks for the bytes as they are stored: a digest is of these, not of
// what a server makes of them for the way.
func (f *Fetcher) newRequest(ctx context.Context, u *url.URL) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	request.Header.Set("User-Agent", f.userAgent())
	request.Header.Set("Accept", "*/*")
	request.Header.Set("Accept-Encoding", "identity")
	return request, nil
}

// checkRedirect keeps what came encrypted encrypted, and tells the next host
// nothing of the one before: its query may be a signature.
func checkRedirect(next *http.Request, via []*http.Request) error {
	next.Header.Del("Referer")
	switch {
	case len(via) > maxRedirects:
		return errTooManyRedirects
	case next.URL.Scheme != "http" && next.URL.Scheme != "https":
		return errNotWeb
	case via[len(via)-1].URL.Scheme == "https" && next.URL.Scheme == "http":
		return errDowngrade
	}
	return nil
}

func badRedirect(source string, err error) error {
	for _, why := range []error{errTooManyRedirects, errNotWeb, errDowngrade} {
		if errors.Is(err, why) {
			return &Error{Reason: v1alpha1.ReasonRedirectedElsewhere, Wait: true,
				Message: fmt.Sprintf("%s: the server %s, which is not followed; use the address of the bytes themselves", source, why)}
		}
	}
	return nil
}

func firstOf(err error, otherwise func() error) error {
	if err != nil {
		return err
	}
	return otherwise()
}

// refused is what an answer other than 200 comes to.
func refused(source string, status int, retryAfter time.Duration) *Error {
	e := &Error{Wait: true}
	var explain string
	switch {
	case status == http.StatusNotFound || status == http.StatusGone:
		e.Reason, explain = v1alpha1.ReasonSourceNotFound, "there is nothing; correct the address, or put the bytes there"
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		e.Reason, explain = v1alpha1.ReasonSourceRefused, "the server does not give it away; permit it there, or renew a signed address"
	case status == http.StatusTooManyRequests:
		e.Reason, explain = v1alpha1.ReasonRateLimited, "the server limits the rate of calls"
		e.Wait, e.Transient = false, true
	case isOutage(status):
		e.Reason, explain = v1alpha1.ReasonServerError, "the server has an error of its own"
		e.Wait, e.Transient = false, true
	default:
		e.Reason, explain = v1alpha1.ReasonSourceRefused, "this is not the answer of a server that has it; check the address"
	}
	e.Message = fmt.Sprintf("%s: %s [HTTP %d]", source, explain, status)
	if e.Transient {
		e.RetryAfter = retryAfter
	}
	return e
}

func isOutage(status int) bool {
	return status == http.StatusRequestTimeout || status == http.StatusTooEarly || status >= http.StatusInternalServerError
}

// show is the URL as people may see it: without user, password, query and
// fragment, at most 300 bytes.
func show(u *url.URL) string {
	shown := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}
	return shorten(shown.String())
}

const maxShown = 300

// shorten cuts a text of printable ASCII.
func shorten(text string) string {
	if len(text) > maxShown {
		return text[:maxShown] + "…"
	}
	return text
}

// lastPart is the last part of a path or key, empty if there is none.
func lastPart(text string) string {
	base := path.Base(text)
	if base == "/" || base == "." || strings.HasSuffix(text, "/") {
		return ""
	}
	return base
}

func mediaType(header string) string {
	parsed, _, err := mime.ParseMediaType(header)
	if err != nil {
		return ""
	}
	return parsed
}

// maxVersion is what a status has room for.
const maxVersion = 128

// version takes an ETag that a status can hold.
func version(etag string) string {
	if len(etag) > maxVersion || strings.ContainsFunc(etag, func(r rune) bool { return r < ' ' || r > '~' }) {
		return ""
	}
	return etag
}
