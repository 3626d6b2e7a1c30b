// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

// Promise is something that a site keeps and the operator relies on. A test that
// has a site break one shows that it would be noticed.
type Promise int

const (
	// PromiseOnePost is that a content key that has a post, or is being published, gets
	// no other one.
	PromiseOnePost Promise = iota
	// PromiseExistingPost is that who is refused because the key has a post is told
	// which one.
	PromiseExistingPost
	// PromiseIfMatch is that a post which was changed meanwhile is not written to.
	PromiseIfMatch
	// PromiseOneImage is that the same bytes are in the media library once.
	PromiseOneImage
)

// WithBroken makes a site that does not keep the promises.
func WithBroken(promises ...Promise) Option {
	return func(s *settings) {
		for _, promise := range promises {
			s.broken[promise] = true
		}
	}
}
