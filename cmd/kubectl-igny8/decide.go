// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// onRequests is what a person decides about PublishRequests.
func onRequests(annotation, done string) request {
	return request{resource: v1alpha1.GroupVersion.WithResource("publishrequests"), kind: "publishrequest", annotation: annotation, done: done}
}

func newReleaseCommand(p *plugin) *cobra.Command {
	r := onRequests(v1alpha1.AnnotationReleaseRequestedAt, "released")
	return &cobra.Command{
		Use:     "release NAME...",
		Short:   "Release PublishRequests with release: Manual",
		Example: "  kubectl igny8 release hello -n blog",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(c *cobra.Command, names []string) error { return p.ask(c.Context(), r, names) },
	}
}

func newApproveCommand(p *plugin) *cobra.Command {
	r := onRequests(v1alpha1.AnnotationApprovedGeneration, "approved")
	generation := int64(0)
	command := &cobra.Command{
		Use:   "approve NAME...",
		Short: "Approve PublishRequests with approval: Required, as they are now",
		Long: `Approve PublishRequests with approval: Required, as they are now.

What is approved is a generation of the spec, with the content as it is now: whoever changes the text
needs another approval. Give the generation that you have read, if others may be writing at the same time.`,
		Example: "  kubectl igny8 approve hello\n  kubectl igny8 approve hello --generation=3",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, names []string) error {
			switch {
			case !c.Flags().Changed("generation"):
				return p.annotate(c.Context(), r, names, p.generation(r))
			case len(names) > 1:
				return fmt.Errorf("--generation is of one request, and %d are named", len(names))
			case generation < 1:
				return fmt.Errorf("--generation is %d, and the first one is 1", generation)
			}
			return p.annotate(c.Context(), r, names, always(p.approval(generation)))
		},
	}
	command.Flags().Int64Var(&generation, "generation", 0, "Approve this metadata.generation, and no other.")
	return command
}

// approval is a new one of a generation, for the content as it is now: one that was
// used before says nothing about a ConfigMap that has changed since.
func (p *plugin) approval(generation int64) string {
	return strconv.FormatInt(generation, 10) + ":" + p.now()
}

// generation approves the one that an object has. If it changes before the
// annotation is set, what is approved is what it was.
func (p *plugin) generation(r request) value {
	return func(ctx context.Context, t *target, name string) (string, error) {
		object, err := t.client.Resource(r.resource).Namespace(t.namespace).Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return "", err
		}
		return p.approval(object.GetGeneration()), nil
	}
}

func newResolveConflictCommand(p *plugin) *cobra.Command {
	keep := ""
	command := &cobra.Command{
		Use:   "resolve-conflict NAME... --keep=source|site",
		Short: "Decide about a change that somebody made to the post at the site",
		Example: `  kubectl igny8 resolve-conflict hello --keep=source   # overwrite the change
  kubectl igny8 resolve-conflict hello --keep=site     # accept it`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, names []string) error {
			if keep != "source" && keep != "site" {
				return fmt.Errorf("--keep is %q; give source to overwrite the change, or site to accept it", keep)
			}
			r := onRequests(v1alpha1.AnnotationResolveConflict, "keeps the version of the "+keep)
			return p.annotate(c.Context(), r, names, always(keep+":"+p.now())) // the same answer to the next conflict is another value
		},
	}
	command.Flags().StringVar(&keep, "keep", "", "Whose version stays: source or site.")
	return command
}
