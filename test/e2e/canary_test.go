// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/igny8/wordpress-operator/hack/stack"
)

// loudest asks for more detail than there is.
const loudest = "--log-level=20"

// needle is a secret and what to look for in its place.
type needle struct {
	name  string
	forms []string
}

// newNeedle makes the forms in which a secret may show: as it is or escaped, in
// hex, in base64 at each of its three alignments, and in part. Its digest may be
// shown.
func newNeedle(name, secret string) needle {
	n := needle{name: name, forms: []string{secret, url.QueryEscape(secret), hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret)))}}
	for shift := range 3 {
		// The first and the last group hold bytes of what stands beside the secret.
		padded := append(make([]byte, shift), secret...)
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			text := encoding.EncodeToString(padded)
			n.forms = append(n.forms, text[4:len(text)-4])
		}
	}
	const part = 16
	if len(secret) > 2*part {
		n.forms = append(n.forms, secret[:part], secret[len(secret)-part:])
	}
	return n
}

func (n needle) isIn(text string) bool {
	for _, form := range n.forms {
		if strings.Contains(text, form) {
			return true
		}
	}
	return false
}

// sink is a place where a secret may have gone. marker is something that is
// always in it: without it, the wrong place was read. plant puts a text there
// in earnest, where a test can.
type sink struct {
	read   func(t *testing.T) string
	marker string
	plant  func(t *testing.T, text string)
}

// TestCanary drives the programs with a unique string in every slot that takes a
// credential, through success and failure, and finds none of them anywhere.
func TestCanary(t *testing.T) {
	manager := startManager(t, append(vigilant, loudest)...)
	server, err := shared.StartWebhookserver(t.Context(), loudest)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	d := newCanaryDrive(t)
	needles := d.drive(t, server)
	needles = append(needles, tokenNeedles(t)...)
	for name, sink := range d.sinks(manager, server) {
		t.Run(name, func(t *testing.T) {
			text := sink.read(t)
			if !strings.Contains(text, sink.marker) {
				t.Fatalf("%d bytes were read, without %q", len(text), sink.marker)
			}
			for _, n := range needles {
				if n.isIn(text) {
					t.Errorf("%s is there", n.name)
				}
			}
			checkSearch(t, sink, text)
		})
	}
}

// checkSearch is the control: a secret that is there is found, in each form and,
// where one can be put there, in the place itself.
func checkSearch(t *testing.T, s sink, text string) {
	t.Helper()
	planted := newNeedle("planted", canary("planted"))
	if planted.isIn(text) {
		t.Fatal("found before it was planted")
	}
	for _, form := range planted.forms {
		if middle := len(text) / 2; !planted.isIn(text[:middle] + form + text[middle:]) {
			t.Errorf("the form %q is not found", form)
		}
	}
	if s.plant != nil {
		s.plant(t, planted.forms[0])
		poll(t, func() (bool, string) { return planted.isIn(s.read(t)), "what was planted is not found" })
	}
}

// tokenNeedles are the tokens that the programs have for the API server: the
// whole of them and the signature.
func tokenNeedles(t *testing.T) []needle {
	t.Helper()
	token, err := os.ReadFile(shared.SidecarToken())
	if err != nil {
		t.Fatal(err)
	}
	needles := []needle{signatureOf("the sidecar's token", string(token))}
	config, err := os.ReadFile(filepath.Join(shared.Dir, "manager.kubeconfig"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(config), "token: ")
	token2, _, _ := strings.Cut(rest, "\n")
	return append(needles, signatureOf("the manager's token", token2))
}

func signatureOf(name, token string) needle {
	token = strings.TrimSpace(token)
	return newNeedle(name, token[strings.LastIndexByte(token, '.')+1:])
}

// sinks are all places. The programs' profiles are none of them: no listener
// serves them, which is checked as well, so those of this process stand in, with
// a call to a site under way.
func (d *canaryDrive) sinks(manager, server *stack.Program) map[string]sink {
	return map[string]sink{
		"LogOfManager":       {logOf(manager), d.name, appendTo(manager.LogFile)},
		"LogOfWebhookserver": {logOf(server), `"level"`, appendTo(server.LogFile)},
		"MetricsOfManager":   {get("http://" + manager.Metrics + "/metrics"), "controller_runtime_reconcile_total", nil},
		"MetricsOfServer":    {get("http://" + server.Metrics + "/metrics"), "# HELP", nil},
		"NoProfiles":         {noProfiles(manager, server), "404", nil},
		"Profiles":           {d.profiles, "goroutine", nil},
		"Events":             {kubectlGet("events,events.events.k8s.io"), d.name, d.plantEvent},
		"Objects": {kubectlGet("wordpressintegrations,publishrequests,pluginreleases,configmaps,leases,serviceaccounts,namespaces"), d.name,
			func(t *testing.T, text string) { d.in(t).create(d.authority("planted", text)) }},
		"AuditLog":      {auditLog, d.name, func(t *testing.T, text string) { d.in(t).create(d.authority("planted-"+text, "")) }},
		"Database":      {d.database, "igny8_bridge", func(t *testing.T, text string) { d.sitePHP(t, "update_option( 'planted', '"+text+"' );") }},
		"LogsOfTheSite": {d.siteLogs, "fpm is running", func(t *testing.T, text string) { d.sitePHP(t, "trigger_error( '"+text+"' );") }},
	}
}

func logOf(p *stack.Program) func(*testing.T) string {
	return func(*testing.T) string { return p.Log() }
}

func appendTo(file string) func(*testing.T, string) {
	return func(t *testing.T, text string) {
		t.Helper()
		f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := fmt.Fprintln(f, text); err != nil {
			t.Fatal(err)
		}
	}
}

func get(address string) func(*testing.T) string {
	return func(t *testing.T) string {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.Status + "\n" + string(body)
	}
}

// noProfiles asks every listener for profiles.
func noProfiles(programs ...*stack.Program) func(*testing.T) string {
	return func(t *testing.T) string {
		var all strings.Builder
		for _, p := range programs {
			for _, address := range []string{p.Metrics, p.Health, p.Address} {
				if address == "" {
					continue
				}
				answer := get("http://" + address + "/debug/pprof/goroutine?debug=2")(t)
				if !strings.HasPrefix(answer, "404") {
					t.Errorf("%s serves profiles: %.80s", address, answer)
				}
				all.WriteString(answer)
			}
		}
		return all.String()
	}
}

func kubectlGet(kinds string) func(*testing.T) string {
	return func(t *testing.T) string {
		t.Helper()
		out, err := shared.Kubectl(t.Context(), "", "get", kinds, "--all-namespaces", "--show-managed-fields", "-o", "yaml")
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func auditLog(t *testing.T) string {
	t.Helper()
	text, err := shared.AuditLog()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// database is a dump of the site's. It has the digest of the key, and the digest
// alone.
func (d *canaryDrive) database(t *testing.T) string {
	t.Helper()
	dump, err := d.site.Dump(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return dump
}

func (d *canaryDrive) siteLogs(t *testing.T) string {
	t.Helper()
	access, err := os.ReadFile(filepath.Join(d.site.Dir, "log", "access.log"))
	if err != nil {
		t.Fatal(err)
	}
	return d.site.Log() + string(access)
}

func (d *canaryDrive) sitePHP(t *testing.T, code string) {
	t.Helper()
	php(code)(t, &wordPressCase{space: d.in(t), site: d.site})
}
