// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package phase

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

var errBoom = errors.New("boom")

func TestRunEndsWithTheFirstPhaseThatIsDone(t *testing.T) {
	returns := func(name string, result Result, err error) Func[*[]string] {
		return func(_ context.Context, ran *[]string) (Result, error) {
			*ran = append(*ran, name)
			return result, err
		}
	}
	last := returns("last", Done(), nil)
	cases := map[string]struct {
		middle Func[*[]string]
		want   Result
		err    error
		ran    []string
	}{
		"Proceed": {returns("middle", Proceed, nil), Done(), nil, []string{"first", "middle", "last"}},
		"Done":    {returns("middle", DoneFor(time.Minute), nil), DoneFor(time.Minute), nil, []string{"first", "middle"}},
		"Error":   {returns("middle", Proceed, errBoom), Proceed, errBoom, []string{"first", "middle"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var ran []string
			got, err := Run(t.Context(), &ran, returns("first", Proceed, nil), tc.middle, last)
			if got != tc.want || !errors.Is(err, tc.err) {
				t.Errorf("Run = %+v, %v; want %+v, %v", got, err, tc.want, tc.err)
			}
			if diff := cmp.Diff(tc.ran, ran); diff != "" {
				t.Errorf("phases (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWakeGivesUpWithItsContext(t *testing.T) {
	w := NewWaker(func() *corev1.Pod { return &corev1.Pod{} })
	ctx, cancel := context.WithCancel(t.Context())
	name := types.NamespacedName{Namespace: "a", Name: "b"}
	for range wakeBuffer {
		w.Wake(ctx, name)
	}
	cancel()
	w.Wake(ctx, name) // nobody takes what waits
	if got := (<-w.Woken()).Object; got.Namespace != "a" || got.Name != "b" {
		t.Errorf("woken %s/%s, want a/b", got.Namespace, got.Name)
	}
}
