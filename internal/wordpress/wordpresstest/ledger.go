// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import "slices"

// EffectKind is what a call has changed at the site.
type EffectKind string

// The effects of calls. What a person does at the site is none.
const (
	// EffectCreated is a post made, EffectUpdated one written to,
	// EffectTrashed and EffectDeleted one removed.
	EffectCreated EffectKind = "created"
	EffectUpdated EffectKind = "updated"
	EffectTrashed EffectKind = "trashed"
	EffectDeleted EffectKind = "deleted"
	// EffectUploaded is an image put into the media library.
	EffectUploaded EffectKind = "uploaded"
)

// Effect is one change that a call has made at the site. A repeated call that
// changed nothing made none.
type Effect struct {
	Kind EffectKind
	// Key is the content key of a post, or the SHA-256 of an image.
	Key string
	// ID is the post's or the image's.
	ID int64
}

// Effects returns the ledger: every change that calls have made, in order.
func (f *Fake) Effects() []Effect {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.ledger)
}

// enter enters an effect into the ledger; the caller holds the lock.
func (f *Fake) enter(kind EffectKind, key string, id int64) {
	f.ledger = append(f.ledger, Effect{Kind: kind, Key: key, ID: id})
}
