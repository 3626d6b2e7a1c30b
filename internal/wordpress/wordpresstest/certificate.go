// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"time"
)

// Certificate is a kind of certificate of a fake.
type Certificate int

const (
	noTLS Certificate = iota
	// Valid is good for whoever trusts [Fake.CABundle].
	Valid
	// Expired ended a day ago.
	Expired
	// WrongName is for another host.
	WrongName
)

// Authority signs certificates of all kinds. It is not safe for concurrent use.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	bundle      []byte
	now         time.Time
}

// NewAuthority makes an authority that nobody trusts; now is the time by which
// certificates are valid or expired.
func NewAuthority(now time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("generate authority key: %w", err)
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "fake authority"},
		NotBefore: now.AddDate(0, 0, -10), NotAfter: now.AddDate(0, 0, 10),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, ca, ca, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("sign authority: %w", err)
	}
	bundle := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return &Authority{certificate: ca, key: key, bundle: bundle, now: now}, nil
}

// Bundle is the authority's certificate in PEM.
func (a *Authority) Bundle() []byte { return a.bundle }

// Issue signs a certificate.
func (a *Authority) Issue(kind Certificate) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("generate key: %w", err)
	}
	der, err := x509.CreateCertificate(rand.Reader, template(kind, a.now), a.certificate, &key.PublicKey, a.key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("sign certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// issue makes an authority and a certificate signed by it.
func issue(kind Certificate, now time.Time) (leaf tls.Certificate, caBundle []byte, err error) {
	authority, err := NewAuthority(now)
	if err != nil {
		return leaf, nil, err
	}
	leaf, err = authority.Issue(kind)
	return leaf, authority.Bundle(), err
}

func template(kind Certificate, now time.Time) *x509.Certificate {
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "fake site"},
		NotBefore: now.AddDate(0, 0, -9), NotAfter: now.AddDate(0, 0, 9),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}, DNSNames: []string{"localhost"},
	}
	switch kind {
	case Expired:
		leaf.NotAfter = now.AddDate(0, 0, -1)
	case WrongName:
		leaf.IPAddresses, leaf.DNSNames = nil, []string{"other.example.com"}
	}
	return leaf
}
