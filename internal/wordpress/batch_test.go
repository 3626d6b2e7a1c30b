// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"strings"
	"testing"
)

// TestTheLengthOfABatchIsThatOfItsPosts: callers fill a batch by it.
func TestTheLengthOfABatchIsThatOfItsPosts(t *testing.T) {
	posts := []*Post{
		{ContentKey: "a", Title: "Äpfel & <b>Birnen</b>", ContentHTML: strings.Repeat("<p>\"'\\\u2028\n😀</p>", 100)},
		{ContentKey: "b", Tags: []string{"one", "two"}, Meta: map[string]any{"n": 1.5}},
		{ContentKey: "c"},
	}
	sum := BatchOverheadBytes
	for i := range posts {
		n, err := posts[i].EncodedBytes()
		if err != nil {
			t.Fatal(err)
		}
		sum += n
		body, err := encode(map[string]any{"items": posts[:i+1]})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(body); got > sum || got < sum-1 { // there is nothing behind the last
			t.Errorf("%d posts are sent in %d bytes, and were counted as %d", i+1, got, sum)
		}
	}
}
