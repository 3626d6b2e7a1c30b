// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/igny8/wordpress-operator/hack/wordpress"
)

// A site with an old character set keeps keys and origins it has no characters for.
func TestOldCharacterSet(t *testing.T) {
	for _, charset := range []string{"utf8mb3", "latin1"} {
		t.Run(charset, func(t *testing.T) {
			site := newSite(t, wordpress.Options{})
			configure(t, site, "'DB_CHARSET', 'utf8mb4'", "'DB_CHARSET', '"+charset+"'")
			for _, table := range []string{"wp_posts", "wp_postmeta"} {
				query(t, site, "ALTER TABLE %s CONVERT TO CHARACTER SET %s", table, charset)
			}
			php(t, site, `Igny8_Bridge_Schema::drop();`)
			c := newClient(t, site)
			for _, key := range []string{"😀 ключ é", "plain"} {
				payload := minimal(key).with(fields{"owner": key, "claim": key, "source_digest": key})
				made := c.publish(t, payload).post(t, http.StatusCreated)
				read := c.get(t, "/publish?content_key="+url.QueryEscape(key)).post(t, http.StatusOK)
				if read.ID != made.ID || read.ContentKey != key || read.Owner != key || read.Claim != key || read.SourceDigest != key {
					t.Errorf("read back %+v, want everything to be %q", read, key)
				}
				c.publish(t, payload).problem(t, "already-published", http.StatusConflict)
				requireOnePost(t, site, key)
			}
		})
	}
}
