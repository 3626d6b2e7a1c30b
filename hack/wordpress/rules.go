// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"context"
	"fmt"
	"os"
	"os/exec"
)

// WebRules are nginx directives that a site has besides its own: what hosts, firewalls and caches in front of
// WordPress do. The zero value is none.
type WebRules struct {
	// Server goes into the server block.
	Server string
	// PHP goes into the location that calls PHP, after the parameters.
	PHP string
}

// SetWebRules replaces the rules of the web server while it runs. New connections meet them as soon as nginx
// has read them, which is soon after the return; those that are open end with their request.
func (s *Site) SetWebRules(ctx context.Context, rules WebRules) error {
	for name, text := range map[string]string{"server.rules": rules.Server, "php.rules": rules.PHP} {
		if err := os.WriteFile(s.path("run", name), []byte(text+"\n"), 0o644); err != nil {
			return fmt.Errorf("write web rules: %w", err)
		}
	}
	// A reload says nothing about mistakes: the running configuration stays, and the error is in the log.
	for _, arguments := range [][]string{{"-t"}, {"-s", "reload"}} {
		if _, err := run(exec.CommandContext(ctx, s.tools.nginx, append(arguments, s.nginxArguments()...)...)); err != nil {
			return fmt.Errorf("set web rules: %w", err)
		}
	}
	return nil
}
