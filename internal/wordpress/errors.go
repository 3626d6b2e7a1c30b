// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Op names what the client was doing; it begins an error's message.
type Op string

// The operations of [Client].
const (
	OpDiscover Op = "discover REST API"
	OpSite     Op = "read site"
	OpPublish  Op = "publish"
	OpGetPost  Op = "get post"
	OpFindPost Op = "find post"
	OpUpdate   Op = "update"
	OpDelete   Op = "delete"
	OpMedia    Op = "upload image"
	OpBatch    Op = "publish batch"

	OpOfferKey   Op = "offer key"
	OpRetireKeys Op = "retire older keys"
	OpStructure  Op = "read structure"
	OpTerms      Op = "read terms"
)

// Error is every failure of a call to a site. Its message is stable from one
// attempt to the next and carries no bytes of the site other than the plugin's
// own detail, sanitised and capped.
type Error struct {
	// Kind is what went wrong, and decides what to do next.
	Kind Kind
	// Op is what the client was doing.
	Op Op
	// Host is the configured site's host, with its port if it has one.
	Host string
	// Status is the HTTP status, 0 when there was no answer.
	Status int
	// Problem is the name of the plugin's problem (without
	// "urn:igny8:problem:"), empty when the answer was not the plugin's.
	Problem string
	// Detail is the plugin's own explanation, at most 256 runes on one line,
	// or the client's own. It never comes from a foreign answer.
	Detail string
	// Fields are the refused fields of a payload, at most 10.
	Fields []FieldError
	// RetryAfter is how long the site asks to be left alone: 0 = it did not
	// say, at most one hour.
	RetryAfter time.Duration
	// Post is the site's post, where the answer came with one: always with
	// [KindAlreadyPublished], from the plugin's own hand also with
	// [KindPreconditionFailed], [KindTrashed] and [KindClaimedByOther], at times
	// with [KindMismatch].
	Post *PostRepresentation
	// RedirectHost is where a refused redirect points to.
	RedirectHost string
	// MayHaveReached is false when it is certain that the site saw nothing of
	// the request: no connection came about.
	MayHaveReached bool

	err error
}

// FieldError is one refused field of a payload.
type FieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// maxMessageRunes is what a condition of the API, and so a status, has room for
// with what the controllers add.
const maxMessageRunes = 900

// Error explains the failure in one line of at most 900 runes.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s): %s", e.Op, e.Host, e.Kind.Explain())
	if e.RedirectHost != "" {
		fmt.Fprintf(&b, " %s", e.RedirectHost)
	}
	if marks := e.marks(); marks != "" {
		fmt.Fprintf(&b, " [%s]", marks)
	}
	if e.Detail != "" {
		fmt.Fprintf(&b, ": %s", e.Detail)
	}
	for i, f := range e.Fields {
		separator := "; "
		if i == 0 {
			separator = ": "
		}
		fmt.Fprintf(&b, "%s%s: %s", separator, f.Field, f.Message)
	}
	return sanitise(b.String(), maxMessageRunes)
}

// Unwrap returns the cause, for errors.Is and errors.As. Its text may hold
// addresses: print the [Error], not the cause.
func (e *Error) Unwrap() error { return e.err }

func (e *Error) marks() string {
	switch {
	case e.Status == 0:
		return ""
	case e.Problem == "":
		return fmt.Sprintf("HTTP %d", e.Status)
	default:
		return fmt.Sprintf("HTTP %d %s", e.Status, e.Problem)
	}
}

// KindOf returns the kind of the [*Error] in err's chain, "" if there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

// ConfigError says that a [Config] cannot be used; no call was made.
type ConfigError struct {
	// Field is the field of Config.
	Field string
	// Reason is what is wrong with it, without its value.
	Reason string
}

// Error explains which field is wrong and why.
func (e *ConfigError) Error() string {
	return fmt.Sprintf("configure client: %s %s", e.Field, e.Reason)
}
