// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/stack"
	"github.com/igny8/wordpress-operator/hack/wordpress"
)

// foreignText is on every page that something other than the plugin sends. It
// must not come back in a status, an Event or a log.
const foreignText = "foreign-text-of-a-page"

// vigilant makes the manager look at every site once a second, well or not.
var vigilant = []string{"--connection-test-interval=1s", "--connection-retry-max=1s"}

// siteFaults is a must-use plugin that does what the option test_fault says.
const siteFaults = `<?php
switch ( get_option( 'test_fault' ) ) {
	case 'closed':
		add_filter( 'rest_authentication_errors', function () {
			return new WP_Error( 'rest_login_required', '` + foreignText + `', array( 'status' => 401 ) );
		} );
		break;
	case 'private':
		add_action( 'init', function () {
			if ( 'cli' !== PHP_SAPI ) { wp_redirect( wp_login_url() ); exit; }
		} );
		break;
	case 'fatal':
		add_action( 'rest_api_init', function () { throw new Exception( '` + foreignText + `' ); } );
		break;
	case 'notice':
		add_action( 'rest_api_init', function () { echo '<b>Warning</b>: ` + foreignText + `'; } );
		break;
	case 'slow':
		add_action( 'rest_api_init', function () { sleep( 2 ); } );
		break;
	case 'old':
		$GLOBALS['wp_version'] = '6.0.9';
		break;
}
`

// reasonCase is a row of the tables: what makes the connection fail, what is
// said about it, and what makes it well again.
type reasonCase struct {
	want string
	// says is the part of the message that tells what to do.
	says string
	// health is what kstatus makes of it.
	health        status.Status
	breaks, mends func(t *testing.T, w *wordPressCase)
	// restores undoes what mending has left; may be nil.
	restores func(t *testing.T, w *wordPressCase)
}

// wordPressCase is one integration with a real WordPress.
type wordPressCase struct {
	*space
	site    *wordpress.Site
	manager *stack.Program
}

// unasked are the rows that the manager notices by itself; of the others it is
// told, which saves a second each.
var unasked = map[string]bool{"Down": true, "OtherKey": true, "BadGateway": true}

// TestConnectionReasons leads one integration through everything that a real
// WordPress, or the web server before it, can be made to do, and back each time.
func TestConnectionReasons(t *testing.T) {
	manager := startManager(t, vigilant...)
	target, err := wordpress.Start(t.Context(), wordpress.Options{MUPlugins: map[string]string{"site-faults.php": siteFaults}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := target.Stop(); err != nil {
			t.Error(err)
		}
	})
	w := &wordPressCase{space: newSpace(t), site: target, manager: manager}
	w.create(w.secret("key", target.APIKey))
	integration := w.integration("blog", target.URL)
	integration.Spec.Transport.TimeoutSeconds = 1
	w.create(integration)
	w.await(newIntegration(), "blog", "Ready=True/Connected")
	cases := wordPressReasons()
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		tc := cases[name]
		t.Run(name, func(t *testing.T) {
			w := w.of(t)
			occurrences := w.occurrences(tc.want)
			tc.breaks(t, w)
			if !unasked[name] {
				w.requestTest(name)
			}
			got := w.await(newIntegration(), "blog", "Connected=False/"+tc.want, "Ready=False/"+tc.want)
			w.checkReason(got.(*v1alpha1.WordPressIntegration), tc.want, tc.says, target.APIKey)
			w.checkHealth("WordPressIntegration", "blog", tc.health)
			tc.mends(t, w)
			w.await(newIntegration(), "blog", "Connected=True/Connected", "Ready=True/Connected")
			w.checkHealth("WordPressIntegration", "blog", status.CurrentStatus)
			if got := w.occurrences(tc.want) - occurrences; got != 1 {
				t.Errorf("%d Events %s, want one", got, tc.want)
			}
			if tc.restores != nil {
				tc.restores(t, w)
				w.await(newIntegration(), "blog", "Ready=True/Connected")
			}
		})
		if t.Failed() {
			return // the next rows need a site that is well
		}
	}
	t.Run("NothingOfAPageIsShown", func(t *testing.T) {
		if strings.Contains(manager.Log(), foreignText) {
			t.Error("the log has text of a page")
		}
	})
}

// of is the same for a subtest.
func (w *wordPressCase) of(t *testing.T) *wordPressCase {
	c := *w
	c.space = &space{t: t, name: w.name}
	return &c
}

