// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/stack"
	"github.com/igny8/wordpress-operator/hack/wordpress"
)

// recipes is a must-use plugin with a post type that an option switches on.
const recipes = `<?php
add_action( 'init', function () {
	if ( get_option( 'test_recipes' ) ) {
		register_post_type( 'recipe', array( 'public' => true, 'label' => 'Recipes', 'supports' => array( 'title' ) ) );
	}
} );
`

// library is a site whose structure is read by the integration "blog".
type library struct {
	*space
	manager *stack.Program
	site    *wordpress.Site
}

func newLibrary(t *testing.T) *library {
	t.Helper()
	site, err := wordpress.Start(t.Context(), wordpress.Options{MUPlugins: map[string]string{"recipes.php": recipes}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := site.Stop(); err != nil {
			t.Error(err)
		}
	})
	return &library{space: newSpace(t), manager: startManager(t), site: site}
}

// php runs code at the site.
func (l *library) php(code string) {
	l.t.Helper()
	if out, err := l.site.PHP(l.t.Context(), code); err != nil || out != "" {
		l.t.Fatalf("PHP: %q, %v", out, err)
	}
}

// addTags makes tags from one number to another, as fast as WordPress reads them.
func (l *library) addTags(from, to int) {
	l.t.Helper()
	l.php(fmt.Sprintf(`global $wpdb;
foreach ( array_chunk( range( %d, %d ), 500 ) as $chunk ) {
	$wpdb->query( "INSERT INTO $wpdb->terms (name, slug) VALUES " . implode( ',', array_map( fn( $n ) => "('tag $n','tag-$n')", $chunk ) ) );
}
$wpdb->query( "INSERT INTO $wpdb->term_taxonomy (term_id, taxonomy, description) SELECT term_id, 'post_tag', '' FROM $wpdb->terms WHERE slug LIKE 'tag-%%' AND term_id NOT IN (SELECT term_id FROM $wpdb->term_taxonomy)" );`, from, to))
}

// ask sets an annotation and waits until it is answered.
func (l *library) ask(annotation, value string) *v1alpha1.WordPressIntegration {
	l.t.Helper()
	l.patch(`{"metadata":{"annotations":{"` + annotation + `":"` + value + `"}}}`)
	out := newIntegration()
	poll(l.t, func() (bool, string) {
		l.get("blog", out)
		return v1alpha1.LookUp(out.Status.LastHandled, annotation) == value, fmt.Sprintf("handled %v%s", out.Status.LastHandled, show(out.Status.Conditions))
	})
	return out
}

func (l *library) update(value string) *v1alpha1.WordPressIntegration {
	l.t.Helper()
	return l.ask(v1alpha1.AnnotationStructureRequestedAt, value)
}

func (l *library) patch(patch string) {
	l.t.Helper()
	object := &v1alpha1.WordPressIntegration{ObjectMeta: metav1.ObjectMeta{Namespace: l.name, Name: "blog"}}
	if err := shared.Client.Patch(l.t.Context(), object, client.RawPatch("application/merge-patch+json", []byte(patch))); err != nil {
		l.t.Fatal(err)
	}
}

func (l *library) get(name string, object client.Object) {
	l.t.Helper()
	if err := shared.Client.Get(l.t.Context(), client.ObjectKey{Namespace: l.name, Name: name}, object); err != nil {
		l.t.Fatal(err)
	}
}

// tags are those in the ConfigMap, none if there is no ConfigMap.
func (l *library) tags() []string {
	l.t.Helper()
	configMap := &corev1.ConfigMap{}
	err := shared.Client.Get(l.t.Context(), client.ObjectKey{Namespace: l.name, Name: "blog-igny8-structure"}, configMap)
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		l.t.Fatal(err)
	}
	text := []byte(configMap.Data["structure.json"])
	if packed := configMap.BinaryData["structure.json.gz"]; packed != nil {
		zip, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			l.t.Fatal(err)
		}
		if text, err = io.ReadAll(zip); err != nil {
			l.t.Fatal(err)
		}
	}
	var document struct{ Tags []string }
	if err := json.Unmarshal(text, &document); err != nil {
		l.t.Fatal(err)
	}
	return document.Tags
}

// changes are the writes that are not about Events, which come when they like.
func (l *library) changes() map[string]int {
	l.t.Helper()
	out := l.writes()
	for write := range out {
		if strings.Contains(write, " events/") {
			delete(out, write)
		}
	}
	return out
}

func TestStructureOfASite(t *testing.T) {
	l := newLibrary(t)
	l.php(`$news = wp_insert_term( 'News', 'category' ); wp_insert_term( 'Local', 'category', array( 'parent' => $news['term_id'] ) );`)
	l.create(l.secret("key", l.site.APIKey))
	l.create(l.integration("blog", l.site.URL))
	l.await(newIntegration(), "blog", "Ready=True/Connected", "Synced=True/Synced")
	l.checkHealth("WordPressIntegration", "blog", status.CurrentStatus)
	// Each goes on from where the one before it has left the site.
	t.Run("AtFirst", l.readsAtFirst)
	t.Run("NewPostType", l.findsANewPostType)
	t.Run("ManyTags", l.keepsManyTagsInAConfigMap)
	t.Run("OnlyWhatChangedIsWritten", l.writesOnlyWhatChanged)
	t.Run("DeletedConfigMap", l.writesADeletedConfigMapAgain)
	t.Run("Restart", l.restartsWithoutAWrite)
	t.Run("FewTags", l.deletesAConfigMapNobodyNeeds)
}

