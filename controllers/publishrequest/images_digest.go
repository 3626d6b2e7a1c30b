// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"strings"

	"github.com/igny8/wordpress-operator/internal/content"
)

// imageIdentity is what the digest of a post covers of an image: not where the
// site keeps it, which nobody knows beforehand.
type imageIdentity struct {
	Name, Digest, Alt, Caption, Title string
}

// withImages is the digest of a post that is to show images. One without any
// keeps its own.
func withImages(digest string, wanted []wantedImage) string {
	if len(wanted) == 0 {
		return digest
	}
	identities := make([]imageIdentity, len(wanted))
	for i := range wanted {
		w := &wanted[i]
		identities[i] = imageIdentity{w.name, w.digest, w.alt, w.caption, w.title}
	}
	return content.Digest(map[string]any{"post": digest, "images": identities})
}

// missingSeparator parts the digest of what is wanted from that of what it lacks.
const missingSeparator = "-"

// withoutImages is the digest of a post that lacks some of its images: that of
// what is wanted, and something that tells which ones. So a post that was made
// without them is known for what it is, by whoever finds it.
func withoutImages(digest string, missing []imageProblem) string {
	if len(missing) == 0 {
		return digest
	}
	names := make([]string, len(missing))
	for i := range missing {
		names[i] = missing[i].name
	}
	const digits = 16
	rest := content.Digest(names)
	return digest + missingSeparator + rest[len(rest)-digits:]
}

// wantedDigest is the digest of what was wanted, whatever of it was missing.
func wantedDigest(digest string) string {
	wanted, _, _ := strings.Cut(digest, missingSeparator)
	return wanted
}
