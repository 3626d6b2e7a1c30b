// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"errors"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	clienttesting "k8s.io/client-go/testing"
	clocktesting "k8s.io/utils/clock/testing"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

var (
	requests     = v1alpha1.GroupVersion.WithResource("publishrequests")
	integrations = v1alpha1.GroupVersion.WithResource("wordpressintegrations")
	errBoom      = errors.New("boom")
)

func newClient(t *testing.T) *dynamicfake.FakeDynamicClient {
	t.Helper()
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	annotated := func(name string) metav1.ObjectMeta {
		return metav1.ObjectMeta{Namespace: "blog", Name: name, Generation: 7, Annotations: map[string]string{"kept": "yes"}}
	}
	return dynamicfake.NewSimpleDynamicClient(scheme,
		&v1alpha1.PublishRequest{ObjectMeta: annotated("hello")},
		&v1alpha1.PublishRequest{ObjectMeta: annotated("world")},
		&v1alpha1.WordPressIntegration{ObjectMeta: annotated("site")},
	)
}

// execute runs the plugin in namespace blog, at 12:00:00.5 in a zone east of Greenwich.
func execute(t *testing.T, client *dynamicfake.FakeDynamicClient, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	now := time.Date(2026, time.March, 1, 12, 0, 0, 5e8, time.FixedZone("east", 3600))
	p := &plugin{
		target: func() (*target, error) { return &target{client: client, namespace: "blog"}, nil },
		clock:  clocktesting.NewFakePassiveClock(now),
		out:    &out,
	}
	root := newRootCommand(newKubeFlags(), p)
	root.SetArgs(args)
	root.SetOut(&out)
	root.SetErr(&out)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

func annotations(t *testing.T, client *dynamicfake.FakeDynamicClient, resource schema.GroupVersionResource, name string) map[string]string {
	t.Helper()
	var object *unstructured.Unstructured
	object, err := client.Resource(resource).Namespace("blog").Get(t.Context(), name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return object.GetAnnotations()
}

// annotating is a command that sets an annotation.
type annotating struct {
	reason   string
	args     []string
	resource schema.GroupVersionResource
	names    []string
	want     string
	value    string // the time, if empty
	out      string
}

func checkAnnotations(t *testing.T, tests map[string]annotating) {
	t.Helper()
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			client := newClient(t)
			out, err := execute(t, client, tc.args...)
			if err != nil || out != tc.out {
				t.Fatalf("%s: printed %q, %v, want %q", tc.reason, out, err, tc.out)
			}
			for _, name := range tc.names {
				want := map[string]string{"kept": "yes", tc.want: cmp.Or(tc.value, "2026-03-01T11:00:00.5Z")}
				if diff := gocmp.Diff(want, annotations(t, client, tc.resource, name)); diff != "" {
					t.Errorf("%s: annotations of %s: -want +got\n%s", tc.reason, name, diff)
				}
			}
		})
	}
}

func TestCommandsAnnotate(t *testing.T) {
	checkAnnotations(t, map[string]annotating{
		"Retry": {
			reason: "one request", args: []string{"retry", "hello"},
			resource: requests, names: []string{"hello"},
			want: "publishing.igny8.com/retry-requested-at",
			out:  "publishrequest/hello retry requested\n",
		},
		"RetryMany": {
			reason: "several at once", args: []string{"retry", "hello", "world"},
			resource: requests, names: []string{"hello", "world"},
			want: "publishing.igny8.com/retry-requested-at",
			out:  "publishrequest/hello retry requested\npublishrequest/world retry requested\n",
		},
		"Test": {
			reason: "one integration", args: []string{"test", "site"},
			resource: integrations, names: []string{"site"},
			want: "publishing.igny8.com/test-requested-at",
			out:  "wordpressintegration/site connection test requested\n",
		},
		"Sync": {
			reason: "one integration", args: []string{"sync", "site"},
			resource: integrations, names: []string{"site"},
			want: "publishing.igny8.com/sync-requested-at",
			out:  "wordpressintegration/site sync requested\n",
		},
		"SyncStructure": {
			reason: "more than a sync", args: []string{"sync", "--structure", "site"},
			resource: integrations, names: []string{"site"},
			want: "publishing.igny8.com/structure-requested-at",
			out:  "wordpressintegration/site structure update requested\n",
		},
		"Rotate": {
			reason: "one integration", args: []string{"rotate", "site"},
			resource: integrations, names: []string{"site"},
			want: "publishing.igny8.com/rotate-requested-at",
			out:  "wordpressintegration/site new API key requested\n",
		},
	})
}

func TestOneFailureDoesNotStopTheOthers(t *testing.T) {
	client := newClient(t)
	out, err := execute(t, client, "retry", "missing", "hello", "lost")
	if out != "publishrequest/hello retry requested\n" {
		t.Errorf("printed %q", out)
	}
	var got []string
	for _, failure := range failures(err) {
		got = append(got, failure.Error())
	}
	want := []string{
		`publishrequest/missing not found in namespace "blog"`,
		`publishrequest/lost not found in namespace "blog"`,
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("failures: -want +got\n%s", diff)
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	resource := requests.GroupResource()
	tests := map[string]struct {
		reason string
		answer error
		want   string
	}{
		"NotInstalled": {
			reason: "the API server's 404 for a path it does not know",
			answer: apierrors.NewGenericServerResponse(404, "patch", resource, "", "404 page not found", 0, true),
			want:   "is the operator installed there?",
		},
		"Forbidden": {
			reason: "what the API server says about rights is shown",
			answer: apierrors.NewForbidden(resource, "hello", errBoom),
			want:   `annotate publishrequest/hello in namespace "blog": publishrequests.publishing.igny8.com "hello" is forbidden: boom`,
		},
		"Unreachable": {
			reason: "a cluster that does not answer",
			answer: errBoom,
			want:   `annotate publishrequest/hello in namespace "blog": boom`,
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			client := newClient(t)
			client.PrependReactor("patch", "*", func(clienttesting.Action) (bool, runtime.Object, error) { return true, nil, tc.answer })
			_, err := execute(t, client, "retry", "hello")
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: %v, want %q in it", tc.reason, err, tc.want)
			}
		})
	}
}

func TestWrongUse(t *testing.T) {
	tests := map[string]struct {
		reason string
		args   []string
		want   string
	}{
		"RetryNothing": {reason: "all requests is not what nobody means", args: []string{"retry"}, want: "requires at least 1 arg"},
		"TestNothing":  {reason: "nor all sites", args: []string{"test"}, want: "requires at least 1 arg"},
		"ApproveNone":  {reason: "nobody has read them all", args: []string{"approve"}, want: "requires at least 1 arg"},
		"ApproveMany":  {reason: "generations are of one each", args: []string{"approve", "hello", "world", "--generation=3"}, want: "--generation is of one request, and 2 are named"},
		"ApproveZero":  {reason: "there is none", args: []string{"approve", "hello", "--generation=0"}, want: "the first one is 1"},
		"KeepNothing":  {reason: "it is to be decided", args: []string{"resolve-conflict", "hello"}, want: "give source to overwrite the change, or site to accept it"},
		"KeepBoth":     {reason: "there is one post", args: []string{"resolve-conflict", "hello", "--keep=both"}, want: `--keep is "both"`},
		"Unknown":      {reason: "a command nobody knows", args: []string{"publish"}, want: `unknown command "publish"`},
		"Version":      {reason: "the version of what?", args: []string{"version", "x"}, want: "unknown command"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := execute(t, newClient(t), tc.args...)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: %v, want %q in it", tc.reason, err, tc.want)
			}
		})
	}
}
