// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/stack"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

const (
	// bareWriters write to the API server side by side, as many as the manager's
	// workers.
	bareWriters = 8
	// barePage is how many requests a page of a list has.
	barePage = 500
)

// bare is the least that publishes requests: it lists them, makes the same call
// and the same two writes for each, and decides nothing. It reads each request
// once, in a page with others, and looks at nothing that is there already.
type bare struct {
	kube      client.Client
	namespace string
	sites     map[string]*wordpress.Client // by integration
	// status is what is written, that of a request which the manager has published.
	status        v1alpha1.PublishRequestStatus
	maxConcurrent int
}

// newBare writes under the manager's account: the API server's work is the same.
func newBare(t *testing.T, s *sites, namespace string, maxConcurrent int, status *v1alpha1.PublishRequestStatus) *bare {
	t.Helper()
	config, err := shared.ServiceAccountConfig(t.Context(), stack.Namespace, "manager")
	if err != nil {
		t.Fatal(err)
	}
	kube, err := client.New(config, client.Options{Scheme: shared.Client.Scheme()})
	if err != nil {
		t.Fatal(err)
	}
	transports := wordpress.NewTransports(wordpress.TransportOptions{AllowedPrefixes: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(transports.CloseIdleConnections)
	b := &bare{kube: kube, namespace: namespace, sites: map[string]*wordpress.Client{}, status: *status, maxConcurrent: maxConcurrent}
	for i, host := range s.hosts {
		site := "http://" + host
		b.sites[nameOf(i)], err = wordpress.NewClient(wordpress.Config{SiteURL: site, RESTURL: site + "/wp-json/", Key: wordpress.NewKey(s.fake.Key())}, transports)
		if err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// published is a post that is to be written down.
type published struct {
	request *v1alpha1.PublishRequest
	post    *wordpress.PostRepresentation
}

// drain publishes all requests of the namespace.
func (b *bare) drain(ctx context.Context) error {
	queues, err := b.queues(ctx)
	if err != nil {
		return err
	}
	done := make(chan published, bareWriters)
	all, ctx := errgroup.WithContext(ctx)
	all.Go(func() error {
		defer close(done)
		calls, ctx := errgroup.WithContext(ctx)
		for name, queue := range queues {
			for range b.maxConcurrent {
				calls.Go(func() error { return b.call(ctx, b.sites[name], queue, done) })
			}
		}
		return calls.Wait()
	})
	for range bareWriters {
		all.Go(func() error { return b.write(ctx, done) })
	}
	return all.Wait()
}

// queues lists the requests, by integration.
func (b *bare) queues(ctx context.Context) (map[string]chan *v1alpha1.PublishRequest, error) {
	waiting := map[string][]*v1alpha1.PublishRequest{}
	for next := ""; ; {
		page := &v1alpha1.PublishRequestList{}
		if err := b.kube.List(ctx, page, client.InNamespace(b.namespace), client.Limit(barePage), client.Continue(next)); err != nil {
			return nil, err
		}
		for i := range page.Items {
			name := page.Items[i].Spec.IntegrationRef.Name
			waiting[name] = append(waiting[name], &page.Items[i])
		}
		if next = page.Continue; next == "" {
			break
		}
	}
	queues := map[string]chan *v1alpha1.PublishRequest{}
	for name, requests := range waiting {
		queues[name] = make(chan *v1alpha1.PublishRequest, len(requests))
		for _, request := range requests {
			queues[name] <- request
		}
		close(queues[name])
	}
	return queues, nil
}

// call makes the calls to one site, one after the other.
func (b *bare) call(ctx context.Context, site *wordpress.Client, queue <-chan *v1alpha1.PublishRequest, done chan<- published) error {
	for request := range queue {
		post, err := site.Publish(ctx, &wordpress.Post{
			ContentKey: request.Namespace + "/" + request.Name, Owner: request.Namespace + "/" + request.Spec.IntegrationRef.Name,
			Claim: string(request.UID), Title: request.Spec.Title, ContentHTML: request.Spec.Content.Inline, Status: "publish",
			Categories: request.Spec.Categories, Tags: request.Spec.Tags,
		})
		if err != nil {
			return err
		}
		select {
		case done <- published{request, post}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// write writes status and Event of what is published.
func (b *bare) write(ctx context.Context, done <-chan published) error {
	for p := range done {
		status := b.status
		status.Post.ID, status.Post.URL, status.Post.ContentHash = p.post.ID, p.post.URL, p.post.ContentHash
		patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"resourceVersion": p.request.ResourceVersion}, "status": status})
		if err != nil {
			return err
		}
		if err := b.kube.Status().Patch(ctx, &v1alpha1.PublishRequest{ObjectMeta: *named(p.request)}, client.RawPatch(types.MergePatchType, patch)); err != nil {
			return err
		}
		if err := b.kube.Create(ctx, eventOf(p)); err != nil {
			return err
		}
	}
	return nil
}

func named(request *v1alpha1.PublishRequest) *metav1.ObjectMeta {
	return &metav1.ObjectMeta{Namespace: request.Namespace, Name: request.Name}
}

func eventOf(p published) *eventsv1.Event {
	return &eventsv1.Event{
		ObjectMeta: metav1.ObjectMeta{Namespace: p.request.Namespace, GenerateName: p.request.Name + "-"},
		EventTime:  metav1.NewMicroTime(time.Now()), ReportingController: "bare", ReportingInstance: "bare",
		Action: "Publish", Reason: v1alpha1.ReasonPublished, Type: corev1.EventTypeNormal,
		Regarding: corev1.ObjectReference{
			APIVersion: v1alpha1.GroupVersion.String(), Kind: "PublishRequest",
			Namespace: p.request.Namespace, Name: p.request.Name, UID: p.request.UID, ResourceVersion: p.request.ResourceVersion,
		},
		Note: fmt.Sprintf("published post %d: %s", p.post.ID, p.post.URL),
	}
}
