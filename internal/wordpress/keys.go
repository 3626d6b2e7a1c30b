// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
)

// The bounds of a key that a site accepts (docs/spec/rest-api.md).
const (
	minKeyBytes = 32
	maxKeyBytes = 512
)

var digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// KeyStates says which keys a site accepts, each as "sha256:" and the SHA-256
// of the key in hex.
type KeyStates struct {
	// Current is the key that may change the others.
	Current string `json:"current"`
	// Candidate was offered and becomes the current one at its first use; ""
	// if there is none.
	Candidate string `json:"candidate"`
	// Retiring was the current one before, and still makes calls that change no
	// keys, for at most ten minutes; "" if there is none.
	Retiring string `json:"retiring"`
}

// OfferKey has the site accept key beside the one the client uses. It is
// idempotent: a candidate offered again stays it, and one that was never used
// is replaced by another. Success means that the site said it accepts key. A
// key no site would accept ends in [*ConfigError]; a client whose own key is
// already being replaced gets [KindCredentialsRefused] with Problem
// "key-retiring".
func (c *Client) OfferKey(ctx context.Context, key Key) (*KeyStates, error) {
	if err := key.validateOffer(); err != nil {
		return nil, &ConfigError{Field: "Key", Reason: err.Error()}
	}
	return c.rotate(ctx, OpOfferKey, keyOffer{key}, func(s *KeyStates) error {
		if digest := key.digest(); s.Current != digest && s.Candidate != digest {
			return errors.New("the site does not accept the offered key")
		}
		return nil
	})
}

// RetireKeys has the site forget every older key than the one the client uses.
// It is idempotent. A client whose own key is the older one gets
// [KindCredentialsRefused] with Problem "key-retiring".
func (c *Client) RetireKeys(ctx context.Context) (*KeyStates, error) {
	return c.rotate(ctx, OpRetireKeys, keyOffer{c.key}, func(s *KeyStates) error {
		if s.Current != c.key.digest() || s.Retiring != "" {
			return errors.New("the site still accepts an older key")
		}
		return nil
	})
}

func (c *Client) rotate(ctx context.Context, op Op, offer keyOffer, check func(*KeyStates) error) (*KeyStates, error) {
	answer := &keyAnswer{check: check}
	err := c.do(ctx, call{op: op, method: http.MethodPost, route: "keys/rotate", want: http.StatusOK, payload: offer, secret: offer.Key}, answer)
	if err != nil {
		return nil, err
	}
	return &answer.KeyStates, nil
}

// keyOffer is the body of a rotation, the one place that shows a key: encoded
// to JSON. Printed, it is as closed as the key.
type keyOffer struct {
	Key Key
}

// MarshalJSON returns the body with the key.
func (o keyOffer) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]string{"key": o.Key.reveal()})
}

// keyAnswer checks that a rotation did what it says: a key that the site does
// not have would lock the operator out.
type keyAnswer struct {
	KeyStates
	check func(*KeyStates) error
}

func (a *keyAnswer) validate() error {
	c := checker{}
	c.digest("current", a.Current)
	for field, digest := range map[string]string{"candidate": a.Candidate, "retiring": a.Retiring} {
		if digest != "" {
			c.digest(field, digest)
		}
	}
	if c.err != nil {
		return c.err
	}
	return a.check(&a.KeyStates)
}

func (c *checker) digest(field, digest string) {
	if !digestForm.MatchString(digest) {
		c.fail(field, "is not a SHA-256 digest")
	}
}

func (k Key) digest() string {
	sum := sha256.Sum256([]byte(k.reveal()))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// validateOffer refuses what a site would refuse, before it travels.
func (k Key) validateOffer() error {
	if err := k.validate(); err != nil {
		return err
	}
	switch n := len(k.reveal()); {
	case n < minKeyBytes:
		return errors.New("is shorter than 32 characters")
	case n > maxKeyBytes:
		return errors.New("is longer than 512 characters")
	default:
		return nil
	}
}
