// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress_test

import (
	"strings"
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

const (
	html    = "text/html; charset=UTF-8"
	asJSON  = "application/json; charset=UTF-8"
	problem = "application/problem+json"
	// foreign marks bytes that must not show up anywhere.
	foreign = "FOREIGN-BYTES"
)

func urn(name, more string) string {
	return `{"type":"urn:igny8:problem:` + name + `","title":"t","detail":"our detail"` + more + `}`
}

const representation = `{"id":7,"content_key":"content:1","type":"post","status":"publish","title":"Hello","slug":"hello",` +
	`"url":"https://x.test/hello/","edit_url":"","author":{"id":1,"login":"editor"},"modified_gmt":"2026-11-23T09:00:00Z",` +
	`"content_hash":"sha256:aa","source_digest":"","owner":"","claim":"","terms":[],"seo_adapters":[]}`

type answerCase struct {
	status int
	media  string
	body   string
	want   wordpress.Kind
	reason string
}

var pluginAnswers = map[string]answerCase{
	"key missing":           {401, problem, urn("key-missing", ""), wordpress.KindCredentialsRefused, "a host stripped the header"},
	"key unknown":           {401, problem, urn("key-unknown", ""), wordpress.KindCredentialsRefused, "contract 2"},
	"key user invalid":      {403, problem, urn("key-user-invalid", ""), wordpress.KindCredentialsRefused, "contract 2"},
	"key of a later plugin": {403, problem, urn("key-expired", ""), wordpress.KindCredentialsRefused, "every key-…"},
	"forbidden":             {403, problem, urn("forbidden", ""), wordpress.KindForbidden, "this request only"},
	"403 of a later plugin": {403, problem, urn("quota-used-up", ""), wordpress.KindForbidden, "the plugin's own"},
	"invalid payload":       {400, problem, urn("invalid-payload", ""), wordpress.KindRejected, "this request only"},
	"post not found":        {404, problem, urn("post-not-found", ""), wordpress.KindNotFound, "deleted"},
	"already published":     {409, problem, urn("already-published", `,"post":`+representation), wordpress.KindAlreadyPublished, "adopt"},
	"without its post":      {409, problem, urn("already-published", ""), wordpress.KindInvalidResponse, "nothing to adopt"},
	"with a broken post":    {409, problem, urn("already-published", `,"post":{"id":0}`), wordpress.KindInvalidResponse, "nothing to adopt"},
	"with another's post": {
		409, problem, urn("already-published", `,"post":`+strings.Replace(representation, "content:1", "content:2", 1)),
		wordpress.KindInvalidResponse, "must not be adopted",
	},
	"in progress":           {409, problem, urn("in-progress", ""), wordpress.KindInProgress, "wait"},
	"media type":            {415, problem, urn("unsupported-media-type", ""), wordpress.KindRejected, "contract 2"},
	"not stored":            {500, problem, urn("not-stored", ""), wordpress.KindUnavailable, "a full disk passes"},
	"precondition":          {412, problem, urn("precondition-failed", ""), wordpress.KindPreconditionFailed, "by status"},
	"trashed":               {409, problem, urn("post-trashed", `,"post":`+representation), wordpress.KindTrashed, "restore or leave"},
	"another's id":          {409, problem, urn("content-key-mismatch", ""), wordpress.KindMismatch, "look the key up"},
	"locked":                {423, problem, urn("post-locked", ""), wordpress.KindLocked, "wait"},
	"no precondition":       {428, problem, urn("precondition-required", ""), wordpress.KindRejected, "our mistake"},
	"too large":             {413, problem, urn("too-large", ""), wordpress.KindRejected, "this request only"},
	"unprocessable":         {422, problem, urn("later-problem", ""), wordpress.KindRejected, "by status"},
	"name of other status":  {500, problem, urn("post-not-found", ""), wordpress.KindUnavailable, "the status decides"},
	"not found with 410":    {410, problem, urn("post-not-found", ""), wordpress.KindInvalidResponse, "the status decides"},
	"problem in plain JSON": {404, asJSON, urn("post-not-found", ""), wordpress.KindInvalidResponse, "not by the contract's media type"},
	"someone else's":        {404, problem, `{"type":"about:blank","detail":"` + foreign + `"}`, wordpress.KindInvalidResponse, "another API"},
}

var foreignAnswers = map[string]answerCase{
	"no route":             {404, asJSON, `{"code":"rest_no_route","message":"` + foreign + `"}`, wordpress.KindPluginMissing, "inactive plugin"},
	"no route with a BOM":  {404, asJSON, "\ufeff" + `{"code":"rest_no_route"}`, wordpress.KindPluginMissing, "a theme file with a BOM"},
	"404 page":             {404, html, foreign, wordpress.KindNotWordPress, "no REST API there"},
	"404 of another API":   {404, asJSON, `{"error":"` + foreign + `"}`, wordpress.KindInvalidResponse, "never PostDeleted"},
	"code of another type": {404, asJSON, `{"code":404}`, wordpress.KindInvalidResponse, "no WordPress error"},
	"REST closed":          {401, asJSON, `{"code":"rest_login_required"}`, wordpress.KindRESTDisabled, "Disable REST API"},
	"REST closed, 403":     {403, asJSON, `{"code":"rest_cannot_access"}`, wordpress.KindRESTDisabled, "Disable WP REST API"},
	"REST disabled":        {404, asJSON, `{"code":"rest_disabled"}`, wordpress.KindRESTDisabled, "filter"},
	"plain 401":            {401, "", "", wordpress.KindCredentialsRefused, "contract 2: 401"},
	"401 of WordPress":     {401, asJSON, `{"code":"rest_forbidden"}`, wordpress.KindCredentialsRefused, "contract 2: 401"},
	"basic authentication": {401, html, foreign, wordpress.KindBlocked, "a staging site"},
	"403 page":             {403, html, foreign, wordpress.KindBlocked, "mod_security"},
	"403 of a proxy":       {403, asJSON, `{"error":"x"}`, wordpress.KindBlocked, "Cloudflare answers JSON, too"},
	"405":                  {405, html, foreign, wordpress.KindBlocked, "nginx on static files"},
	"406":                  {406, html, foreign, wordpress.KindBlocked, "mod_security"},
	"maintenance":          {503, html, "Briefly unavailable for scheduled maintenance.", wordpress.KindUnavailable, "wp_maintenance"},
	"firewall with 503":    {503, html, "Generated by Wordfence " + foreign, wordpress.KindBlocked, "Wordfence blocks with 503"},
	"login page":           {403, html, `<form id="loginform">`, wordpress.KindBlocked, "private site"},
	"login page with 200":  {200, html, `<form id="loginform">`, wordpress.KindBlocked, "private site"},
	"400":                  {400, html, foreign, wordpress.KindRejected, "contract 2"},
	"413":                  {413, html, foreign, wordpress.KindRejected, "nginx's body limit"},
	"415":                  {415, html, foreign, wordpress.KindRejected, "contract 2"},
	"422":                  {422, asJSON, `{}`, wordpress.KindRejected, "contract 2"},
	"412":                  {412, html, foreign, wordpress.KindPreconditionFailed, "contract 2"},
	"423":                  {423, html, foreign, wordpress.KindLocked, "contract 2"},
	"409 of something":     {409, html, foreign, wordpress.KindInvalidResponse, "nothing to adopt"},
	"408":                  {408, html, foreign, wordpress.KindUnavailable, "contract 2"},
	"425":                  {425, html, foreign, wordpress.KindUnavailable, "contract 2"},
	"429":                  {429, html, foreign, wordpress.KindRateLimited, "contract 2"},
	"500":                  {500, html, foreign, wordpress.KindUnavailable, "PHP died"},
	"502":                  {502, html, foreign, wordpress.KindUnavailable, "PHP died behind nginx"},
	"520":                  {520, html, foreign, wordpress.KindUnavailable, "Cloudflare's own"},
	"418":                  {418, html, foreign, wordpress.KindInvalidResponse, "not in the table"},
	"200 instead of 201":   {200, asJSON, representation, wordpress.KindInvalidResponse, "nothing was created"},
	"201 of HTML":          {201, html, foreign, wordpress.KindInvalidResponse, "not the contract"},
	"204":                  {204, "", "", wordpress.KindInvalidResponse, "not the contract"},
	"300 without a place":  {300, html, foreign, wordpress.KindInvalidResponse, "leads nowhere"},
}

func TestPublishAnswers(t *testing.T) {
	fake := wordpresstest.New(t)
	client := clientOf(t, fake)
	for _, table := range []map[string]answerCase{pluginAnswers, foreignAnswers} {
		for name, tc := range table {
			t.Run(name, func(t *testing.T) {
				fake.SetHook(answering(tc.status, tc.media, tc.body))
				_, err := client.Publish(t.Context(), newPost())
				e := wantError(t, err, tc.want)
				if !e.MayHaveReached || e.Status != tc.status {
					t.Errorf("MayHaveReached %t, Status %d (%s)", e.MayHaveReached, e.Status, tc.reason)
				}
				if (e.Post != nil) != (tc.want == wordpress.KindAlreadyPublished || tc.want == wordpress.KindTrashed) {
					t.Errorf("Post is %v", e.Post)
				}
				if strings.Contains(err.Error(), foreign) || strings.Contains(e.Detail, foreign) {
					t.Errorf("foreign bytes in %q", err)
				}
				if again := second(client.Publish(t.Context(), newPost())); again.Error() != err.Error() {
					t.Errorf("the message changes from %q to %q", err, again)
				}
			})
		}
	}
}

func TestMessages(t *testing.T) {
	fake := wordpresstest.New(t)
	client := clientOf(t, fake)
	cases := map[string]struct {
		hook   wordpresstest.Hook
		want   string
		reason string
	}{
		"fields": {
			answering(400, problem, urn("invalid-payload", `,"errors":[{"field":"title","message":"is empty"},{"field":"slug","message":"is\u0000 too\n long\u202e"}]`)),
			"publish (HOST): the site does not accept the content [HTTP 400 invalid-payload]: our detail: title: is empty; slug: is too long",
			"control and bidi characters vanish",
		},
		"no problem": {
			answering(500, html, foreign), "publish (HOST): the site is not available; look for maintenance or overload, and into its PHP error log [HTTP 500]", "no bytes of the page",
		},
		"wrong type": {
			answering(201, asJSON, `{"id":"12"}`),
			"publish (HOST): the answer is not what the plugin's contract says; is the plugin up to date? [HTTP 201]: field id has the wrong type",
			"names the field",
		},
		"noise before the JSON": {
			answering(201, asJSON, "<br />\n<b>Warning</b>: x"+representation),
			"publish (HOST): the answer is not what the plugin's contract says; is the plugin up to date? [HTTP 201]: something else is printed before the JSON; turn off display_errors in PHP",
			"a frequent misconfiguration",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			fake.SetHook(tc.hook)
			_, err := client.Publish(t.Context(), newPost())
			want := strings.Replace(tc.want, "HOST", fake.Host(), 1)
			if err == nil || err.Error() != want {
				t.Errorf("got  %q\nwant %q (%s)", err, want, tc.reason)
			}
		})
	}
}

