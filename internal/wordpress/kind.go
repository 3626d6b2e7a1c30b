// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

// Kind is what went wrong with a call. The set is closed: whoever maps kinds to
// outcomes can cover them all with [Kinds].
type Kind string

// Answers of the plugin.
const (
	// KindAlreadyPublished: the content key has a post; it is in [Error.Post].
	KindAlreadyPublished Kind = "AlreadyPublished"
	// KindInProgress: another request is publishing the same key. Wait and try
	// again; it is no failure.
	KindInProgress Kind = "InProgress"
	// KindLocked: somebody has the post open in the editor; the detail says
	// who. Wait and try again; it is no failure.
	KindLocked Kind = "Locked"
	// KindPreconditionFailed: the post changed on the site since our last
	// write; it is in [Error.Post], with who changed it last.
	KindPreconditionFailed Kind = "PreconditionFailed"
	// KindTrashed: the post is in the trash; it is in [Error.Post].
	KindTrashed Kind = "Trashed"
	// KindMismatch: the id is not that of the content key's post, which is in
	// [Error.Post] if there is one: ids move when a database is restored.
	KindMismatch Kind = "Mismatch"
	// KindClaimedByOther: the post that was to be removed is not the caller's; it
	// is in [Error.Post].
	KindClaimedByOther Kind = "ClaimedByOther"
	// KindClaimEnded: the request was deleted, as the site was told, and what it
	// sends is refused for a day: it may have been on its way since before that.
	KindClaimEnded Kind = "ClaimEnded"
	// KindCredentialsRefused: the key is missing, unknown, or its user is gone
	// (401, 403 key-…). Every call to the site will fail the same way.
	KindCredentialsRefused Kind = "CredentialsRefused"
	// KindForbidden: the key's user may not do this.
	KindForbidden Kind = "Forbidden"
	// KindRejected: the payload is not acceptable (400, 413, 415, 422).
	KindRejected Kind = "Rejected"
	// KindNotFound: the plugin says there is no such post, or not one of ours.
	KindNotFound Kind = "NotFound"
)

// Answers of something else than the plugin.
const (
	// KindPluginMissing: WordPress answers and has no route of the plugin.
	KindPluginMissing Kind = "PluginMissing"
	// KindRESTDisabled: WordPress answers, and a plugin or setting closes its
	// REST API to callers that are not logged in.
	KindRESTDisabled Kind = "RESTDisabled"
	// KindBlocked: a firewall, login page or security plugin answered in
	// WordPress's place.
	KindBlocked Kind = "Blocked"
	// KindNotWordPress: what answers there is no WordPress.
	KindNotWordPress Kind = "NotWordPress"
	// KindRedirected: the site points to another place; [Error.RedirectHost].
	KindRedirected Kind = "Redirected"
	// KindRateLimited: 429; [Error.RetryAfter] says for how long, if it did.
	KindRateLimited Kind = "RateLimited"
	// KindUnavailable: the site is overloaded, in maintenance or broken
	// (408, 425, 5xx).
	KindUnavailable Kind = "Unavailable"
	// KindInvalidResponse: the answer is not what the contract says. After a
	// publish the post may exist.
	KindInvalidResponse Kind = "InvalidResponse"
)

// No answer.
const (
	// KindTimeout: no answer in time. [Error.MayHaveReached] tells whether a
	// connection had come about.
	KindTimeout Kind = "Timeout"
	// KindDNS: the site's name does not resolve.
	KindDNS Kind = "DNS"
	// KindTLSUnknownAuthority: the certificate is of an authority that is not
	// trusted.
	KindTLSUnknownAuthority Kind = "TLSUnknownAuthority"
	// KindTLSExpired: the certificate is expired or not yet valid.
	KindTLSExpired Kind = "TLSExpired"
	// KindTLSNameMismatch: the certificate is for another name.
	KindTLSNameMismatch Kind = "TLSNameMismatch"
	// KindTLS: the TLS handshake failed otherwise.
	KindTLS Kind = "TLS"
	// KindConnectionRefused: nothing listens there.
	KindConnectionRefused Kind = "ConnectionRefused"
	// KindConnection: the connection failed or broke off.
	KindConnection Kind = "Connection"
	// KindAddressBlocked: the name resolves to an address that the
	// administrator has not allowed (loopback, private, link-local …).
	KindAddressBlocked Kind = "AddressBlocked"
	// KindCanceled: the caller gave up, usually because the process stops.
	// It says nothing about the site.
	KindCanceled Kind = "Canceled"
)

// explanations has a line per kind: what happened, and what a person can do.
var explanations = map[Kind]string{
	KindAlreadyPublished:    "the content key has a post already",
	KindInProgress:          "the site is busy with this content at the moment",
	KindLocked:              "the post is open in the editor; the call is repeated until the editor is closed",
	KindPreconditionFailed:  "the post was changed on the site",
	KindTrashed:             "the post is in the trash of the site; restore it there, or let missingPolicy do it",
	KindMismatch:            "the post has another id on the site than before; was its database restored?",
	KindClaimedByOther:      "the post belongs to another request, and is left as it is",
	KindClaimEnded:          "the site was told that this request is deleted, and accepts nothing of it for a day; it is published then, or at once if it is deleted and applied again",
	KindCredentialsRefused:  "the site refuses the API key; enter the current key in the plugin's settings",
	KindForbidden:           "the WordPress user of the API key may not do this; give the user the capability or choose another user in the plugin's settings",
	KindRejected:            "the site does not accept the content",
	KindNotFound:            "the site has no such post",
	KindPluginMissing:       "WordPress answers, but the plugin igny8-wp-bridge does not; install and activate it",
	KindRESTDisabled:        "the REST API of the site is closed; allow the routes igny8/v1 in the plugin that closes it",
	KindBlocked:             "something in front of WordPress refuses the call (firewall, login page, security plugin); allow the routes igny8/v1 there",
	KindNotWordPress:        "what answers is not WordPress; check siteURL",
	KindRedirected:          "the site points to another address, which is not followed; if it is right, use it as siteURL:",
	KindRateLimited:         "the site limits the rate of calls; they go on when it allows, raise the limit there if it lasts",
	KindUnavailable:         "the site is not available; look for maintenance or overload, and into its PHP error log",
	KindInvalidResponse:     "the answer is not what the plugin's contract says; is the plugin up to date?",
	KindTimeout:             "the site did not answer in time; is it slow, or does a firewall drop packets?",
	KindDNS:                 "the name of the site does not resolve; check siteURL, and the DNS of the cluster",
	KindTLSUnknownAuthority: "the certificate is signed by an authority that is not trusted; name a private one in transport.caRef",
	KindTLSExpired:          "the certificate is expired or not yet valid; renew it",
	KindTLSNameMismatch:     "the certificate is for another name; replace it, or use a name that it is for in siteURL",
	KindTLS:                 "TLS could not be established; does the port speak TLS 1.2 or newer?",
	KindConnectionRefused:   "the connection was refused, nothing listens there; is the web server up?",
	KindConnection:          "the connection failed or broke off; check network policies, firewalls and load balancers on the way",
	KindAddressBlocked:      "the name resolves to an address that is not allowed; an administrator can allow it with --allow-addresses",
	KindCanceled:            "the call was cancelled",
}

// Kinds lists every kind, in no particular order.
func Kinds() []Kind {
	kinds := make([]Kind, 0, len(explanations))
	for k := range explanations {
		kinds = append(kinds, k)
	}
	return kinds
}

// Explain returns one line for people: what happened and what helps.
func (k Kind) Explain() string { return explanations[k] }
