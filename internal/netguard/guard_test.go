// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package netguard

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
)

// TestGuardBlocks has the addresses that guards of other projects forgot: the
// transition forms of IPv6 above all (CVE-2026-73087, CVE-2026-44430,
// CVE-2026-79913, GHSA-4q5r-r938-8xr2).
func TestGuardBlocks(t *testing.T) {
	blocked := map[string]string{
		"127.0.0.1": "loopback", "127.8.8.8": "loopback", "0.0.0.0": "unspecified", "169.254.169.254": "metadata",
		"10.0.0.1": "private", "172.16.0.1": "private", "172.31.255.255": "private", "192.168.1.1": "private",
		"100.64.0.1": "CGNAT", "198.18.0.1": "benchmarking", "192.0.0.192": "IETF", "192.0.2.1": "documentation",
		"224.0.0.1": "multicast", "240.0.0.1": "reserved", "255.255.255.255": "broadcast",
		"168.63.129.16": "metadata of Azure", "100.100.100.200": "metadata of Alibaba",
		"::": "unspecified", "::1": "loopback", "::ffff:127.0.0.1": "mapped", "::ffff:a9fe:a9fe": "mapped metadata",
		"::127.0.0.1": "compatible", "fe80::1": "link-local", "fe80::1%lo": "with a zone", "fec0::1": "site-local",
		"fd00::1": "unique local", "fd00:ec2::254": "metadata of AWS", "ff02::1": "multicast",
		"64:ff9b::7f00:1": "NAT64 of loopback", "64:ff9b::a9fe:a9fe": "NAT64 of metadata", "64:ff9b:1::a9fe:a9fe": "local NAT64",
		"64:ff9b::808:808": "NAT64, closed by default", "2002:7f00:1::": "6to4 of loopback", "2001::1": "Teredo",
		"100::1": "discard", "2001:db8::1": "documentation", "3fff::1": "documentation", "5f00::1": "segment routing",
	}
	g := New(nil)
	for text, what := range blocked {
		if err := g.Check(netip.MustParseAddr(text)); !errors.Is(err, ErrAddressBlocked) {
			t.Errorf("%s (%s) is let through: %v", text, what, err)
		}
	}
	for _, text := range []string{"8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"} {
		if err := g.Check(netip.MustParseAddr(text)); err != nil {
			t.Errorf("%s is public and blocked: %v", text, err)
		}
	}
}

func TestGuardAllows(t *testing.T) {
	cases := map[string]struct {
		allowed []string
		address string
		want    bool
		reason  string
	}{
		"private":             {[]string{"10.0.0.0/8"}, "10.1.2.3", true, "a Service in the cluster"},
		"single":              {[]string{"10.1.2.3"}, "10.1.2.3", true, "an address is a prefix"},
		"loopback":            {[]string{"127.0.0.0/8"}, "127.0.0.1", true, "tests and demo"},
		"IPv6 loopback":       {[]string{"::1"}, "::1", true, "tests and demo"},
		"mapped":              {[]string{"10.0.0.0/8"}, "::ffff:10.1.2.3", true, "the same address"},
		"neighbour":           {[]string{"10.0.0.0/16"}, "10.1.0.1", false, "not in the prefix"},
		"all but metadata":    {[]string{"0.0.0.0/0"}, "169.254.169.254", false, "never"},
		"mapped metadata":     {[]string{"0.0.0.0/0", "::/0"}, "::ffff:169.254.169.254", false, "never"},
		"link-local in zone":  {[]string{"::/0"}, "fe80::1%eth0", false, "never"},
		"multicast":           {[]string{"0.0.0.0/0"}, "224.0.0.1", false, "no site"},
		"NAT64 of public":     {[]string{"64:ff9b::/96"}, "64:ff9b::808:808", true, "a cluster with IPv6 only"},
		"NAT64 of loopback":   {[]string{"64:ff9b::/96"}, "64:ff9b::7f00:1", false, "what it stands for is closed"},
		"NAT64 of an allowed": {[]string{"64:ff9b::/96", "10.0.0.0/8"}, "64:ff9b::a00:1", true, "what it stands for is open"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			prefixes, err := ParsePrefixes(tc.allowed)
			if err != nil {
				t.Fatalf("ParsePrefixes: %v", err)
			}
			if err := New(prefixes).Check(netip.MustParseAddr(tc.address)); (err == nil) != tc.want {
				t.Errorf("%s with %v: %v, want allowed %t (%s)", tc.address, tc.allowed, err, tc.want, tc.reason)
			}
		})
	}
}

func TestParsePrefixesRefuses(t *testing.T) {
	for _, text := range []string{"", "10.0.0.0/33", "example.com", "::ffff:10.0.0.0/104", "fe80::1%lo"} {
		if got, err := ParsePrefixes([]string{text}); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

// TestParsePrefixesSaysHowToWriteIPv4: a mapped prefix would silently match nothing.
func TestParsePrefixesSaysHowToWriteIPv4(t *testing.T) {
	for text, want := range map[string]string{
		"::ffff:10.0.0.0/104": "it is IPv4 written as IPv6; write 10.0.0.0/8",
		"::ffff:10.1.2.3":     "it is IPv4 written as IPv6; write 10.1.2.3/32",
		"::ffff:a00:0/104":    "it is IPv4 written as IPv6; write 10.0.0.0/8",
		"::ffff:10.9.9.9/96":  "it is IPv4 written as IPv6; write 0.0.0.0/0",
		"::ffff:10.0.0.0/95":  "it is IPv4 written as IPv6; write an IPv4 prefix",
	} {
		if _, err := ParsePrefixes([]string{text}); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

func TestGuardControlRefusesUnreadable(t *testing.T) {
	if err := New(nil).Control("tcp", "/run/docker.sock", nil); !errors.Is(err, ErrAddressBlocked) {
		t.Errorf("control: %v, want a blocked address", err)
	}
}

// TestGuardOpenedOnly closes public addresses as well: what goes there readable
// could be read on the way.
func TestGuardOpenedOnly(t *testing.T) {
	g := New([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("169.254.0.0/16")}).OpenedOnly()
	for text, want := range map[string]bool{
		"10.1.2.3": true, "::ffff:10.1.2.3": true, "8.8.8.8": false, "2606:4700:4700::1111": false, "192.168.1.1": false, "169.254.169.254": false,
	} {
		if err := g.Check(netip.MustParseAddr(text)); (err == nil) != want || (err != nil && !errors.Is(err, ErrAddressBlocked)) {
			t.Errorf("%s: %v, want allowed %t", text, err, want)
		}
	}
}
