// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/hack/wordpress"
)

//go:embed faults.php
var faults string

//go:embed seo.php
var seo string

// startTimeout covers the first start on a machine, which makes the cached tree and database.
const startTimeout = 2 * time.Minute

// shared is the site most tests use: an administrator's key, pretty permalinks.
var shared *wordpress.Site

func TestMain(m *testing.M) {
	os.Exit(runTests(m))
}

func runTests(m *testing.M) int {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	var err error
	if shared, err = wordpress.Start(ctx, wordpress.Options{MUPlugins: map[string]string{"faults.php": faults, "seo.php": seo}}); err != nil {
		fmt.Fprintln(os.Stderr, "start WordPress:", err)
		return 1
	}
	code := m.Run()
	if err := shared.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "stop WordPress:", err)
		return 1
	}
	return code
}
