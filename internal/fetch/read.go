// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fetch

import (
	"errors"
	"io"
)

// errTooLarge says that there is more to read than is allowed.
var errTooLarge = errors.New("more bytes than allowed")

// read reads at most limit bytes, and keeps at most one more. The size is what the
// source says, -1 = it does not.
func read(body io.Reader, size, limit int64) ([]byte, error) {
	if size > limit {
		return nil, errTooLarge
	}
	if size >= 0 {
		data := make([]byte, size)
		_, err := io.ReadFull(body, data)
		return data, err
	}
	data, err := io.ReadAll(io.LimitReader(body, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, errTooLarge
	}
	return data, nil
}
