// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Digest returns "sha256:<hex>" of the canonical JSON of v: members sorted by
// name, no white space, numbers as v's own encoding writes them. Two values
// with the same members have the same digest, whatever Go type holds them. It
// panics if v cannot be JSON (a channel, a function, NaN), which is a mistake
// of the caller and of no input.
func Digest(v any) string {
	text, err := canonical(v)
	if err != nil {
		panic(fmt.Sprintf("digest of %T: %v", v, err))
	}
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// canonical takes the way over maps, which encoding/json sorts.
func canonical(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return nil, err
	}
	return json.Marshal(tree)
}
