// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// redacted is what every way of printing a [Key] shows.
const redacted = "[redacted]"

// Key is the API key of a site. It can be sent, and it cannot be printed: fmt,
// encoding/json and structured loggers show a placeholder. The text sits behind
// a pointer because fmt calls no methods on unexported fields and would print
// a string there as it is.
type Key struct {
	text *string
}

// NewKey wraps the text of a key. White space around it is dropped: a Secret
// made from a file usually ends in a line break.
func NewKey(text string) Key {
	text = strings.TrimSpace(text)
	return Key{text: &text}
}

// IsEmpty tells whether there is no key.
func (k Key) IsEmpty() bool { return k.reveal() == "" }

// Equal compares two keys in constant time.
func (k Key) Equal(other Key) bool {
	return subtle.ConstantTimeCompare([]byte(k.reveal()), []byte(other.reveal())) == 1
}

// String returns a placeholder.
func (Key) String() string { return redacted }

// GoString returns a placeholder.
func (Key) GoString() string { return redacted }

// Format writes a placeholder, whatever the verb.
func (Key) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, redacted) }

// MarshalJSON returns a placeholder.
func (Key) MarshalJSON() ([]byte, error) { return json.Marshal(redacted) }

// MarshalText returns a placeholder.
func (Key) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns a placeholder.
func (Key) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalLog returns a placeholder; logr calls it.
func (Key) MarshalLog() any { return redacted }

func (k Key) reveal() string {
	if k.text == nil {
		return ""
	}
	return *k.text
}

// validate refuses a key that cannot travel in a header.
func (k Key) validate() error {
	if k.IsEmpty() {
		return errors.New("is empty")
	}
	for _, r := range k.reveal() {
		if r <= ' ' || r > '~' {
			return errors.New("has characters other than visible ASCII")
		}
	}
	return nil
}
