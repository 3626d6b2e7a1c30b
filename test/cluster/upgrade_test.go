// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/wordpress"
)

// some requests are enough to see whether one is lost or published again.
const some = 5

// identity is what must survive an upgrade of a request.
type identity struct {
	UID        types.UID
	Generation int64
	Spec       v1alpha1.PublishRequestSpec
	Post       int64
}

func identities(t *testing.T, m *team) map[string]identity {
	t.Helper()
	var list v1alpha1.PublishRequestList
	if err := api.List(t.Context(), &list, client.InNamespace(m.name)); err != nil {
		t.Fatal(err)
	}
	found := map[string]identity{}
	for i := range list.Items {
		r := &list.Items[i]
		found[r.Name] = identity{r.UID, r.Generation, r.Spec, r.Status.Post.ID}
	}
	return found
}

// writes are the requests that changed the site.
func writes(t *testing.T) []wordpress.Request {
	t.Helper()
	all, err := site.RequestLog()
	if err != nil {
		t.Fatal(err)
	}
	var changing []wordpress.Request
	for _, r := range all {
		if r.Method != "GET" && r.Method != "HEAD" {
			changing = append(changing, r)
		}
	}
	return changing
}

// What the previous version has published stays as it is; the new one goes on.
func TestUpgrade(t *testing.T) {
	before := setup{config: filepath.Join(previousSources(t), "config"), tag: previousTag}
	uninstall(t, setup{})
	install(t, before)
	m := newTeam(t)
	m.connect()
	m.publish(some)
	m.awaitPublished(some)
	objects, calls := identities(t, m), writes(t)

	install(t, setup{})
	m.create(m.request("after"))
	m.awaitPublished(some + 1)
	m.wantPosts(some + 1)
	after := identities(t, m)
	delete(after, "after")
	if diff := cmp.Diff(objects, after); diff != "" {
		t.Errorf("the upgrade changed requests: -before +after\n%s", diff)
	}
	wantPublishes(t, calls, writes(t), 1)
	wantStoredVersions(t)
}

// wantPublishes fails unless the site was told that many times to publish, since.
func wantPublishes(t *testing.T, before, after []wordpress.Request, want int) {
	t.Helper()
	publishes := map[string]int{}
	for _, r := range after[len(before):] {
		publishes[r.Method+" "+r.URI]++
	}
	count := 0
	for _, n := range publishes {
		count += n
	}
	if count != want {
		t.Errorf("the site was changed %d times since the upgrade, want %d: %v", count, want, publishes)
	}
}

// wantStoredVersions fails when etcd has objects of a version that is not served any more.
func wantStoredVersions(t *testing.T) {
	t.Helper()
	out := kubectl(t, "", "get", "crd", "--output=jsonpath={.items[*].status.storedVersions}")
	if out != `["v1alpha1"] ["v1alpha1"] ["v1alpha1"]` {
		t.Errorf("stored versions are %s", out)
	}
}

// The API server takes the new schema over the old one only if it can store what there is.
func TestObjectsOfThePreviousVersionAreValid(t *testing.T) {
	previous := previousSources(t)
	uninstall(t, setup{})
	kubectl(t, "", "apply", "--server-side", "-k", filepath.Join(previous, "config", "crd"))
	kubectl(t, "", "wait", "--for=condition=Established", "crd", "--all", "--timeout="+patience.String())
	m := newTeam(t)
	kubectl(t, "", "apply", "--namespace="+m.name, "-k", filepath.Join(previous, "config", "samples"))
	kubectl(t, "", "apply", "--server-side", "-k", filepath.Join(root, "config", "crd"))
	t.Cleanup(func() { remove(t, setup{}) })
	for _, object := range []client.Object{&v1alpha1.PublishRequest{}, &v1alpha1.WordPressIntegration{}, &v1alpha1.PluginRelease{}} {
		list := &metav1.PartialObjectMetadataList{}
		kind, err := api.GroupVersionKindFor(object)
		if err != nil {
			t.Fatal(err)
		}
		list.SetGroupVersionKind(kind)
		if err := api.List(t.Context(), list, client.InNamespace(m.name)); err != nil || len(list.Items) != 1 {
			t.Fatalf("%s: %d objects, %v", kind.Kind, len(list.Items), err)
		}
		// A change of anything has the whole object validated.
		object.SetNamespace(m.name)
		object.SetName(list.Items[0].Name)
		if err := api.Patch(t.Context(), object, client.RawPatch(types.MergePatchType, []byte(`{"metadata":{"labels":{"touched":"yes"}}}`))); err != nil {
			t.Errorf("%s: %v", kind.Kind, err)
		}
	}
}
