// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What people get wrong, and all they are told then, to the letter.
func TestBadInput(t *testing.T) {
	configMap := object{"name": "posts", "key": "body"}
	cases := map[string]struct {
		kind string
		// old changes the stored object: the case is an update.
		old  change
		set  change
		want []string
	}{
		"site without a scheme": {
			kind: "WordPressIntegration", set: change{"siteURL": "blog.example.com"},
			want: []string{`spec.siteURL: Invalid value: "blog.example.com": must start with https://, for example https://blog.example.com`},
		},
		"site with credentials": {
			kind: "WordPressIntegration", set: change{"siteURL": "https://eve:secret@blog.example.com"},
			// Forbidden rather than invalid: that error does not repeat the value.
			want: []string{"spec.siteURL: Forbidden: must not contain a user name or a password: the API key belongs in a Secret, see `credentials`"},
		},
		"site with a fragment": {
			kind: "WordPressIntegration", set: change{"siteURL": "https://blog.example.com/#top"},
			want: []string{`spec.siteURL: Invalid value: "https://blog.example.com/#top": must not contain a fragment: remove everything from the # on`},
		},
		"site with plain http": {
			kind: "WordPressIntegration", set: change{"siteURL": "http://blog.example.com"},
			want: []string{"spec.siteURL: Forbidden: `siteURL` must start with https://; plain http needs `transport.plaintext: Allowed` and the operator's flag that permits it"},
		},
		"site missing": {
			kind: "WordPressIntegration", set: change{"siteURL": nil},
			want: []string{`spec.siteURL: Required value`},
		},
		"provided credentials without a Secret": {
			kind: "WordPressIntegration", set: change{"credentials": object{"policy": "Provided"}},
			want: []string{"spec.credentials: Invalid value: must set `secretRef` when `policy` is Provided, and must not set it otherwise"},
		},
		"a Secret for generated credentials": {
			kind: "WordPressIntegration", set: change{"credentials": object{"secretRef": object{"name": "a", "key": "b"}}},
			want: []string{"spec.credentials: Invalid value: must set `secretRef` when `policy` is Provided, and must not set it otherwise"},
		},
		"content of two kinds": {
			kind: "PublishRequest", set: change{"content.configMap": configMap},
			want: []string{"spec.content: Invalid value: must set `configMap` when `type` is ConfigMap, and must not set it otherwise"},
		},
		"content of the kind not chosen": {
			kind: "PublishRequest", set: change{"content": object{"type": "ConfigMap", "inline": "text"}},
			want: []string{
				"spec.content: Invalid value: must set `configMap` when `type` is ConfigMap, and must not set it otherwise",
				"spec.content: Invalid value: must set `inline` when `type` is Inline, and must not set it otherwise",
			},
		},
		"content of no kind": {
			kind: "PublishRequest", set: change{"content": object{"type": "Inline"}},
			want: []string{"spec.content: Invalid value: must set `inline` when `type` is Inline, and must not set it otherwise"},
		},
		"content missing": {
			kind: "PublishRequest", set: change{"content": nil},
			want: []string{"spec.content: Required value"},
		},
		"content without a type": {
			kind: "PublishRequest", set: change{"content": object{"inline": "text"}},
			want: []string{"spec.content.type: Required value"},
		},
		"contentID 0": {
			kind: "PublishRequest", set: change{"contentID": int64(0)},
			want: []string{"spec.contentID: Invalid value: 0: spec.contentID in body should be greater than or equal to 1"},
		},
		"an id above 2^53": {
			kind: "PublishRequest", set: change{"contentID": int64(1)<<53 + 1},
			want: []string{"spec.contentID: Invalid value: 9007199254740993: spec.contentID in body should be less than or equal to 9007199254740991"},
		},
		"title empty": {
			kind: "PublishRequest", set: change{"title": ""},
			want: []string{`spec.title: Invalid value: "": spec.title in body should be at least 1 chars long`},
		},
		"title of white space": {
			kind: "PublishRequest", set: change{"title": "  "},
			want: []string{`spec.title: Invalid value: "  ": must not be only white space`},
		},
		"title of 10,000 characters": {
			kind: "PublishRequest", set: change{"title": strings.Repeat("x", 10000)},
			want: []string{"spec.title: Too long: may not be more than 500 bytes"},
		},
		"title missing": {
			kind: "PublishRequest", set: change{"title": nil},
			want: []string{"spec.title: Required value"},
		},
		"unknown enum": {
			kind: "PublishRequest", set: change{"status": "Published"},
			want: []string{`spec.status: Unsupported value: "Published": supported values: "Publish", "Draft", "Pending", "Private", "Future"`},
		},
		"slug with spaces": {
			kind: "PublishRequest", set: change{"slug": "hello world"},
			want: []string{`spec.slug: Invalid value: "hello world": must hold only lower-case letters, digits, - and _, without spaces and slashes, for example hello-world`},
		},
		"40,000 characters inline": {
			kind: "PublishRequest", set: change{"content.inline": strings.Repeat("ä", 40000)},
			want: []string{"spec.content.inline: Too long: may not be more than 32768 bytes"},
		},
		"a publishTime that is no time": {
			kind: "PublishRequest", set: change{"publishTime": "tomorrow"},
			want: []string{`spec.publishTime: Invalid value: "tomorrow": spec.publishTime in body must be of type date-time: "tomorrow"`},
		},
		"an unknown field": {
			kind: "PublishRequest", set: change{"titel": "Hello"},
			want: []string{"spec.titel: Forbidden: unknown field"},
		},
		"another integration": {
			kind: "PublishRequest", old: change{}, set: change{"integrationRef": object{"name": "shop"}},
			want: []string{"spec.integrationRef: Forbidden: `integrationRef` is immutable once set: create another request to publish at another site"},
		},
		"another content": {
			kind: "PublishRequest", old: change{"contentID": int64(1)}, set: change{"contentID": int64(2)},
			want: []string{"spec.contentID: Forbidden: `contentID` is immutable: create another request for other content"},
		},
		"another key": {
			kind: "PublishRequest", old: change{}, set: change{"contentKey": "content:2"},
			want: []string{"spec.contentKey: Forbidden: `contentKey` is immutable: create another request for other content"},
		},
		"an image of two kinds": {
			kind: "PublishRequest", set: change{"featuredImage.source.configMap": configMap},
			want: []string{"spec.featuredImage.source: Invalid value: must set `configMap` when `type` is ConfigMap, and must not set it otherwise"},
		},
		"the same category twice": {
			kind: "PublishRequest", set: change{"categories": []any{"News", "News"}},
			want: []string{`spec.categories[1]: Duplicate value: "News"`},
		},
		"a file for the embedded plugin": {
			kind: "PluginRelease", set: change{"source.configMap": configMap},
			want: []string{"spec.source: Invalid value: must set `configMap` when `type` is ConfigMap, and must not set it otherwise"},
		},
		"a download without a digest": {
			kind: "PluginRelease", set: change{"source": object{"type": "HTTP", "http": object{"url": "https://example.com/a.zip"}}},
			want: []string{"spec.source.http.digest: Required value"},
		},
		"another version": {
			kind: "PluginRelease", old: change{}, set: change{"version": "2.0.1"},
			want: []string{"spec.version: Forbidden: `version` is immutable: create another release"},
		},
	}
	crds := loadCRDs(t)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			minimal := readObjects(t, filepath.Join("testdata/minimal", strings.ToLower(tc.kind)+".yaml"))[0]
			got := messages(apply(t, crds[tc.kind], minimal, "spec", ruleCase{old: tc.old, set: tc.set}))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
