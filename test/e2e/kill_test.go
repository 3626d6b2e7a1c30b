// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// killSeed makes the moments the same in each run.
const killSeed = 20261123

var kills = flag.Int("kills", 6, "how often the manager is killed while it publishes, updates or deletes")

// life are the deeds at which the manager is killed, in turn: a post is made,
// changed, and deleted with its request. Each says what is to be there then.
var life = []func(s *space, name string) (check func(moment time.Duration)){
	func(s *space, name string) func(time.Duration) {
		request := s.request(name)
		request.Spec.DeletionPolicy = v1alpha1.DeletionPolicyDelete
		request.Spec.FeaturedImage.Source = v1alpha1.ImageSource{
			Type: v1alpha1.ImageSourceConfigMap, ConfigMap: v1alpha1.ConfigMapKeyReference{Name: "pictures", Key: name},
		}
		s.create(request)
		return func(moment time.Duration) { s.checkOnePost(name, s.title(name), moment) }
	},
	func(s *space, name string) func(time.Duration) {
		s.retitle(s.awaitRequest(name), name+" changed")
		return func(moment time.Duration) { s.checkOnePost(name, s.title(name+" changed"), moment) }
	},
	func(s *space, name string) func(time.Duration) {
		if err := shared.Client.Delete(s.t.Context(), s.awaitRequest(name)); err != nil {
			s.t.Fatal(err)
		}
		return func(moment time.Duration) { s.checkNoPost(name, moment) }
	},
}

// TestKilledManager kills the manager at each deed; the next manager brings it to
// its end.
func TestKilledManager(t *testing.T) {
	s := newSpace(t)
	manager := startManager(t)
	s.connected()
	s.createPictureOfEach()
	setOption(t, "test_slow", "1")
	span := s.undisturbed()
	random := rand.New(rand.NewPCG(killSeed, 0))
	for i := range *kills {
		check := life[i%len(life)](s, killed(i/len(life)))
		moment := time.Duration(random.Float64() * float64(span))
		<-time.After(moment) // the moment is the test: it is drawn from the seed
		if err := manager.Kill(); err != nil {
			t.Fatal(err)
		}
		manager = restart(t)
		check(moment)
	}
	fmt.Printf("%d kills within %s of creating, changing or deleting a request: no post and no image doubled, none lost, no post left\n", *kills, span.Round(time.Millisecond))
}

// killed is the name of a request.
func killed(n int) string { return fmt.Sprintf("killed-%d", n) }

// createPictureOfEach makes an image for each request, of a colour of its own.
func (s *space) createPictureOfEach() {
	s.t.Helper()
	pictures := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "pictures"}, BinaryData: map[string][]byte{}}
	for n := range *kills/len(life) + 1 {
		picture := image.NewRGBA(image.Rect(0, 0, 8, 8))
		picture.Set(0, 0, color.RGBA{R: uint8(n), G: 1, A: 255})
		var b bytes.Buffer
		if err := png.Encode(&b, picture); err != nil {
			s.t.Fatal(err)
		}
		pictures.BinaryData[killed(n)] = b.Bytes()
	}
	s.create(pictures)
}

// undisturbed measures how long a post takes.
func (s *space) undisturbed() time.Duration {
	s.t.Helper()
	began := time.Now()
	s.create(s.request("undisturbed"))
	s.awaitRequest("undisturbed", "Ready=True/Published")
	return time.Since(began)
}

// checkOnePost holds that the request comes to its end, and that the site has one
// post of its content key, the one that the status tells of, as it is wanted.
func (s *space) checkOnePost(name, title string, moment time.Duration) {
	s.t.Helper()
	request := s.awaitGeneration(name, "Ready=True/Published", "Synced=True/Succeeded", "MediaReady=True/Succeeded")
	s.checkHealth("PublishRequest", name, status.CurrentStatus)
	s.checkOneImage(request, moment)
	s.checkPosts(name, moment, []string{fmt.Sprint(request.Status.Post.ID), title, "publish"})
	if n := s.posts(title); n != 1 {
		s.t.Errorf("killed after %s: %d posts called %q, want 1", moment, n, title)
	}
}

// checkOneImage holds that the media library has the image of a request once.
func (s *space) checkOneImage(request *v1alpha1.PublishRequest, moment time.Duration) {
	s.t.Helper()
	if len(request.Status.Media) != 1 {
		s.t.Fatalf("killed after %s: images %+v, want one", moment, request.Status.Media)
	}
	rows, err := site.Query(s.t.Context(), "SELECT ID FROM wp_posts WHERE post_content_filtered = 'urn:igny8-media:"+request.Status.Media[0].SHA256+"'")
	if err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{fmt.Sprint(request.Status.Media[0].AttachmentID)}}, rows); diff != "" {
		s.t.Errorf("killed after %s: images of %s (-want +got):\n%s", moment, request.Name, diff)
	}
}

// checkNoPost holds that request and post go.
func (s *space) checkNoPost(name string, moment time.Duration) {
	s.t.Helper()
	poll(s.t, func() (bool, string) {
		err := shared.Client.Get(s.t.Context(), client.ObjectKey{Namespace: s.name, Name: name}, &v1alpha1.PublishRequest{})
		return apierrors.IsNotFound(err), fmt.Sprintf("request %s is still there (%v)", name, err)
	})
	s.checkPosts(name, moment)
}

// checkPosts compares the posts of a request's content key: id, title, status.
func (s *space) checkPosts(name string, moment time.Duration, want ...[]string) {
	s.t.Helper()
	digest := sha256.Sum256([]byte(s.name + "/" + name))
	rows, err := site.Query(s.t.Context(), "SELECT ID, post_title, post_status FROM wp_posts WHERE guid LIKE 'urn:igny8:%:"+hex.EncodeToString(digest[:])+"'")
	if err != nil {
		s.t.Fatal(err)
	}
	if diff := cmp.Diff(want, rows, cmpopts.EquateEmpty()); diff != "" {
		s.t.Errorf("killed after %s: posts of %s (-want +got):\n%s", moment, name, diff)
	}
}
