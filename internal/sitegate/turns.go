// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import (
	"container/heap"

	"k8s.io/apimachinery/pkg/types"
)

// behind is the index of an entry that is in no queue: it waits until the call
// of its object that still runs has ended (Ticket.Last). Of two calls for one
// object under way at the same time, nobody could say which one the site takes
// last: a post that is to be deleted would come back.
const behind = -2

// admit puts an entry into the queue of its site, or has it wait for the call of
// its object that runs.
func (d *Dispatcher[O]) admit(e *entry[O]) {
	if e.ticket.Last && d.running[e.ticket.Object] > 0 {
		e.index = behind
		return
	}
	s := d.site(e.ticket.Site)
	s.moveTo(e.ticket.Address)
	s.maxConcurrent = max(1, e.ticket.MaxConcurrent)
	d.refusals.note(s.state(d.opts.Clock.Now()))
	heap.Push(&s.waiting, e)
	d.takeTurn(s)
	d.signal()
}

// begin notes that calls for objects run.
func (d *Dispatcher[O]) begin(entries []*entry[O]) {
	for _, e := range entries {
		d.running[e.ticket.Object]++
	}
}

// end notes that a call for an object has ended, and lets the one behind it go on.
func (d *Dispatcher[O]) end(object types.NamespacedName) {
	if d.running[object]--; d.running[object] > 0 {
		return
	}
	delete(d.running, object)
	if e := d.held[object]; e != nil && e.index == behind {
		d.admit(e)
	}
}

// behindOthers counts the entries that wait for a call of their own object.
func (d *Dispatcher[O]) behindOthers() int {
	n := 0
	for _, e := range d.held {
		if e.index == behind {
			n++
		}
	}
	return n
}
