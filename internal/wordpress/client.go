// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// AuthHeader says in which header the key travels.
type AuthHeader string

const (
	// AuthHeaderAuto sends the key in both headers; the zero value does too.
	AuthHeaderAuto AuthHeader = "Auto"
	// AuthHeaderKey sends X-IGNY8-API-KEY.
	AuthHeaderKey AuthHeader = "Key"
	// AuthHeaderBearer sends Authorization: Bearer, for hosts that strip
	// headers they do not know.
	AuthHeaderBearer AuthHeader = "Bearer"
)

// DefaultTimeout bounds a call where [Config.Timeout] is 0.
const DefaultTimeout = 30 * time.Second

// Config is what a client needs to know about one site.
type Config struct {
	// SiteURL is the home page, http or https, without credentials, query or
	// fragment; it may be in a sub-folder.
	SiteURL string
	// RESTURL is the root of the REST API as Discover returned it. Empty = not
	// yet known: the first call discovers it.
	RESTURL string
	// Key is the API key.
	Key Key
	// AuthHeader is where the key goes; empty = Auto.
	AuthHeader AuthHeader
	// Timeout bounds each call, discovery included; 0 = [DefaultTimeout].
	Timeout time.Duration
	// CABundle has PEM certificates of authorities that are trusted besides
	// the system's.
	CABundle []byte
}

// Client calls one site. It is safe for concurrent use.
type Client struct {
	home       *url.URL
	key        Key
	authHeader AuthHeader
	timeout    time.Duration
	userAgent  string
	now        func() time.Time
	http       *http.Client

	mu   sync.Mutex
	root *url.URL
}

// NewClient checks cfg and returns a client that shares the connections of
// transports. Its errors are [*ConfigError].
func NewClient(cfg Config, transports *Transports) (*Client, error) {
	home, err := parseSiteURL(cfg.SiteURL)
	if err != nil {
		return nil, err
	}
	if err := cfg.Key.validate(); err != nil {
		return nil, &ConfigError{Field: "Key", Reason: err.Error()}
	}
	transport, err := transports.transport(cfg.CABundle)
	if err != nil {
		return nil, err
	}
	c := &Client{
		home:       home,
		key:        cfg.Key,
		authHeader: cfg.AuthHeader,
		timeout:    cfg.Timeout,
		userAgent:  "igny8-wordpress-operator/" + transports.opts.Version,
		now:        transports.opts.Now,
	}
	if c.timeout <= 0 {
		c.timeout = DefaultTimeout
	}
	c.http = &http.Client{Transport: transport, CheckRedirect: c.checkRedirect}
	if err := c.setRESTURL(cfg.RESTURL); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Client) setRESTURL(text string) error {
	if text == "" {
		return nil
	}
	root, err := resolveRoot(c.home, c.home, text)
	if err != nil {
		return &ConfigError{Field: "RESTURL", Reason: err.Error()}
	}
	c.root = root
	return nil
}

// RESTURL returns the root of the REST API, "" while it is not known.
func (c *Client) RESTURL() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.root == nil {
		return ""
	}
	return c.root.String()
}

// Site reads what the plugin says about the site and the key's user. Given what
// an earlier answer said, a site whose database was restored from a backup
// since then answers with another epoch.
func (c *Client) Site(ctx context.Context, known Position) (*Site, error) {
	site, err := c.readSite(ctx, known)
	if known.Epoch != "" && KindOf(err) == KindRejected {
		// A plugin that was put back to a version without epochs knows no such
		// parameters.
		return c.readSite(ctx, Position{})
	}
	return site, err
}

func (c *Client) readSite(ctx context.Context, known Position) (*Site, error) {
	site := &Site{}
	err := c.do(ctx, call{
		op: OpSite, method: http.MethodGet, route: "site", query: known.query(), want: http.StatusOK,
	}, site)
	if err != nil {
		return nil, err
	}
	return site, nil
}

// Publish creates the post of a content key, once: a second call with the same
// key ends in [KindAlreadyPublished] with the post of the first.
func (c *Client) Publish(ctx context.Context, post *Post) (*PostRepresentation, error) {
	created := &PostRepresentation{}
	err := c.do(ctx, call{
		op: OpPublish, method: http.MethodPost, route: "publish", want: http.StatusCreated,
		payload: post, key: post.ContentKey,
	}, created)
	if err != nil {
		return nil, err
	}
	return created, nil
}

// GetPost reads a post by its WordPress id.
func (c *Client) GetPost(ctx context.Context, id int64) (*PostRepresentation, error) {
	if id < 1 || id > maxID {
		return nil, &Error{Kind: KindNotFound, Op: OpGetPost, Host: c.home.Host, Detail: "the id is out of range"}
	}
	post := &PostRepresentation{}
	err := c.do(ctx, call{
		op: OpGetPost, method: http.MethodGet, want: http.StatusOK,
		route: "publish/" + strconv.FormatInt(id, 10), id: id,
	}, post)
	if err != nil {
		return nil, err
	}
	return post, nil
}

// FindPost reads the post of a content key.
func (c *Client) FindPost(ctx context.Context, contentKey string) (*PostRepresentation, error) {
	post := &PostRepresentation{}
	err := c.do(ctx, call{
		op: OpFindPost, method: http.MethodGet, route: "publish", want: http.StatusOK,
		query: url.Values{"content_key": {contentKey}}, key: contentKey,
	}, post)
	if err != nil {
		return nil, err
	}
	return post, nil
}
