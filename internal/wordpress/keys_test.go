// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

func digestOf(key string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(key))) }

func TestRotation(t *testing.T) {
	fake := wordpresstest.New(t)
	client := clientOf(t, fake)
	old := digestOf(wordpresstest.DefaultKey)
	offered, err := client.OfferKey(t.Context(), wordpress.NewKey(canary))
	if diff := cmp.Diff(&wordpress.KeyStates{Current: old, Candidate: digestOf(canary)}, offered); err != nil || diff != "" {
		t.Fatalf("OfferKey: %v (-want +got):\n%s", err, diff)
	}
	next := newClient(t, wordpress.Config{SiteURL: fake.URL(), RESTURL: fake.RESTURL(), Key: wordpress.NewKey(canary)})
	if err := second(next.Site(t.Context(), wordpress.Position{})); err != nil {
		t.Fatalf("Site with the candidate: %v", err)
	}
	if diff := cmp.Diff(wordpress.KeyStates{Current: digestOf(canary), Retiring: old}, fake.KeyStates()); diff != "" {
		t.Errorf("states after the first use (-want +got):\n%s", diff)
	}
	e := wantError(t, second(client.OfferKey(t.Context(), wordpress.NewKey(canary+"2"))), wordpress.KindCredentialsRefused)
	if e.Problem != "key-retiring" || e.Op != wordpress.OpOfferKey {
		t.Errorf("problem %q of %q", e.Problem, e.Op)
	}
	retired, err := next.RetireKeys(t.Context())
	if diff := cmp.Diff(&wordpress.KeyStates{Current: digestOf(canary)}, retired); err != nil || diff != "" {
		t.Fatalf("RetireKeys: %v (-want +got):\n%s", err, diff)
	}
}

// TestFakeRetiresKeys: the fake keeps the ten minutes by its own clock.
func TestFakeRetiresKeys(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	fake := wordpresstest.New(t, wordpresstest.WithClock(func() time.Time { return now }))
	client := clientOf(t, fake)
	if err := second(client.OfferKey(t.Context(), wordpress.NewKey(canary))); err != nil {
		t.Fatalf("OfferKey: %v", err)
	}
	next := newClient(t, wordpress.Config{SiteURL: fake.URL(), RESTURL: fake.RESTURL(), Key: wordpress.NewKey(canary)})
	if err := second(next.Site(t.Context(), wordpress.Position{})); err != nil {
		t.Fatalf("Site with the candidate: %v", err)
	}
	now = now.Add(10*time.Minute - time.Second)
	if err := second(client.Site(t.Context(), wordpress.Position{})); err != nil {
		t.Errorf("a second before its end: %v", err)
	}
	now = now.Add(time.Second)
	wantKind(t, second(client.Site(t.Context(), wordpress.Position{})), wordpress.KindCredentialsRefused)
}

func TestKeysThatAreNotOffered(t *testing.T) {
	fake := wordpresstest.New(t)
	client := clientOf(t, fake)
	for name, tc := range map[string]struct{ key, want string }{
		"empty":     {"", "is empty"},
		"short":     {canary[:31], "is shorter than 32 characters"},
		"long":      {strings.Repeat(canary, 14), "is longer than 512 characters"},
		"not ASCII": {canary + "ü", "has characters other than visible ASCII"},
		"in lines":  {canary + "\n" + canary, "has characters other than visible ASCII"},
	} {
		_, err := client.OfferKey(t.Context(), wordpress.NewKey(tc.key))
		var config *wordpress.ConfigError
		if !errors.As(err, &config) || config.Field != "Key" || config.Reason != tc.want {
			t.Errorf("%s: got %v, want %q", name, err, tc.want)
		}
	}
	if n := len(fake.Calls()); n > 0 {
		t.Errorf("%d calls were made", n)
	}
}

