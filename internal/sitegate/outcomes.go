// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import (
	"container/list"

	"k8s.io/apimachinery/pkg/types"
)

// outcomes keeps the newest outcome of each object, at most a given number of
// them; the oldest goes first.
type outcomes[O any] struct {
	limit int
	order *list.List // of kept[O], the oldest in front
	byKey map[types.NamespacedName]*list.Element
}

type kept[O any] struct {
	object   types.NamespacedName
	revision string
	outcome  O
}

func newOutcomes[O any](limit int) outcomes[O] {
	return outcomes[O]{limit: limit, order: list.New(), byKey: map[types.NamespacedName]*list.Element{}}
}

func (o *outcomes[O]) put(object types.NamespacedName, revision string, outcome O) {
	o.drop(object)
	o.byKey[object] = o.order.PushBack(kept[O]{object, revision, outcome})
	if o.order.Len() > o.limit {
		o.drop(o.order.Front().Value.(kept[O]).object)
	}
}

func (o *outcomes[O]) get(object types.NamespacedName, revision string) (outcome O, ok bool) {
	newest, of, ok := o.latest(object)
	if !ok || of != revision {
		return outcome, false
	}
	return newest, true
}

func (o *outcomes[O]) latest(object types.NamespacedName) (outcome O, revision string, ok bool) {
	el, ok := o.byKey[object]
	if !ok {
		return outcome, "", false
	}
	k := el.Value.(kept[O])
	return k.outcome, k.revision, true
}

func (o *outcomes[O]) drop(object types.NamespacedName) {
	if el, ok := o.byKey[object]; ok {
		o.order.Remove(el)
		delete(o.byKey, object)
	}
}
