// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Every field of the payload arrives where it belongs.
func TestPublishEverything(t *testing.T) {
	c := newClient(t, shared)
	newUser(t, shared, "writer", "author")
	made := c.publish(t, fields{
		"content_key": "everything", "content_id": 9007199254740991, "owner": "default/blog", "claim": "7c7a", "source_digest": "sha256:60",
		"title": "Everything", "content_html": "<!-- wp:paragraph --><p>All</p><!-- /wp:paragraph -->", "excerpt": "Short", "status": "publish",
		"slug": "all-of-it", "post_type": "post", "author": "writer", "comment_status": "closed",
		"categories": []string{"Everything", "World/Europe", "R&D"}, "tags": []string{"One", "two & three"},
		"seo_title": "SEO title", "seo_description": "SEO description", "primary_keyword": "key", "secondary_keywords": []string{"a", "b"},
	}).post(t, http.StatusCreated)

	want := post{
		ContentKey: "everything", Type: "post", Status: "publish", Title: "Everything", Slug: "all-of-it", URL: shared.URL + "/all-of-it/",
		EditURL: fmt.Sprintf("%spost.php?post=%d&action=edit", shared.AdminURL, made.ID), Author: user{Login: "writer"},
		SourceDigest: "sha256:60", Owner: "default/blog", Claim: "7c7a", SEOAdapters: []string{"igny8"},
		Terms: map[string][]term{"category": {{Name: "Europe"}, {Name: "Everything"}, {Name: "R&D"}}, "post_tag": {{Name: "One"}, {Name: "two & three"}}},
	}
	ignore := cmp.Options{cmpopts.IgnoreFields(post{}, "ID", "ContentHash", "WrittenHash", "DateGMT", "ModifiedGMT"), cmpopts.IgnoreFields(user{}, "ID"), cmpopts.IgnoreFields(term{}, "ID")}
	if diff := cmp.Diff(want, made, ignore); diff != "" {
		t.Errorf("representation (-want +got):\n%s", diff)
	}
	if !regexp.MustCompile(`^sha256:[0-9a-f]{64}$`).MatchString(made.ContentHash) {
		t.Errorf("content hash %q", made.ContentHash)
	}
	if when, err := time.Parse(time.RFC3339, made.ModifiedGMT); err != nil || time.Since(when).Abs() > time.Minute {
		t.Errorf("modified %q: %v", made.ModifiedGMT, err)
	}
	stored := value(t, shared, "SELECT CONCAT_WS('|', post_excerpt, comment_status) FROM wp_posts WHERE ID = %d", made.ID)
	if stored != "Short|closed" {
		t.Errorf("stored %q", stored)
	}
	if id := value(t, shared, "SELECT content_id FROM wp_igny8_reservations WHERE post_id = %d", made.ID); id != "9007199254740991" {
		t.Errorf("content id %s", id)
	}
}

// A field that is null counts as absent.
func TestNull(t *testing.T) {
	c := newClient(t, shared).set("Content-Type", "application/json")
	var nulls strings.Builder
	for _, field := range []string{
		"content_id", "owner", "claim", "source_digest", "excerpt", "slug", "post_type", "author", "comment_status", "template", "parent",
		"categories", "tags", "seo_title", "seo_description", "primary_keyword", "secondary_keywords",
	} {
		fmt.Fprintf(&nulls, `, %q: null`, field)
	}
	made := c.must(t, http.MethodPost, "/publish", `{"content_key": "nulls", "title": "T", "content_html": "C", "status": "draft"`+nulls.String()+`}`).post(t, http.StatusCreated)
	without := c.publish(t, fields{"content_key": "no nulls", "title": "T", "content_html": "C", "status": "draft"}).post(t, http.StatusCreated)
	ignore := cmpopts.IgnoreFields(post{}, "ID", "ContentKey", "URL", "EditURL", "DateGMT", "ModifiedGMT")
	if diff := cmp.Diff(without, made, ignore); diff != "" {
		t.Errorf("post (-absent +null):\n%s", diff)
	}
	if id := value(t, shared, "SELECT content_id FROM wp_igny8_reservations WHERE post_id = %d", made.ID); id != "NULL" {
		t.Errorf("content id %s, want NULL", id)
	}
}

