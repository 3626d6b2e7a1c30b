// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/igny8/wordpress-operator/internal/netguard"
)

// maxRedirects is how many redirects within its host a GET follows.
const maxRedirects = 3

// call is a call of one of the plugin's routes.
type call struct {
	op      Op
	method  string
	route   string
	query   url.Values
	payload any
	// header goes with the request beside what every request has.
	header http.Header
	// raw is sent in place of a payload; its Content-Type is in header.
	raw []byte
	// want is the status of success, also another one if it is not 0.
	want, also int
	// partial takes an answer that breaks off for what there is of it.
	partial bool
	// secret is a key that the payload offers.
	secret Key
	// key and id are what a post in the answer must have; zero = not checked.
	key string
	id  int64
}

// request is one HTTP request.
type request struct {
	op            Op
	method        string
	url           *url.URL
	header        http.Header
	body          []byte
	secret        Key
	authenticated bool
	limit         int64
	// truncate cuts a longer body, instead of failing.
	truncate bool
	// partial keeps what was read of a body that breaks off.
	partial bool
}

// answer is a bounded HTTP response.
type answer struct {
	status    int
	header    http.Header
	body      []byte
	truncated bool
	// url is where the answer came from, after redirects.
	url *url.URL
}

// validator is an answer's type.
type validator interface {
	validate() error
}

// partialReader is an answer that is read as far as it goes.
type partialReader interface {
	read(body []byte, into any) error
}

func (c *Client) do(ctx context.Context, k call, into validator) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	root, err := c.restRoot(ctx)
	if err != nil {
		return err
	}
	body, err := encode(k.payload)
	if err != nil {
		return fmt.Errorf("encode payload: %w", err)
	}
	if k.raw != nil {
		body = k.raw
	}
	a, err := c.send(ctx, request{
		op: k.op, method: k.method, url: routeURL(root, k.route, k.query), header: k.header,
		body: body, secret: k.secret, authenticated: true, limit: maxAnswerBytes, partial: k.partial,
	})
	if err != nil {
		return err
	}
	if a.status != k.want && (k.also == 0 || a.status != k.also) {
		return k.checkPost(c.answerError(k.op, a))
	}
	if err := decode(a, k, into); err != nil {
		e := &Error{
			Kind: KindInvalidResponse, Op: k.op, Host: c.home.Host, Status: a.status,
			MayHaveReached: true, Detail: err.Error(), err: err,
		}
		if a.isLoginPage() {
			e.Kind = KindBlocked
		}
		return e
	}
	return nil
}

// checkPost refuses an error about another content's post: it must not be
// adopted.
func (k call) checkPost(e *Error) *Error {
	if e.Post == nil || k.key == "" || e.Post.ContentKey == k.key {
		return e
	}
	e.Kind, e.Post, e.Detail = KindInvalidResponse, nil, "the answer is about another content key"
	return e
}

// encode leaves <, > and & as they are: content is mostly those.
func encode(payload any) ([]byte, error) {
	if payload == nil {
		return nil, nil
	}
	var b bytes.Buffer
	if err := encodeTo(&b, payload); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func encodeTo(w io.Writer, payload any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(payload)
}

// decode reads a success. Its errors hold no bytes of the answer.
func decode(a *answer, k call, into validator) error {
	if !a.isJSON() {
		return errors.New("the answer is not JSON")
	}
	read := unmarshal
	if own, ok := into.(partialReader); ok {
		read = own.read
	}
	if err := read(a.body, into); err != nil {
		return err
	}
	if err := into.validate(); err != nil {
		return err
	}
	post, ok := into.(*PostRepresentation)
	switch {
	case ok && k.key != "" && post.ContentKey != k.key:
		return errors.New("the answer is about another content key")
	case ok && k.id != 0 && post.ID != k.id:
		return errors.New("the answer is about another post")
	}
	return nil
}

// unmarshal reads one JSON value and nothing after it. A byte order mark is
// tolerated: a theme file saved with one puts it in front of every answer.
func unmarshal(body []byte, into any) error {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	err := json.Unmarshal(body, into)
	var typeError *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &typeError) && typeError.Field != "":
		return fmt.Errorf("field %s has the wrong type", sanitise(typeError.Field, 64))
	case !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")):
		return errors.New("something else is printed before the JSON; turn off display_errors in PHP")
	default:
		return errors.New("the answer is not valid JSON")
	}
}

// send makes one request and reads the bounded answer.
func (c *Client) send(ctx context.Context, r request) (*answer, error) {
	trace := &netguard.Trace{}
	ctx = trace.Context(ctx)
	req, err := c.newRequest(ctx, r)
	if err != nil {
		return nil, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, c.transportError(ctx, r.op, err, trace)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(res.Body, r.limit+1))
	if err != nil && (!r.partial || len(body) == 0) {
		return nil, c.transportError(ctx, r.op, err, trace)
	}
	a := &answer{status: res.StatusCode, header: res.Header, body: c.redact(body, r.secret), url: res.Request.URL}
	if int64(len(body)) > r.limit {
		if !r.truncate {
			return nil, &Error{
				Kind: KindInvalidResponse, Op: r.op, Host: c.home.Host, Status: a.status,
				MayHaveReached: true, Detail: fmt.Sprintf("the answer is longer than %d bytes", r.limit),
			}
		}
		a.body, a.truncated = a.body[:min(r.limit, int64(len(a.body)))], true
	}
	return a, nil
}

func (c *Client) newRequest(ctx context.Context, r request) (*http.Request, error) {
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, r.url.String(), body)
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("User-Agent", c.userAgent)
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	maps.Copy(req.Header, r.header)
	if r.authenticated {
		req.Header.Set("Accept", "application/json, application/problem+json")
		c.authenticate(req.Header)
	}
	return req, nil
}

func (c *Client) authenticate(h http.Header) {
	if c.authHeader != AuthHeaderBearer {
		h.Set("X-IGNY8-API-KEY", c.key.reveal())
	}
	if c.authHeader != AuthHeaderKey {
		h.Set("Authorization", "Bearer "+c.key.reveal())
	}
}

// checkRedirect follows a GET within its host; all else ends in the redirect
// itself, which answerError reports.
func (c *Client) checkRedirect(next *http.Request, via []*http.Request) error {
	first := via[0]
	downgrade := first.URL.Scheme == "https" && next.URL.Scheme != "https"
	if first.Method != http.MethodGet || len(via) > maxRedirects || downgrade || !sameHost(c.home, next.URL) {
		return http.ErrUseLastResponse
	}
	return nil
}

func isRedirect(status int) bool { return status >= 300 && status < 400 }

func (a *answer) mediaType() string {
	mediaType, _, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return mediaType
}

func (a *answer) isJSON() bool {
	mediaType := a.mediaType()
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

func (a *answer) isHTML() bool {
	mediaType := a.mediaType()
	return mediaType == "text/html" || mediaType == "application/xhtml+xml"
}
