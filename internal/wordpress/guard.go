// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"

	"code.dny.dev/ssrf"
)

// errAddressBlocked is in the chain of an error for a refused address.
var errAddressBlocked = errors.New("address is not allowed")

// neverAllowed are addresses that no site lives at and that no prefix opens:
// link-local ones and the well-known metadata services of clouds (AWS, Azure,
// GCP, Alibaba), which hand out credentials to whoever can reach them.
var neverAllowed = []netip.Prefix{
	netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("168.63.129.16/32"),
	netip.MustParsePrefix("100.100.100.200/32"),
	netip.MustParsePrefix("fe80::/10"),
	netip.MustParsePrefix("fd00:ec2::/32"),
	netip.MustParsePrefix("fd20:ce::254/128"),
	netip.MustParsePrefix("224.0.0.0/4"),
	netip.MustParsePrefix("ff00::/8"),
}

// guard decides which addresses may be dialled.
type guard struct {
	public *ssrf.Guardian
}

func newGuard(allowed []netip.Prefix) guard {
	var v4, v6 []netip.Prefix
	for _, p := range allowed {
		if p.Addr().Is4() {
			v4 = append(v4, p.Masked())
		} else {
			v6 = append(v6, p.Masked())
		}
	}
	return guard{public: ssrf.New(
		ssrf.WithAnyPort(),
		ssrf.WithAllowedV4Prefixes(v4...),
		ssrf.WithAllowedV6Prefixes(v6...),
	)}
}

// control is a [net.Dialer] Control: it sees the address after resolution, so
// that a name cannot be rebound between the check and the dialling.
func (g guard) control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %w", errAddressBlocked, err)
	}
	return g.check(ap.Addr())
}

func (g guard) check(addr netip.Addr) error {
	addr = addr.Unmap()
	for _, p := range neverAllowed {
		if p.Contains(addr.WithZone("")) {
			return fmt.Errorf("%w: %s is in %s", errAddressBlocked, addr, p)
		}
	}
	if err := g.public.SafeAddr(addr); err != nil {
		return fmt.Errorf("%w: %w", errAddressBlocked, err)
	}
	// An allowed NAT64 prefix must not open what is closed in IPv4.
	if ssrf.IPv6NAT64Prefix.Contains(addr) {
		raw := addr.As16()
		return g.check(netip.AddrFrom4([4]byte(raw[12:])))
	}
	return nil
}

// ParsePrefixes reads prefixes (10.0.0.0/8) and single addresses (10.1.2.3), as
// the flag --allow-addresses gives them.
func ParsePrefixes(texts []string) ([]netip.Prefix, error) {
	prefixes := make([]netip.Prefix, 0, len(texts))
	for _, text := range texts {
		p, err := parsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("parse address %q: %w", text, err)
		}
		prefixes = append(prefixes, p)
	}
	return prefixes, nil
}

func parsePrefix(text string) (netip.Prefix, error) {
	p, err := netip.ParsePrefix(text)
	if err != nil {
		addr, addrErr := netip.ParseAddr(text)
		if addrErr != nil || addr.Zone() != "" {
			return p, err
		}
		p = netip.PrefixFrom(addr, addr.BitLen())
	}
	if p.Addr().Is4In6() {
		return p, errMappedPrefix(p)
	}
	return p.Masked(), nil
}

// errMappedPrefix refuses ::ffff:10.0.0.0/104: addresses are compared as IPv4,
// so that it would never match, and a prefix shorter than 96 bits means more
// than IPv4.
func errMappedPrefix(p netip.Prefix) error {
	const mappedBits = 96
	if p.Bits() < mappedBits {
		return errors.New("it is IPv4 written as IPv6; write an IPv4 prefix")
	}
	return fmt.Errorf("it is IPv4 written as IPv6; write %s", netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mappedBits).Masked())
}
