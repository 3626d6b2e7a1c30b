// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"fmt"
	"maps"
	"strings"
)

// rules are the cases of every rule by its message.
func rules() map[string]ruleCases {
	out := map[string]ruleCases{}
	for _, more := range []map[string]ruleCases{unionRules(), siteURLRules(), formatRules(), relationRules(), transitionRules()} {
		maps.Copy(out, more)
	}

	return out
}

// is replaces the value the rule is at.
func is(value any) ruleCase { return ruleCase{set: change{"": value}} }

// values makes a case of each value.
func values(all ...any) map[string]ruleCase {
	out := map[string]ruleCase{}
	for _, value := range all {
		out[fmt.Sprintf("%q", value)] = is(value)
	}

	return out
}

// unionRules are the rules of discriminated unions: the member of the chosen
// type must be there, and that of another must not.
func unionRules() map[string]ruleCases {
	configMap := object{"name": "posts", "key": "body"}
	ref := object{"name": "store"}
	digest := "sha256:" + strings.Repeat("0", 64)
	unions := []struct {
		discriminator, value, member string
		content                      any
	}{
		{"policy", "Provided", "secretRef", configMap},
		{"type", "Field", "field", "seo.title"},
		{"type", "CEL", "cel", "spec.title"},
		{"type", "Bucket", "bucketRef", ref},
		{"type", "Bucket", "bucket", object{"endpoint": "https://s3.example.com", "name": "plugins", "secretRef": ref}},
		{"type", "Inline", "inline", "text"},
		{"type", "ConfigMap", "configMap", configMap},
		{"type", "Object", "object", object{"bucketRef": ref, "key": "body"}},
		{"type", "URL", "url", "https://cdn.example.com/hand.jpg"},
		{"type", "HTTP", "http", object{"url": "https://cdn.example.com/bridge.zip", "digest": digest}},
		{"type", "OCI", "oci", object{"repository": "registry.example.com/bridge", "digest": digest}},
		{"type", "Staged", "steps", []any{object{"percent": int64(10)}}},
		{"updatePolicy", "Pinned", "version", "2.0.0"},
	}
	out := map[string]ruleCases{}
	for _, u := range unions {
		message := fmt.Sprintf("must set `%s` when `%s` is %s, and must not set it otherwise", u.member, u.discriminator, u.value)
		out[message] = ruleCases{bad: map[string]ruleCase{
			"the member is missing": {set: change{u.discriminator: u.value, u.member: nil}},
			"the member is another's": {set: change{
				u.discriminator: otherValue[u.discriminator+"/"+u.value], u.member: u.content,
			}},
		}}
	}
	// These unions share no other type; TestBadInput has the case of each.
	either := out["must set `configMap` when `type` is ConfigMap, and must not set it otherwise"]
	delete(either.bad, "the member is another's")

	return out
}

// otherValue is another value of the discriminator than the one named.
var otherValue = map[string]string{
	"policy/Provided": "Generated", "type/Field": "CEL", "type/CEL": "Field", "type/Bucket": "ConfigMap",
	"type/Inline": "Object", "type/Object": "ConfigMap", "type/URL": "Object", "type/HTTP": "OCI", "type/OCI": "HTTP",
	"type/Staged": "AllAtOnce", "updatePolicy/Pinned": "Auto",
}

