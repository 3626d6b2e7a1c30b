// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"fmt"
	"strings"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/phase"
)

// checkSupported stalls an integration that asks for something this version
// does not do: nothing is silently ignored.
func (r *Reconciler) checkSupported(_ context.Context, s *scope) (phase.Result, error) {
	fields := unsupported(&s.integration.Spec)
	if len(fields) == 0 {
		return phase.Proceed, nil
	}
	message := fmt.Sprintf("this version does not support %s; remove it, or set the default", strings.Join(fields, ", "))
	s.health().Stall(v1alpha1.ReasonNotYetSupported, message)
	r.forget(s.name())
	return phase.Done(), nil
}

// defaultPluginSlug is the only plugin this version speaks to.
const defaultPluginSlug = "igny8-wp-bridge"

func importIsDefault(i *v1alpha1.Import) bool {
	return len(i.PostTypes) == 0 && len(i.Statuses) == 0 && i.ModifiedAfterTime.IsZero() && i.ContentStore.Type == ""
}

// unsupported names the fields of a spec that have no effect yet.
func unsupported(spec *v1alpha1.WordPressIntegrationSpec) []string {
	var fields []string
	add := func(set bool, field string) {
		if set {
			fields = append(fields, field)
		}
	}
	publishing := &spec.Publishing
	add(publishing.ConflictPolicy == v1alpha1.ConflictPolicyMerge, "publishing.conflictPolicy Merge")
	add(!importIsDefault(&spec.Import), "import")
	add(spec.Plugin.UpdatePolicy != "" && spec.Plugin.UpdatePolicy != v1alpha1.PluginUpdatePolicyManual, "plugin.updatePolicy")
	add(spec.Plugin.Version != "", "plugin.version")
	add(spec.Plugin.Slug != "" && spec.Plugin.Slug != defaultPluginSlug, "plugin.slug")
	add(spec.Plugin.Channel == v1alpha1.ReleaseChannelBeta, "plugin.channel")
	add(len(spec.Notifications) > 0, "notifications")
	add(spec.Webhooks.LegacyCallback == v1alpha1.LegacyCallbackAllowed, "webhooks.legacyCallback")
	return fields
}
