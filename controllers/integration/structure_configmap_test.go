// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

var structureName = types.NamespacedName{Namespace: blogName.Namespace, Name: "blog-igny8-structure"}

func TestLongListsGoIntoAConfigMap(t *testing.T) {
	site := wordpresstest.New(t)
	site.AddTerms("post_tag", tagNames(1500)...)
	h := connect(t, site, nil)
	i := h.expect("Synced=True/Synced")
	structure := i.Status.Structure
	if !slices.Equal(structure.Truncated, []v1alpha1.TruncatedList{v1alpha1.TruncatedTags}) || len(structure.Tags) != 100 || structure.ConfigMapRef.Name != structureName.Name {
		t.Errorf("truncated %v, %d tags, ConfigMap %q", structure.Truncated, len(structure.Tags), structure.ConfigMapRef.Name)
	}
	got := h.whole()
	if diff := cmp.Diff(tagNames(1500), got.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if len(got.PostTypes) != 2 || len(got.Taxonomies) != 2 || !slices.Equal(got.Categories, structure.Categories) || len(got.Truncated) > 0 {
		t.Errorf("document %+v", got)
	}
	configMap := h.configMap()
	if owner := metav1.GetControllerOf(configMap); owner == nil || owner.UID != i.UID {
		t.Errorf("owner %v, want the integration", owner)
	}
	if message := (&scope{integration: i}).synced().Message; !strings.Contains(message, "1500 tags") || !strings.Contains(message, structureName.Name) {
		t.Errorf("message %q", message)
	}

	t.Run("WrittenOnlyWhenItChanged", func(t *testing.T) {
		h.refresh("two")
		if h.configMap().ResourceVersion != configMap.ResourceVersion {
			t.Error("the ConfigMap was written again")
		}
		site.AddTerms("post_tag", "new")
		h.refresh("three")
		if got := h.whole().Tags; len(got) != 1501 || got[1500] != "new" {
			t.Errorf("%d tags, want the new one too", len(got))
		}
	})
	t.Run("SyncLeavesIt", func(t *testing.T) {
		version := h.configMap().ResourceVersion
		site.AddTerms("post_tag", "newer")
		h.annotate(v1alpha1.AnnotationSyncRequestedAt, "now")
		if i := h.read(); i.Status.Structure.ConfigMapRef.Name == "" || h.configMap().ResourceVersion != version {
			t.Error("a sync wrote the ConfigMap, or lost it")
		}
	})
	t.Run("KeepsWhatAPersonAdded", func(t *testing.T) {
		configMap := h.configMap()
		configMap.Labels["team"] = "blue"
		if err := h.client.Update(t.Context(), configMap); err != nil {
			t.Fatal(err)
		}
		site.AddTerms("post_tag", "newest")
		h.refresh("four")
		if configMap := h.configMap(); configMap.Labels["team"] != "blue" || !slices.Contains(h.whole().Tags, "newest") {
			t.Errorf("labels %v", configMap.Labels)
		}
	})
}

func TestConfigMapOfSomebodyElse(t *testing.T) {
	site := wordpresstest.New(t)
	site.AddTerms("post_tag", tagNames(101)...)
	foreign := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: structureName.Namespace, Name: structureName.Name}, Data: map[string]string{"mine": "yes"}}
	h := connect(t, site, nil, foreign)
	i := h.expect("Synced=False/ConfigMapConflict", "Ready=True/Connected")
	if len(i.Status.Structure.Tags) != 100 || i.Status.Structure.ConfigMapRef.Name != "" || !i.Status.Structure.LastUpdateTime.IsZero() {
		t.Errorf("%d tags, ConfigMap %q", len(i.Status.Structure.Tags), i.Status.Structure.ConfigMapRef.Name)
	}
	if diff := cmp.Diff(foreign.Data, h.configMap().Data); diff != "" {
		t.Errorf("the ConfigMap was changed (-want +got):\n%s", diff)
	}
	if n := site.CountCalls(http.MethodGet, "structure/terms"); n > 0 {
		t.Errorf("%d pages were read for nothing", n)
	}
	writes := h.writes
	h.clock.Step(DefaultIntervals().FailingMin)
	if h.read(); h.writes != writes {
		t.Error("a conflict that goes on was written down again")
	}
	if err := h.client.Delete(t.Context(), foreign); err != nil {
		t.Fatal(err)
	}
	h.clock.Step(time.Minute)
	h.read()
	h.expect("Synced=True/Synced")
	if n := len(h.whole().Tags); n != 101 {
		t.Errorf("%d tags, want 101", n)
	}
}

