// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// A request whose database connection is cut has lost its lock without noticing: it must not write after that.
func TestLostConnection(t *testing.T) {
	for name, hook := range map[string]string{
		"before the INSERT": "wp_insert_post_data",
		"before its terms":  "pre_insert_term",
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			key := "lost-" + hook
			payload := minimal(key).with(fields{"tags": []string{"lost " + hook}})
			first := make(chan answer, 1)
			go func() {
				// An error shows below as an answer without status.
				a, _ := c.set("X-Test-Hold", hook).tryPublish(t.Context(), payload)
				first <- a
			}()
			release := waitUntilHeld(t, shared)
			query(t, shared, "KILL %s", value(t, shared, "SELECT IS_USED_LOCK('%s')", lockName(key)))
			made := c.publish(t, payload).post(t, http.StatusCreated)
			release()
			if a := <-first; a.status != http.StatusInternalServerError {
				t.Errorf("status %d of the request without connection, want 500: %s", a.status, a.body)
			}
			allowLog(t, shared, "gone away")
			requireOnePost(t, shared, key)
			if p := c.publish(t, payload).problem(t, "already-published", http.StatusConflict); p.Post.ID != made.ID {
				t.Errorf("already published as %d, want %d", p.Post.ID, made.ID)
			}
		})
	}
}

// A plugin that ends the request leaves no lock behind on a connection that outlives the request.
func TestLockIsReleasedAtExit(t *testing.T) {
	c := newClient(t, shared)
	c.set("X-Test-Exit", "wp_insert_post_data").set("X-Test-Lock", lockName("exit")).publish(t, minimal("exit"))
	file := filepath.Join(shared.Dir, "www", "wp-content", "locks")
	held, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(file); err != nil {
		t.Error(err)
	}
	if string(held) != "0" {
		t.Errorf("the request holds its lock at its end: %q", held)
	}
	c.publish(t, minimal("exit")).post(t, http.StatusCreated)
	requireOnePost(t, shared, "exit")
}

// Where the lock excludes nobody, as between the nodes of a database cluster, the reservation still belongs to one attempt.
func TestWithoutLock(t *testing.T) {
	for name, hook := range map[string]string{
		"overtaken before the INSERT": "wp_insert_post_data",
		"overtaken after the INSERT":  "save_post",
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			key := "without lock " + hook
			first := make(chan answer, 1)
			go func() {
				// An error shows below as an answer without status.
				a, _ := c.set("X-Test-Hold", hook).tryPublish(t.Context(), minimal(key))
				first <- a
			}()
			release := waitUntilHeld(t, shared)
			unlocked := c.set("X-Test-Code", `add_filter( 'query', function ( $sql ) { return 0 === strpos( $sql, 'SELECT GET_LOCK' ) ? 'SELECT 1' : $sql; } );`)
			made := unlocked.publish(t, minimal(key)).post(t, http.StatusCreated)
			release()
			(<-first).problem(t, "in-progress", http.StatusConflict)
			if p := c.publish(t, minimal(key)).problem(t, "already-published", http.StatusConflict); p.Post.ID != made.ID {
				t.Errorf("already published as %d, want %d", p.Post.ID, made.ID)
			}
			requireOnePost(t, shared, key)
		})
	}
}
