// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/igny8/wordpress-operator/internal/netguard"
)

// restClosedCodes are the error codes of WordPress plugins and settings that
// close the REST API: Disable WP REST API, Disable REST API, Solid Security,
// Force Login and the snippet of WordPress's own REST API handbook.
var restClosedCodes = map[string]bool{
	"rest_cannot_access":               true,
	"rest_login_required":              true,
	"rest_not_logged_in":               true,
	"rest_disabled":                    true,
	"rest_api_disabled":                true,
	"rest_unauthorized":                true,
	"rest_authorization_required":      true,
	"itsec_rest_api_access_restricted": true,
}

// lostKeyDetail is ours in place of the plugin's: the key was sent, so something
// took it away.
const lostKeyDetail = "the key did not arrive: something on the way drops its header; try transport.authHeader: Auto"

// firewallMarks are texts of pages that firewalls send with 503, where a
// maintenance page would be expected too.
var firewallMarks = [][]byte{
	[]byte("wordfence"), []byte("sucuri"), []byte("cf-chl"), []byte("captcha"),
	[]byte("just a moment..."), []byte("imunify360"),
}

// answerError describes an answer that is not the wanted success.
func (c *Client) answerError(op Op, a *answer) *Error {
	e := &Error{
		Op:             op,
		Host:           c.home.Host,
		Status:         a.status,
		RetryAfter:     netguard.RetryAfter(a.header.Get("Retry-After"), c.now()),
		MayHaveReached: true,
	}
	if p := parseProblem(a); p != nil {
		e.Problem, e.Detail, e.Fields, e.Post = p.name, sanitise(p.Detail, maxDetailRunes), p.fields(), p.Post
		e.Kind = p.kind(a.status)
		if p.name == "key-missing" {
			e.Detail = lostKeyDetail
		}
	}
	if e.Kind == "" {
		e.Kind = foreignKind(a)
	}
	if e.Kind == KindRedirected {
		e.RedirectHost = c.redirectHost(a)
	}
	return e
}

// foreignKind judges an answer that is not one of the contract's problems.
func foreignKind(a *answer) Kind {
	switch {
	case a.status == http.StatusTooManyRequests:
		return KindRateLimited
	case a.isLoginPage():
		return KindBlocked
	case isRedirect(a.status) && a.header.Get("Location") != "":
		return KindRedirected
	case restClosedCodes[a.wordPressCode()]:
		return KindRESTDisabled
	case a.status == http.StatusServiceUnavailable && a.isFirewallPage():
		return KindBlocked
	case a.status == http.StatusRequestTimeout, a.status == http.StatusTooEarly, a.status >= 500:
		return KindUnavailable
	default:
		return foreignClientErrorKind(a)
	}
}

// foreignClientErrorKind judges the rest. NotFound is never among it: a post is
// gone only when the plugin says so.
func foreignClientErrorKind(a *answer) Kind {
	switch a.status {
	case http.StatusUnauthorized:
		if a.isHTML() {
			return KindBlocked
		}
		return KindCredentialsRefused
	case http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusNotAcceptable:
		return KindBlocked
	case http.StatusNotFound:
		return notFoundKind(a)
	case http.StatusPreconditionFailed:
		return KindPreconditionFailed
	case http.StatusLocked:
		return KindLocked
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge,
		http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return KindRejected
	default:
		return KindInvalidResponse
	}
}

func notFoundKind(a *answer) Kind {
	switch {
	case a.wordPressCode() == "rest_no_route":
		return KindPluginMissing
	case a.isJSON():
		return KindInvalidResponse
	default:
		return KindNotWordPress
	}
}

// wordPressCode returns the code of an error of WordPress's REST API.
func (a *answer) wordPressCode() string {
	if !a.isJSON() {
		return ""
	}
	var e struct {
		Code string `json:"code"`
	}
	// WordPress's code is text; JSON of another shape has none.
	if err := json.Unmarshal(bytes.TrimPrefix(a.body, []byte("\ufeff")), &e); err != nil {
		return ""
	}
	return e.Code
}

// isLoginPage tells whether the answer is WordPress's login page or the way to
// it: so "private site" plugins answer every call.
func (a *answer) isLoginPage() bool {
	const page = "wp-login.php"
	return isRedirect(a.status) && strings.Contains(a.header.Get("Location"), page) ||
		a.isHTML() && (strings.HasSuffix(a.url.Path, page) || bytes.Contains(a.body, []byte(`id="loginform"`)))
}

func (a *answer) isFirewallPage() bool {
	if a.header.Get("Cf-Mitigated") != "" || a.header.Get("X-Sucuri-Block") != "" {
		return true
	}
	page := bytes.ToLower(a.body)
	for _, mark := range firewallMarks {
		if a.isHTML() && bytes.Contains(page, mark) {
			return true
		}
	}
	return false
}

// redirectHost returns scheme and host of a Location: enough to correct
// siteURL, and nothing that could carry a token.
func (c *Client) redirectHost(a *answer) string {
	location, err := url.Parse(a.header.Get("Location"))
	if err != nil {
		return "(an unreadable address)"
	}
	return c.showHost(a.url.ResolveReference(location))
}

// showHost shows scheme and host of an address that the site points to, and
// nothing that may be secret.
func (c *Client) showHost(to *url.URL) string {
	if !isHTTP(to.Scheme) || to.Hostname() == "" {
		return "(an unreadable address)"
	}
	host := (&url.URL{Scheme: to.Scheme, Host: to.Host}).String()
	return sanitise(string(c.key.redact([]byte(host))), maxDetailRunes)
}
