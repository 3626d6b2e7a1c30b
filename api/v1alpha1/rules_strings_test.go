// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1_test

import (
	"strings"
)

// siteURLRules are the rules of the address of a site.
func siteURLRules() map[string]ruleCases {
	return map[string]ruleCases{
		"must start with https://, for example https://blog.example.com": {
			good: values("https://blog.example.com", "https://blog.example.com/", "https://blog.example.com/news/en",
				"https://blog.example.com:8443/news", "https://192.0.2.1", "https://[2001:db8::1]", "https://[2001:db8::1]:8443/news",
				"https://bücher.example", "https://xn--bcher-kva.example", "https://blog.example.com.", "https://blog_1.example.com",
				"https://localhost:65535", "https://blog.example.com/~eve/a%20b", "https://blog.example.com/@eve"),
			bad: values("blog.example.com", "//blog.example.com", "ftp://blog.example.com", "HTTPS://blog.example.com",
				"https:/blog.example.com", "/news", "https:blog.example.com"),
		},
		"must not contain a user name or a password: the API key belongs in a Secret, see `credentials`": {
			bad: values("https://eve@blog.example.com", "https://eve:secret@blog.example.com/news", "https://:secret@blog.example.com"),
		},
		"must not contain a fragment: remove everything from the # on": {
			bad: values("https://blog.example.com#top", "https://blog.example.com/news#", "https://blog.example.com/#/news"),
		},
		"must not contain a query: remove everything from the ? on": {
			bad: values("https://blog.example.com?p=1", "https://blog.example.com/?", "https://blog.example.com/?rest_route=/"),
		},
		"must be a valid URL, for example https://blog.example.com": {
			bad: values("https://blog.example.com/%zz", "https://blog.example.com/%2", "https://[2001:db8::1", "https://blog.example.com:http",
				"https://exa mple.com"),
		},
		"must name a host after //, for example https://blog.example.com": {
			bad: values("https://", "https:///news", "https://:8443", "https://-", "https://blog<b>.example.com", "https://example.com-"),
		},
		"must have a port from 1 to 65535 after the colon, or no colon": {
			bad: values("https://blog.example.com:0", "https://blog.example.com:65536", "https://blog.example.com:", "https://[::1]:99999/news"),
		},
		"must not contain white space": {
			bad: values("https://blog.example.com/a b", " https://blog.example.com", "a\tb", "a\nb"),
		},
		"`siteURL` must start with https://; plain http needs `transport.plaintext: Allowed` and the operator's flag that permits it": {
			good: map[string]ruleCase{
				"the integration opts in": {set: change{"siteURL": "http://127.0.0.1:8080", "transport.plaintext": "Allowed"}},
			},
			bad: map[string]ruleCase{
				"denied":          {set: change{"siteURL": "http://blog.example.com", "transport.plaintext": "Denied"}},
				"left to default": {set: change{"siteURL": "http://blog.example.com", "transport": nil}},
			},
		},
	}
}

// formatRules are the rules of single strings.
func formatRules() map[string]ruleCases {
	name := ruleCases{
		good: values("a", "blog", "blog.example.com", "blog-2", strings.Repeat("a", 253)),
		bad:  values("Blog", "a b", "-a", "a-", "a_b", "a/b", "a..b"),
	}
	key := ruleCases{good: values("a", "A.b-c_1"), bad: values("a b", "a/b", "ä")}
	secure := ruleCases{
		good: values("https://example.com/a?b=c#d"),
		bad:  values("http://example.com", "example.com", "https://exa mple.com", "https://[::1"),
	}
	either := ruleCases{
		good: values("https://example.com/a", "http://example.com"),
		bad:  values("ftp://example.com", "example.com", "/a", "https://exa mple.com"),
	}
	shortVersion := ruleCases{good: values("6.1", "7.4.33"), bad: values("6", "v6.1", "6.1-beta", "6.1.2.3")}

	return map[string]ruleCases{
		"must be a valid object name: lower-case letters, digits, - and .":    name,
		"must be a valid Secret name: lower-case letters, digits, - and .":    name,
		"must be a valid ConfigMap name: lower-case letters, digits, - and .": name,
		"must be a valid Secret key: letters, digits, -, _ and .":             key,
		"must be a valid ConfigMap key: letters, digits, -, _ and .":          key,
		"must be a URL that starts with https://":                             secure,
		"must be a URL that starts with https:// or http://":                  either,
		"must be a version such as 6.1 or 6.1.2":                              shortVersion,
		"must be a version such as 6.9 or 6.9.1":                              shortVersion,
		"must be a version such as 7.4 or 7.4.33":                             shortVersion,
		"must be a version such as 1.4.0 or 1.4.0-beta.1": {
			good: values("1.4", "1.4.0", "1.4.0.1", "1.4.0-beta.1", "1.4.0-rc1"),
			bad:  values("1", "v1.4.0", "1.4.0-", "1.4.0+build", "latest", "1.4 .0"),
		},
		"must be a time of day as HH:MM, from 00:00 to 23:59": {
			good: values("00:00", "09:59", "19:00", "23:59"),
			bad:  values("24:00", "12:60", "1:000", "ab:cd"),
		},
		"must be sha256: followed by 64 lower-case hexadecimal digits": {
			good: values("sha256:" + strings.Repeat("a0", 32)),
			bad:  values("sha256:"+strings.Repeat("A0", 32), "sha512:"+strings.Repeat("a0", 32), strings.Repeat("a", 71)),
		},
		"must be 32 bytes in base64": {
			good: values(strings.Repeat("A", 43) + "="),
			bad:  values(strings.Repeat("A", 44), strings.Repeat("-", 43)+"="),
		},
		"must be registry/repository without tag and digest": {
			good: values("registry.example.com/plugins/bridge", "localhost:5000/bridge"),
			bad:  values("bridge", "registry.example.com/bridge:2.0.0", "registry.example.com/bridge@sha256:00", "https://registry.example.com/bridge"),
		},
		"must hold only lower-case letters, digits, . and -, and start and end with a letter or digit": {
			good: values("abc", "plugins.example-1"), bad: values("Plugins", "-abc", "abc-", "a_c", "a/c"),
		},
		"must hold only lower-case letters, digits, - and _": {
			good: values("post", "my_type-2"), bad: values("Post", "my type", "a/b", "ä"),
		},
		"must hold only lower-case letters and digits, joined by single hyphens": {
			good: values("igny8-wp-bridge"), bad: values("Bridge", "a--b", "-a", "a-", "a_b", "a/b"),
		},
		"must hold only lower-case letters, digits, - and _, without spaces and slashes, for example hello-world": {
			good: values("hello-world", "hello_2", "%c3%a4pfel", "äpfel", "こんにちは", strings.Repeat("a", 200)),
			bad:  values("hello world", "hello/world", "Hello", "a?b", "a#b", "%C3", "100%", "a\n"),
		},
		"must hold only letters, digits and the characters -._~:/@=": {
			good: values("content:789", "shop/hello", "urn:uuid:1-2", "a@b=c~d_e.f"), bad: values("a b", "a?b", "a#b", "ä", "<a>"),
		},
		"must hold only visible ASCII characters, without spaces": {
			good: values("shop/blog", "a!~"), bad: values("a b", "ä", "a\n"),
		},
		"must not be only white space": {
			good: values(" a", "ä", "0"), bad: values(" ", "\t\n"),
		},
	}
}
