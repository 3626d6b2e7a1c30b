// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
)

// payloads is how many random payloads TestRandomPayloads sends: a sample, unless -payloads says otherwise.
var payloads = flag.Int("payloads", 200, "random payloads to send")

// pieces are what random text is made of: what slashes, filters, character sets and block parsers stumble over.
var pieces = []string{
	`\`, `\\`, `\'`, `\"`, `\0`, `\n`, `'`, `"`, "`", `&`, `&amp;`, `&lt;`, `&#039;`, `&bogus;`, `%s`, `%%`, `%1$s`, `{{`, `[x]`, `[/x]`, `$1`, "\t", "\n", "\r\n", "\u0000", "\u0001",
	"\u0008", "\u001b", "\u007f", "\u0085", "\u00a0", "\u200b", "\u2028", "\ufeff", "\ufffd", "\U0010ffff", "ä", "ß", "é", "e\u0301", "漢字", "עברית", "العربية", "👩‍👩‍👧", "🇩🇪", "𝔘", "<", ">",
	"<p>", "</p>", "<b>", "</b>", "<script>a()</script>", "<style>p{}</style>", `<img src="x" onerror="y">`, `<a href="javascript:x">`, `<iframe src="https://example.com"></iframe>`,
	`<p style="color:red;display:flex">`, "<!-- x -->", "<!--more-->", "<![CDATA[", "<?php echo 1; ?>", "<svg/onload=x>", "<details open>", "</",
	"<!-- wp:paragraph --><p>", "</p><!-- /wp:paragraph -->", `<!-- wp:group {"a":{"b":"\u003cc\u003e\\"}} --><div class="wp-block-group">`, "</div><!-- /wp:group -->",
	`<!-- wp:html {"x":"--\u003e"} /-->`, "; DROP TABLE wp_posts; --", "0", "null", " ", "  ", "word", "Word word",
}

// randomText joins random pieces.
func randomText(random *rand.Rand, most int) string {
	var b strings.Builder
	for range 1 + random.IntN(most) {
		b.WriteString(pieces[random.IntN(len(pieces))])
	}
	return b.String()
}

// Whatever is sent: what is stored equals it, or the answer says that something was taken out.
func TestRandomPayloads(t *testing.T) {
	const perBatch, seed = 20, 4
	for name, role := range map[string]string{"who may write anything": "administrator", "who may not": "author"} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, shared)
			runAs(t, shared, role)
			random := rand.New(rand.NewPCG(seed, uint64(len(role)))) //nolint:gosec // the same payloads each time
			stripped := 0
			for i := 0; i < *payloads/2; i += perBatch {
				items := make([]fields, 0, perBatch)
				for j := range min(perBatch, *payloads/2-i) {
					items = append(items, randomPayload(random, fmt.Sprint("random ", role, i+j)))
				}
				stripped += c.checkPayloads(t, items)
			}
			t.Logf("%d payloads, of %d something was taken out, and the answer said so", *payloads/2, stripped)
		})
	}
}

func randomPayload(random *rand.Rand, key string) fields {
	return fields{
		"content_key": key, "status": "draft", "title": "T" + randomText(random, 6), "content_html": randomText(random, 40), "excerpt": randomText(random, 10),
		"seo_title": "S" + randomText(random, 6), "meta": fields{"random": "M" + randomText(random, 6)},
	}
}

// checkPayloads publishes payloads, compares what the database has with them, and returns of how many something was taken out.
func (c client) checkPayloads(t *testing.T, items []fields) (stripped int) {
	t.Helper()
	a := c.batch(t, items...)
	var answers struct {
		Items []struct {
			ContentKey string          `json:"content_key"`
			Status     int             `json:"status"`
			Post       *post           `json:"post"`
			Problem    json.RawMessage `json:"problem"`
		} `json:"items"`
	}
	a.decode(t, &answers)
	if len(answers.Items) != len(items) {
		t.Fatalf("%d answers for %d items", len(answers.Items), len(items))
	}
	for i, item := range answers.Items {
		if item.Status != http.StatusCreated {
			if !strings.Contains(string(item.Problem), `"field":"title"`) {
				t.Errorf("%s: status %d: %s", item.ContentKey, item.Status, item.Problem)
			}
			continue // Filters leave nothing of some titles.
		}
		if requireStored(t, items[i], *item.Post) {
			stripped++
		}
	}
	return stripped
}

// requireStored compares a post with its payload, and says whether anything was taken out.
func requireStored(t *testing.T, sent fields, made post) bool {
	t.Helper()
	rows := query(t, shared, `SELECT HEX(post_title), HEX(post_content), HEX(post_excerpt),
		(SELECT HEX(meta_value) FROM wp_postmeta WHERE post_id = ID AND meta_key = '_igny8_seo_title'), (SELECT HEX(meta_value) FROM wp_postmeta WHERE post_id = ID AND meta_key = 'random')
		FROM wp_posts WHERE ID = %d`, made.ID)
	want := []string{sent["title"].(string), sent["content_html"].(string), sent["excerpt"].(string), sent["seo_title"].(string), sent["meta"].(fields)["random"].(string)}
	got := make([]string, len(want))
	for i := range want {
		raw, err := hex.DecodeString(rows[0][i])
		if err != nil {
			t.Fatal(err)
		}
		got[i] = string(raw)
	}
	// WordPress trims titles; blanks around an excerpt show nowhere.
	const blanks = " \t\n\r\x00\x0b"
	equal := got[1] == want[1] && strings.Trim(got[0], blanks) == strings.Trim(want[0], blanks) && strings.Trim(got[2], blanks) == strings.Trim(want[2], blanks)
	if equal != (len(made.Stripped) == 0) {
		t.Errorf("stored as sent: %t, but the answer says %q\nsent   %q\nstored %q", equal, made.Stripped, want[:3], got[:3])
	}
	if got[3] != want[3] || got[4] != want[4] {
		t.Errorf("stored metas %q, want %q", got[3:], want[3:])
	}
	return !equal
}
