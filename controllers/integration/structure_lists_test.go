// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// structureWith answers GET /structure with the given members.
func structureWith(members string) wordpresstest.Hook {
	return func(r *http.Request) wordpresstest.Fault {
		if !strings.HasSuffix(r.URL.Path, "/structure") {
			return wordpresstest.Fault{}
		}
		return wordpresstest.Fault{Answer: &wordpresstest.Answer{
			Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: "{" + members + "}",
		}}
	}
}

func TestManyPostTypesAndLongPathsAreCut(t *testing.T) {
	site := wordpresstest.New(t)
	var kinds []string
	for n := range 60 {
		kinds = append(kinds, fmt.Sprintf(`{"name":"type%02d","label":"Type","count":%d,"supports":["title"]}`, n, n))
	}
	long := strings.Repeat("x", 200)
	site.SetHook(structureWith(fmt.Sprintf(`"post_types":[%s],"taxonomies":[],"capabilities":[],"categories":{"total":2,"items":[{"id":1,"path":"%s/%s/%s","count":0},{"id":2,"path":"News","count":0}],"next":null},"tags":{"total":0,"items":[],"next":null}`,
		strings.Join(kinds, ","), long, long, long)))
	h := connect(t, site, nil)
	structure := h.expect("Synced=True/Synced").Status.Structure
	if diff := cmp.Diff([]v1alpha1.TruncatedList{v1alpha1.TruncatedPostTypes, v1alpha1.TruncatedCategories}, structure.Truncated); diff != "" {
		t.Errorf("truncated (-want +got):\n%s", diff)
	}
	if len(structure.PostTypes) != 50 || !slices.Equal(structure.Categories, []string{"News"}) {
		t.Errorf("%d post types, categories %q", len(structure.PostTypes), structure.Categories)
	}
	got := h.whole()
	if len(got.PostTypes) != 60 || len(got.Categories) != 2 || got.PostTypes[59].Count != 0 {
		t.Errorf("%d post types, %d categories in the ConfigMap, want all, without counts", len(got.PostTypes), len(got.Categories))
	}
}

// TestHundredThousandTags: what is kept in memory has a bound, and it all fits
// into the ConfigMap.
func TestHundredThousandTags(t *testing.T) {
	const n = 100_000
	site := wordpresstest.New(t)
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("%s %s %d", words[i%len(words)], words[i/len(words)%len(words)], i*7919%n)
	}
	site.AddTerms("post_tag", names...)
	h := connect(t, site, nil)
	i := h.expect("Synced=True/Synced")
	got := h.whole()
	if len(got.Tags) != n || len(got.Truncated) > 0 || !slices.Equal(got.Tags, names) {
		t.Errorf("%d tags in the ConfigMap, truncated %v; want all %d", len(got.Tags), got.Truncated, n)
	}
	size := h.configMap().Size()
	if status, err := json.Marshal(i.Status); size > 1<<20 || err != nil || len(status) > 16<<10 {
		t.Errorf("the ConfigMap has %d bytes, the status %d (%v)", size, len(status), err)
	}
	if calls := site.CountCalls(http.MethodGet, "structure/terms"); calls != n/1000 {
		t.Errorf("%d pages were read, want %d", calls, n/1000)
	}
	t.Logf("ConfigMap %d KiB", size>>10)
}

// words make names that compress about as well as those of a real site.
var words = strings.Fields("river market school election weather garden football budget museum traffic harvest festival housing energy climate recipe travel review history science")

// TestDocumentMemoryIsBounded holds what a document keeps against its limit, for
// a list a hundred times as long.
func TestDocumentMemoryIsBounded(t *testing.T) {
	const limit = 256 << 10
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	d := newDocument(limit)
	if err := d.list(v1alpha1.TruncatedTags, "tags", noise(100*limit)); err != nil {
		t.Fatal(err)
	}
	if err := d.end(); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	// The compressor has tables of its own, about 800 KiB.
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 4*limit+(1<<20) {
		t.Errorf("the document keeps %d KiB", grown>>10)
	}
	runtime.KeepAlive(d)
}
