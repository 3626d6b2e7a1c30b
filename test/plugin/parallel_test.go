// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"crypto/sha1" // the lock's name; nothing secret
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// publishAll sends payloads at once and returns the answers in the order of the payloads.
func (c client) publishAll(t *testing.T, payloads []fields) []answer {
	t.Helper()
	return inParallel(t, len(payloads), func(i int) (answer, error) { return c.tryPublish(t.Context(), payloads[i]) })
}

// requireOneCreated fails unless exactly one of the answers is 201, all others being 409; those that
// say that there is a post have to name that one.
func requireOneCreated(t *testing.T, answers []answer) {
	t.Helper()
	var (
		created []post
		named   = map[int]int{}
	)
	for _, a := range answers {
		switch {
		case a.status == http.StatusCreated:
			created = append(created, a.post(t, http.StatusCreated))
		case strings.Contains(a.body, "problem:in-progress"):
			a.problem(t, "in-progress", http.StatusConflict)
		default:
			named[a.problem(t, "already-published", http.StatusConflict).Post.ID]++
		}
	}
	if len(created) != 1 {
		t.Fatalf("%d requests created a post, want 1", len(created))
	}
	delete(named, created[0].ID)
	if len(named) > 0 {
		t.Errorf("the post is %d, but others were named: %v", created[0].ID, named)
	}
}

// However many requests with one content key arrive at once, one makes the post.
func TestParallelWithOneKey(t *testing.T) {
	const clients = 16
	c := newClient(t, shared)
	payload := minimal("parallel-one").with(fields{
		"content_id": 123, "categories": []string{"Parallel/Deep"}, "tags": []string{"parallel-tag"},
	})
	payloads := make([]fields, clients)
	for i := range payloads {
		payloads[i] = payload.with(fields{"claim": fmt.Sprint("claim-", i)})
	}
	requireOneCreated(t, c.publishAll(t, payloads))
	requireOnePost(t, shared, "parallel-one")
	requireTermsOnce(t, "Parallel", "Deep", "parallel-tag")
}

// Requests with different keys do not hinder each other, and do not make their common terms twice.
func TestParallelWithDifferentKeys(t *testing.T) {
	const clients = 16
	c := newClient(t, shared)
	payloads := make([]fields, clients)
	for i := range payloads {
		payloads[i] = minimal(fmt.Sprint("parallel-", i)).with(fields{
			"categories": []string{"Common", "Common/Below"}, "tags": []string{"common-tag", "common-other"},
		})
	}
	for i, a := range c.publishAll(t, payloads) {
		made := a.post(t, http.StatusCreated)
		if len(made.Terms["category"]) != 2 || len(made.Terms["post_tag"]) != 2 {
			t.Errorf("post %d lacks terms: %v", made.ID, made.Terms)
		}
		requireOnePost(t, shared, fmt.Sprint("parallel-", i))
	}
	requireTermsOnce(t, "Common", "Below", "common-tag", "common-other")
	requireRightCounts(t)
}

// A storm of repeated requests for several contents makes one post of each.
func TestStorm(t *testing.T) {
	const contents, repeats = 20, 10
	c := newClient(t, shared)
	payloads := make([]fields, 0, contents*repeats)
	for i := range contents * repeats {
		id := i%contents + 1
		payloads = append(payloads, minimal(fmt.Sprint("storm:", id)).with(fields{
			"content_id": id, "categories": []string{"Storm", fmt.Sprint("Storm/Below ", id)}, "tags": []string{"storm-tag", fmt.Sprint("storm-", id)},
		}))
	}
	answers := c.publishAll(t, payloads)
	for id := range contents {
		var ofOne []answer
		for i := id; i < len(answers); i += contents {
			ofOne = append(ofOne, answers[i])
		}
		requireOneCreated(t, ofOne)
		requireOnePost(t, shared, fmt.Sprint("storm:", id+1))
		requireTermsOnce(t, fmt.Sprint("Below ", id+1), fmt.Sprint("storm-", id+1))
	}
	requireTermsOnce(t, "Storm", "storm-tag")
	requireRightCounts(t)
	requireNoLocks(t)
}

// A request that finds its key being published says so, and says when to come again.
func TestInProgress(t *testing.T) {
	c := newClient(t, shared)
	first := make(chan answer, 1)
	go func() {
		// An error shows below as an answer without a post.
		a, _ := c.set("X-Test-Hold", "wp_insert_post_data").tryPublish(t.Context(), minimal("held"))
		first <- a
	}()
	release := waitUntilHeld(t, shared)

	a := c.publish(t, minimal("held"))
	a.problem(t, "in-progress", http.StatusConflict)
	if got := a.header.Get("Retry-After"); got != "2" {
		t.Errorf("Retry-After %q, want 2", got)
	}
	c.get(t, "/publish?content_key=held").problem(t, "in-progress", http.StatusConflict)

	release()
	made := (<-first).post(t, http.StatusCreated)
	if p := c.publish(t, minimal("held")).problem(t, "already-published", http.StatusConflict); p.Post.ID != made.ID {
		t.Errorf("already published as %d, want %d", p.Post.ID, made.ID)
	}
	requireOnePost(t, shared, "held")
}

// requireNoLocks fails when the lock of a taxonomy is still held; requireOnePost looks at those of contents.
func requireNoLocks(t *testing.T) {
	t.Helper()
	for _, taxonomy := range []string{"category", "post_tag"} {
		name := fmt.Sprintf("igny8:%x", sha1.Sum([]byte("wordpress\nwp_\ntaxonomy\n"+taxonomy)))
		if holder := value(t, shared, "SELECT IS_USED_LOCK('%s')", name); holder != "NULL" {
			t.Errorf("the lock of %s is held by connection %s", taxonomy, holder)
		}
	}
}

// requireTermsOnce fails unless each name has exactly one term.
func requireTermsOnce(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if n := termCount(t, shared, name); n != "1" {
			t.Errorf("term %s exists %s times, want once", name, n)
		}
	}
}

// requireRightCounts fails when a term's count is not the number of its published posts: counting is deferred.
func requireRightCounts(t *testing.T) {
	t.Helper()
	rows := query(t, shared, `SELECT tt.term_taxonomy_id, tt.count, COUNT(p.ID) AS real_count FROM wp_term_taxonomy tt
		LEFT JOIN wp_term_relationships tr USING (term_taxonomy_id)
		LEFT JOIN wp_posts p ON p.ID = tr.object_id AND p.post_status = 'publish'
		WHERE tt.taxonomy IN ('category', 'post_tag') GROUP BY 1, 2 HAVING tt.count <> real_count`)
	if len(rows) > 0 {
		t.Errorf("terms with a wrong count (id, count, posts): %v", rows)
	}
}
