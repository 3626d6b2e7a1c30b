// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"golang.org/x/net/html"
)

const (
	// maxAnswerBytes bounds an answer of the REST API.
	maxAnswerBytes = 1 << 20
	// maxPageBytes bounds what is read of a home page; the head is at its start.
	maxPageBytes = 256 << 10
)

// Discover finds the root of the site's REST API: by the home page's Link
// header, by the same link in its HTML (caches drop headers), or else at
// ?rest_route=/, which works without pretty permalinks. The root is on the
// site's host, and the client uses it from now on.
func (c *Client) Discover(ctx context.Context) (restURL string, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	root, err := c.discover(ctx)
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.root = root
	return root.String(), nil
}

func (c *Client) discover(ctx context.Context) (*url.URL, error) {
	page, err := c.send(ctx, request{op: OpDiscover, method: http.MethodGet, url: c.home, limit: maxPageBytes, truncate: true})
	if err != nil {
		return nil, err
	}
	if isRedirect(page.status) {
		return nil, c.answerError(OpDiscover, page)
	}
	announced := findLink(page.header, apiRelation)
	if announced == "" {
		announced = findHTMLLink(page.body, apiRelation)
	}
	if announced == "" {
		return c.tryPlainRoot(ctx, page)
	}
	root, err := resolveRoot(c.home, page.url, announced)
	if err != nil {
		return nil, c.rootError(page, "the announced root of the REST API", err)
	}
	return root, nil
}

// rootError says what is wrong with a root. One on another host is what a site
// announces that has moved, or was copied from there: it points elsewhere.
func (c *Client) rootError(a *answer, what string, err error) *Error {
	if other := (*otherHostError)(nil); errors.As(err, &other) {
		return &Error{
			Kind: KindRedirected, Op: OpDiscover, Host: c.home.Host, Status: a.status, MayHaveReached: true,
			RedirectHost: c.showHost(other.root), Detail: what + " is there", err: err,
		}
	}
	return &Error{
		Kind: KindInvalidResponse, Op: OpDiscover, Host: c.home.Host, Status: a.status, MayHaveReached: true,
		Detail: what + " " + err.Error(), err: err,
	}
}

// tryPlainRoot asks at ?rest_route=/. If that is no REST API either, what the
// home page answered tells more, unless it was a success.
func (c *Client) tryPlainRoot(ctx context.Context, page *answer) (*url.URL, error) {
	// The page may be a sub-page that the home page leads to; the root is not
	// below it.
	root := *c.home
	root.Scheme, root.RawQuery = page.url.Scheme, routeParameter+"=/"
	index, err := c.send(ctx, request{op: OpDiscover, method: http.MethodGet, url: &root, limit: maxAnswerBytes, truncate: true})
	if err != nil {
		return nil, err
	}
	if isIndex(index) {
		if err := checkRootLength(&root); err != nil {
			return nil, c.rootError(index, "siteURL with ?rest_route=/", err)
		}
		return &root, nil
	}
	fault := c.answerError(OpDiscover, index)
	if fault.Kind == KindInvalidResponse || fault.Kind == KindPluginMissing {
		fault.Kind = KindNotWordPress
	}
	if fault.Kind == KindNotWordPress && (page.status >= http.StatusBadRequest || page.isLoginPage()) {
		fault = c.answerError(OpDiscover, page)
	}
	return nil, fault
}

// isIndex recognises the index of a REST API by its list of namespaces. The
// index may be long, so a cut one counts as well.
func isIndex(a *answer) bool {
	if a.status != http.StatusOK || !a.isJSON() {
		return false
	}
	var index struct {
		Namespaces []string `json:"namespaces"`
	}
	if err := json.Unmarshal(a.body, &index); err == nil {
		return index.Namespaces != nil
	}
	return a.truncated && bytes.Contains(a.body, []byte(`"namespaces":[`))
}

// findHTMLLink returns the target of the first <link rel=…> of a page's head.
func findHTMLLink(page []byte, relation string) string {
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if token.Data == "body" {
				return ""
			}
			if token.Data == "link" && attribute(token, "rel") == relation {
				return attribute(token, "href")
			}
		}
	}
}

func attribute(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// restRoot returns the known root, or discovers it.
func (c *Client) restRoot(ctx context.Context) (*url.URL, error) {
	c.mu.Lock()
	root := c.root
	c.mu.Unlock()
	if root != nil {
		return root, nil
	}
	text, err := c.Discover(ctx)
	if err != nil {
		return nil, notSent(err)
	}
	return url.Parse(text)
}

// notSent marks a failed discovery ahead of a call: of the call itself, the
// site saw nothing.
func notSent(err error) error {
	var e *Error
	if errors.As(err, &e) {
		e.MayHaveReached = false
	}
	return err
}