func TestDeletedConfigMapIsWrittenAgain(t *testing.T) {
	cases := map[string]struct {
		reason string
		notice func(*readingHarness, *corev1.ConfigMap)
	}{
		"AtOnce": {"the watch tells", func(h *readingHarness, deleted *corev1.ConfigMap) {
			queue := workqueue.NewTypedRateLimitingQueue(workqueue.DefaultTypedControllerRateLimiter[reconcile.Request]())
			defer queue.ShutDown()
			h.structureLost().Delete(h.t.Context(), event.DeleteEvent{Object: deleted}, queue)
			if got, _ := queue.Get(); got.NamespacedName != blogName {
				h.t.Errorf("%s is looked at, want %s", got, blogName)
			}
		}},
		"AtTheNextSync": {"no manager ran when it was deleted", func(h *readingHarness, _ *corev1.ConfigMap) {
			h.clock.Step(30 * time.Minute)
			if i := h.read(); i.Status.Structure.ConfigMapRef.Name != "" {
				h.t.Error("the status names a ConfigMap that is not there")
			}
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			site := wordpresstest.New(t)
			site.AddTerms("post_tag", tagNames(101)...)
			h := connect(t, site, nil)
			configMap := h.configMap()
			if err := h.client.Delete(t.Context(), configMap); err != nil {
				t.Fatal(err)
			}
			tc.notice(h, configMap)
			if i := h.read(); i.Status.Structure.ConfigMapRef.Name != structureName.Name || len(h.whole().Tags) != 101 {
				t.Errorf("%s: ConfigMap %q", tc.reason, i.Status.Structure.ConfigMapRef.Name)
			}
			h.idle(tc.reason)
		})
	}
}

func TestConfigMapOfOthersIsNoConcern(t *testing.T) {
	owner := func(kind, name string) []metav1.OwnerReference {
		controller := true
		return []metav1.OwnerReference{{APIVersion: v1alpha1.GroupVersion.String(), Kind: kind, Name: name, Controller: &controller}}
	}
	cases := map[string]metav1.ObjectMeta{
		"NoOwner":     {Name: structureName.Name},
		"OtherKind":   {Name: structureName.Name, OwnerReferences: owner("PluginRelease", "blog")},
		"OtherObject": {Name: structureName.Name, OwnerReferences: owner("WordPressIntegration", "shop")},
	}
	for name, object := range cases {
		t.Run(name, func(t *testing.T) {
			if got, ok := structureOwner(&corev1.ConfigMap{ObjectMeta: object}); ok {
				t.Errorf("it is taken for the structure of %s", got)
			}
		})
	}
}

// TestShortListsNeedNoConfigMap: one that is not needed any more is deleted, by
// an update or by a sync.
func TestShortListsNeedNoConfigMap(t *testing.T) {
	for _, annotation := range []string{v1alpha1.AnnotationStructureRequestedAt, v1alpha1.AnnotationSyncRequestedAt} {
		t.Run(strings.TrimPrefix(annotation, v1alpha1.GroupName+"/"), func(t *testing.T) {
			site := wordpresstest.New(t)
			site.AddTerms("post_tag", tagNames(101)...)
			h := connect(t, site, nil)
			site.SetHook(structureWith(`"post_types":[],"taxonomies":[],"categories":{"total":0,"items":[],"next":null},"tags":{"total":1,"items":[{"id":1,"name":"one","count":0}],"next":null}`))
			h.annotate(annotation, "now")
			i := h.read()
			if len(i.Status.Structure.Truncated) > 0 || i.Status.Structure.ConfigMapRef.Name != "" || h.configMap() != nil {
				t.Errorf("structure %+v, ConfigMap %v", i.Status.Structure, h.configMap())
			}
			h.idle("there is nothing left to do")
		})
	}
}
