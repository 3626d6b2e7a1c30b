// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// stored reads one value of the shared site's database.
func stored(t *testing.T, query string) string {
	t.Helper()
	rows, err := site.Query(t.Context(), query)
	if err != nil || len(rows) != 1 {
		t.Fatalf("%s: %v, %v", query, rows, err)
	}
	return rows[0][0]
}

// column reads a column of a post.
func column(t *testing.T, id int64, name string) string {
	t.Helper()
	return stored(t, fmt.Sprintf("SELECT %s FROM wp_posts WHERE ID = %d", name, id))
}

func metaOf(t *testing.T, id int64, key string) string {
	t.Helper()
	return stored(t, fmt.Sprintf("SELECT meta_value FROM wp_postmeta WHERE post_id = %d AND meta_key = '%s'", id, key))
}

// TestFrontMatterBecomesAPostOfBlocks: title, terms, date and meta come from the
// content, and the editor finds blocks.
func TestFrontMatterBecomesAPostOfBlocks(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	request := s.request("front")
	request.Spec.Title, request.Spec.Categories, request.Spec.Tags = "", nil, nil
	request.Spec.Content.Inline = "---\ntitle: " + s.name + " Größe 漢字 🚀\ndate: 2020-02-03 04:05:06\ncategories: [Länder/Österreich]\ncustomFields: {price: '9.90'}\n---\nA *word*.\n\n- one\n"
	s.create(request)
	post := s.awaitRequest("front", "Ready=True/Published", "Published=True/Published").Status.Post
	want := []string{s.name + " Größe 漢字 🚀", "2020-02-03 04:05:06", "9.90",
		"<!-- wp:paragraph -->\n<p>A <em>word</em>.</p>\n<!-- /wp:paragraph -->"}
	text, _, _ := strings.Cut(column(t, post.ID, "post_content"), "\n\n<!-- wp:list")
	got := []string{column(t, post.ID, "post_title"), column(t, post.ID, "post_date_gmt"), metaOf(t, post.ID, "price"), text}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	parent := stored(t, fmt.Sprintf("SELECT p.name FROM wp_term_relationships r JOIN wp_term_taxonomy x USING (term_taxonomy_id) JOIN wp_terms p ON p.term_id = x.parent WHERE r.object_id = %d AND x.taxonomy = 'category'", post.ID))
	if parent != "Länder" {
		t.Errorf("the category's parent is %q", parent)
	}
	checkPage(t, post.URL, "<em>word</em>")
}

// TestAScheduledPostIsTheSites: the post is there at once, and not public.
func TestAScheduledPostIsTheSites(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	request := s.request("later")
	request.Spec.Status, request.Spec.PublishTime = v1alpha1.PostStatusFuture, metav1.NewTime(time.Now().Add(24*time.Hour))
	s.create(request)
	got := s.awaitRequest("later", "Ready=True/Published", "Published=False/InReview")
	if status := column(t, got.Status.Post.ID, "post_status"); status != "future" || got.Status.ContentStatus != v1alpha1.ContentStatusReview {
		t.Errorf("the site has %s, the status %s", status, got.Status.ContentStatus)
	}
}

// TestALongArticle of a ConfigMap is stored whole.
func TestALongArticle(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	const paragraphs = 5000
	body := strings.Repeat("<p>"+strings.Repeat("Wörter ", 14)+"</p>\n", paragraphs)
	s.create(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "body"}, Data: map[string]string{"body.html": body}})
	request := s.request("long")
	request.Spec.Content = v1alpha1.Content{Type: v1alpha1.ContentTypeConfigMap, ConfigMap: v1alpha1.ConfigMapKeyReference{Name: "body", Key: "body.html"}}
	s.create(request)
	post := s.awaitRequest("long", "Ready=True/Published").Status.Post
	if n := strings.Count(column(t, post.ID, "post_content"), "<!-- wp:paragraph -->"); n != paragraphs {
		t.Errorf("%d paragraphs of %d KB are stored, want %d", n, len(body)>>10, paragraphs)
	}
}

// TestAMappingOfTheIntegration is written as post meta, and changed with it.
func TestAMappingOfTheIntegration(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	s.patch(s.integration("blog", site.URL), `{"spec":{"fieldMappings":[{"name":"sub","metaKey":"subtitle","from":{"type":"CEL","cel":"'For ' + spec.tags[0]"}}]}}`)
	s.create(s.request("mapped"))
	post := s.awaitRequest("mapped", "Ready=True/Published").Status.Post
	if got := metaOf(t, post.ID, "subtitle"); got != "For one" {
		t.Errorf("meta %q", got)
	}
	s.patch(s.integration("blog", site.URL), `{"spec":{"fieldMappings":[{"name":"sub","metaKey":"subtitle","from":{"type":"CEL","cel":"spec.tags[1]"}}]}}`)
	poll(t, func() (bool, string) {
		got := metaOf(t, post.ID, "subtitle")
		return got == "two", "meta " + got
	})
}
