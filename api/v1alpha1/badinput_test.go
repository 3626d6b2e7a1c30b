// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"maps"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// badInput is something people get wrong, and all they are told then.
type badInput struct {
	// old changes the stored object: the case is an update then.
	old  change
	set  change
	want []string
}

// Bad input is answered to the letter as it is written here.
func TestBadInput(t *testing.T) {
	crds := loadCRDs(t)
	for kind, cases := range map[string]map[string]badInput{
		"WordPressIntegration": badIntegrations(),
		"PublishRequest":       badRequests(),
		"PluginRelease":        badReleases(),
	} {
		for name, tc := range cases {
			t.Run(kind+"/"+name, func(t *testing.T) {
				minimal := readObjects(t, filepath.Join("testdata/minimal", strings.ToLower(kind)+".yaml"))[0]
				got := messages(apply(t, crds[kind], minimal, "spec", ruleCase{old: tc.old, set: tc.set}))
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("-want +got:\n%s", diff)
				}
			})
		}
	}
}

func badIntegrations() map[string]badInput {
	return map[string]badInput{
		"site without a scheme": {
			set:  change{"siteURL": "blog.example.com"},
			want: []string{`spec.siteURL: Invalid value: "blog.example.com": must start with https://, for example https://blog.example.com`},
		},
		"site with credentials": {
			set: change{"siteURL": "https://eve:secret@blog.example.com"},
			// Forbidden rather than invalid: that error does not repeat the value.
			want: []string{"spec.siteURL: Forbidden: must not contain a user name or a password: the API key belongs in a Secret, see `credentials`"},
		},
		"site with a fragment": {
			set:  change{"siteURL": "https://blog.example.com/#top"},
			want: []string{`spec.siteURL: Invalid value: "https://blog.example.com/#top": must not contain a fragment: remove everything from the # on`},
		},
		"site with plain http": {
			set:  change{"siteURL": "http://blog.example.com"},
			want: []string{"spec.siteURL: Forbidden: `siteURL` must start with https://; plain http needs `transport.plaintext: Allowed` and the operator's flag that permits it"},
		},
		"site missing": {
			set:  change{"siteURL": nil},
			want: []string{`spec.siteURL: Required value`},
		},
		"provided credentials without a Secret": {
			set:  change{"credentials": object{"policy": "Provided"}},
			want: []string{"spec.credentials: Invalid value: must set `secretRef` when `policy` is Provided, and must not set it otherwise"},
		},
		"a Secret for generated credentials": {
			set:  change{"credentials": object{"secretRef": object{"name": "a", "key": "b"}}},
			want: []string{"spec.credentials: Invalid value: must set `secretRef` when `policy` is Provided, and must not set it otherwise"},
		},
	}
}

func badRequests() map[string]badInput {
	out := badContent()
	maps.Copy(out, badFields())

	return out
}

func badContent() map[string]badInput {
	configMap := object{"name": "posts", "key": "body"}

	return map[string]badInput{
		"content of two kinds": {
			set:  change{"content.configMap": configMap},
			want: []string{"spec.content: Invalid value: must set `configMap` when `type` is ConfigMap, and must not set it otherwise"},
		},
		"content of the kind not chosen": {
			set: change{"content": object{"type": "ConfigMap", "inline": "text"}},
			want: []string{
				"spec.content: Invalid value: must set `configMap` when `type` is ConfigMap, and must not set it otherwise",
				"spec.content: Invalid value: must set `inline` when `type` is Inline, and must not set it otherwise",
			},
		},
		"content of no kind": {
			set:  change{"content": object{"type": "Inline"}},
			want: []string{"spec.content: Invalid value: must set `inline` when `type` is Inline, and must not set it otherwise"},
		},
		"content missing": {
			set:  change{"content": nil},
			want: []string{"spec.content: Required value"},
		},
		"content without a type": {
			set:  change{"content": object{"inline": "text"}},
			want: []string{"spec.content.type: Required value"},
		},
		"40,000 characters inline": {
			set:  change{"content.inline": strings.Repeat("ä", 40000)},
			want: []string{"spec.content.inline: Too long: may not be more than 32768 bytes"},
		},
		"an image of two kinds": {
			set:  change{"featuredImage.source.configMap": configMap},
			want: []string{"spec.featuredImage.source: Invalid value: must set `configMap` when `type` is ConfigMap, and must not set it otherwise"},
		},
	}
}

