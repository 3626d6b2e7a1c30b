// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// step is something that a person does, or waits for. No step needs an operator
// to be alive at that moment.
type step func(*space) error

// all takes one step after the other.
func (s *space) all(steps []step) error {
	for i, step := range steps {
		if err := step(s); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

// create applies a new object.
func create(object func() client.Object) step {
	return func(s *space) error {
		o := object()
		o.SetNamespace(s.name)
		return s.client.Create(context.Background(), o)
	}
}

// connect applies the integration "blog" and its key.
func connect(change ...func(*v1alpha1.WordPressIntegration)) step {
	return func(s *space) error {
		secret := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: s.name, Name: "key"}, StringData: map[string]string{"apiKey": s.site.Key()}}
		if err := s.client.Create(context.Background(), secret); err != nil {
			return err
		}
		integration := &v1alpha1.WordPressIntegration{
			ObjectMeta: metav1.ObjectMeta{Namespace: s.name, Name: "blog"},
			Spec: v1alpha1.WordPressIntegrationSpec{
				SiteURL: s.site.URL(),
				Credentials: v1alpha1.Credentials{
					Policy: v1alpha1.CredentialsPolicyProvided, SecretRef: v1alpha1.SecretKeyReference{Name: "key", Key: "apiKey"},
				},
				Transport:  v1alpha1.Transport{Plaintext: v1alpha1.PlaintextAllowed, TimeoutSeconds: 10},
				Publishing: v1alpha1.Publishing{Retry: v1alpha1.Retry{InitialDelaySeconds: 1, MaxDelaySeconds: 1}},
			},
		}
		for _, c := range change {
			c(integration)
		}
		return s.client.Create(context.Background(), integration)
	}
}

// connected waits until nothing is written for a new integration any more.
func connected() step { return awaitBlog("Ready=True/Connected", "Synced=True/Synced") }

// publish applies a new request through "blog".
func publish(name string, change ...func(*v1alpha1.PublishRequest)) step {
	return create(func() client.Object {
		request := &v1alpha1.PublishRequest{
			ObjectMeta: metav1.ObjectMeta{Name: name},
			Spec: v1alpha1.PublishRequestSpec{
				IntegrationRef: v1alpha1.LocalObjectReference{Name: "blog"},
				Title:          "Title of " + name,
				ContentKey:     "key-of-" + name,
				Content:        v1alpha1.Content{Type: v1alpha1.ContentTypeInline, Format: v1alpha1.ContentFormatMarkdown, Inline: "Text of *" + name + "*."},
				Categories:     []string{"News"},
				Tags:           []string{"one", "two"},
			},
		}
		for _, c := range change {
			c(request)
		}
		return request
	})
}

// published waits for the post of a request.
func published(name string) step {
	return awaitRequest(name, "Ready=True/Published", "Published=True/Published")
}

// change edits a request in the cluster.
func change(name string, change func(*v1alpha1.PublishRequest)) step {
	return func(s *space) error { return patch(s, name, &v1alpha1.PublishRequest{}, change) }
}

// changeBlog edits the integration.
func changeBlog(change func(*v1alpha1.WordPressIntegration)) step {
	return func(s *space) error { return patch(s, "blog", &v1alpha1.WordPressIntegration{}, change) }
}

func patch[T client.Object](s *space, name string, object T, change func(T)) error {
	if err := s.get(name, object); err != nil {
		return err
	}
	before := object.DeepCopyObject().(client.Object)
	change(object)
	return s.client.Patch(context.Background(), object, client.MergeFrom(before))
}

// retitle is a change of a request that its post has to follow.
func retitle(p *v1alpha1.PublishRequest) { p.Spec.Title = "New " + p.Spec.Title }

// annotated sets an annotation.
func annotated[T client.Object](annotation, value string) func(T) {
	return func(object T) {
		annotations := object.GetAnnotations()
		if annotations == nil {
			annotations = map[string]string{}
		}
		annotations[annotation] = value
		object.SetAnnotations(annotations)
	}
}

// remove deletes a request and waits until it is gone.
func remove(name string) step {
	return func(s *space) error {
		request := &v1alpha1.PublishRequest{ObjectMeta: metav1.ObjectMeta{Namespace: s.name, Name: name}}
		if err := s.client.Delete(context.Background(), request); err != nil {
			return err
		}
		return s.await(func() (bool, string) {
			err := s.get(name, request)
			return client.IgnoreNotFound(err) == nil && err != nil, fmt.Sprintf("request %q is still there (finalizers %v)", name, request.Finalizers)
		})
	}
}

// postOf finds the post of a request at the site.
func (s *space) postOf(name string) (wordpress.PostRepresentation, error) {
	for _, post := range s.site.Posts() {
		if post.ContentKey == "key-of-"+name {
			return post, nil
		}
	}
	return wordpress.PostRepresentation{}, fmt.Errorf("the site has no post of %q", name)
}

// edit changes a request's post at the site, as a person would.
func edit(name string) step {
	return func(s *space) error {
		post, err := s.postOf(name)
		if err == nil {
			s.site.Edit(post.ID, "Edited at the site.")
		}
		return err
	}
}

// awaitRequest waits until a request has the conditions, "Type=Status/Reason",
// and they are about its spec as it is.
func awaitRequest(name string, want ...string) step {
	return func(s *space) error { return awaitConditions(s, name, &v1alpha1.PublishRequest{}, want) }
}

// awaitBlog waits for conditions of the integration.
func awaitBlog(want ...string) step {
	return func(s *space) error { return awaitConditions(s, "blog", &v1alpha1.WordPressIntegration{}, want) }
}

func awaitConditions(s *space, name string, object client.Object, want []string) error {
	return s.await(func() (bool, string) {
		conditions, err := s.conditionsOf(name, object)
		if err != nil {
			return false, err.Error()
		}
		for _, condition := range want {
			conditionType, rest, _ := strings.Cut(condition, "=")
			c := meta.FindStatusCondition(conditions, conditionType)
			if c == nil || string(c.Status)+"/"+c.Reason != rest || c.ObservedGeneration != object.GetGeneration() {
				return false, fmt.Sprintf("%T %s: want %s, has %s", object, name, condition, show(conditions))
			}
		}
		return true, ""
	})
}

func show(conditions []metav1.Condition) string {
	var text strings.Builder
	for _, c := range conditions {
		fmt.Fprintf(&text, "\n  %s=%s/%s: %s", c.Type, c.Status, c.Reason, c.Message)
	}
	return text.String()
}