func (l *library) readsAtFirst(t *testing.T) {
	i := newIntegration()
	l.get("blog", i)
	structure := i.Status.Structure
	for _, path := range []string{"News", "News/Local"} {
		if !slices.Contains(structure.Categories, path) {
			t.Errorf("categories %q lack %q", structure.Categories, path)
		}
	}
	if i.Status.LastSyncTime.IsZero() || structure.LastUpdateTime.IsZero() || len(structure.Truncated) > 0 || l.tags() != nil {
		t.Errorf("last sync %s, last update %s, truncated %v", i.Status.LastSyncTime, structure.LastUpdateTime, structure.Truncated)
	}
}

func (l *library) findsANewPostType(t *testing.T) {
	l.php("update_option( 'test_recipes', '1' );")
	i := l.update("post type")
	if !slices.ContainsFunc(i.Status.Structure.PostTypes, func(p v1alpha1.SitePostType) bool { return p.Name == "recipe" && p.Label == "Recipes" }) {
		t.Errorf("post types %+v lack the new one", i.Status.Structure.PostTypes)
	}
	if event := i.Status.History[0]; event.Action != "StructureSync" || !event.Success {
		t.Errorf("history begins with %+v", event)
	}
}

func (l *library) keepsManyTagsInAConfigMap(t *testing.T) {
	l.addTags(1, 5000)
	i := l.ask(v1alpha1.AnnotationSyncRequestedAt, "many") // a sync finds that an update is needed
	poll(t, func() (bool, string) {
		l.get("blog", i)
		return i.Status.Structure.ConfigMapRef.Name != "", "no ConfigMap is named" + show(i.Status.Conditions)
	})
	structure := i.Status.Structure
	if len(structure.Tags) != 100 || !slices.Equal(structure.Truncated, []v1alpha1.TruncatedList{v1alpha1.TruncatedTags}) {
		t.Errorf("%d tags, truncated %v", len(structure.Tags), structure.Truncated)
	}
	if tags := l.tags(); len(tags) != 5000 || tags[4999] != "tag 5000" {
		t.Errorf("%d tags in the ConfigMap", len(tags))
	}
	l.checkHealth("WordPressIntegration", "blog", status.CurrentStatus)
}

func (l *library) writesOnlyWhatChanged(t *testing.T) {
	want := l.changes()
	want["patch wordpressintegrations/status"]++ // lastSyncTime and lastHandled
	l.update("again")
	l.resync(20)
	if diff := cmp.Diff(want, l.changes()); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
	l.addTags(5001, 5001)
	l.update("one more")
	want["patch wordpressintegrations/status"]++
	want["patch configmaps/"]++
	if diff := cmp.Diff(want, l.changes()); diff != "" || len(l.tags()) != 5001 {
		t.Errorf("%d tags, writes (-want +got):\n%s", len(l.tags()), diff)
	}
}

func (l *library) writesADeletedConfigMapAgain(t *testing.T) {
	if err := shared.Client.Delete(t.Context(), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: l.name, Name: "blog-igny8-structure"}}); err != nil {
		t.Fatal(err)
	}
	poll(t, func() (bool, string) { return len(l.tags()) == 5001, "the ConfigMap is not there again" })
}

func (l *library) restartsWithoutAWrite(t *testing.T) {
	if err := l.manager.Stop(); err != nil {
		t.Fatal(err)
	}
	want := l.changes()
	l.manager = startManager(t)
	l.resync(3)
	if diff := cmp.Diff(want, l.changes()); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
}

func (l *library) deletesAConfigMapNobodyNeeds(t *testing.T) {
	l.manager = startManager(t)
	l.php(`global $wpdb; $wpdb->query( "DELETE t, x FROM $wpdb->terms t JOIN $wpdb->term_taxonomy x USING (term_id) WHERE x.taxonomy = 'post_tag'" );`)
	if i := l.update("few"); len(i.Status.Structure.Truncated) > 0 || i.Status.Structure.ConfigMapRef.Name != "" || l.tags() != nil {
		t.Errorf("structure %+v, ConfigMap with %d tags", i.Status.Structure, len(l.tags()))
	}
}

// resync has the integration reconciled a number of times.
func (l *library) resync(times int) {
	l.t.Helper()
	for n := range times {
		before := reconciles(l.t, l.manager, "integration")
		l.patch(fmt.Sprintf(`{"metadata":{"annotations":{"example.com/touched":"%d-%d"}}}`, before, n))
		poll(l.t, func() (bool, string) { return reconciles(l.t, l.manager, "integration") > before, "no reconcile" })
	}
}
