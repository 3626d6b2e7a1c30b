// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package netguard

import (
	"errors"
	"fmt"
	"net/netip"
)

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