func TestMessageIsBounded(t *testing.T) {
	fake := wordpresstest.New(t)
	client := clientOf(t, fake)
	long := strings.Repeat("long ", 500)
	fields := strings.Repeat(`{"field":"`+long+`","message":"`+long+`"},`, 20)
	fake.SetHook(answering(400, problem, `{"type":"urn:igny8:problem:invalid-payload","detail":"`+long+`","errors":[`+strings.TrimSuffix(fields, ",")+`]}`))
	e := wantError(t, second(client.Publish(t.Context(), newPost())), wordpress.KindRejected)
	if n := len([]rune(e.Error())); n > 900 {
		t.Errorf("the message has %d runes", n)
	}
	if n := len([]rune(e.Detail)); n > 256 {
		t.Errorf("the detail has %d runes", n)
	}
	if len(e.Fields) > 10 {
		t.Errorf("%d fields", len(e.Fields))
	}
}

func TestRetryAfterIsRead(t *testing.T) {
	fake := wordpresstest.New(t)
	client := clientOf(t, fake)
	for _, status := range []int{409, 429, 503} {
		fake.SetHook(answering(status, problem, urn("in-progress", ""), "Retry-After", "90"))
		var e *wordpress.Error
		if e = asError(second(client.Publish(t.Context(), newPost()))); e == nil || e.RetryAfter != 90*time.Second {
			t.Errorf("%d: got %v, want a wait of 90 s", status, e)
		}
	}
}

func TestEveryKindIsExplained(t *testing.T) {
	for _, kind := range wordpress.Kinds() {
		text := kind.Explain()
		if text == "" || strings.ContainsAny(text[len(text)-1:], ". ") {
			t.Errorf("%s: %q cannot stand within a message", kind, text)
		}
	}
	if wordpress.KindOf(nil) != "" {
		t.Errorf("no error has the kind %q", wordpress.KindOf(nil))
	}
}
