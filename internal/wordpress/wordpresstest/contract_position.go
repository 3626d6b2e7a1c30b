// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// position reads the site and returns where it is now.
func (s *suite) position(t *testing.T, known wordpress.Position) wordpress.Position {
	t.Helper()
	site, err := s.client.Site(t.Context(), known)
	if err != nil {
		t.Fatalf("Site: %v", err)
	}
	return wordpress.Position{Epoch: site.Epoch, Mark: site.Mark}
}

// testEpoch: only a database that is behind what a caller knows gets another
// epoch.
func testEpoch(t *testing.T, s *suite) {
	first := s.position(t, wordpress.Position{})
	if !epochForm.MatchString(first.Epoch) || first.Mark < 1 {
		t.Errorf("first position %+v", first)
	}
	last := first
	for name, known := range map[string]wordpress.Position{
		"nothing":       {},
		"an old mark":   first,
		"another epoch": {Epoch: strings.Repeat("0", 32), Mark: maxID},
	} {
		next := s.position(t, known)
		if next.Epoch != first.Epoch || next.Mark <= last.Mark {
			t.Errorf("who knows %s gets %+v after %+v", name, next, last)
		}
		last = next
	}
	restore, err := s.target.Backup()
	if err != nil {
		t.Fatalf("Backup: %v", err)
	}
	known := s.position(t, last)
	if err := restore(); err != nil {
		t.Fatalf("restore: %v", err)
	}
	fresh := s.position(t, known)
	if fresh.Epoch == known.Epoch || !epochForm.MatchString(fresh.Epoch) {
		t.Errorf("after the restore: %+v, before %+v", fresh, known)
	}
	if again := s.position(t, fresh); again.Epoch != fresh.Epoch || again.Mark <= fresh.Mark {
		t.Errorf("position %+v after %+v", again, fresh)
	}
}

// testParallelMarks reads the site many times at once: no mark is lost.
func testParallelMarks(t *testing.T, s *suite) {
	const reads = 20
	first := s.position(t, wordpress.Position{})
	var all sync.WaitGroup
	errs := make([]error, reads)
	for i := range reads {
		all.Go(func() { errs[i] = second(s.client.Site(t.Context(), first)) })
	}
	all.Wait()
	if i := slices.IndexFunc(errs, func(err error) bool { return err != nil }); i >= 0 {
		t.Fatalf("Site: %v", errs[i])
	}
	if last := s.position(t, first); last.Epoch != first.Epoch || last.Mark != first.Mark+reads+1 {
		t.Errorf("position %+v after %d reads from %+v", last, reads, first)
	}
}

func testBadPositions(t *testing.T, s *suite) {
	cases := map[string]struct {
		query url.Values
		field string
	}{
		"epoch of another form": {url.Values{"epoch": {"x"}, "mark": {"1"}}, "epoch"},
		"mark as text":          {url.Values{"epoch": {strings.Repeat("0", 32)}, "mark": {"x"}}, "mark"},
		"negative mark":         {url.Values{"epoch": {strings.Repeat("0", 32)}, "mark": {"-1"}}, "mark"},
		"unknown parameter":     {url.Values{"position": {"1"}}, "position"},
	}
	for name, tc := range cases {
		res := s.get(t, "igny8/v1/site", tc.query)
		if res.status != http.StatusBadRequest || res.problem() != "invalid-payload" || !slices.Contains(res.fields(), tc.field) {
			t.Errorf("%s: answer %d %q naming %v, want 400 invalid-payload naming %s", name, res.status, res.problem(), res.fields(), tc.field)
		}
	}
}

// get makes an authenticated request with a query.
func (s *suite) get(t *testing.T, route string, query url.Values) response {
	t.Helper()
	target, err := url.Parse(s.routeURL(t, route))
	if err != nil {
		t.Fatalf("parse route: %v", err)
	}
	all := target.Query()
	maps.Copy(all, query)
	target.RawQuery = all.Encode()
	return s.send(t, http.MethodGet, target.String(), "", s.auth())
}

func decodePage(t *testing.T, res response) wordpress.TermPage {
	t.Helper()
	var page wordpress.TermPage
	if err := json.Unmarshal([]byte(res.body), &page); err != nil {
		t.Fatalf("read page: %v: %s", err, res.body)
	}
	return page
}
