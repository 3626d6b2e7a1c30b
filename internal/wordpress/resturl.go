// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"errors"
	"net/url"
	"strings"
)

// routeParameter carries the route where a site has no pretty permalinks.
const routeParameter = "rest_route"

// namespace is the plugin's part of the REST API.
const namespace = "igny8/v1/"

// parseSiteURL checks a configured home page. The path gets a trailing slash,
// which spares the redirect from /blog to /blog/.
func parseSiteURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	reason := ""
	switch {
	case err != nil:
		reason = "is not a URL"
	case !isHTTP(u.Scheme):
		reason = "is not http or https"
	case u.Hostname() == "":
		reason = "has no host"
	case u.User != nil:
		reason = "contains credentials"
	case u.RawQuery != "" || u.Fragment != "":
		reason = "has a query or a fragment"
	}
	if reason != "" {
		return nil, &ConfigError{Field: "SiteURL", Reason: reason}
	}
	home := &url.URL{Scheme: strings.ToLower(u.Scheme), Host: strings.ToLower(u.Host), Path: u.Path, RawPath: u.RawPath}
	if !strings.HasSuffix(home.Path, "/") {
		home = home.JoinPath("/")
	}
	return home, nil
}

// sameHost tells whether two URLs are of one host. The scheme may differ, and
// a scheme's default port is no port.
func sameHost(a, b *url.URL) bool {
	return strings.EqualFold(a.Hostname(), b.Hostname()) && explicitPort(a) == explicitPort(b)
}

func explicitPort(u *url.URL) string {
	port := u.Port()
	if port == "80" && strings.EqualFold(u.Scheme, "http") || port == "443" && strings.EqualFold(u.Scheme, "https") {
		return ""
	}
	return port
}

// otherHostError says that a root is not where the site is.
type otherHostError struct {
	root *url.URL
}

// Error explains it.
func (e *otherHostError) Error() string { return "is on another host than SiteURL" }

// resolveRoot resolves the root of the REST API as it was announced on page. It
// must be on home's host. A root in http on a page in https is taken in https:
// behind a proxy that ends TLS, WordPress often announces http.
func resolveRoot(home, page *url.URL, announced string) (*url.URL, error) {
	ref, err := url.Parse(announced)
	if err != nil {
		return nil, errors.New("is not a URL")
	}
	root := page.ResolveReference(ref)
	switch {
	case !isHTTP(root.Scheme) || root.User != nil:
		return nil, errors.New("is not a plain http(s) URL")
	case !sameHost(home, root):
		return nil, &otherHostError{root}
	}
	root.Fragment, root.RawFragment = "", ""
	if root.Scheme == "http" && page.Scheme == "https" {
		root.Scheme = "https"
	}
	return root, checkRootLength(root)
}

// checkRootLength is for roots as they are kept: resolved and percent-encoded,
// which a short announcement can be a long way from.
func checkRootLength(root *url.URL) error {
	if len(root.String()) > maxURLBytes {
		return errors.New("is too long")
	}
	return nil
}

// routeURL returns the URL of a route of the plugin, for roots with a path
// (https://x/wp-json/) and for those with a parameter (https://x/?rest_route=/).
func routeURL(root *url.URL, route string, query url.Values) *url.URL {
	u := *root
	parameters := u.Query()
	base, plain := parameters.Get(routeParameter), parameters.Has(routeParameter)
	parameters.Del(routeParameter)
	for name, values := range query {
		parameters[name] = values
	}
	u.RawQuery = parameters.Encode()
	if !plain {
		return joinPath(&u, namespace+route)
	}
	// Slashes stay readable: some firewalls refuse %2F.
	full := strings.ReplaceAll(url.QueryEscape(strings.TrimSuffix(base, "/")+"/"+namespace+route), "%2F", "/")
	if u.RawQuery != "" {
		full += "&" + u.RawQuery
	}
	u.RawQuery = routeParameter + "=" + full
	return &u
}

func joinPath(u *url.URL, suffix string) *url.URL {
	joined := u.JoinPath(suffix)
	joined.RawQuery = u.RawQuery
	return joined
}
