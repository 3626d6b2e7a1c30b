// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress_test

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/hack/wordpress"
)

// startTimeout covers the first start on a machine, which makes the cached tree and database.
const startTimeout = 2 * time.Minute

// childVariable makes the test binary start a site instead of the tests; see TestNothingOutlivesTheParent.
const childVariable = "WORDPRESS_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		os.Exit(runChild())
	}
	os.Exit(m.Run())
}

// start brings up a site for a test.
func start(t *testing.T, options wordpress.Options) *wordpress.Site {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	site, err := wordpress.Start(ctx, options)
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// get returns the status of an address of a site; the error when nobody answers.
func get(t *testing.T, url string) (int, error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

// requireRequests fails unless the site has answered n requests to its REST API.
func requireRequests(t *testing.T, site *wordpress.Site, n int) {
	t.Helper()
	got, err := site.Requests()
	if err != nil {
		t.Fatal(err)
	}
	if got != n {
		log, err := site.RequestLog()
		t.Fatalf("%d requests, want %d: %v %v", got, n, log, err)
	}
}

// A site goes down and comes back at its address, counts its requests exactly, and leaves nothing behind.
func TestSite(t *testing.T) {
	site := start(t, wordpress.Options{WithoutPlugin: true, MUPlugins: map[string]string{"x.php": "<?php define( 'FROM_MU', 'ä' );"}})
	requireRequests(t, site, 0)
	for i := range 20 {
		if status, err := get(t, site.URL+"/wp-json/"); err != nil || status != http.StatusOK {
			t.Fatalf("status %d: %v", status, err)
		}
		if status, err := get(t, site.URL+"/"); err != nil || status != http.StatusOK {
			t.Fatalf("home: status %d: %v", status, err)
		}
		requireRequests(t, site, i+1)
	}

	if err := site.StopServing(); err != nil {
		t.Fatal(err)
	}
	if status, err := get(t, site.URL+"/wp-json/"); err == nil {
		t.Errorf("stopped site answers with status %d", status)
	}
	requireRequests(t, site, 20)
	if err := site.StartServing(t.Context()); err != nil {
		t.Fatal(err)
	}
	if status, err := get(t, site.URL+"/?rest_route=/wp/v2/types"); err != nil || status != http.StatusOK {
		t.Errorf("restarted site: status %d: %v", status, err)
	}
	requireRequests(t, site, 21)

	if out, err := site.PHP(t.Context(), `echo FROM_MU, get_bloginfo( 'name' );`); err != nil || out != "äTest site" {
		t.Errorf("PHP printed %q: %v", out, err)
	}
	requireQueries(t, site)
	requireStopped(t, site)
}

// requireQueries fails unless special characters come back from the database as they are.
func requireQueries(t *testing.T, site *wordpress.Site) {
	t.Helper()
	rows, err := site.Query(t.Context(), `SELECT 'a\tb\nc\\nd', 'é', NULL UNION SELECT '', '1', 'x'`)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || rows[0][0] != "a\tb\nc\\nd" || rows[0][1] != "é" || rows[0][2] != "NULL" || rows[1][0] != "" || rows[1][2] != "x" {
		t.Errorf("rows %q", rows)
	}
	if _, err := site.Query(t.Context(), "SELECT nothing"); err == nil || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("error of a wrong statement: %v", err)
	}
	if _, err := site.PHP(t.Context(), `throw new Exception( 'from PHP' );`); err == nil {
		t.Error("an exception in PHP is no error")
	}
	if log := site.Log(); !strings.Contains(log, "from PHP") {
		t.Errorf("the log lacks the exception:\n%s", log)
	}
}

// requireStopped stops a site and fails when something is left of it.
func requireStopped(t *testing.T, site *wordpress.Site) {
	t.Helper()
	if err := site.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := site.Stop(); err != nil {
		t.Errorf("second Stop: %v", err)
	}
	if _, err := os.Stat(site.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("folder %s is left: %v", site.Dir, err)
	}
	if left := processesOf(t, site.Dir); len(left) > 0 {
		t.Errorf("processes are left: %v", left)
	}
}

// processesOf returns the processes whose command line or title names a folder.
func processesOf(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range files {
		// A process may be gone since; a dead one that nobody has waited for has no command line.
		if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), dir) {
			found = append(found, strings.ReplaceAll(string(text), "\x00", " "))
		}
	}
	return found
}

// Several sites run side by side, each with its own address, key and database, in a folder that stays.
func TestStartMany(t *testing.T) {
	dir, err := os.MkdirTemp("", "many-") // t.TempDir is too long for a socket.
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), startTimeout)
	defer cancel()
	sites, err := wordpress.StartMany(ctx, 2, wordpress.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if sites[0].URL == sites[1].URL || sites[0].APIKey == sites[1].APIKey || sites[0].Dir == sites[1].Dir {
		t.Errorf("sites share something: %+v %+v", sites[0], sites[1])
	}
	for _, site := range sites {
		if err := site.Stop(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Join(site.Dir, "www", "wp-load.php")); err != nil {
			t.Errorf("the folder did not stay: %v", err)
		}
	}
	if _, err := wordpress.Start(ctx, wordpress.Options{Dir: sites[0].Dir}); err == nil || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("start in a used folder: %v", err)
	}
}

// A folder whose path leaves no room for a socket is refused in words, and nothing is left running.
func TestLongFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("x", 100))
	_, err := wordpress.Start(t.Context(), wordpress.Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "shorter folder") {
		t.Errorf("error %v, want one that asks for a shorter folder", err)
	}
	if left := processesOf(t, dir); len(left) > 0 {
		t.Errorf("processes are left: %v", left)
	}
}

// runChild starts a site, prints its folder and waits to be killed.
func runChild() int {
	site, err := wordpress.Start(context.Background(), wordpress.Options{WithoutPlugin: true})
	if err != nil {
		os.Stderr.WriteString(err.Error())
		return 1
	}
	os.Stdout.WriteString(site.Dir + "\n")
	select {}
}

// When the process that started a site is killed, the kernel ends the site's processes.
func TestNothingOutlivesTheParent(t *testing.T) {
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childVariable+"=1")
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	dir := strings.TrimSpace(line)
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if len(processesOf(t, dir)) == 0 {
		t.Fatal("the site has no processes")
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := child.Wait(); err == nil {
		t.Error("the child was not killed")
	}
	requireGone(t, dir)
}

// requireGone waits until no process names a folder any more.
func requireGone(t *testing.T, dir string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for tick := time.NewTicker(20 * time.Millisecond); len(processesOf(t, dir)) > 0; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("processes outlive their parent: %v", processesOf(t, dir))
		}
	}
}

// The port of a site is not one that the kernel gives to outgoing connections: it must be free when the
// site comes back.
func TestPortIsNotEphemeral(t *testing.T) {
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if err != nil {
		t.Fatal(err)
	}
	lowest, err := strconv.Atoi(strings.Fields(string(text))[0])
	if err != nil {
		t.Fatal(err)
	}
	site := start(t, wordpress.Options{WithoutPlugin: true})
	defer requireStopped(t, site)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(site.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := strconv.Atoi(port); err != nil || n >= lowest {
		t.Errorf("port %s, want one below %d: %v", port, lowest, err)
	}
}
