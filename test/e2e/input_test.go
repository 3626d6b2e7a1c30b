// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"strings"
	"testing"
)

const goodIntegration = `
apiVersion: publishing.igny8.com/v1alpha1
kind: WordPressIntegration
metadata: {name: blog}
spec: {siteURL: "https://blog.example.com"}
`

const goodRequest = `
apiVersion: publishing.igny8.com/v1alpha1
kind: PublishRequest
metadata: {name: hello}
spec:
  integrationRef: {name: blog}
  contentID: 7
  title: Hello
  slug: hello
  status: Publish
  content: {type: Inline, inline: "Body."}
`

// TestBadInputAtApply: what a person reads who types kubectl apply. Each rule
// has its table beside the types; here are the messages as they arrive.
func TestBadInputAtApply(t *testing.T) {
	s := newSpace(t)
	cases := map[string]struct {
		manifest, old, new string
		want               string
	}{
		"NoScheme":       {goodIntegration, "https://blog.example.com", "blog.example.com", "must start with https://"},
		"Credentials":    {goodIntegration, "https://blog", "https://me:secret@blog", "must not contain a user name or a password"},
		"Fragment":       {goodIntegration, "example.com", "example.com/#top", "must not contain a fragment"},
		"Plaintext":      {goodIntegration, "https:", "http:", "plaintext"},
		"TwoContents":    {goodRequest, `inline: "Body."`, `inline: "Body.", configMap: {name: a, key: b}`, "configMap"},
		"NoContent":      {goodRequest, `, inline: "Body."`, ``, "inline"},
		"WrongContent":   {goodRequest, `type: Inline, inline: "Body."`, `type: Inline, configMap: {name: a, key: b}`, "inline"},
		"ContentIDZero":  {goodRequest, "contentID: 7", "contentID: 0", "contentID"},
		"ContentIDHuge":  {goodRequest, "contentID: 7", "contentID: 9007199254740993", "contentID"},
		"NoTitle":        {goodRequest, "title: Hello", `title: ""`, "title"},
		"LongTitle":      {goodRequest, "title: Hello", "title: " + strings.Repeat("x", 10000), "title"},
		"Enum":           {goodRequest, "status: Publish", "status: Published", "Unsupported value"},
		"SlugWithSpaces": {goodRequest, "slug: hello", "slug: hello world", "slug"},
		"TooMuchInline":  {goodRequest, "Body.", strings.Repeat("ä", 40000), "inline"},
		"NoTime":         {goodRequest, "status: Publish", "status: Publish\n  publishTime: tomorrow", "publishTime"},
		"UnknownField":   {goodRequest, "status: Publish", "sttus: Publish", "sttus"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(tc.manifest, tc.old, tc.new, 1)
			_, err := shared.Kubectl(t.Context(), bad, "apply", "-n", s.name, "-f", "-")
			if err == nil {
				t.Fatal("accepted")
			}
			t.Log(strings.TrimSpace(err.Error()))
			if !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "secret@") {
				t.Errorf("message %q does not say %q", err, tc.want)
			}
		})
	}
	t.Run("ImmutableField", func(t *testing.T) {
		for _, manifest := range []string{goodRequest, strings.Replace(goodRequest, "contentID: 7", "contentID: 8", 1)} {
			_, err := shared.Kubectl(t.Context(), manifest, "apply", "-n", s.name, "-f", "-")
			if manifest == goodRequest && err != nil {
				t.Fatal(err)
			}
			if manifest != goodRequest && (err == nil || !strings.Contains(err.Error(), "`contentID` is immutable")) {
				t.Errorf("message %v does not say that contentID is immutable", err)
			}
		}
	})
}
