// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// TestAnAnswerCannotBringAKeyBack: sites echo what they were sent.
func TestAnAnswerCannotBringAKeyBack(t *testing.T) {
	offered := strings.Repeat("offered-key-", 4)
	leak := wordpresstest.DefaultKey + " " + offered
	cases := map[string]wordpresstest.Answer{
		"Detail":   *wordpresstest.Problem(403, "forbidden", "You sent "+leak),
		"Field":    {Status: 400, Header: http.Header{"Content-Type": {"application/problem+json"}}, Body: urn("invalid-payload", `,"errors":[{"field":"`+leak+`","message":"`+leak+`"}]`)},
		"Page":     {Status: 403, Header: http.Header{"Content-Type": {"text/html"}}, Body: leak},
		"Location": {Status: 302, Header: http.Header{"Location": {"https://" + wordpresstest.DefaultKey + ".example.com/" + offered}}},
		"Garbage":  {Status: 200, Header: http.Header{"Content-Type": {"application/json"}}, Body: `{"` + leak + `": [`},
	}
	for name, answer := range cases {
		t.Run(name, func(t *testing.T) {
			site := wordpresstest.New(t)
			client := clientOf(t, site)
			site.SetHook(func(*http.Request) wordpresstest.Fault { return wordpresstest.Fault{Answer: &answer} })
			_, discovery := client.Site(t.Context(), wordpress.Position{})
			site.SetHook(func(r *http.Request) wordpresstest.Fault {
				if !strings.Contains(r.URL.Path, "igny8") {
					return wordpresstest.Fault{}
				}
				return wordpresstest.Fault{Answer: &answer}
			})
			_, read := client.Site(t.Context(), wordpress.Position{})
			_, offer := client.OfferKey(t.Context(), wordpress.NewKey(offered))
			for what, err := range map[string]error{"discovery": discovery, "read": read, "offer": offer} {
				text := fmt.Sprintf("%v %+v", err, err)
				if err == nil || strings.Contains(strings.ToLower(text), strings.ToLower(wordpresstest.DefaultKey)) || what == "offer" && strings.Contains(text, offered) {
					t.Errorf("%s: %s", what, text)
				}
			}
		})
	}
}
