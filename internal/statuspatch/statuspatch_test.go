// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package statuspatch

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

var errBoom = errors.New("boom")

func TestPatch(t *testing.T) {
	cases := map[string]struct {
		reason  string
		change  func(*corev1.Pod)
		fail    error
		sent    []string
		changed bool
	}{
		"Nothing": {reason: "an empty patch is not sent", change: func(*corev1.Pod) {}},
		"Unwritten": {
			reason: "what differs by less than JSON tells is nothing", change: func(p *corev1.Pod) {
				start := metav1.NewTime(p.Status.StartTime.Add(time.Millisecond))
				p.Status.StartTime = &start
			},
		},
		"Status": {
			reason: "only what changed is sent, with the version it was made from", change: func(p *corev1.Pod) { p.Status.Message = "well" },
			sent: []string{`{"metadata":{"resourceVersion":"999"},"status":{"message":"well"}}`}, changed: true,
		},
		"Refused": {
			reason: "a failed write is no change", change: func(p *corev1.Pod) { p.Status.Message = "well" }, fail: errBoom,
			sent: []string{`{"metadata":{"resourceVersion":"999"},"status":{"message":"well"}}`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "a", Name: "b"}, Status: corev1.PodStatus{Reason: "kept", StartTime: &metav1.Time{Time: time.Unix(1, 0)}}}
			var sent []string
			writer := fake.NewClientBuilder().WithObjects(pod).WithStatusSubresource(pod).WithInterceptorFuncs(interceptor.Funcs{
				SubResourcePatch: func(_ context.Context, _ client.Client, _ string, object client.Object, patch client.Patch, _ ...client.SubResourcePatchOption) error {
					data, err := patch.Data(object)
					sent = append(sent, string(data))
					return errors.Join(err, tc.fail)
				},
			}).Build()
			if err := writer.Get(t.Context(), client.ObjectKeyFromObject(pod), pod); err != nil {
				t.Fatal(err)
			}
			patcher := New(writer, pod)
			tc.change(pod)
			changed, err := patcher.Patch(t.Context(), pod)
			if changed != tc.changed || !errors.Is(err, tc.fail) {
				t.Errorf("%s: Patch = %v, %v; want %v, %v", tc.reason, changed, err, tc.changed, tc.fail)
			}
			if diff := cmp.Diff(tc.sent, sent); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
