// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"net/http"
	"testing"
)

// lost is how a site can lose its table: a restore of part of a database may also have lost the note that it was there.
var lost = map[string]string{
	"table":          `Igny8_Bridge_Schema::drop();`,
	"table and note": `Igny8_Bridge_Schema::drop(); delete_option( Igny8_Bridge_Schema::OPTION );`,
}

// A site whose table is gone makes it anew, and keys that never had a post have none.
func TestMissingTable(t *testing.T) {
	for name, lose := range lost {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			php(t, shared, "%s", lose)
			c.get(t, "/publish?content_key=never-had").problem(t, "post-not-found", http.StatusNotFound)
			php(t, shared, "%s", lose)
			c.publish(t, minimal("new after "+name)).post(t, http.StatusCreated)
			requireOnePost(t, shared, "new after "+name)
		})
	}
}

// The posts say which keys a lost table had: a whole post stays as it is, a half-made one is completed.
func TestTableIsMadeAgain(t *testing.T) {
	for name, lose := range lost {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			whole, half := `whole \ ä 😀 before `+name, "half before "+name
			made := c.publish(t, minimal(whole)).post(t, http.StatusCreated)
			payload := minimal(half).with(fields{"tags": []string{"rebuilt"}, "claim": "c"})
			c.set("X-Test-Kill", "add_term_relationship").publish(t, payload)
			id := value(t, shared, "SELECT ID FROM wp_posts WHERE guid LIKE '%%:%s'", keyHash(half))
			php(t, shared, "%s", lose)

			got := c.publish(t, minimal(whole)).problem(t, "already-published", http.StatusConflict).Post
			if got.ID != made.ID || got.ContentKey != whole {
				t.Errorf("post %d of %q, want %d of %q", got.ID, got.ContentKey, made.ID, whole)
			}
			if read := c.get(t, "/publish/"+itoa(made.ID)).post(t, http.StatusOK); read.ContentKey != whole {
				t.Errorf("post of %q, want %q", read.ContentKey, whole)
			}
			completed := c.publish(t, payload).post(t, http.StatusCreated)
			if itoa(completed.ID) != id || completed.ContentKey != half || len(completed.Terms["post_tag"]) != 1 || completed.Claim != "c" {
				t.Errorf("completed %+v, want post %s whole", completed, id)
			}
			requireOnePost(t, shared, whole)
			requireOnePost(t, shared, half)
		})
	}
}

// Of many requests that find the table gone, none takes the new one for empty.
func TestTableIsMadeAgainInParallel(t *testing.T) {
	const clients = 8
	c := newClient(t, shared)
	made := c.publish(t, minimal("table in parallel")).post(t, http.StatusCreated)
	for name, lose := range lost {
		t.Run(name, func(t *testing.T) {
			php(t, shared, "%s", lose)
			answers := inParallel(t, clients, func(int) (answer, error) { return c.tryPublish(t.Context(), minimal("table in parallel")) })
			for _, a := range answers {
				if a.status != http.StatusConflict {
					t.Errorf("status %d, want 409: %s", a.status, a.body)
				}
			}
			if p := c.publish(t, minimal("table in parallel")).problem(t, "already-published", http.StatusConflict); p.Post.ID != made.ID {
				t.Errorf("already published as %d, want %d", p.Post.ID, made.ID)
			}
			requireOnePost(t, shared, "table in parallel")
			if tables := query(t, shared, "SHOW TABLES LIKE '%%igny8_reservations%%'"); len(tables) != 1 {
				t.Errorf("tables %v, want one", tables)
			}
		})
	}
}

// A table of an earlier layout is changed, not lost.
func TestTableIsUpgraded(t *testing.T) {
	c := newClient(t, shared)
	made := c.publish(t, minimal("upgrade ä").with(fields{"owner": "ö"})).post(t, http.StatusCreated)
	query(t, shared, `ALTER TABLE wp_igny8_reservations DROP COLUMN attempt, MODIFY content_key varchar(128) NOT NULL, MODIFY owner varchar(128) NOT NULL DEFAULT ''`)
	php(t, shared, `update_option( Igny8_Bridge_Schema::OPTION, '1' );`)

	if p := c.publish(t, minimal("upgrade ä")).problem(t, "already-published", http.StatusConflict); p.Post.ID != made.ID || p.Post.Owner != "ö" {
		t.Errorf("already published as %d of %q, want %d of ö", p.Post.ID, p.Post.Owner, made.ID)
	}
	c.publish(t, minimal("upgrade 😀")).post(t, http.StatusCreated)
	types := query(t, shared, "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'wp_igny8_reservations' AND column_name IN ('attempt', 'content_key', 'owner')")
	for _, column := range types {
		if column[1] != "varbinary" {
			t.Errorf("column %s is %s", column[0], column[1])
		}
	}
	if len(types) != 3 {
		t.Errorf("columns %v, want three", types)
	}
}

// A question the database did not answer is not the answer that there is no post.
func TestDatabaseFails(t *testing.T) {
	for name, broken := range map[string]string{
		"look-up of the reservation": "FROM wp_igny8_reservations WHERE",
		"look-up of the post":        "SELECT ID FROM wp_posts WHERE ID = ",
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			key := "database fails at the " + name
			made := c.publish(t, minimal(key)).post(t, http.StatusCreated)
			code := `add_filter( 'query', function ( $sql ) { return false === strpos( $sql, '` + broken + `' ) ? $sql : 'SELECT broken'; } );`
			failing := c.set("X-Test-Code", code)
			failing.publish(t, minimal(key)).problem(t, "not-stored", http.StatusInternalServerError)
			failing.get(t, "/publish/"+itoa(made.ID)).problem(t, "not-stored", http.StatusInternalServerError)
			allowLog(t, shared, "Unknown column 'broken'")

			if p := c.publish(t, minimal(key)).problem(t, "already-published", http.StatusConflict); p.Post.ID != made.ID {
				t.Errorf("already published as %d, want %d", p.Post.ID, made.ID)
			}
			requireOnePost(t, shared, key)
		})
	}
}

// Another post that happens to have the id of a row takes no key with it when it is deleted.
func TestForeignPostUnderOurIDIsDeleted(t *testing.T) {
	c := newClient(t, shared)
	made := c.publish(t, minimal("foreign")).post(t, http.StatusCreated)
	foreign := php(t, shared, `echo wp_insert_post( array( 'post_title' => 'Foreign' ) );`)
	query(t, shared, "UPDATE wp_igny8_reservations SET post_id = %s WHERE post_id = %d", foreign, made.ID)
	php(t, shared, `wp_delete_post( %s, true );`, foreign)
	if p := c.publish(t, minimal("foreign")).problem(t, "already-published", http.StatusConflict); p.Post.ID != made.ID {
		t.Errorf("already published as %d, want %d", p.Post.ID, made.ID)
	}
	if id := value(t, shared, "SELECT post_id FROM wp_igny8_reservations WHERE key_hash = '%s'", keyHash("foreign")); id != itoa(made.ID) {
		t.Errorf("the row has post %s, want %d, which was found by its guid", id, made.ID)
	}
}
