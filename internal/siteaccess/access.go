// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package siteaccess

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// Access opens sites.
type Access struct {
	// Live reads Secrets and ConfigMaps from the API server, never from a cache.
	Live client.Reader
	// Transports are shared by all sites.
	Transports *wordpress.Transports
	// AllowPlaintext is the administrator's word that sites may be called over
	// plain http; the integration has to ask for it as well.
	AllowPlaintext bool
}

// Open returns a client of the integration's site and the credentials it uses.
// The root of the REST API is the given one, or discovered if empty.
func (a *Access) Open(ctx context.Context, integration *v1alpha1.WordPressIntegration, restURL string) (*wordpress.Client, Credentials, error) {
	credentials, err := Load(ctx, a.Live, integration)
	if err != nil {
		return nil, Credentials{}, err
	}
	site, err := a.Client(integration, credentials, restURL)
	return site, credentials, err
}

// Client returns a client for credentials that are loaded already.
func (a *Access) Client(integration *v1alpha1.WordPressIntegration, credentials Credentials, restURL string) (*wordpress.Client, error) {
	spec := &integration.Spec
	if strings.HasPrefix(spec.SiteURL, "http:") && !a.AllowPlaintext {
		return nil, &Error{v1alpha1.ReasonPlaintextDenied,
			fmt.Sprintf("siteURL %s is plain http, which this operator does not allow; use https, or have the administrator set --allow-plaintext", spec.SiteURL)}
	}
	site, err := wordpress.NewClient(wordpress.Config{
		SiteURL:    spec.SiteURL,
		RESTURL:    restURL,
		Key:        credentials.Key,
		CABundle:   credentials.CABundle,
		AuthHeader: wordpress.AuthHeader(spec.Transport.AuthHeader),
		Timeout:    time.Duration(spec.Transport.TimeoutSeconds) * time.Second,
	}, a.Transports)
	var unusable *wordpress.ConfigError
	switch {
	case err == nil:
		return site, nil
	case !errors.As(err, &unusable):
		return nil, fmt.Errorf("open site of integration %q: %w", integration.Name, err)
	case unusable.Field == "RESTURL" && restURL != "":
		return a.Client(integration, credentials, "") // of another siteURL: discover it anew
	}
	return nil, explain(integration, unusable)
}

func explain(integration *v1alpha1.WordPressIntegration, unusable *wordpress.ConfigError) *Error {
	if unusable.Field != "Key" {
		return &Error{v1alpha1.ReasonSiteURLInvalid, fmt.Sprintf("siteURL cannot be used: %s %s; correct it", unusable.Field, unusable.Reason)}
	}
	ref := SecretOf(integration)
	return &Error{v1alpha1.ReasonKeyInvalid, fmt.Sprintf("the API key under %q of Secret %q %s; put one there that a header can carry", ref.Key, ref.Name, unusable.Reason)}
}
