// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package netguard

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"syscall"

	"code.dny.dev/ssrf"
)

// ErrAddressBlocked is in the chain of an error for a refused address.
var ErrAddressBlocked = errors.New("address is not allowed")

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

// Guard decides which addresses may be dialled; make it with [New].
type Guard struct {
	public *ssrf.Guardian
	opened []netip.Prefix
	// openedOnly closes what is public as well.
	openedOnly bool
}

// New returns a guard that lets through public addresses and those that are
// allowed beside them. Link-local addresses and the metadata services of clouds
// stay closed.
func New(allowed []netip.Prefix) Guard {
	var v4, v6 []netip.Prefix
	for _, p := range allowed {
		if p.Addr().Is4() {
			v4 = append(v4, p.Masked())
		} else {
			v6 = append(v6, p.Masked())
		}
	}
	return Guard{opened: allowed, public: ssrf.New(
		ssrf.WithAnyPort(),
		ssrf.WithAllowedV4Prefixes(v4...),
		ssrf.WithAllowedV6Prefixes(v6...),
	)}
}

// OpenedOnly returns a guard that lets through only what the administrator has
// opened: for what must not cross the internet, such as plain http.
func (g Guard) OpenedOnly() Guard {
	g.openedOnly = true
	return g
}

// Control is that of a [net.Dialer]: it sees the address after resolution, so
// that a name cannot be rebound between the check and the dialling.
func (g Guard) Control(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrAddressBlocked, err)
	}
	return g.Check(ap.Addr())
}

// Check refuses an address with an error that has [ErrAddressBlocked] in its chain.
func (g Guard) Check(addr netip.Addr) error {
	addr = addr.Unmap()
	for _, p := range neverAllowed {
		if p.Contains(addr.WithZone("")) {
			return fmt.Errorf("%w: %s is in %s", ErrAddressBlocked, addr, p)
		}
	}
	if g.openedOnly && !g.isOpened(addr) {
		return fmt.Errorf("%w: %s is not one that an administrator has opened", ErrAddressBlocked, addr)
	}
	if err := g.public.SafeAddr(addr); err != nil {
		return fmt.Errorf("%w: %w", ErrAddressBlocked, err)
	}
	// An allowed NAT64 prefix must not open what is closed in IPv4.
	if ssrf.IPv6NAT64Prefix.Contains(addr) {
		raw := addr.As16()
		return g.Check(netip.AddrFrom4([4]byte(raw[12:])))
	}
	return nil
}

func (g Guard) isOpened(addr netip.Addr) bool {
	return slices.ContainsFunc(g.opened, func(p netip.Prefix) bool { return p.Contains(addr) })
}
