// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"encoding/json"
	"errors"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// noise is a list of names that cannot be compressed, of about that many bytes.
func noise(size int) iter.Seq2[any, error] {
	random := rand.New(rand.NewPCG(1, 2))
	return func(yield func(any, error) bool) {
		for written := 0; written < size; {
			name := strconv.FormatUint(random.Uint64(), 36) + strconv.FormatUint(random.Uint64(), 36)
			written += len(name)
			if !yield(name, nil) {
				return
			}
		}
	}
}

// repeated is a list that compresses well.
func repeated(n int) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for i := range n {
			if !yield("tag number "+strconv.Itoa(i), nil) {
				return
			}
		}
	}
}

func TestDocument(t *testing.T) {
	const limit = 64 << 10
	cases := map[string]struct {
		reason string
		items  iter.Seq2[any, error]
		plain  bool
		whole  bool
		// fill is the least share of the limit that a cut document uses.
		fill float64
	}{
		"Empty":        {"nothing is a list as well", repeated(0), true, true, 0},
		"Short":        {"it fits as it is", repeated(1000), true, true, 0},
		"Compressible": {"it fits compressed only", repeated(10000), false, true, 0},
		"TooLong":      {"compressed it does not fit either", repeated(1_000_000), false, false, 0.9},
		"Noise":        {"names that cannot be compressed much", noise(4 * limit), false, false, 0.9},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			d := newDocument(limit)
			if err := errors.Join(d.list(v1alpha1.TruncatedCategories, "categories", repeated(3)), d.list(v1alpha1.TruncatedTags, "tags", tc.items), d.end()); err != nil {
				t.Fatal(err)
			}
			packed := unpack(t, d.packed.Bytes())
			if d.packed.Len() > limit || (d.plain != nil) != tc.plain || tc.plain && (d.plain.Len() > limit || d.plain.String() != string(packed)) {
				t.Errorf("%s: %d bytes compressed, plain %v", tc.reason, d.packed.Len(), d.plain != nil)
			}
			got := whole{}
			if err := json.Unmarshal(packed, &got); err != nil {
				t.Fatal(err)
			}
			if slices.Contains(got.Truncated, v1alpha1.TruncatedTags) == tc.whole || len(got.Categories) != 3 {
				t.Errorf("%s: truncated %v, %d categories", tc.reason, got.Truncated, len(got.Categories))
			}
			if float64(d.packed.Len()) < tc.fill*limit {
				t.Errorf("%s: only %d of %d bytes are used", tc.reason, d.packed.Len(), limit)
			}
		})
	}
}

func TestDocumentDigestIsOfWhatItSays(t *testing.T) {
	digest := func(n int) string {
		d := newDocument(maxDocumentBytes)
		if err := errors.Join(d.list(v1alpha1.TruncatedTags, "tags", repeated(n)), d.end()); err != nil {
			t.Fatal(err)
		}
		return d.sum()
	}
	first := digest(10)
	if again := digest(10); again != first {
		t.Errorf("the same content has the digests %s and %s", first, again)
	}
	if other := digest(11); other == first {
		t.Errorf("other content has the same digest %s", other)
	}
}

func TestDocumentEndsWithItsList(t *testing.T) {
	broken := errors.New("the site is gone")
	err := newDocument(maxDocumentBytes).list(v1alpha1.TruncatedTags, "tags", func(yield func(any, error) bool) {
		_ = yield("one", nil) && yield(nil, broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("list = %v, want %v", err, broken)
	}
}