func badFields() map[string]badInput {
	return map[string]badInput{
		"contentID 0": {
			set:  change{"contentID": int64(0)},
			want: []string{"spec.contentID: Invalid value: 0: spec.contentID in body should be greater than or equal to 1"},
		},
		"an id above 2^53": {
			set:  change{"contentID": int64(1)<<53 + 1},
			want: []string{"spec.contentID: Invalid value: 9007199254740993: spec.contentID in body should be less than or equal to 9007199254740991"},
		},
		"title empty": {
			set:  change{"title": ""},
			want: []string{`spec.title: Invalid value: "": spec.title in body should be at least 1 chars long`},
		},
		"title of white space": {
			set:  change{"title": "  "},
			want: []string{`spec.title: Invalid value: "  ": must not be only white space`},
		},
		"title of 10,000 characters": {
			set:  change{"title": strings.Repeat("x", 10000)},
			want: []string{"spec.title: Too long: may not be more than 500 bytes"},
		},
		"title missing": {
			set:  change{"title": nil},
			want: []string{"spec: Invalid value: must set `title`, unless `content.format` is Markdown and the front matter of the content has it"},
		},
		"unknown enum": {
			set:  change{"status": "Published"},
			want: []string{`spec.status: Unsupported value: "Published": supported values: "Publish", "Draft", "Pending", "Private", "Future"`},
		},
		"slug with spaces": {
			set:  change{"slug": "hello world"},
			want: []string{`spec.slug: Invalid value: "hello world": must hold only lower-case letters, digits, - and _, without spaces and slashes, for example hello-world`},
		},
		"a publishTime that is no time": {
			set:  change{"publishTime": "tomorrow"},
			want: []string{`spec.publishTime: Invalid value: "tomorrow": spec.publishTime in body must be of type date-time: "tomorrow"`},
		},
		"an unknown field": {
			set:  change{"titel": "Hello"},
			want: []string{"spec.titel: Forbidden: unknown field"},
		},
		"another integration": {
			old: change{}, set: change{"integrationRef": object{"name": "shop"}},
			want: []string{"spec.integrationRef: Forbidden: `integrationRef` is immutable once set: create another request to publish at another site"},
		},
		"another content": {
			old: change{"contentID": int64(1)}, set: change{"contentID": int64(2)},
			want: []string{"spec.contentID: Forbidden: `contentID` is immutable: create another request for other content"},
		},
		"another key": {
			old: change{}, set: change{"contentKey": "content:2"},
			want: []string{"spec.contentKey: Forbidden: `contentKey` is immutable: create another request for other content"},
		},
		"the same category twice": {
			set:  change{"categories": []any{"News", "News"}},
			want: []string{`spec.categories[1]: Duplicate value: "News"`},
		},
	}
}

func badReleases() map[string]badInput {
	configMap := object{"name": "posts", "key": "body"}

	return map[string]badInput{
		"a file for the embedded plugin": {
			set:  change{"source.configMap": configMap},
			want: []string{"spec.source: Invalid value: must set `configMap` when `type` is ConfigMap, and must not set it otherwise"},
		},
		"a download without a digest": {
			set:  change{"source": object{"type": "HTTP", "http": object{"url": "https://example.com/a.zip"}}},
			want: []string{"spec.source.http.digest: Required value"},
		},
		"another version": {
			old: change{}, set: change{"version": "2.0.1"},
			want: []string{"spec.version: Forbidden: `version` is immutable: create another release"},
		},
	}
}