// The status decides about the address: what is not public has its preview.
func TestStatuses(t *testing.T) {
	c := newClient(t, shared)
	for status, preview := range map[string]bool{"publish": false, "draft": true, "pending": true, "private": true} {
		t.Run(status, func(t *testing.T) {
			made := c.publish(t, minimal("status-"+status).with(fields{"status": status})).post(t, http.StatusCreated)
			if made.Status != status || strings.Contains(made.URL, "preview=true") != preview {
				t.Errorf("status %s, url %s", made.Status, made.URL)
			}
			if _, err := time.Parse(time.RFC3339, made.ModifiedGMT); err != nil || strings.HasPrefix(made.ModifiedGMT, "0000") {
				t.Errorf("modified %q: %v", made.ModifiedGMT, err)
			}
		})
	}
}

// Pages have a parent and a template, and no terms.
func TestPage(t *testing.T) {
	c := newClient(t, shared)
	page := fields{"post_type": "page", "template": "default"}
	parent := c.publish(t, minimal("page-parent").with(page).with(fields{"slug": "parent"})).post(t, http.StatusCreated)
	child := c.publish(t, minimal("page-child").with(page).with(fields{"slug": "child", "parent": parent.ID})).post(t, http.StatusCreated)
	if want := shared.URL + "/parent/child/"; child.URL != want || child.Type != "page" {
		t.Errorf("type %s at %s, want page at %s", child.Type, child.URL, want)
	}
	if diff := cmp.Diff(map[string][]term{"category": {}, "post_tag": {}}, child.Terms); diff != "" {
		t.Errorf("terms (-want +got):\n%s", diff)
	}
}

// What an administrator sends is stored to the byte: nothing is slashed, decoded or dropped.
func TestExactText(t *testing.T) {
	c := newClient(t, shared)
	for name, text := range map[string]string{
		"backslashes":     `C:\new\table \\server\share \0 \' \" \`,
		"quotes":          `it's "quoted" ‘curly’ “double” &quot;entity&quot; &#039;`,
		"emoji":           "👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 é é",
		"scripts":         "日本語 العربية עברית हिन्दी ไทย 𝔘𝔫𝔦𝔠𝔬𝔡𝔢",
		"percent":         `100% %s %d %1$s {{%}} %%`,
		"markup":          `<iframe src="https://example.com/?a=1&amp;b=2"></iframe><script>if (a < b && c) { d("x\n"); }</script>`,
		"block":           `<!-- wp:html {"a":"\u003cb\u003e","path":"C:\\x"} --><p style="display:flex">x</p><!-- /wp:html -->`,
		"shortcode":       `[gallery ids="1,2" caption='\[x\]']`,
		"line ends":       "a\r\nb\nc\td",
		"php and sql":     `<?php echo 1; ?> '; DROP TABLE wp_posts; --`,
		"zero width join": "a\u200db\u00adc\ufeffd",
		"embed":           "<!-- wp:embed {\"url\":\"https://example.com/v\"} --><figure class=\"wp-block-embed\">\nhttps://example.com/v\n</figure><!-- /wp:embed -->\n[embed]https://example.com/w[/embed]",
	} {
		t.Run(name, func(t *testing.T) {
			made := c.publish(t, minimal("exact-"+name).with(fields{"content_html": text, "excerpt": text, "seo_title": text})).post(t, http.StatusCreated)
			out := php(t, shared, `$p = get_post( %d ); echo $p->post_content, '|', $p->post_excerpt, '|', get_post_meta( $p->ID, '_igny8_seo_title', true );`, made.ID)
			if want := text + "|" + text + "|" + text; out != want {
				t.Errorf("stored differs (-want +got):\n%s", cmp.Diff(want, out))
			}
		})
	}
}

