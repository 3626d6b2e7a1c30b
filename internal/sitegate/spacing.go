// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package sitegate

import "time"

// charge is what a turn took of its site's rate: when the site's next call may
// start, before the turn and after.
type charge struct{ before, after time.Time }

// charge has the next call start no earlier than the spacing from now. It is made
// when a turn begins: nobody knows yet whether that will call the site.
func (s *site[O]) charge(spacing time.Duration, now time.Time) charge {
	c := charge{before: s.nextStart, after: s.nextStart}
	if spacing > 0 {
		c.after = latest(now, s.nextStart).Add(spacing)
		s.nextStart = c.after
	}
	return c
}

// giveBack takes the charge of a turn back that did not call the site. Where a
// later turn was charged meanwhile, that one's spacing stands: it began when this
// one's was over, so that nothing is left to be given back.
func (s *site[O]) giveBack(c charge) {
	if s.nextStart.Equal(c.after) {
		s.nextStart = c.before
	}
}

// called says whether a turn may have called its site. What was no part of the
// call says nothing.
func (d *Dispatcher[O]) called(answers []Answer[O]) bool {
	for _, a := range answers {
		if a.Fate != Again && a.Fate != Apart && d.opts.Judge(a.Outcome) != VerdictNotCalled {
			return true
		}
	}
	return false
}
