// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/spf13/cobra"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

func newSyncCommand(p *plugin) *cobra.Command {
	r := request{
		resource:   v1alpha1.GroupVersion.WithResource("wordpressintegrations"),
		kind:       "wordpressintegration",
		annotation: v1alpha1.AnnotationSyncRequestedAt,
		done:       "sync requested",
	}
	structure := false
	command := &cobra.Command{
		Use:     "sync NAME...",
		Short:   "Read what the sites of WordPressIntegrations have",
		Example: "  kubectl igny8 sync blog\n  kubectl igny8 sync --structure blog",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, names []string) error {
			if structure {
				r.annotation, r.done = v1alpha1.AnnotationStructureRequestedAt, "structure update requested"
			}
			return p.ask(c.Context(), r, names)
		},
	}
	command.Flags().BoolVar(&structure, "structure", false, "Read all categories and tags as well, not the first of them only.")
	return command
}
