// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOfferIsClosed: the body of a rotation shows its key to the wire alone.
func TestOfferIsClosed(t *testing.T) {
	const secret = `canary-<&>"'\-0123456789abcdefghijk`
	offer := keyOffer{NewKey(secret)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if text := fmt.Sprintf(verb+verb, offer, &offer); strings.Contains(text, "canary") || strings.Contains(text, fmt.Sprintf("%x", "canary")) {
			t.Errorf("%s shows the key: %s", verb, text)
		}
	}
	body, err := encode(offer)
	if err != nil {
		t.Fatal(err)
	}
	var sent map[string]string
	if err := json.Unmarshal(body, &sent); err != nil || !cmp.Equal(sent, map[string]string{"key": secret}) {
		t.Errorf("sent %v, %v", sent, err)
	}
}
