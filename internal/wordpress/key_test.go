// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/go-logr/logr/funcr"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

const canary = "canary-key-0123456789abcdefghijklmnopq"

func TestKeyCannotBePrinted(t *testing.T) {
	key := wordpress.NewKey(canary)
	type holder struct {
		Public  wordpress.Key
		private wordpress.Key
		pointer *wordpress.Key
	}
	h := holder{Public: key, private: key, pointer: &key}
	var printed strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		_, _ = fmt.Fprintf(&printed, verb+verb+verb+"\n", key, &key, h)
	}
	text, err := json.Marshal(map[wordpress.Key]holder{key: h})
	if err != nil {
		t.Fatalf("marshal: %v", err)
	}
	printed.Write(text)
	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("x", "key", key, "holder", h)
	slog.New(slog.NewTextHandler(&logged, nil)).Info("x", "key", key, "holder", h)
	printed.Write(logged.Bytes())
	log := funcr.New(func(prefix, args string) { printed.WriteString(prefix + args) }, funcr.Options{})
	log.Info("x", "key", key, "holder", h)

	if strings.Contains(printed.String(), canary) {
		t.Errorf("the key was printed:\n%s", printed.String())
	}
	if hex := fmt.Sprintf("%x", canary); strings.Contains(strings.ToLower(printed.String()), hex) {
		t.Errorf("the key was printed in hex:\n%s", printed.String())
	}
}

func TestNewClientRefusesConfig(t *testing.T) {
	good := wordpress.Config{SiteURL: "https://blog.example.com", Key: wordpress.NewKey(canary)}
	cases := map[string]struct {
		change func(*wordpress.Config)
		want   string
		reason string
	}{
		"no scheme": {
			change: func(c *wordpress.Config) { c.SiteURL = "blog.example.com" },
			want:   "configure client: SiteURL is not http or https", reason: "a common slip",
		},
		"other scheme": {
			change: func(c *wordpress.Config) { c.SiteURL = "file:///etc/passwd" },
			want:   "configure client: SiteURL is not http or https", reason: "only the web is called",
		},
		"no host": {
			change: func(c *wordpress.Config) { c.SiteURL = "https:///blog" },
			want:   "configure client: SiteURL has no host", reason: "nothing to call",
		},
		"credentials": {
			change: func(c *wordpress.Config) { c.SiteURL = "https://u:p@blog.example.com" },
			want:   "configure client: SiteURL contains credentials", reason: "they would show in statuses",
		},
		"query": {
			change: func(c *wordpress.Config) { c.SiteURL = "https://blog.example.com/?p=1" },
			want:   "configure client: SiteURL has a query or a fragment", reason: "no home page",
		},
		"unreadable": {
			change: func(c *wordpress.Config) { c.SiteURL = "https://[::1" },
			want:   "configure client: SiteURL is not a URL", reason: "no panic, no echo of the value",
		},
		"no key": {
			change: func(c *wordpress.Config) { c.Key = wordpress.Key{} },
			want:   "configure client: Key is empty", reason: "an empty Secret",
		},
		"key of white space": {
			change: func(c *wordpress.Config) { c.Key = wordpress.NewKey(" \n") },
			want:   "configure client: Key is empty", reason: "an empty file",
		},
		"key with a line break": {
			change: func(c *wordpress.Config) { c.Key = wordpress.NewKey("a\r\nX-Evil: b") },
			want:   "configure client: Key has characters other than visible ASCII", reason: "header injection",
		},
		"root elsewhere": {
			change: func(c *wordpress.Config) { c.RESTURL = "https://evil.example.net/wp-json/" },
			want:   "configure client: RESTURL is on another host than SiteURL", reason: "siteURL changed since discovery",
		},
		"bad bundle": {
			change: func(c *wordpress.Config) { c.CABundle = []byte("not PEM") },
			want:   "configure client: CABundle has no certificate in PEM form", reason: "a wrong caRef",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cfg := good
			tc.change(&cfg)
			client, err := wordpress.NewClient(cfg, wordpress.NewTransports(wordpress.TransportOptions{}))
			if err == nil || err.Error() != tc.want || client != nil {
				t.Errorf("NewClient: %v, %v, want %q (%s)", client, err, tc.want, tc.reason)
			}
		})
	}
	if _, err := wordpress.NewClient(good, wordpress.NewTransports(wordpress.TransportOptions{})); err != nil {
		t.Errorf("the good config is refused: %v", err)
	}
}
