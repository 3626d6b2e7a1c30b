// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A half-made post of a dead request goes with its key: nobody learned its id.
func TestDeleteHalfMade(t *testing.T) {
	c := newClient(t, shared)
	c.set("X-Test-Kill", "add_term_relationship").publish(t, minimal("half deleted"))
	for i, want := range []string{`"result":"trashed"`, `"result":"trashed"`} {
		if a := c.must(t, http.MethodDelete, "/publish?content_key=half+deleted", ""); a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("step %d: status %d: %s, want %s", i, a.status, a.body, want)
		}
	}
	for i, want := range []string{`"result":"deleted"`, `"result":"gone"`} {
		if a := c.must(t, http.MethodDelete, "/publish?content_key=half+deleted&force=true", ""); a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("step %d, for good: status %d: %s, want %s", i, a.status, a.body, want)
		}
	}
	c.publish(t, minimal("half deleted")).post(t, http.StatusCreated)
	requireOnePost(t, shared, "half deleted")
}

// Deleting asks for the right to, and for the right hash if one is given.
func TestDeleteRefused(t *testing.T) {
	c := newClient(t, shared)
	made := c.publish(t, minimal("delete refused")).post(t, http.StatusCreated)
	route := fmt.Sprintf("/publish/%d?content_key=delete+refused", made.ID)
	c.set("If-Match", `"sha256:other"`).must(t, http.MethodDelete, route, "").problem(t, "precondition-failed", http.StatusPreconditionFailed)
	c.must(t, http.MethodDelete, route+"&colour=red", "").problem(t, "invalid-payload", http.StatusBadRequest)
	c.must(t, http.MethodDelete, fmt.Sprintf("/publish/%d", made.ID), "").problem(t, "invalid-payload", http.StatusBadRequest)
	runAs(t, shared, "author")
	c.must(t, http.MethodDelete, route, "").problem(t, "forbidden", http.StatusForbidden)
	c.update(t, made.ID, minimal("delete refused"), made.ContentHash).problem(t, "forbidden", http.StatusForbidden)
}

// Where the trash is turned off, WordPress deletes; the answer says what happened.
func TestDeleteWithoutTrash(t *testing.T) {
	c := newClient(t, shared)
	made := c.publish(t, minimal("no trash")).post(t, http.StatusCreated)
	a := c.set("X-Test-Code", `define( 'EMPTY_TRASH_DAYS', 0 );`).must(t, http.MethodDelete, fmt.Sprintf("/publish/%d?content_key=no+trash", made.ID), "")
	if a.status != http.StatusOK || !strings.Contains(a.body, `"result":"deleted"`) {
		t.Errorf("status %d: %s, want deleted", a.status, a.body)
	}
	c.publish(t, minimal("no trash")).post(t, http.StatusCreated)
}
