// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package plugin

import (
	"context"
	"fmt"
	"testing"

	"github.com/igny8/wordpress-operator/hack/wordpress"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// The real plugin passes the suite that the fake passes, through the operator's own client.
func TestContract(t *testing.T) {
	newClient(t, shared) // The log has to stay empty.
	wordpresstest.RunContract(t, func(t *testing.T) wordpresstest.Target { return target(t, shared) })
}

// target presents a real site to the suite.
func target(t *testing.T, site *wordpress.Site) wordpresstest.Target {
	do := func(code string) func(int64) error {
		return func(id int64) error {
			_, err := site.PHP(context.WithoutCancel(t.Context()), fmt.Sprintf(code, id))
			return err
		}
	}
	return wordpresstest.Target{
		URL: site.URL, Key: site.APIKey,
		Trash: do(`wp_trash_post( %d ) || exit( 1 );`), Delete: do(`wp_delete_post( %d, true ) || exit( 1 );`),
	}
}
