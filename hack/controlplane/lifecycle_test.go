// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
)

// childVariable makes this test binary a program that starts a control plane, prints its
// folder and process ids, and waits to be killed.
const childVariable = "IGNY8_CONTROLPLANE_TEST_CHILD"

func noCRDs() Options { return Options{CRDPaths: []string{}} }

func TestStopLeavesNothing(t *testing.T) {
	cp, err := Start(t.Context(), noCRDs())
	if err != nil {
		t.Fatal(err)
	}
	pids, err := cp.dir.pids()
	if err != nil || len(pids) != 2 {
		t.Fatalf("process ids %v, error %v", pids, err)
	}
	openWatch(t, cp)
	if err := cp.Stop(); err != nil {
		t.Fatal(err)
	}
	for _, pid := range pids {
		if alive(pid) {
			t.Errorf("process %d still runs", pid)
		}
	}
	if _, err := os.Stat(cp.dir.path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("run folder is still there: %v", err)
	}
}

// openWatch leaves a watch open: a client that does not end must not hold up the end.
func openWatch(t *testing.T, cp *ControlPlane) {
	t.Helper()
	clients, err := kubernetes.NewForConfig(cp.Config())
	if err != nil {
		t.Fatal(err)
	}
	w, err := clients.CoreV1().Namespaces().Watch(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Stop)
}

func TestNothingOutlivesAKilledCaller(t *testing.T) {
	if os.Getenv(childVariable) != "" {
		runChild(t)
	}
	child := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	child.Env = append(os.Environ(), childVariable+"=1")
	child.Stderr = os.Stderr
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	dir, pids := readChild(t, bufio.NewScanner(stdout))
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	err = wait.PollUntilContextTimeout(t.Context(), 20*time.Millisecond, 30*time.Second, true,
		func(context.Context) (bool, error) {
			_, err := os.Stat(dir)
			return errors.Is(err, fs.ErrNotExist) && !alive(pids[0]) && !alive(pids[1]), nil
		})
	if err != nil {
		t.Errorf("folder %s or processes %v are still there: %v", dir, pids, err)
	}
}

func runChild(t *testing.T) {
	t.Helper()
	cp, err := Start(t.Context(), noCRDs())
	if err != nil {
		t.Fatal(err)
	}
	pids, err := cp.dir.pids()
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("child", cp.dir.path, pids[0], pids[1])
	select {}
}

func readChild(t *testing.T, lines *bufio.Scanner) (dir string, pids [2]int) {
	t.Helper()
	for lines.Scan() {
		if !strings.HasPrefix(lines.Text(), "child ") {
			continue
		}
		if _, err := fmt.Sscanf(lines.Text(), "child %s %d %d", &dir, &pids[0], &pids[1]); err != nil {
			t.Fatal(err)
		}
		return dir, pids
	}
	t.Fatalf("child ended without a word: %v", lines.Err())
	return "", pids
}

// alive does not count a process that is dead but that its parent has not looked at: under
// a container's first process that can last.
func alive(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !strings.Contains(string(stat), ") Z ")
}
