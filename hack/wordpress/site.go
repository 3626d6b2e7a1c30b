// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/igny8/wordpress-operator/hack/process"
)

// Site is a running WordPress.
type Site struct {
	// URL is the site's home address, without a trailing slash.
	URL string
	// AdminURL is the address of wp-admin.
	AdminURL string
	// AdminUser and AdminPassword belong to the administrator, who is also the user the API key stands for.
	AdminUser     string
	AdminPassword string
	// APIKey is the key the plugin accepts.
	APIKey string
	// Dir holds everything of the site.
	Dir string

	options   Options
	tools     tools
	temporary bool
	port      int
	database  *process.Process
	php       *process.Process
	web       *process.Process
}

// Start brings up a site and returns when it answers. The context bounds the start only; the
// site runs until Stop, or until this process ends. The error names missing Debian packages.
func Start(ctx context.Context, options Options) (*Site, error) {
	tools, err := findTools()
	if err != nil {
		return nil, err
	}
	if options, err = options.withDefaults(); err != nil {
		return nil, err
	}
	site := &Site{AdminUser: "admin", AdminPassword: "password", APIKey: options.APIKey, options: options, tools: tools}
	if site.Dir, site.temporary, err = options.folder(); err != nil {
		return nil, fmt.Errorf("make folder of site: %w", err)
	}
	if err := site.start(ctx); err != nil {
		return nil, errors.Join(err, site.failure(), site.Stop())
	}
	return site, nil
}

// StartMany brings up n sites side by side. With an error, none of them runs.
func StartMany(ctx context.Context, n int, options Options) ([]*Site, error) {
	type result struct {
		site *Site
		err  error
	}
	results := make(chan result)
	for i := range n {
		go func() {
			site, err := Start(ctx, options.numbered(i))
			results <- result{site, err}
		}()
	}
	var (
		sites []*Site
		errs  []error
	)
	for range n {
		if r := <-results; r.err != nil {
			errs = append(errs, r.err)
		} else {
			sites = append(sites, r.site)
		}
	}
	if len(errs) == 0 {
		return sites, nil
	}
	for _, site := range sites {
		errs = append(errs, site.Stop())
	}
	return nil, errors.Join(errs...)
}

// numbered gives one of several sites a folder of its own below the one that was asked for.
func (o Options) numbered(i int) Options {
	if o.Dir != "" {
		o.Dir = filepath.Join(o.Dir, fmt.Sprintf("site%d", i+1))
	}
	return o
}

// start does the steps of Start in the only order that works: WordPress is installed into a
// running database, and is served once it is installed.
func (s *Site) start(ctx context.Context) error {
	steps := []struct {
		what string
		do   func(context.Context) error
	}{
		{"lay out folders", s.layOut},
		{"start database", s.startDatabase},
		{"choose address", s.chooseAddress},
		{"write configuration", s.writeConfig},
		{"install WordPress", s.install},
		{"start PHP", s.startPHP},
		{"start web server", s.StartServing},
	}
	for _, step := range steps {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.what, err)
		}
	}
	return nil
}

// Stop ends the processes of the site, waits for them, and removes its folder if it was a temporary one.
func (s *Site) Stop() error {
	errs := []error{s.web.Stop(), s.php.Stop(), s.database.Stop()}
	s.web, s.php, s.database = nil, nil, nil
	if s.temporary {
		errs = append(errs, os.RemoveAll(s.Dir))
	}
	return errors.Join(errs...)
}

// Log returns what PHP, WordPress, nginx and MariaDB logged, for the message of a failed test.
func (s *Site) Log() string {
	var all strings.Builder
	for _, name := range []string{"wp-debug.log", "php.log", "php-fpm.log", "nginx.log", "mariadb.log"} {
		text, err := os.ReadFile(s.logFile(name))
		if err == nil && len(text) > 0 {
			fmt.Fprintf(&all, "--- %s\n%s", name, text)
		}
	}
	return all.String()
}

// DebugLog returns what PHP and WordPress complained about: notices, warnings, database errors. Empty
// means that nothing was wrong.
func (s *Site) DebugLog() (string, error) {
	var all strings.Builder
	for _, name := range []string{"wp-debug.log", "php.log"} {
		text, err := os.ReadFile(s.logFile(name))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
		all.Write(text)
	}
	return all.String(), nil
}

// failure is the end of the logs as an error, nil when there are none.
func (s *Site) failure() error {
	const most = 4000
	text := s.Log()
	if text == "" {
		return nil
	}
	return fmt.Errorf("logs of the site:\n%s", text[max(0, len(text)-most):])
}

// path returns a path below the site's folder.
func (s *Site) path(elements ...string) string {
	return filepath.Join(append([]string{s.Dir}, elements...)...)
}

// root returns the folder that has wp-load.php.
func (s *Site) root() string {
	return s.path("www", s.options.SubFolder)
}

func (s *Site) logFile(name string) string { return s.path("log", name) }
func (s *Site) databaseSocket() string     { return s.path("run", "db.sock") }
func (s *Site) phpSocket() string          { return s.path("run", "php.sock") }
