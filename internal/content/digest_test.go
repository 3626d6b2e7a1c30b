// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"math"
	"testing"
)

func TestDigest(t *testing.T) {
	type source struct {
		B string `json:"b"`
		A int64  `json:"a"`
	}
	// printf '{"a":1,"b":"x"}' | sha256sum
	const want = "sha256:ecf9e98ec0641e23113ff3ce8bdc78d0ddd249886517fd4a7f68cc83d4e65667"
	for name, v := range map[string]any{
		"struct":  source{A: 1, B: "x"},
		"pointer": &source{A: 1, B: "x"},
		"map":     map[string]any{"b": "x", "a": 1},
	} {
		if got := Digest(v); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	if Digest(source{A: 1 << 53}) == Digest(source{A: 1<<53 + 1}) {
		t.Error("large numbers lose digits")
	}
	if Digest([]string{"a", "b"}) == Digest([]string{"b", "a"}) {
		t.Error("the order of a list does not count")
	}
}

func TestDigestPanicsOnMistakes(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("NaN has a digest")
		}
	}()
	Digest(math.NaN())
}
