// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// suspicion says why what answers may not be the site that the integration
// belongs to, and what a person has to confirm if it is. Publishing to a copy
// would go unnoticed: it has the same key, and posts of the same ids.
type suspicion struct {
	message, value string
}

// suspect compares what answers with what is known; nil if it is the same site.
func suspect(integration *v1alpha1.WordPressIntegration, found *wordpress.Site) *suspicion {
	known := &integration.Status.Site
	switch {
	case known.UUID == "":
		return nil
	case known.UUID != found.UUID:
		return &suspicion{fmt.Sprintf("what answers has the UUID %q, and this integration belongs to the site with %q: "+
			"a new installation, or siteURL leads to another site; if it is right, set annotation %s to %q, else correct siteURL",
			found.UUID, known.UUID, v1alpha1.AnnotationConfirmSite, found.UUID), found.UUID}
	case known.HomeURL != "" && !sameHome(known.HomeURL, found.HomeURL) && !sameHome(integration.Spec.SiteURL, found.HomeURL):
		return &suspicion{fmt.Sprintf("the site says that its home is %q, it was %q, and siteURL is %q: "+
			"a copy of the site, or it has moved; if it is right, set annotation %s to %q",
			found.HomeURL, known.HomeURL, integration.Spec.SiteURL, v1alpha1.AnnotationConfirmSite, found.HomeURL), found.HomeURL}
	}
	return nil
}

// confirmed says that a person has confirmed it. A confirmation is used once: one
// that was left behind must not let a copy in later.
func (d *suspicion) confirmed(integration *v1alpha1.WordPressIntegration) bool {
	value := v1alpha1.Requested(integration, v1alpha1.AnnotationConfirmSite)
	used := v1alpha1.LookUp(integration.Status.LastHandled, v1alpha1.AnnotationConfirmSite)
	return value != used && (value == d.value || sameHome(value, d.value))
}

// noteConfirmation echoes a confirmation that was used, and forgets one that was
// taken back, so that the same value can be given anew.
func noteConfirmation(s *scope, used bool) {
	status := &s.integration.Status
	switch {
	case used:
		s.markHandled(v1alpha1.AnnotationConfirmSite)
	case s.integration.Annotations[v1alpha1.AnnotationConfirmSite] == "":
		status.LastHandled = slices.DeleteFunc(status.LastHandled, func(v v1alpha1.NamedValue) bool {
			return v.Name == v1alpha1.AnnotationConfirmSite
		})
	}
}

// restored says that the outbox of the same site began anew: its database went
// back in time.
func restored(known *v1alpha1.SiteStatus, found *wordpress.Site) bool {
	return known.UUID == found.UUID && known.Epoch != "" && found.Epoch != "" && known.Epoch != found.Epoch
}

// sameHome says that two URLs are of the same home: host and path count. The
// scheme changes when a site gets a certificate, and a slash at the end or the
// port that a scheme implies are a matter of taste.
func sameHome(a, b string) bool {
	first, ok := home(a)
	second, also := home(b)
	return ok && also && first == second
}

func home(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "", false
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if port := u.Port(); port != "" && port != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		host += ":" + port
	}
	return host + strings.TrimRight(u.EscapedPath(), "/"), true
}