// occurrences counts the Events about the integration's connection, of a
// reason, in the manager's log: the API's client gathers those of one reason into a series and
// does not count it up at once.
func (w *wordPressCase) occurrences(reason string) int {
	n := 0
	for line := range strings.Lines(w.manager.Log()) {
		if strings.Contains(line, `"logger":"events"`) && strings.Contains(line, `"namespace":"`+w.name+`"`) && strings.Contains(line, `"reason":"`+reason+`","action":"TestConnection"`) {
			n++
		}
	}
	return n
}

func wordPressReasons() map[string]reasonCase {
	const stalls, heals = status.FailedStatus, status.InProgressStatus
	row := func(reason, says string, health status.Status, breaks, mends func(*testing.T, *wordPressCase)) reasonCase {
		return reasonCase{reason, says, health, breaks, mends, nil}
	}
	cases := map[string]reasonCase{
		"PluginDeactivated": row(v1alpha1.ReasonPluginMissing, "install and activate it", heals,
			php(`deactivate_plugins( 'igny8-wp-bridge/igny8-wp-bridge.php' );`), php(`activate_plugin( 'igny8-wp-bridge/igny8-wp-bridge.php' );`)),
		"PluginTooOld":    row(v1alpha1.ReasonPluginTooOld, "update it", heals, oldPlugin, newPlugin),
		"WordPressTooOld": row(v1alpha1.ReasonWordPressTooOld, "update it", heals, fault("old"), fault("")),
		"OtherKey":        row(v1alpha1.ReasonCredentialsRefused, "enter the current key", stalls, siteKey(strings.Repeat("another-key-", 4)), siteKey("")),
		"UserMayNotEdit": row(v1alpha1.ReasonCredentialsRefused, "enter the current key", stalls,
			php(`get_user_by( 'login', 'admin' )->set_role( 'subscriber' );`), php(`get_user_by( 'login', 'admin' )->set_role( 'administrator' );`)),
		"HostDropsTheHeader": {v1alpha1.ReasonCredentialsRefused, "transport.authHeader", stalls,
			rules(wordpress.WebRules{PHP: `fastcgi_param HTTP_X_IGNY8_API_KEY "";`}), authHeader(v1alpha1.AuthHeaderAuto), restoreHeader},
		"AnotherSite": row(v1alpha1.ReasonCloneSuspected, "set annotation", stalls, swapUUID, swapUUID),
		"RESTClosed":  row(v1alpha1.ReasonRESTDisabled, "allow the routes igny8/v1", heals, fault("closed"), fault("")),
		"LoginPage":   row(v1alpha1.ReasonBlocked, "allow the routes igny8/v1", heals, fault("private"), fault("")),
		"PHPFails":    row(v1alpha1.ReasonServerError, "PHP error log", heals, fault("fatal"), fault("")),
		"PHPWarns":    row(v1alpha1.ReasonInvalidResponse, "turn off display_errors", heals, fault("notice"), fault("")),
		"Slow":        row(v1alpha1.ReasonTimeout, "is it slow", heals, fault("slow"), fault("")),
		"Maintenance": row(v1alpha1.ReasonServerError, "look for maintenance", heals, maintenance, endMaintenance),
		"Down":        row(v1alpha1.ReasonConnectionRefused, "is the web server up?", heals, down, up),
	}
	for name, web := range webReasons() {
		cases[name] = web
	}
	return cases
}

// webReasons are those of what stands before WordPress.
func webReasons() map[string]reasonCase {
	row := func(reason, says, directives string) reasonCase {
		return reasonCase{reason, says, status.InProgressStatus, rules(wordpress.WebRules{Server: directives}), rules(wordpress.WebRules{}), nil}
	}
	page := func(status int) string {
		return fmt.Sprintf(`default_type text/html; if ($uri ~ ^/wp-json) { return %d "<html>%s</html>"; }`, status, foreignText)
	}
	return map[string]reasonCase{
		"Firewall403":   row(v1alpha1.ReasonBlocked, "allow the routes igny8/v1", page(403)),
		"BasicAuth401":  row(v1alpha1.ReasonBlocked, "allow the routes igny8/v1", page(401)),
		"BadGateway":    row(v1alpha1.ReasonServerError, "PHP error log", page(502)),
		"Broken500":     row(v1alpha1.ReasonServerError, "PHP error log", page(500)),
		"TooMany":       row(v1alpha1.ReasonRateLimited, "raise the limit", `add_header Retry-After 1 always; `+page(429)),
		"NoWordPress":   row(v1alpha1.ReasonNotWordPress, "check siteURL", `if ($uri != /.barrier) { return 200 "`+foreignText+`"; }`),
		"MovedAway":     row(v1alpha1.ReasonRedirectedElsewhere, "use it as siteURL", `if ($uri != /.barrier) { return 301 https://elsewhere.example/?`+foreignText+`; }`),
		"RouteMovedOff": row(v1alpha1.ReasonRedirectedElsewhere, "use it as siteURL", `if ($uri ~ ^/wp-json) { return 302 https://elsewhere.example/`+foreignText+`; }`),
		"ClosesAtOnce":  row(v1alpha1.ReasonConnectionFailed, "load balancers", `if ($uri != /.barrier) { return 444; }`),
	}
}

