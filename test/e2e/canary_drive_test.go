// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/stack"
	"github.com/igny8/wordpress-operator/hack/wordpress"
	siteclient "github.com/igny8/wordpress-operator/internal/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// canary is a string of lower-case letters and digits that is nowhere else.
func canary(name string) string {
	random := strings.ToLower(rand.Text())
	return "canary-" + name + "-" + random
}

// canaryDrive leads canaries through what the programs do.
type canaryDrive struct {
	*space
	site *wordpress.Site
	// key is the one of the site; it has characters that are escaped in most places.
	key string
}

func newCanaryDrive(t *testing.T) *canaryDrive {
	t.Helper()
	d := &canaryDrive{space: newSpace(t), key: canary("provided") + "+/=&<>%"}
	var err error
	if d.site, err = wordpress.Start(t.Context(), wordpress.Options{APIKey: d.key}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.site.Stop(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// in is the same namespace for a subtest.
func (s *space) in(t *testing.T) *space { return &space{t: t, name: s.name} }

// drive returns the secrets that were in use.
func (d *canaryDrive) drive(t *testing.T, server *stack.Program) []needle {
	t.Helper()
	needles := []needle{newNeedle("the provided key", d.key)}
	d.driveProvided(t)
	needles = append(needles, d.driveGenerated(t)...)
	needles = append(needles, d.driveFaultySite(t)...)
	needles = append(needles, d.driveURL(t), d.driveServer(t, server))
	return needles
}

// driveProvided publishes with a key, and has it refused.
func (d *canaryDrive) driveProvided(t *testing.T) {
	t.Helper()
	d.create(d.secret("key", d.key))
	d.create(d.integration("blog", d.site.URL))
	d.await(newIntegration(), "blog", "Ready=True/Connected")
	d.create(d.request("hello"))
	d.awaitRequest("hello", "Ready=True/Published")
	d.enter(t, strings.Repeat("another-key-", 4))
	d.await(newIntegration(), "blog", "Connected=False/CredentialsRefused")
	d.enter(t, d.key)
	d.await(newIntegration(), "blog", "Ready=True/Connected")
}

// enter puts a key into the site.
func (d *canaryDrive) enter(t *testing.T, key string) {
	t.Helper()
	d.sitePHP(t, fmt.Sprintf("Igny8_Bridge_Credentials::set( '%s', 1 );", key))
}

// driveGenerated pairs a key that the operator makes, and rotates it.
func (d *canaryDrive) driveGenerated(t *testing.T) []needle {
	t.Helper()
	s := newSpace(t)
	integration := s.integration("blog", d.site.URL)
	integration.Spec.Credentials = v1alpha1.Credentials{}
	integration.Spec.Transport.TimeoutSeconds = 2 // for so long a rotation waits for calls with the old key
	s.create(integration)
	s.await(newIntegration(), "blog", "Connected=False/AwaitingPairing")
	first := s.generatedKey("blog")
	d.enter(t, first)
	s.await(newIntegration(), "blog", "Ready=True/Connected")
	s.rotate("canary")
	s.awaitRotated("canary")
	second := s.generatedKey("blog")
	if first == second {
		t.Fatal("the key was not rotated")
	}
	return []needle{newNeedle("the generated key", first), newNeedle("the rotated key", second)}
}

// driveFaultySite meets broken TLS, and answers that send the call back.
func (d *canaryDrive) driveFaultySite(t *testing.T) []needle {
	t.Helper()
	w := &wayCase{space: newSpace(t), site: newFaultySite(t)}
	key, comment := canary("faulty"), canary("authority")
	w.site.fake.SetKey(key)
	w.create(w.secret("key", key))
	w.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "ca"}, StringData: map[string]string{"ca.crt": "# " + comment + "\n" + string(w.site.authority.Bundle())}})
	w.create(w.integration("blog", w.site.URL))
	w.await(newIntegration(), "blog", "Connected=False/TLSUnknownAuthority")
	patchSpec(`{"transport":{"caRef":{"kind":"Secret","name":"ca","key":"ca.crt"}}}`)(t, w)
	w.await(newIntegration(), "blog", "Ready=True/Connected")
	for reason, answer := range echoes(key) {
		answer(t, w)
		w.await(newIntegration(), "blog", "Connected=False/"+reason)
	}
	answer(nil)(t, w)
	hook(nil)(t, w)
	w.await(newIntegration(), "blog", "Ready=True/Connected")
	return []needle{newNeedle("the key at the faulty site", key), newNeedle("the comment in the CA Secret", comment)}
}

