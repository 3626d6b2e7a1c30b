// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package sidecar_test installs config/default on a real API server and tries everything
// that somebody could try who has taken over the public webhookserver and holds its token.
package sidecar_test

import (
	"os"
	"testing"

	"github.com/igny8/wordpress-operator/hack/controlplane"
)

func TestMain(m *testing.M) {
	os.Exit(controlplane.RunTests(m))
}

func TestSidecar(t *testing.T) {
	w := install(t)
	t.Run("NothingIsWarnedAbout", func(t *testing.T) { testNoWarnings(t, w) })
	t.Run("PodIsAdmitted", func(t *testing.T) { testPodIsAdmitted(t, w) })
	t.Run("MinterIsConfined", func(t *testing.T) { testMinterIsConfined(t, w) })
	t.Run("RightsAreTheseAlone", func(t *testing.T) { testRights(t, w) })
	t.Run("EverythingElseIsForbidden", func(t *testing.T) { testForbidden(t, w) })
	t.Run("OwnStatusCanBeApplied", func(t *testing.T) { testOwnStatus(t, w) })
	t.Run("OthersStatusCannotBeChanged", func(t *testing.T) { testOthersStatus(t, w) })
	t.Run("SpecAndMetadataStayThroughStatus", func(t *testing.T) { testThroughStatus(t, w) })
	t.Run("ServerIsReadyWithTheToken", func(t *testing.T) { testServerIsReady(t, w) })
	// Last: it gives the account more rights than it has.
	t.Run("PolicyHoldsWhereRolesDoNot", func(t *testing.T) { testPolicyAlone(t, w) })
}
