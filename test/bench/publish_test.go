// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/stack"
)

const (
	// resyncs is how often what has settled is looked at again.
	resyncs = 20
	// resynced is how many requests are.
	resynced = 10
)

// TestPublishCost: what a publish costs, and that what is published costs nothing.
func TestPublishCost(t *testing.T) {
	n, blogs := 40, 4
	if *full {
		n, blogs = 500, 10
	}
	s := newBlogs(t, blogs)
	manager := startManager(t, quiet())
	f := newPublishingFleet(t, s.fake.Key(), s.hosts, v1alpha1.Publishing{MaxConcurrent: 4, BatchSize: 1})
	f.settle(blogs)
	publishCost(t, manager, f, s, n)
	settledCost(t, manager, f, s)
	imageCost(t, f, s)
	f.clear()
	f.remove()
}

// publishCost publishes n requests.
func publishCost(t *testing.T, manager *stack.Program, f *fleet, s *sites, n int) {
	t.Helper()
	seen := observe(t, f.namespace)
	before, calls, busy := f.writes(), s.total(), cpuSeconds(t, manager)
	f.request("post", n, len(s.hosts), article(4<<10))
	seen.await(t, n)
	awaitIdle(t, manager)
	after, each := f.writes(), float64(n)
	count(t, "publish_site_calls_each", float64(s.total()-calls)/each, 1)
	count(t, "publish_status_writes_each", float64(after.requests-before.requests)/each, 1)
	count(t, "publish_events_each", float64(after.events-before.events)/each, 1)
	note("publish_writes_of_integrations", float64(after.others-before.others))
	atLeast(t, "publish_posts_each", float64(s.posts())/each, 1)
	note("publish_manager_cpu_ms_each", 1000*(cpuSeconds(t, manager)-busy)/each)
}

// pictures is how many requests have an image that the site does not have.
const pictures = 10

// imageCost publishes requests with an image each.
func imageCost(t *testing.T, f *fleet, s *sites) {
	t.Helper()
	source := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: f.namespace, Name: "pictures"}, BinaryData: map[string][]byte{}}
	for i := range pictures {
		source.BinaryData[requestName("picture", i)] = picture(t, i)
	}
	if err := shared.Client.Create(t.Context(), source); err != nil {
		t.Fatal(err)
	}
	seen := observe(t, f.namespace)
	before, calls := f.writes(), s.total()
	sideBySide(t, pictures, func(i int) error {
		request := f.requestOf(i%len(s.hosts), requestName("picture", i), article(1<<10))
		request.Spec.FeaturedImage = v1alpha1.FeaturedImage{ImageDetails: v1alpha1.ImageDetails{Source: v1alpha1.ImageSource{
			Type: v1alpha1.ImageSourceConfigMap, ConfigMap: v1alpha1.ConfigMapKeyReference{Name: source.Name, Key: request.Name},
		}}}
		return shared.Client.Create(t.Context(), request)
	})
	awaitSoon(t, "posts with images", func() bool { return len(seen.latencies("picture")) == pictures })
	after := f.writes()
	count(t, "publish_with_image_site_calls_each", float64(s.total()-calls)/pictures, 2)
	count(t, "publish_with_image_status_writes_each", float64(after.requests-before.requests)/pictures, 1)
}

// picture is an image that differs from those of other numbers.
func picture(t *testing.T, number int) []byte {
	t.Helper()
	canvas := image.NewGray(image.Rect(0, 0, 8, 8))
	canvas.SetGray(number%8, number/8, color.Gray{Y: 255})
	var b bytes.Buffer
	if err := png.Encode(&b, canvas); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// settledCost has published requests reconciled again and again.
func settledCost(t *testing.T, manager *stack.Program, f *fleet, s *sites) {
	t.Helper()
	f.calm()
	before, calls, start := f.writes(), s.total(), reconciles(t, manager)
	for round := range resyncs {
		f.touch("post", resynced, round)
		awaitReconciles(t, manager, start+float64((round+1)*resynced))
	}
	awaitIdle(t, manager)
	count(t, "settled_writes", float64(f.writes().settled()-before.settled()), 0)
	count(t, "settled_site_calls", float64(s.total()-calls), 0)
	atLeast(t, "settled_resyncs_each", (reconciles(t, manager)-start)/resynced, resyncs)
}

// posts counts what the sites have.
func (s *sites) posts() int {
	n := 0
	for _, own := range s.own {
		n += len(own.Posts())
	}
	return n
}
