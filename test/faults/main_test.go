// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package faults shows that the operator loses nothing and does nothing twice,
// whatever happens to it: it is ended before and after each write and each site
// call, its writes fail, and its watches show what is long past.
//
// The API server is a real one. The operator runs in this process, put together
// as the program manager is, behind transports that can go dead: from then on
// everything it tries fails, as if its process had been killed. The site is the
// fake, which passes the same contract suite as the plugin and keeps a ledger of
// what it was made to do.
package faults

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
	crlog "sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/igny8/wordpress-operator/hack/controlplane"
)

var (
	full     = flag.Bool("full", false, "go through every crash point, instead of a sample; the storm takes 60 s")
	seed     = flag.Uint64("seed", 20261123, "what the sample of crash points, and the moments of faults, are drawn from")
	parallel = flag.Int("cases", 10, "how many cases run side by side; they mostly wait")
	summary  = flag.String("summary", "", "file that the matrix writes its last line to")
)

func TestMain(m *testing.M) {
	flag.Parse()
	crlog.SetLogger(logr.Discard()) // each process has a log of its own
	klog.SetLogger(logr.Discard())
	if err := flag.Set("test.parallel", strconv.Itoa(*parallel)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(controlplane.RunTests(m))
}
