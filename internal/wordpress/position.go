// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"net/url"
	"strconv"
)

// Position is how far a caller knows a site's database. A database that was
// restored from a backup is behind it, and says so by a new epoch.
type Position struct {
	// Epoch and Mark are as [Site] last said; the zero value knows nothing.
	Epoch string
	Mark  int64
}

func (p Position) query() url.Values {
	if p.Epoch == "" {
		return nil
	}
	return url.Values{"epoch": {p.Epoch}, "mark": {strconv.FormatInt(p.Mark, 10)}}
}
