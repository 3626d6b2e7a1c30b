// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"net/url"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/destination"
)

// notReadyToRemove is destination.NotReady for a removal, which has no field to map.
// An integration whose mappings cannot be used is not tested until they can, so
// its last test counts, if that was of the site it leads to: of any other one, that
// the post is not there says nothing.
func notReadyToRemove(integration *v1alpha1.WordPressIntegration) (why string, pending bool) {
	why, pending = destination.NotReady(integration)
	isStopped := !integration.DeletionTimestamp.IsZero() || integration.Spec.Suspend
	wasWell := meta.IsStatusConditionTrue(integration.Status.Conditions, v1alpha1.ConditionConnected)
	if hasUnusableMappings(integration) && !isStopped && wasWell && leadsToTested(integration) {
		return "", false
	}
	return why, pending
}

// leadsToTested says that calls go to the REST API that the last test has found.
// One of another host than siteURL's is looked for anew.
func leadsToTested(integration *v1alpha1.WordPressIntegration) bool {
	home, err := url.Parse(integration.Spec.SiteURL)
	root, rootErr := url.Parse(integration.Status.Site.RESTURL)
	return err == nil && rootErr == nil && root.Host != "" && strings.EqualFold(home.Host, root.Host)
}
