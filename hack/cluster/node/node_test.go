// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package node

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// newTest returns a supervisor with a program "note", which notes that it was started and
// ends, and one that stays.
func newTest(t *testing.T) (s *supervisor, notes string) {
	t.Helper()
	dir := t.TempDir()
	notes = filepath.Join(dir, "notes")
	s = newSupervisor(Spec{
		Logs: dir,
		Programs: map[string][]string{
			"note": {"/bin/sh", "-c", "echo started >> " + notes},
			"stay": {"/bin/sleep", "1000"},
		},
	})
	t.Cleanup(s.close)
	return s, notes
}

func TestOrders(t *testing.T) {
	s, _ := newTest(t)
	var answers strings.Builder
	orders := "start stay\nstart stay\nstart nothing\nstop stay\nstop stay\ndance\n"
	if err := obey(s, strings.NewReader(orders), &answers); err != nil {
		t.Fatal(err)
	}
	want := "ok\nerror: stay already runs\n" + `error: there is no program "nothing"` + "\nok\nerror: stay does not run\n" + `error: unknown command "dance"` + "\n"
	if diff := cmp.Diff(want, answers.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestAProgramThatEndsIsStartedAgain(t *testing.T) {
	s, notes := newTest(t)
	if err := s.start("note"); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * restartDelay)
	for {
		text, err := os.ReadFile(notes)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if strings.Count(string(text), "started") >= 2 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("it was started %d times", strings.Count(string(text), "started"))
		}
		<-time.After(10 * time.Millisecond)
	}
	if err := s.stop("note"); err != nil {
		t.Error(err)
	}
}

func TestStopReturnsWhenTheProgramIsGone(t *testing.T) {
	s, _ := newTest(t)
	if err := s.start("stay"); err != nil {
		t.Fatal(err)
	}
	s.mu.Lock()
	pid := s.running["stay"].pid
	s.mu.Unlock()
	if err := s.stop("stay"); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("process %d is still there: %v", pid, err)
	}
}
