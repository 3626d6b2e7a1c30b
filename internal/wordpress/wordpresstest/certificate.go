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

// issue makes an authority and a certificate signed by it.
func issue(kind Certificate, now time.Time) (leaf tls.Certificate, caBundle []byte, err error) {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return leaf, nil, fmt.Errorf("generate authority key: %w", err)
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "fake authority"},
		NotBefore: now.AddDate(0, 0, -10), NotAfter: now.AddDate(0, 0, 10),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, &caKey.PublicKey, caKey)
	if err != nil {
		return leaf, nil, fmt.Errorf("sign authority: %w", err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return leaf, nil, fmt.Errorf("generate key: %w", err)
	}
	der, err := x509.CreateCertificate(rand.Reader, template(kind, now), ca, &key.PublicKey, caKey)
	if err != nil {
		return leaf, nil, fmt.Errorf("sign certificate: %w", err)
	}
	caBundle = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER})
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, caBundle, nil
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