// A long article is stored whole; an excerpt that no database could hold is refused.
func TestLongText(t *testing.T) {
	c := newClient(t, shared)
	long := strings.Repeat("<!-- wp:paragraph --><p>Ein längerer Absatz mit \"Zeichen\" \\ und 漢字.</p><!-- /wp:paragraph -->\n", 5400)
	made := c.publish(t, minimal("long").with(fields{"content_html": long})).post(t, http.StatusCreated)
	if out := php(t, shared, `echo get_post( %d )->post_content;`, made.ID); out != strings.TrimSpace(long) && out != long {
		t.Errorf("%d bytes stored of %d", len(out), len(long))
	}
	p := c.publish(t, minimal("long excerpt").with(fields{"excerpt": long})).problem(t, "invalid-payload", http.StatusBadRequest)
	if len(p.Errors) != 1 || p.Errors[0].Field != "excerpt" {
		t.Errorf("errors %v, want one of excerpt", p.Errors)
	}
}

// Titles, content keys and origins are exact as well, and keys differ as bytes: the collation ignores case and accents.
func TestExactTitleAndKey(t *testing.T) {
	c := newClient(t, shared)
	ids := map[int]string{}
	for _, key := range []string{"exact:Ä", "exact:ä", "exact:a", "exact:A", "exact:a ", `exact:\a'"%`, "exact:😀"} {
		title := `Über \ 'x' "y" & <b>z</b> 😀 ` + key
		made := c.publish(t, minimal(key).with(fields{"title": title, "owner": key})).post(t, http.StatusCreated)
		if want := strings.TrimSpace(title); made.ContentKey != key || made.Owner != key || made.Title != want {
			t.Errorf("key %q, owner %q, title %q; want %q, %q", made.ContentKey, made.Owner, made.Title, key, want)
		}
		if other, twice := ids[made.ID]; twice {
			t.Errorf("%q and %q are one post", key, other)
		}
		ids[made.ID] = key
	}
}

// Without the right to write any HTML, WordPress cleans; the digest is that of what was stored.
func TestCleanedContent(t *testing.T) {
	c := newClient(t, shared)
	full := c.publish(t, minimal("kses").with(fields{"content_html": `<p>a</p><script>b()</script>`})).post(t, http.StatusCreated)
	runAs(t, shared, "author")
	cleaned := c.publish(t, minimal("kses-author").with(fields{"content_html": `<p>a</p><script>b()</script>`, "slug": full.Slug})).post(t, http.StatusCreated)
	if got, want := value(t, shared, "SELECT post_content FROM wp_posts WHERE ID = %d", cleaned.ID), "<p>a</p>b()"; got != want {
		t.Errorf("stored %q, want %q", got, want)
	}
	if full.ContentHash == cleaned.ContentHash {
		t.Error("different content has the same digest")
	}
}

// A key that has its post is answered with it, also when the site has changed since and would refuse the payload now.
func TestAlreadyPublishedComesFirst(t *testing.T) {
	c := newClient(t, shared)
	newUser(t, shared, "leaver", "author")
	payload := minimal("leaver").with(fields{"author": "leaver"})
	made := c.publish(t, payload).post(t, http.StatusCreated)
	php(t, shared, `require ABSPATH . 'wp-admin/includes/user.php'; wp_delete_user( get_user_by( 'login', 'leaver' )->ID, 1 );`)
	if p := c.publish(t, payload).problem(t, "already-published", http.StatusConflict); p.Post.ID != made.ID {
		t.Errorf("already published as %d, want %d", p.Post.ID, made.ID)
	}
}

// Authors are found by login name, e-mail address and id.
func TestAuthors(t *testing.T) {
	c := newClient(t, shared)
	id := newUser(t, shared, "joan", "author")
	for name, author := range map[string]string{"login": "joan", "e-mail": "joan@example.test", "id": id} {
		t.Run(name, func(t *testing.T) {
			made := c.publish(t, minimal("author-"+name).with(fields{"author": author})).post(t, http.StatusCreated)
			if made.Author.Login != "joan" || itoa(made.Author.ID) != id {
				t.Errorf("author %+v, want joan, %s", made.Author, id)
			}
		})
	}
	if made := c.publish(t, minimal("author-default")).post(t, http.StatusCreated); made.Author.Login != shared.AdminUser {
		t.Errorf("author %s, want the key's user", made.Author.Login)
	}
}

