// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package outcome

import (
	"errors"
	"fmt"
	"testing"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

func TestEveryKindHasARow(t *testing.T) {
	for _, kind := range wordpress.Kinds() {
		if _, ok := table[kind]; !ok {
			t.Errorf("kind %s has no row", kind)
		}
	}
	if len(table) != len(wordpress.Kinds()) {
		t.Errorf("table has %d rows for %d kinds", len(table), len(wordpress.Kinds()))
	}
}

func TestOfFindsTheKindInAChain(t *testing.T) {
	cases := map[string]struct {
		err  error
		want Outcome
	}{
		"Wrapped": {fmt.Errorf("publish: %w", &wordpress.Error{Kind: wordpress.KindTimeout}), Outcome{v1alpha1.ReasonTimeout, Retry, true}},
		"Unknown": {errors.New("boom"), Outcome{v1alpha1.ReasonInternalError, Retry, false}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := Of(tc.err); got != tc.want {
				t.Errorf("Of = %+v, want %+v", got, tc.want)
			}
		})
	}
}

func TestTransportReason(t *testing.T) {
	cases := map[string]bool{
		v1alpha1.ReasonTimeout:         true,
		v1alpha1.ReasonContentRejected: false,
		"NoSuchReason":                 false,
	}
	for reason, want := range cases {
		if got := TransportReason(reason); got != want {
			t.Errorf("TransportReason(%s) = %v, want %v", reason, got, want)
		}
	}
}