// TestConnectionInSpiteOf: what a site may do without losing its connection. A
// test that was asked for by annotation finds it well.
func TestConnectionInSpiteOf(t *testing.T) {
	startManager(t, vigilant...)
	cases := map[string]struct {
		reason       string
		header       v1alpha1.AuthHeader
		breaks, mend func(t *testing.T, w *wordPressCase)
	}{
		"PermalinksTurnedPlain": {"/wp-json/ is gone, ?rest_route= answers", v1alpha1.AuthHeaderKey,
			php(`global $wp_rewrite; $wp_rewrite->set_permalink_structure( '' ); $wp_rewrite->flush_rules();`),
			php(`global $wp_rewrite; $wp_rewrite->set_permalink_structure( '/%postname%/' ); $wp_rewrite->flush_rules();`)},
		"HostDropsOneHeader": {"Auto sends both", v1alpha1.AuthHeaderAuto,
			rules(wordpress.WebRules{PHP: `fastcgi_param HTTP_X_IGNY8_API_KEY "";`}), rules(wordpress.WebRules{})},
		"HostDropsAuthorization": {"as many hosts with CGI do", v1alpha1.AuthHeaderAuto,
			rules(wordpress.WebRules{PHP: `fastcgi_param HTTP_AUTHORIZATION "";`}), rules(wordpress.WebRules{})},
		"CacheDropsTheLink": {"the home page announces it in its HTML too", v1alpha1.AuthHeaderKey,
			rules(wordpress.WebRules{PHP: `fastcgi_hide_header Link;`}), rules(wordpress.WebRules{})},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			w := &wordPressCase{space: newSpace(t), site: site}
			w.create(w.secret("key", site.APIKey))
			integration := w.integration("blog", site.URL)
			integration.Spec.Transport.AuthHeader = tc.header
			w.create(integration)
			w.await(newIntegration(), "blog", "Ready=True/Connected")
			t.Cleanup(func() { tc.mend(t, w) })
			tc.breaks(t, w)
			w.requestTest(name)
			poll(t, func() (bool, string) {
				w.await(integration, "blog", "Ready=True/Connected")
				return v1alpha1.LookUp(integration.Status.LastHandled, v1alpha1.AnnotationTestRequestedAt) == name, "the test was not made"
			})
		})
	}
}

// requestTest asks for a test of the connection.
func (s *space) requestTest(value string) {
	s.t.Helper()
	s.patch(s.integration("blog", ""), `{"metadata":{"annotations":{"`+v1alpha1.AnnotationTestRequestedAt+`":"`+value+`"}}}`)
}

// php runs code at the site.
func php(code string) func(*testing.T, *wordPressCase) {
	return func(t *testing.T, w *wordPressCase) {
		t.Helper()
		const administration = "require_once ABSPATH . 'wp-admin/includes/plugin.php'; "
		if out, err := w.site.PHP(context.Background(), administration+code); err != nil || out != "" {
			t.Fatalf("%s: %v %s", code, err, out)
		}
	}
}

// fault is one of siteFaults.
func fault(name string) func(*testing.T, *wordPressCase) {
	return php(fmt.Sprintf("update_option( 'test_fault', '%s' );", name))
}

// rules are of the web server.
func rules(rules wordpress.WebRules) func(*testing.T, *wordPressCase) {
	return func(t *testing.T, w *wordPressCase) {
		t.Helper()
		if err := w.site.SetWebRules(context.Background(), rules); err != nil {
			t.Fatal(err)
		}
	}
}

// siteKey enters a key at the site; none means the one of the integration.
func siteKey(key string) func(*testing.T, *wordPressCase) {
	return func(t *testing.T, w *wordPressCase) {
		t.Helper()
		key := key
		if key == "" {
			key = w.site.APIKey
		}
		php(fmt.Sprintf("Igny8_Bridge_Credentials::set( '%s', 1 );", key))(t, w)
	}
}

func down(t *testing.T, w *wordPressCase) {
	t.Helper()
	if err := w.site.StopServing(); err != nil {
		t.Fatal(err)
	}
}

func up(t *testing.T, w *wordPressCase) {
	t.Helper()
	if err := w.site.StartServing(t.Context()); err != nil {
		t.Fatal(err)
	}
}