// Names find the terms that are there, in any case; a bare name means the top, or the only one further down.
func TestTerms(t *testing.T) {
	c := newClient(t, shared)
	publish := func(key string, categories, tags []string) map[string][]term {
		return c.publish(t, minimal("terms-"+key).with(fields{"categories": categories, "tags": tags})).post(t, http.StatusCreated).Terms
	}
	first := publish("first", []string{"Sport/Football", "Ärzte"}, []string{"Zürich"})
	again := publish("again", []string{"football", "ÄRZTE", "Football"}, []string{"ZÜRICH", "zürich"})
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("other terms (-first +again):\n%s", diff)
	}
	second := publish("second", []string{"Radio/Football"}, nil)
	if second["category"][0].ID == first["category"][0].ID {
		t.Error("the same name below another parent is the same term")
	}
	php(t, shared, `wp_insert_term( 'AC/DC', 'category' );`)
	if literal := publish("literal", []string{"AC/DC"}, nil); literal["category"][0].Name != "AC/DC" {
		t.Errorf("a category with a slash in its name was not found: %v", literal)
	}
}

// When other plugins are told of the post, its terms and meta are there.
func TestHooksSeeTheWholePost(t *testing.T) {
	const listener = `add_action( 'wp_after_insert_post', function ( $id ) {
		if ( 'whole' === get_post( $id )->post_title ) {
			file_put_contents( WP_CONTENT_DIR . '/whole', count( get_the_category( $id ) ) . count( get_the_tags( $id ) ) . get_post_meta( $id, '_igny8_seo_title', true ) );
		}
	} );`
	c := newClient(t, shared)
	installListener(t, listener)
	c.publish(t, minimal("whole").with(fields{"title": "whole", "categories": []string{"W"}, "tags": []string{"w1", "w2"}, "seo_title": "s"})).post(t, http.StatusCreated)
	seen, err := os.ReadFile(filepath.Join(shared.Dir, "www", "wp-content", "whole"))
	if err != nil || string(seen) != "12s" {
		t.Errorf("the hook saw %q (categories, tags, title): %v", seen, err)
	}
}

// installListener makes a must-use plugin of code until the test ends.
func installListener(t *testing.T, code string) {
	t.Helper()
	file := filepath.Join(shared.Dir, "www", "wp-content", "mu-plugins", "listener.php")
	if err := os.WriteFile(file, []byte("<?php "+code), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Remove(file); err != nil {
			t.Error(err)
		}
	})
}

// What a publish costs; the number is logged, since it depends on the version of WordPress.
func TestQueriesOfOnePublish(t *testing.T) {
	c := newClient(t, shared).set("X-Test-Count", "1")
	// A slug of its own: WordPress asks once for each post that has the slug already, with -2, -3 and so on.
	terms := fields{"slug": "counted", "categories": []string{"Counted"}, "tags": []string{"c1", "c2"}, "seo_title": "s", "seo_description": "d", "primary_keyword": "k"}
	c.publish(t, minimal("counted-first").with(terms).with(fields{"slug": "counted-first"})).post(t, http.StatusCreated)
	for _, test := range []struct {
		what    string
		answer  answer
		atMost  int
		success int
	}{
		{"GET /site", c.get(t, "/site"), 25, http.StatusOK},
		{"POST without terms and meta", c.publish(t, minimal("counted-bare").with(fields{"slug": "counted-bare"})), 65, http.StatusCreated},
		{"POST with three terms that exist and three metas", c.publish(t, minimal("counted").with(terms)), 90, http.StatusCreated},
		{"POST of what is published", c.publish(t, minimal("counted").with(terms)), 30, http.StatusConflict},
	} {
		n, err := strconv.Atoi(test.answer.header.Get("X-Test-Queries"))
		if err != nil || test.answer.status != test.success || n > test.atMost {
			t.Errorf("%s: status %d, %d queries, want at most %d: %v", test.what, test.answer.status, n, test.atMost, err)
		}
		t.Logf("%s: %d queries", test.what, n)

	}
}