// relationRules are the rules between the fields of one object.
func relationRules() map[string]ruleCases {
	long, longest := strings.Repeat("a", 64), strings.Repeat("a", 63)

	return map[string]ruleCases{
		"must set exactly one of `url` and `bucketRef`": {bad: map[string]ruleCase{
			"both": {set: change{"url": "https://example.com", "bucketRef": object{"name": "a"}}},
			"none": {set: change{"url": nil, "bucketRef": nil, "key": "a"}},
		}},
		"must set `digest` together with `url`, and only with it": {bad: map[string]ruleCase{
			"no digest": {set: change{"url": "https://example.com", "digest": nil}},
			"no url":    {set: change{"url": nil, "digest": "sha256:" + strings.Repeat("0", 64)}},
		}},
		"must set `key` together with `bucketRef`, and only with it": {bad: map[string]ruleCase{
			"no key":    {set: change{"bucketRef": object{"name": "a"}, "key": nil}},
			"no bucket": {set: change{"bucketRef": nil, "key": "a"}},
		}},
		"`initialDelaySeconds` must not be greater than `maxDelaySeconds`": {
			good: map[string]ruleCase{"equal": {set: change{"initialDelaySeconds": int64(60), "maxDelaySeconds": int64(60)}}},
			bad: map[string]ruleCase{
				"greater":              {set: change{"initialDelaySeconds": int64(61), "maxDelaySeconds": int64(60)}},
				"less than by default": {set: change{"initialDelaySeconds": nil, "maxDelaySeconds": int64(59)}},
				"more than by default": {set: change{"initialDelaySeconds": int64(3601), "maxDelaySeconds": nil}},
			},
		},
		"must have a greater `percent` in each step than in the one before": {
			good: map[string]ruleCase{"greater": is([]any{object{"percent": int64(1)}, object{"percent": int64(100)}})},
			bad: map[string]ruleCase{
				"less":  is([]any{object{"percent": int64(50)}, object{"percent": int64(10)}}),
				"equal": is([]any{object{"percent": int64(50)}, object{"percent": int64(50)}}),
			},
		},
		"must set `integrationRef`, or `siteID` to find the integration by": {
			good: map[string]ruleCase{
				"reference": {set: change{"siteID": nil}},
				"site":      {set: change{"integrationRef": nil}},
			},
			bad: map[string]ruleCase{"neither": {set: change{"integrationRef": nil, "siteID": nil}}},
		},
		"must set `title`, unless `content.format` is Markdown and the front matter of the content has it": {
			good: map[string]ruleCase{
				"title":        {set: change{"content": object{"type": "Inline", "format": "HTML", "inline": "x"}}},
				"front matter": {set: change{"title": nil, "content": object{"type": "Inline", "format": "Markdown", "inline": "x"}}},
			},
			bad: map[string]ruleCase{"HTML": {set: change{"title": nil, "content": object{"type": "Inline", "format": "HTML", "inline": "x"}}}},
		},
		"must set `publishTime` when `status` is Future": {
			good: map[string]ruleCase{"another status": {set: change{"status": "Draft", "publishTime": nil}}},
			bad:  map[string]ruleCase{"no time": {set: change{"status": "Future", "publishTime": nil}}},
		},
		"`metadata.name` must be at most 63 characters unless `spec.ownerID` is set": {
			good: map[string]ruleCase{
				"longest":  {set: change{"metadata.name": longest, "spec.ownerID": nil}},
				"with own": {set: change{"metadata.name": long}},
			},
			bad: map[string]ruleCase{"too long": {set: change{"metadata.name": long, "spec.ownerID": nil}}},
		},
		"`metadata.name` must be at most 237 characters: the ConfigMap with the site's structure is named <name>-igny8-structure": {
			good: map[string]ruleCase{
				"longest": {set: change{"metadata.name": strings.Repeat("n", 237)}},
				"stored":  {old: change{"metadata.name": strings.Repeat("n", 238)}, set: change{"metadata.name": strings.Repeat("n", 238)}},
			},
			bad: map[string]ruleCase{"too long": {set: change{"metadata.name": strings.Repeat("n", 238)}}},
		},
		"`metadata.name` must be at most 63 characters unless `spec.contentKey` or `spec.contentID` is set": {
			good: map[string]ruleCase{
				"longest":  {set: change{"metadata.name": longest, "spec.contentKey": nil, "spec.contentID": nil}},
				"with key": {set: change{"metadata.name": long, "spec.contentID": nil}},
				"with id":  {set: change{"metadata.name": long, "spec.contentKey": nil}},
			},
			bad: map[string]ruleCase{"too long": {set: change{"metadata.name": long, "spec.contentKey": nil, "spec.contentID": nil}}},
		},
	}
}

// transitionRules are the rules between the stored object and the applied one.
func transitionRules() map[string]ruleCases {
	same := change{}
	fixed := func(field string, value, other any) ruleCases {
		return ruleCases{
			good: map[string]ruleCase{"the same": {old: same}},
			bad: map[string]ruleCase{
				"changed": {old: change{field: value}, set: change{field: other}},
				"removed": {old: change{field: value}, set: change{field: nil}},
				"added":   {old: change{field: nil}, set: change{field: value}},
			},
		}
	}

	return map[string]ruleCases{
		"`integrationRef` is immutable once set: create another request to publish at another site": {
			good: map[string]ruleCase{
				"the same": {old: same},
				"set once": {old: change{"integrationRef": nil}},
			},
			bad: map[string]ruleCase{
				"changed": {old: same, set: change{"integrationRef": object{"name": "shop"}}},
				"removed": {old: same, set: change{"integrationRef": nil}},
			},
		},
		"`contentID` is immutable: create another request for other content":  fixed("contentID", int64(789), int64(790)),
		"`contentKey` is immutable: create another request for other content": fixed("contentKey", "content:789", "content:790"),
		"`slug` is immutable: create another release": {
			bad: map[string]ruleCase{"changed": {old: same, set: change{"": "another-plugin"}}},
		},
		"`version` is immutable: create another release": {
			bad: map[string]ruleCase{"changed": {old: same, set: change{"": "2.0.1"}}},
		},
		"must stay Withdrawn: create another version": {
			good: map[string]ruleCase{"withdrawing": {old: change{"": "Released"}, set: change{"": "Withdrawn"}}},
			bad: map[string]ruleCase{
				"released": {old: change{"": "Withdrawn"}, set: change{"": "Released"}},
				"draft":    {old: change{"": "Withdrawn"}, set: change{"": "Draft"}},
				"default":  {old: change{"": "Withdrawn"}, set: change{"": nil}},
			},
		},
		"must not go back to Draft: withdraw the version and create another": {
			good: map[string]ruleCase{"releasing": {old: change{"": "Draft"}, set: change{"": "Released"}}},
			bad: map[string]ruleCase{
				"draft":   {old: change{"": "Released"}, set: change{"": "Draft"}},
				"default": {old: change{"": "Released"}, set: change{"": nil}},
			},
		},
		"must not go back to an older `sequence` of the same `epoch`": {
			good: map[string]ruleCase{
				"the same":      {old: same},
				"newer":         {old: same, set: change{"sequence": int64(100)}},
				"another epoch": {old: same, set: change{"epoch": "e2", "sequence": int64(1)}},
			},
			bad: map[string]ruleCase{"older": {old: same, set: change{"sequence": int64(4)}}},
		},
	}
}
