// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// request is an annotation that asks for something, on objects of one kind.
type request struct {
	resource   schema.GroupVersionResource
	kind       string
	annotation string
	// done is what is printed behind the name of an object.
	done string
}

func newRetryCommand(p *plugin) *cobra.Command {
	r := onRequests(v1alpha1.AnnotationRetryRequestedAt, "retry requested")
	return &cobra.Command{
		Use:     "retry NAME...",
		Short:   "Try PublishRequests again, with all their attempts before them",
		Example: "  kubectl igny8 retry hello -n blog",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(c *cobra.Command, names []string) error { return p.ask(c.Context(), r, names) },
	}
}

func newTestCommand(p *plugin) *cobra.Command {
	r := request{
		resource:   v1alpha1.GroupVersion.WithResource("wordpressintegrations"),
		kind:       "wordpressintegration",
		annotation: v1alpha1.AnnotationTestRequestedAt,
		done:       "connection test requested",
	}
	return &cobra.Command{
		Use:     "test NAME...",
		Short:   "Test the connection of WordPressIntegrations",
		Example: "  kubectl igny8 test blog\n  kubectl get wpi blog --watch",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(c *cobra.Command, names []string) error { return p.ask(c.Context(), r, names) },
	}
}

func newRotateCommand(p *plugin) *cobra.Command {
	r := request{
		resource:   v1alpha1.GroupVersion.WithResource("wordpressintegrations"),
		kind:       "wordpressintegration",
		annotation: v1alpha1.AnnotationRotateRequestedAt,
		done:       "new API key requested",
	}
	return &cobra.Command{
		Use:     "rotate NAME...",
		Short:   "Replace the generated API key of WordPressIntegrations, while they work",
		Example: "  kubectl igny8 rotate blog\n  kubectl wait --for=condition=KeyRotated wpi/blog",
		Args:    cobra.MinimumNArgs(1),
		RunE:    func(c *cobra.Command, names []string) error { return p.ask(c.Context(), r, names) },
	}
}

// ask annotates each object by name with the time: any new value asks once more.
func (p *plugin) ask(ctx context.Context, r request, names []string) error {
	return p.annotate(ctx, r, names, always(p.now()))
}

// now is a value that no request before had. Nanoseconds keep two requests of one
// second apart.
func (p *plugin) now() string { return p.clock.Now().UTC().Format(time.RFC3339Nano) }

// value is what the annotation of an object is to be.
type value func(context.Context, *target, string) (string, error)

func always(text string) value {
	return func(context.Context, *target, string) (string, error) { return text, nil }
}

// annotate sets the annotation of each object by name. One that fails does not keep
// the others from being asked; the error holds all failures.
func (p *plugin) annotate(ctx context.Context, r request, names []string, v value) error {
	t, err := p.target()
	if err != nil {
		return err
	}
	var errs []error
	for _, name := range names {
		text, err := v(ctx, t, name)
		if err == nil {
			err = r.patch(ctx, t, name, text)
		}
		if err != nil {
			errs = append(errs, r.explain(err, t.namespace, name))
			continue
		}
		if _, err := fmt.Fprintf(p.out, "%s/%s %s\n", r.kind, name, r.done); err != nil {
			return err
		}
	}
	return errors.Join(errs...)
}

// patch sets the annotation of one object.
func (r request) patch(ctx context.Context, t *target, name, text string) error {
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": map[string]string{r.annotation: text}}})
	if err != nil {
		return err
	}
	_, err = t.client.Resource(r.resource).Namespace(t.namespace).
		Patch(ctx, name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: program})
	return err
}

// explain says what the two mistakes that people make look like: a wrong namespace, and
// a cluster without the operator. The API server answers both with a 404.
func (r request) explain(err error, namespace, name string) error {
	switch {
	case meta.IsNoMatchError(err), isUnknownResource(err):
		return fmt.Errorf("%s/%s: the cluster does not know the kind; is the operator installed there?", r.kind, name)
	case apierrors.IsNotFound(err):
		return fmt.Errorf("%s/%s not found in namespace %q", r.kind, name, namespace)
	default:
		return fmt.Errorf("annotate %s/%s in namespace %q: %w", r.kind, name, namespace, err)
	}
}

// isUnknownResource tells "no such kind" from "no such object": only the latter has a name.
func isUnknownResource(err error) bool {
	var status apierrors.APIStatus
	if !apierrors.IsNotFound(err) || !errors.As(err, &status) {
		return false
	}
	details := status.Status().Details
	return details == nil || details.Name == ""
}
