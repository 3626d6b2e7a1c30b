// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"fmt"
	"net/http"
	"testing"
)

// Of many readers that find the database restored at once, all learn of the same new epoch.
func TestRestoreIsFoundInParallel(t *testing.T) {
	const readers = 16
	c := newClient(t, shared)
	c.get(t, "/site").site(t)
	restore, err := backup(t.Context(), shared)
	if err != nil {
		t.Fatal(err)
	}
	c.get(t, "/site").site(t)
	known := c.get(t, "/site").site(t)
	if err := restore(); err != nil {
		t.Fatal(err)
	}
	answers := inParallel(t, readers, func(int) (answer, error) {
		return c.do(t.Context(), http.MethodGet, fmt.Sprintf("/site?epoch=%s&mark=%d", known.Epoch, known.Mark), "")
	})
	epochs, marks := map[string]int{}, map[int64]int{}
	for _, a := range answers {
		got := a.site(t)
		epochs[got.Epoch]++
		marks[got.Mark]++
	}
	if len(epochs) != 1 || epochs[known.Epoch] != 0 || len(marks) != readers {
		t.Errorf("epochs %v after %s, %d marks of %d readers", epochs, known.Epoch, len(marks), readers)
	}
}

// A site that lost its position, or has something else in its place, begins anew.
func TestLostPosition(t *testing.T) {
	c := newClient(t, shared)
	for name, lose := range map[string]string{
		"deleted": "DELETE FROM wp_options WHERE option_name = 'igny8_bridge_position'",
		"spoilt":  "UPDATE wp_options SET option_value = 'x' WHERE option_name = 'igny8_bridge_position'",
	} {
		known := c.get(t, "/site").site(t)
		query(t, shared, "%s", lose)
		if got := c.get(t, fmt.Sprintf("/site?epoch=%s&mark=%d", known.Epoch, known.Mark)).site(t); got.Epoch == known.Epoch || got.Mark != 1 {
			t.Errorf("%s: epoch %s, mark %d after %s", name, got.Epoch, got.Mark, known.Epoch)
		}
	}
}
