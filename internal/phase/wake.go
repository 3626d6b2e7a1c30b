// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package phase

import (
	"context"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/source"
)

// wakeBuffer is how many objects may wait for the queue to take them.
const wakeBuffer = 1024

// Waker wakes objects for which something was done outside of their reconcile.
type Waker[T client.Object] struct {
	objects chan event.TypedGenericEvent[T]
	empty   func() T
}

// NewWaker returns a Waker of objects that empty makes.
func NewWaker[T client.Object](empty func() T) *Waker[T] {
	return &Waker[T]{objects: make(chan event.TypedGenericEvent[T], wakeBuffer), empty: empty}
}

// Wake has the object reconciled. It blocks while too many wait, until its
// context ends.
func (w *Waker[T]) Wake(ctx context.Context, name types.NamespacedName) {
	object := w.empty()
	object.SetNamespace(name.Namespace)
	object.SetName(name.Name)
	select {
	case w.objects <- event.TypedGenericEvent[T]{Object: object}:
	case <-ctx.Done():
	}
}

// Source is what a controller watches.
func (w *Waker[T]) Source() source.Source {
	return source.TypedChannel(w.objects, &handler.TypedEnqueueRequestForObject[T]{})
}

// Woken returns the objects that wait, for tests that stand in for the queue.
func (w *Waker[T]) Woken() <-chan event.TypedGenericEvent[T] { return w.objects }
