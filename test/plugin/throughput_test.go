// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// batchGoal is the most CPU time of PHP and database that a post in a batch may take, against one made alone by core's own route.
const batchGoal = 0.67

// BenchmarkBatchCPU compares the CPU time of a batch with that of core's route for the same posts with the same terms and metas, in pairs that
// change their order. It prints one line and fails when the goal is not met.
func BenchmarkBatchCPU(b *testing.B) {
	const pairs, posts = 9, 20
	ctx := b.Context()
	c := client{site: shared, base: shared.URL + "/wp-json/igny8/v1", header: http.Header{"X-Igny8-Api-Key": {shared.APIKey}, "Content-Type": {"application/json"}}}
	terms := termsToCompare(ctx, b)
	number := 0
	ways := []func(){
		func() { c.core(ctx, b, posts, terms, &number) },
		func() { c.oneBatch(ctx, b, posts, &number) },
	}
	ways[0]()
	ways[1]() // Both once, to warm up.
	for b.Loop() {
		ratios := make([]float64, pairs)
		for i := range ratios {
			var spent [2]float64
			for _, which := range [][]int{{0, 1}, {1, 0}}[i%2] {
				before := cpu(b)
				ways[which]()
				spent[which] = cpu(b) - before
			}
			ratios[i] = spent[1] / spent[0]
		}
		slices.Sort(ratios)
		verdict := "ok"
		if ratios[pairs/2] > batchGoal {
			verdict = "short"
			b.Errorf("a post in a batch takes %.2f of the CPU time of one through core", ratios[pairs/2])
		}
		fmt.Printf("batch_cpu_ratio %.3f %.2f %s (from %.3f to %.3f)\n", ratios[pairs/2], batchGoal, verdict, ratios[0], ratios[pairs-1])
		b.ReportMetric(ratios[pairs/2], "ratio")
	}
}

// termsToCompare makes the terms that core's route takes by id.
func termsToCompare(ctx context.Context, b *testing.B) []int {
	b.Helper()
	out, err := shared.PHP(ctx, `echo wp_json_encode( array( wp_insert_term( 'Throughput', 'category' )['term_id'],
		wp_insert_term( 'through-1', 'post_tag' )['term_id'], wp_insert_term( 'through-2', 'post_tag' )['term_id'] ) );`)
	if err != nil {
		b.Fatal(err)
	}
	var ids []int
	if err := json.Unmarshal([]byte(out), &ids); err != nil {
		b.Fatal(err)
	}
	return ids
}

// article is the content of a post, 4 KiB.
var article = strings.Repeat("<!-- wp:paragraph --><p>Some text of an article.</p><!-- /wp:paragraph -->", 56)

func (c client) core(ctx context.Context, b *testing.B, posts int, terms []int, number *int) {
	b.Helper()
	c.base = shared.URL + "/wp-json"
	for range posts {
		*number++
		c.mustCreate(ctx, b, "/wp/v2/posts", http.StatusCreated, fields{
			"title": "T", "content": article, "status": "publish", "slug": fmt.Sprint("throughput-", *number), "categories": terms[:1], "tags": terms[1:], "meta": fields{"m1": "a", "m2": "b"},
		})
	}
}

func (c client) oneBatch(ctx context.Context, b *testing.B, posts int, number *int) {
	b.Helper()
	items := make([]fields, posts)
	for i := range items {
		*number++
		items[i] = minimal(fmt.Sprint("throughput ", *number)).with(fields{
			"title": "T", "content_html": article, "slug": fmt.Sprint("throughput-", *number), "categories": []string{"Throughput"}, "tags": []string{"through-1", "through-2"},
			"meta": fields{"m1": "a", "m2": "b"}, "owner": "o", "claim": "c", "source_digest": "d",
		})
	}
	body := c.mustCreate(ctx, b, "/publish/batch", http.StatusOK, fields{"items": items})
	if n := strings.Count(body, `"status":201`); n != posts {
		b.Fatalf("%d posts of %d: %s", n, posts, body)
	}
}

func (c client) mustCreate(ctx context.Context, b *testing.B, route string, status int, f fields) string {
	b.Helper()
	raw, err := json.Marshal(f)
	if err != nil {
		b.Fatal(err)
	}
	a, err := c.do(ctx, http.MethodPost, route, string(raw))
	if err != nil || a.status != status {
		b.Fatalf("status %d: %v: %s", a.status, err, a.body)
	}
	return a.body
}

// cpu is what the site's processes have used of the processors, in seconds.
func cpu(b *testing.B) float64 {
	b.Helper()
	used, err := shared.CPUTime()
	if err != nil {
		b.Fatal(err)
	}
	return used.Seconds()
}
