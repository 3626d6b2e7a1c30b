// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"encoding/json"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/cluster"
	"github.com/igny8/wordpress-operator/hack/s3"
)

const (
	// storePort is that of the store's Service, MinIO's own.
	storePort = 9000
	// storeKey is the object that the component's example publishes.
	storeKey = "2026/from-a-bucket.md"
)

// storeExample is the path of a file that component bucket-store shows.
func storeExample(file string) string {
	return filepath.Join(root, "config", "components", "bucket-store", "examples", file)
}

// startStore starts a store with the text of the example, beside the cluster.
func startStore(t *testing.T) *s3.Server {
	t.Helper()
	server, err := s3.Start(t.Context(), s3.Options{Root: root, Dir: t.TempDir(), Host: cluster.Address})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := server.Put(t.Context(), storeKey, []byte("Kept in a *bucket*."), "text/markdown"); err != nil {
		t.Fatal(err)
	}
	return server
}

// serveStore gives a store an address of the cluster's Services, and returns it.
func (m *team) serveStore(server *s3.Server) string {
	m.t.Helper()
	_, text, err := net.SplitHostPort(server.Endpoint)
	if err != nil {
		m.t.Fatal(err)
	}
	port, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		m.t.Fatal(err)
	}
	service := &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: "store"},
		Spec:       corev1.ServiceSpec{Ports: []corev1.ServicePort{{Name: "s3", Port: storePort}}},
	}
	m.create(service)
	m.create(&discoveryv1.EndpointSlice{
		ObjectMeta:  metav1.ObjectMeta{Name: "store", Labels: map[string]string{discoveryv1.LabelServiceName: "store"}},
		AddressType: discoveryv1.AddressTypeIPv4,
		Endpoints:   []discoveryv1.Endpoint{{Addresses: []string{cluster.Address}}},
		Ports:       []discoveryv1.EndpointPort{{Name: ptr.To("s3"), Port: ptr.To(int32(port))}},
	})
	return service.Spec.ClusterIP
}

// A store at an address of the cluster is closed until the component opens it; then the
// component's examples publish.
func TestBucketStore(t *testing.T) {
	install(t, setup{})
	server, m := startStore(t), newTeam(t)
	address := m.serveStore(server)
	m.connect()
	kubectl(t, "", "apply", "--namespace="+m.name, "--filename="+storeExample("secret.yaml"))
	data := server.Secret()
	data["endpoint"] = fmt.Appendf(nil, "http://%s:%d", address, storePort)
	patch, err := json.Marshal(map[string]any{"data": data})
	if err != nil {
		t.Fatal(err)
	}
	kubectl(t, "", "patch", "--namespace="+m.name, "secret/posts", "--type=merge", "--patch="+string(patch))
	kubectl(t, "", "apply", "--namespace="+m.name, "--filename="+storeExample("publish_request.yaml"))
	m.awaitReason("from-a-bucket", v1alpha1.ReasonAddressBlocked)

	install(t, setup{components: []string{"bucket-store"}, store: address})
	kubectl(t, "", "annotate", "--namespace="+m.name, "pubreq/from-a-bucket", v1alpha1.AnnotationRetryRequestedAt+"=now")
	m.awaitPublished(1)
	m.wantText("from-a-bucket", "Kept in a <em>bucket</em>.")
}

// get returns a request.
func (m *team) get(name string) *v1alpha1.PublishRequest {
	m.t.Helper()
	request := &v1alpha1.PublishRequest{}
	if err := api.Get(m.t.Context(), client.ObjectKey{Namespace: m.name, Name: name}, request); err != nil {
		m.t.Fatal(err)
	}
	return request
}

// awaitReason waits until a request is not ready for a reason.
func (m *team) awaitReason(name, reason string) {
	m.t.Helper()
	poll(m.t, func() (bool, string) {
		ready := meta.FindStatusCondition(m.get(name).Status.Conditions, v1alpha1.ConditionReady)
		return ready != nil && ready.Reason == reason, fmt.Sprintf("%s is %+v", name, ready)
	})
}

// wantText fails unless the post of a request has a text.
func (m *team) wantText(name, want string) {
	m.t.Helper()
	out, err := site.PHP(m.t.Context(), fmt.Sprintf("echo get_post( %d )->post_content;", m.get(name).Status.Post.ID))
	if err != nil {
		m.t.Fatal(err)
	}
	if !strings.Contains(out, want) {
		m.t.Errorf("the post has the text %q, want %q in it", out, want)
	}
}