// TestRotationAnswers: a site that does not do what it says would lock the
// operator out.
func TestRotationAnswers(t *testing.T) {
	current, offered, other := digestOf(wordpresstest.DefaultKey), digestOf(canary), digestOf("other")
	states := func(current, candidate, retiring string) string {
		return fmt.Sprintf(`{"current":%s,"candidate":%s,"retiring":%s}`, current, candidate, retiring)
	}
	quoted := func(digest string) string { return `"` + digest + `"` }
	cases := map[string]struct {
		body           string
		offer, retire  bool
		offered, alone string
	}{
		"candidate":             {body: states(quoted(current), quoted(offered), "null"), offer: true, retire: true, offered: "as asked", alone: "nothing older"},
		"promoted meanwhile":    {body: states(quoted(offered), "null", quoted(current)), offer: true, offered: "another call used it", alone: "the key is older itself"},
		"another candidate":     {body: states(quoted(current), quoted(other), "null"), retire: true, offered: "the offered key would be refused", alone: "candidates stay"},
		"no candidate":          {body: states(quoted(current), "null", "null"), retire: true, offered: "the offered key would be refused", alone: "as asked"},
		"older key stays":       {body: states(quoted(current), quoted(offered), quoted(other)), offer: true, offered: "as asked", alone: "the older key lives"},
		"members missing":       {body: `{"current":` + quoted(current) + `}`, retire: true, offered: "no candidate", alone: "as null"},
		"no current key":        {body: states("null", quoted(offered), "null"), offered: "there always is one", alone: "there always is one"},
		"another form":          {body: states(quoted(current), `"md5:00"`, "null"), offered: "not a digest", alone: "not a digest"},
		"upper case":            {body: states(quoted(strings.ToUpper(current)), quoted(offered), "null"), offered: "not as we write it", alone: "not as we write it"},
		"a key in the clear":    {body: states(quoted(wordpresstest.DefaultKey), quoted(canary), "null"), offered: "must not be stored", alone: "must not be stored"},
		"a number for a digest": {body: states("1", "2", "3"), offered: "another type", alone: "another type"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			fake := wordpresstest.New(t)
			client := clientOf(t, fake)
			fake.SetHook(answering(http.StatusOK, asJSON, tc.body))
			for what, call := range map[string]struct {
				err    error
				good   bool
				reason string
			}{
				"OfferKey":   {second(client.OfferKey(t.Context(), wordpress.NewKey(canary))), tc.offer, tc.offered},
				"RetireKeys": {second(client.RetireKeys(t.Context())), tc.retire, tc.alone},
			} {
				if good := call.err == nil; good != call.good || !good && wordpress.KindOf(call.err) != wordpress.KindInvalidResponse {
					t.Errorf("%s: %v, want success %t (%s)", what, call.err, call.good, call.reason)
				}
				if call.err != nil && (strings.Contains(call.err.Error(), canary) || strings.Contains(call.err.Error(), wordpresstest.DefaultKey)) {
					t.Errorf("%s: the error shows a key: %v", what, call.err)
				}
			}
		})
	}
}

// TestOfferIsNotLogged: what fails on its way names no key, however it is
// printed.
func TestOfferIsNotLogged(t *testing.T) {
	fake := wordpresstest.New(t)
	client := clientOf(t, fake)
	for name, fault := range map[string]wordpresstest.Fault{
		"no answer": {Drop: true},
		"no JSON":   {Answer: &wordpresstest.Answer{Status: http.StatusOK, Body: "<html>"}},
		"refused":   {Answer: wordpresstest.Problem(403, "key-retiring", "d")},
	} {
		fake.SetHook(func(*http.Request) wordpresstest.Fault { return fault })
		err := second(client.OfferKey(t.Context(), wordpress.NewKey(canary)))
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		if text := fmt.Sprintf("%v %+v %#v %#v", err, err, err, errors.Unwrap(err)); strings.Contains(text, canary) || strings.Contains(text, wordpresstest.DefaultKey) {
			t.Errorf("%s: the error shows a key: %s", name, text)
		}
	}
}
