// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/cluster"
)

// tokenFile is where the sidecar reads the token that the manager minted for it.
const tokenFile = "/var/run/secrets/igny8/webhookserver/token"

// sidecarClient has the token that the running webhookserver has, and nothing else.
func sidecarClient(t *testing.T) client.Client {
	t.Helper()
	token, err := cluster.ReadFile(string(leader(t).UID), "/webhookserver", tokenFile)
	if err != nil {
		t.Fatal(err)
	}
	config := rest.AnonymousClientConfig(shared.Config())
	config.BearerToken = string(token)
	sidecar, err := client.New(config, client.Options{Scheme: api.Scheme()})
	if err != nil {
		t.Fatal(err)
	}
	return sidecar
}

// as is a client with the rights of one of the operator's accounts.
func as(t *testing.T, account string) client.Client {
	t.Helper()
	config := shared.Config()
	config.Impersonate.UserName = "system:serviceaccount:" + namespace + ":" + account
	c, err := client.New(config, client.Options{Scheme: api.Scheme()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Whoever takes the public server over has this token.
func TestTheSidecarsToken(t *testing.T) {
	install(t, setup{})
	m := newTeam(t)
	m.connect()
	m.create(m.request("hello"))
	m.awaitPublished(1)
	wantConfined(t, sidecarClient(t), m)
}

// wantConfined fails unless the webhookserver can do its work on request "hello" of a
// team, and nothing else.
func wantConfined(t *testing.T, server client.Client, m *team) {
	t.Helper()
	request := &v1alpha1.PublishRequest{}
	request.Namespace, request.Name = m.name, "hello"
	integration := &v1alpha1.WordPressIntegration{}
	integration.Namespace, integration.Name = m.name, "blog"

	if err := server.Get(t.Context(), client.ObjectKeyFromObject(request), request); err != nil {
		t.Errorf("it must read what it serves: %v", err)
	}
	merge := func(text string) client.Patch { return client.RawPatch(types.MergePatchType, []byte(text)) }
	if err := server.Status().Patch(t.Context(), request, merge(`{"status":{"site":{"status":{"epoch":"first","sequence":1,"postStatus":"publish"}}}}`)); err != nil {
		t.Errorf("it must write its own part: %v", err)
	}
	for what, err := range map[string]error{
		"list Secrets":            server.List(t.Context(), &corev1.SecretList{}, client.InNamespace(m.name)),
		"read a Secret":           server.Get(t.Context(), client.ObjectKey{Namespace: m.name, Name: "key"}, &corev1.Secret{}),
		"change a request's spec": server.Patch(t.Context(), request, merge(`{"spec":{"title":"taken over"}}`)),
		"change an integration":   server.Patch(t.Context(), integration, merge(`{"spec":{"siteURL":"https://evil.example"}}`)),
		"offer a version":         server.Create(t.Context(), &v1alpha1.PluginRelease{ObjectMeta: metav1.ObjectMeta{Namespace: m.name, Name: "taken-over"}}),
		"make a Pod":              server.Create(t.Context(), &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: m.name, Name: "taken-over"}}),
		"plant a post":            server.Status().Patch(t.Context(), request, merge(`{"status":{"post":{"id":4711}}}`)),
		"forget a key":            server.Status().Patch(t.Context(), integration, merge(`{"status":{"keys":[]}}`)),
		"call itself ready":       server.Status().Patch(t.Context(), integration, merge(`{"status":{"conditions":[]}}`)),
	} {
		if !apierrors.IsForbidden(err) {
			t.Errorf("it may %s: %v", what, err)
		}
	}
}

// The sidecar must not see the token of the manager, though they share a Pod.
func TestTheSidecarHasNoTokenOfThePod(t *testing.T) {
	install(t, setup{})
	_, err := cluster.ReadFile(string(leader(t).UID), "/webhookserver", "/var/run/secrets/kubernetes.io/serviceaccount/token")
	if err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("want no such file, got %v", err)
	}
}

func TestPodSecurityIsEnforced(t *testing.T) {
	install(t, setup{})
	pod := &corev1.Pod{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "x", Image: image + ":" + imageTag}}}}
	pod.Namespace, pod.Name = namespace, "unconfined"
	if err := api.Create(t.Context(), pod); err == nil || !strings.Contains(err.Error(), "violates PodSecurity") {
		t.Errorf("a Pod that is not restricted was admitted: %v", err)
	}
	for _, pod := range pods(t.Context(), t) {
		for _, status := range pod.Status.ContainerStatuses {
			if !status.Ready {
				t.Errorf("container %s is not ready", status.Name)
			}
		}
	}
}