// echoes are the ways in which a site may send back what it was sent, by what
// becomes of the connection.
func echoes(key string) map[string]func(*testing.T, *wayCase) {
	redirect := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://"+key+".example.com/?key="+key)
		w.WriteHeader(http.StatusFound)
	}
	return map[string]func(*testing.T, *wayCase){
		v1alpha1.ReasonBlocked:             answer(echo),
		v1alpha1.ReasonRedirectedElsewhere: answer(redirect),
		v1alpha1.ReasonForbidden: func(t *testing.T, w *wayCase) {
			hook(wordpresstest.Problem(http.StatusForbidden, "forbidden", "You sent "+key))(t, w)
			answer(nil)(t, w)
		},
		v1alpha1.ReasonInvalidResponse: func(t *testing.T, w *wayCase) {
			route(http.StatusOK, `{"`+key+`":`)(t, w)
			answer(nil)(t, w)
		},
	}
}

// driveURL puts a password where it does not belong.
func (d *canaryDrive) driveURL(t *testing.T) needle {
	t.Helper()
	password := newNeedle("the password in the URL", canary("password"))
	bad := d.integration("bad", "https://user:"+password.forms[0]+"@blog.example.com")
	err := shared.Client.Create(t.Context(), bad)
	if err == nil {
		t.Fatal("a URL with a password is accepted")
	}
	if password.isIn(err.Error()) {
		t.Errorf("the refusal has the password: %v", err)
	}
	return password
}

// driveServer calls the public server with a key, as sites do.
func (d *canaryDrive) driveServer(t *testing.T, server *stack.Program) needle {
	t.Helper()
	key := canary("webhook")
	for _, path := range []string{"/api/v1/nothing", "/?key=" + key, "/%00" + key} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+server.Address+path, strings.NewReader(key))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-IGNY8-API-KEY", key)
		request.Header.Set("Authorization", "Bearer "+key)
		request.Header.Set("Cookie", "session="+key)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
	}
	return newNeedle("the key at the webhookserver", key)
}

// plantEvent makes an Event as a controller does.
func (d *canaryDrive) plantEvent(t *testing.T, text string) {
	t.Helper()
	d.in(t).create(&eventsv1.Event{
		ObjectMeta: metav1.ObjectMeta{Name: "planted"}, EventTime: metav1.NowMicro(), ReportingController: "test", ReportingInstance: "test",
		Action: "Plant", Reason: "Planted", Note: text, Type: corev1.EventTypeNormal, Regarding: corev1.ObjectReference{Namespace: d.name, Name: "blog"},
	})
}

// profiles are those of this process while it calls a site with the key.
func (d *canaryDrive) profiles(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	arrived, left, over := make(chan struct{}), make(chan struct{}), make(chan struct{})
	site := wordpresstest.New(t, wordpresstest.WithKey(d.key))
	arrive := sync.OnceFunc(func() { close(arrived) })
	site.SetHook(func(*http.Request) wordpresstest.Fault {
		arrive()
		return wordpresstest.Fault{Hold: left}
	})
	c, err := siteclient.NewClient(siteclient.Config{SiteURL: site.URL(), Key: siteclient.NewKey(d.key)}, wordpresstest.LoopbackTransports(t))
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(over)
		_, _ = c.Site(ctx, siteclient.Position{}) // ends with the context
	}()
	<-arrived
	var all bytes.Buffer
	for _, p := range pprof.Profiles() {
		fmt.Fprintf(&all, "profile %s\n", p.Name())
		for debug := range 3 {
			if err := p.WriteTo(&all, debug); err != nil {
				t.Fatal(err)
			}
		}
	}
	cancel()
	close(left)
	<-over
	return all.String()
}
