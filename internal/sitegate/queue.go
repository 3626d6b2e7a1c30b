// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

// entry is a ticket in the queue of its site, or running.
type entry[O any] struct {
	ticket   Ticket[O]
	sequence int64
	index    int // in the heap, inFlight, or behind
	// alone keeps the ticket out of batches: one it was in failed as a whole.
	alone bool
}

// inFlight is the index of an entry whose call is under way.
const inFlight = -1

func (e *entry[O]) batchable() bool { return e.ticket.MaxBatch > 1 && !e.alone }

// queue is a heap of the tickets of one site, the oldest due first; what was
// left first goes first among equals.
type queue[O any] []*entry[O]

func (q queue[O]) Len() int { return len(q) }

func (q queue[O]) Less(i, j int) bool {
	if !q[i].ticket.Due.Equal(q[j].ticket.Due) {
		return q[i].ticket.Due.Before(q[j].ticket.Due)
	}
	return q[i].sequence < q[j].sequence
}

func (q queue[O]) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

// Push implements heap.Interface.
func (q *queue[O]) Push(x any) {
	e := x.(*entry[O])
	e.index = len(*q)
	*q = append(*q, e)
}

// Pop implements heap.Interface.
func (q *queue[O]) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	e.index = inFlight
	return e
}
