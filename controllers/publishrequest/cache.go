// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	toolscache "k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/pager"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// listPage is how many requests are held with their content while the cache is
// filled. A request may have 1 MiB of it.
const listPage = 100

// StripContent is the cache transform of PublishRequests: it drops what only a
// call to the site needs, which reads the request live. An Update of a cached
// request would erase it; statuses are patched.
func StripContent(object any) (any, error) {
	if request, ok := object.(*v1alpha1.PublishRequest); ok {
		request.Spec.Content.Inline = ""
		request.ManagedFields = nil
	}
	return object, nil
}

// NewInformer makes the informers of a cache. That of PublishRequests begins with
// pages of a list: a whole list would hold all content at a time, and a watch that
// sends what is there already is decoded twice, which takes a start with thousands
// of requests three times as long (docs/benchmarks.md).
func NewInformer(lw toolscache.ListerWatcher, object runtime.Object, resync time.Duration, indexers toolscache.Indexers) toolscache.SharedIndexInformer {
	if _, ok := object.(*v1alpha1.PublishRequest); ok {
		lw = newPagedListWatch(toolscache.ToListerWatcherWithContext(lw))
	}
	return toolscache.NewSharedIndexInformer(lw, object, resync, indexers)
}

// pagedListWatch lists page by page before it watches.
type pagedListWatch struct {
	*toolscache.ListWatch
}

// IsWatchListSemanticsUnSupported has a reflector list.
func (pagedListWatch) IsWatchListSemanticsUnSupported() bool { return true }

func newPagedListWatch(lw toolscache.ListerWatcherWithContext) pagedListWatch {
	pages := pager.New(func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
		list, err := lw.ListWithContext(ctx, options)
		if err != nil {
			return nil, err
		}
		return list, meta.EachListItem(list, func(item runtime.Object) error {
			_, err := StripContent(item)
			return err
		})
	})
	pages.PageSize = listPage
	return pagedListWatch{&toolscache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			// All requests as they are now: a reflector is content with what the API
			// server happens to remember, and gets no pages of that.
			list, _, err := pages.ListWithAlloc(ctx, metav1.ListOptions{LabelSelector: options.LabelSelector, FieldSelector: options.FieldSelector})
			return list, err
		},
		WatchFuncWithContext: lw.WatchWithContext,
	}}
}
