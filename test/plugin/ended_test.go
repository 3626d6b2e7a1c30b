// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"net/http"
	"net/url"
	"testing"
)

// end tells a site that the request with a claim was deleted.
func end(t *testing.T, c client, key, claim string) {
	t.Helper()
	route := "/publish?force=true&content_key=" + url.QueryEscape(key) + "&claim=" + claim
	if a := c.must(t, http.MethodDelete, route, ""); a.status != http.StatusOK {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
}

// age has all claims of a key have ended so many hours ago.
func age(t *testing.T, key string, hours int) {
	t.Helper()
	query(t, shared, "UPDATE wp_igny8_reservations SET updated_gmt = updated_gmt - INTERVAL %d HOUR WHERE key_hash = '%s'", hours, keyHash(key))
}

// A request that exists again, because the cluster was restored from a backup, is
// accepted when nothing of its former life can be on its way any more.
func TestAnEndedClaimIsAcceptedAgain(t *testing.T) {
	c := newClient(t, shared)
	late := minimal("ended").with(fields{"claim": "uid-ended"})
	end(t, c, "ended", "uid-ended")
	age(t, "ended", 23)
	if p := c.publish(t, late).problem(t, "claim-ended", http.StatusConflict); p.RetryAfter < 3000 || p.RetryAfter > 3600 {
		t.Errorf("retry_after %d, want an hour", p.RetryAfter)
	}
	age(t, "ended", 1)
	c.publish(t, late).post(t, http.StatusCreated)
	requireOnePost(t, shared, "ended")
}

// What is refused no longer is forgotten: each deletion leaves a row.
func TestEndedClaimsAreForgotten(t *testing.T) {
	c := newClient(t, shared)
	for _, key := range []string{"forgotten", "remembered"} {
		end(t, c, key, "uid-ended")
	}
	age(t, "forgotten", 24)
	if got := php(t, shared, `echo (int) ( wp_next_scheduled( Igny8_Bridge_Ended::EVENT ) > time() + 80000 );`); got != "1" {
		t.Errorf("scheduled: %s, want a day from now", got)
	}
	got := php(t, shared, `wp_unschedule_hook( Igny8_Bridge_Ended::EVENT ); do_action( Igny8_Bridge_Ended::EVENT ); echo (int) (bool) wp_next_scheduled( Igny8_Bridge_Ended::EVENT );`)
	if got != "1" {
		t.Errorf("scheduled again: %s, want 1 while there are others", got)
	}
	for key, want := range map[string]string{"forgotten": "0", "remembered": "1"} {
		if n := value(t, shared, "SELECT COUNT(*) FROM wp_igny8_reservations WHERE key_hash = '%s'", keyHash(key)); n != want {
			t.Errorf("%s: %s rows, want %s", key, n, want)
		}
	}
}
