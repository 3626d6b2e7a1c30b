// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	eventsv1 "k8s.io/api/events/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/wordpress"
)

// maxMessageBytes is the bound of a condition's message and an Event's note.
const maxMessageBytes = 1024

// checkReason checks what people read about a connection that fails: one line
// that tells what to do, without the key and without anything of a foreign page.
func (s *space) checkReason(integration *v1alpha1.WordPressIntegration, reason, says, key string) {
	s.t.Helper()
	told := false
	for _, c := range integration.Status.Conditions {
		s.checkText(c.Type, c.Message, key)
		told = told || c.Reason == reason && strings.Contains(c.Message, says)
	}
	if !told {
		s.t.Errorf("no condition %s says %q: %s", reason, says, show(integration.Status.Conditions))
	}
	poll(s.t, func() (bool, string) { // Events are sent in the background
		return s.has(integration.Name, reason), "no Event " + reason
	})
	for _, e := range s.events() {
		s.checkText("Event", e.Note, key)
	}
}

func (s *space) checkText(where, text, key string) {
	s.t.Helper()
	switch {
	case text == "" || len(text) > maxMessageBytes || strings.ContainsAny(text, "\n\r"):
		s.t.Errorf("%s: a message of %d bytes, want one line of at most %d: %q", where, len(text), maxMessageBytes, text)
	case strings.Contains(text, key):
		s.t.Errorf("%s: the message has the key", where)
	case strings.Contains(text, foreignText):
		s.t.Errorf("%s: the message has text of a page: %q", where, text)
	}
}

// has says whether there is an Event about an object.
func (s *space) has(name, reason string) bool {
	s.t.Helper()
	return slices.ContainsFunc(s.events(), func(e eventsv1.Event) bool { return e.Regarding.Name == name && e.Reason == reason })
}

func (s *space) events() []eventsv1.Event {
	s.t.Helper()
	var events eventsv1.EventList
	if err := shared.Client.List(s.t.Context(), &events, client.InNamespace(s.name)); err != nil {
		s.t.Fatal(err)
	}
	return events.Items
}

// versionOfPlugin finds the version in the plugin's main file.
var versionOfPlugin = regexp.MustCompile(`(define\( 'IGNY8_BRIDGE_VERSION', ')[^']+`)

func pluginFile(w *wordPressCase) (file, kept string) {
	file = filepath.Join(w.site.Dir, "www", "wp-content", "plugins", "igny8-wp-bridge", "igny8-wp-bridge.php")
	return file, file + ".kept"
}

// oldPlugin makes the installed plugin one of an earlier version.
func oldPlugin(t *testing.T, w *wordPressCase) {
	t.Helper()
	file, kept := pluginFile(w)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := versionOfPlugin.ReplaceAll(text, []byte("${1}1.9.9"))
	if bytes.Equal(changed, text) {
		t.Fatal("the plugin has no version")
	}
	if err := errors.Join(os.Rename(file, kept), os.WriteFile(file, changed, 0o644)); err != nil {
		t.Fatal(err)
	}
}

func newPlugin(t *testing.T, w *wordPressCase) {
	t.Helper()
	file, kept := pluginFile(w)
	if err := os.Rename(kept, file); err != nil {
		t.Fatal(err)
	}
}

// swapUUID makes the site another one, and at the next time the first one again.
func swapUUID(t *testing.T, w *wordPressCase) {
	t.Helper()
	php(`$other = get_option( 'test_uuid', wp_generate_uuid4() );
		update_option( 'test_uuid', Igny8_Bridge_Site::uuid() );
		update_option( Igny8_Bridge_Site::UUID_OPTION, $other );`)(t, w)
}

// authHeader sets where the operator puts the key.
func authHeader(header v1alpha1.AuthHeader) func(*testing.T, *wordPressCase) {
	return func(t *testing.T, w *wordPressCase) {
		t.Helper()
		w.patch(w.integration("blog", ""), `{"spec":{"transport":{"authHeader":"`+string(header)+`"}}}`)
	}
}

func restoreHeader(t *testing.T, w *wordPressCase) {
	t.Helper()
	rules(wordpress.WebRules{})(t, w)
	authHeader(v1alpha1.AuthHeaderKey)(t, w)
}

func maintenanceFile(w *wordPressCase) string {
	return filepath.Join(w.site.Dir, "www", ".maintenance")
}

// maintenance is what WordPress's updater does to its site.
func maintenance(t *testing.T, w *wordPressCase) {
	t.Helper()
	if err := os.WriteFile(maintenanceFile(w), []byte("<?php $upgrading = time();"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// endMaintenance asks for a test: WordPress wanted to be left alone for ten
// minutes, and it is.
func endMaintenance(t *testing.T, w *wordPressCase) {
	t.Helper()
	if err := os.Remove(maintenanceFile(w)); err != nil {
		t.Fatal(err)
	}
	w.requestTest("after-maintenance")
}
