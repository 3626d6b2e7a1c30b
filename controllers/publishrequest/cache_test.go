// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	toolscache "k8s.io/client-go/tools/cache"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// listing is an API server with requests that have content.
type listing struct {
	t    *testing.T
	n    int
	asks []metav1.ListOptions
	// expired forgets what a continue token leads to.
	expired bool
}

func (l *listing) list(_ context.Context, options metav1.ListOptions) (runtime.Object, error) {
	l.asks = append(l.asks, options)
	from := 0
	if options.Continue != "" {
		if l.expired {
			return nil, apierrors.NewResourceExpired("compacted")
		}
		var err error
		if from, err = strconv.Atoi(options.Continue); err != nil {
			l.t.Error(err)
		}
	}
	to := l.n
	list := &v1alpha1.PublishRequestList{}
	if options.Limit > 0 && from+int(options.Limit) < l.n {
		to = from + int(options.Limit)
		list.Continue = strconv.Itoa(to)
	}
	list.ResourceVersion = "7"
	for i := from; i < to; i++ {
		request := v1alpha1.PublishRequest{ObjectMeta: metav1.ObjectMeta{Namespace: "news", Name: fmt.Sprint("post-", i)}}
		request.Spec.Title, request.Spec.Content.Inline = "Of foxes", "<p>A long article.</p>"
		list.Items = append(list.Items, request)
	}
	return list, nil
}

// A cache is filled with what is there now, page by page, and holds no content.
func TestTheCacheBeginsWithPages(t *testing.T) {
	cases := map[string]struct {
		reason  string
		n       int
		expired bool
		limits  []int64
	}{
		"None":    {"there is nothing to page", 0, false, []int64{listPage}},
		"Few":     {"one page has them all", listPage, false, []int64{listPage}},
		"Many":    {"a page is read after the other", 2*listPage + 1, false, []int64{listPage, listPage, listPage}},
		"Expired": {"the next page may be gone: all at once is better than none", 2 * listPage, true, []int64{listPage, listPage, 0}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			server := &listing{t: t, n: tc.n, expired: tc.expired}
			watched := make(chan metav1.ListOptions, 1)
			informer := NewInformer(&toolscache.ListWatch{
				ListWithContextFunc: server.list,
				WatchFuncWithContext: func(_ context.Context, options metav1.ListOptions) (watch.Interface, error) {
					watched <- options
					return watch.NewFake(), nil
				},
			}, &v1alpha1.PublishRequest{}, 0, toolscache.Indexers{})
			ctx, stop := context.WithTimeout(t.Context(), time.Minute)
			defer stop()
			done := make(chan struct{})
			go func() {
				defer close(done)
				informer.RunWithContext(ctx)
			}()
			if !toolscache.WaitForCacheSync(ctx.Done(), informer.HasSynced) {
				t.Fatal("the cache was not filled")
			}
			options := <-watched
			stop()
			<-done
			if options.ResourceVersion != "7" || options.SendInitialEvents != nil {
				t.Errorf("%s: watches with %+v, want from the list's version on", tc.reason, options)
			}
			requireFilled(t, informer.GetStore(), tc.n)
			requireAsks(t, server.asks, tc.limits)
		})
	}
}

func requireFilled(t *testing.T, store toolscache.Store, n int) {
	t.Helper()
	if got := len(store.List()); got != n {
		t.Errorf("%d requests, want %d", got, n)
	}
	for _, object := range store.List() {
		request, ok := object.(*v1alpha1.PublishRequest)
		if !ok || request.Spec.Title == "" || request.Spec.Content.Inline != "" {
			t.Fatalf("holds %+v, want a request without its content", object)
		}
	}
}

func requireAsks(t *testing.T, asks []metav1.ListOptions, limits []int64) {
	t.Helper()
	if len(asks) != len(limits) {
		t.Fatalf("%d lists, want %d", len(asks), len(limits))
	}
	for i, options := range asks {
		if options.Limit != limits[i] || options.ResourceVersion != "" {
			t.Errorf("list %d asks for %d at version %q, want %d as they are now", i+1, options.Limit, options.ResourceVersion, limits[i])
		}
	}
}
