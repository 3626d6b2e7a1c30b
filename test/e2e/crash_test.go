// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"

	"github.com/igny8/wordpress-operator/hack/stack"
)

// slowMillis is how long the site takes over each publish before its INSERT and
// again before its answer, so that kills fall before, between and after.
const slowMillis = 150

// faults are must-use plugins that do what an option asks for.
func faults() map[string]string {
	return map[string]string{"faults.php": fmt.Sprintf(`<?php
$GLOBALS['test_slow'] = function () { if ( get_option( 'test_slow' ) ) { usleep( %d * 1000 ); } };
add_filter( 'wp_insert_post_data', function ( $data ) { if ( 'post' === $data['post_type'] ) { $GLOBALS['test_slow'](); } return $data; } );
add_action( 'wp_after_insert_post', function ( $id, $post ) {
	if ( 'post' !== $post->post_type ) { return; }
	$GLOBALS['test_slow']();
}, 1, 2 );
add_action( 'save_post_post', function ( $id, $post ) {
	if ( (string) get_option( 'test_kill' ) === $post->post_title ) {
		delete_option( 'test_kill' );
		posix_kill( getmypid(), 9 );
	}
}, 1, 2 );
`, slowMillis)}
}

// setOption sets an option of the site, and unsets it at the end of the test.
func setOption(t *testing.T, name, value string) {
	t.Helper()
	if _, err := site.PHP(t.Context(), fmt.Sprintf("update_option( '%s', '%s' );", name, value)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := site.PHP(context.Background(), fmt.Sprintf("delete_option( '%s' );", name)); err != nil {
			t.Error(err)
		}
	})
}

// restart starts a manager after one that was killed; the log goes on.
func restart(t *testing.T) *stack.Program {
	t.Helper()
	manager, err := shared.StartManager(t.Context(), quick...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := manager.Stop(); err != nil {
			t.Error(err)
		}
	})
	return manager
}

func TestKilledPHP(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	setOption(t, "test_kill", s.title("hello"))
	s.create(s.request("hello"))
	request := s.awaitRequest("hello", "Ready=True/Published")
	if got := s.posts(s.title("hello")); got != 1 {
		t.Errorf("%d posts, want 1", got)
	}
	if len(request.Status.History) != 2 || request.Status.History[1].Success {
		t.Errorf("history %+v, want a failure and a success", request.Status.History)
	}
	if tags, err := site.PHP(t.Context(), fmt.Sprintf("echo implode( ',', wp_get_post_tags( %d, array( 'fields' => 'names' ) ) );", request.Status.Post.ID)); err != nil || tags != "one,two" {
		t.Errorf("tags %q (%v), want one,two: the post was not completed", tags, err)
	}
}

func TestSiteThatIsDown(t *testing.T) {
	startManager(t)
	s := newSpace(t)
	s.connected()
	if err := site.StopServing(); err != nil {
		t.Fatal(err)
	}
	serving := false
	t.Cleanup(func() {
		if !serving {
			if err := site.StartServing(context.Background()); err != nil {
				t.Error(err)
			}
		}
	})
	request := s.request("hello")
	s.create(request)
	got := s.awaitRequest("hello", "Ready=False/ConnectionRefused", "Reconciling=True/ProgressingWithRetry")
	if got.Status.Attempts.NextTime.IsZero() || got.Status.Attempts.Count != 0 {
		t.Errorf("attempts %+v, want the time of the next one, and none counted: the site saw nothing", got.Status.Attempts)
	}
	s.checkHealth("PublishRequest", "hello", status.InProgressStatus)
	s.await(newIntegration(), "blog", "Connected=False/ConnectionRefused", "Reconciling=True/ProgressingWithRetry")
	s.checkHealth("WordPressIntegration", "blog", status.InProgressStatus)
	if err := site.StartServing(t.Context()); err != nil {
		t.Fatal(err)
	}
	serving = true
	s.awaitRequest("hello", "Ready=True/Published")
	if got := s.posts(s.title("hello")); got != 1 {
		t.Errorf("%d posts, want 1", got)
	}
}

func TestStandbyTakesOver(t *testing.T) {
	first := startManager(t, "--leader-elect=true")
	s := newSpace(t)
	s.connected()
	second, err := shared.StartManager(t.Context(), append(quick, "--leader-elect=true")...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := second.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	s.create(s.request("hello"))
	s.awaitRequest("hello", "Ready=True/Published")
}
