// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"context"
	_ "embed" // the PHP sources below
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/igny8/wordpress-operator/plugin"
)

var (
	//go:embed php/install.php
	installSource string
	//go:embed php/pair.php
	pairSource string
	//go:embed php/run.php
	runSource string
	//go:embed php/offline.php
	offlineSource string
	//go:embed php/wp-config.php.tmpl
	configTemplate string
)

// writeConfig writes the configuration of WordPress.
func (s *Site) writeConfig(context.Context) error {
	text, err := render(configTemplate, map[string]string{
		"Database": databaseName,
		"Socket":   s.databaseSocket(),
		"URL":      s.URL,
		"DebugLog": s.logFile("wp-debug.log"),
	})
	if err != nil {
		return err
	}
	return os.WriteFile(s.path("www", s.options.SubFolder, "wp-config.php"), []byte(text), 0o644)
}

// install installs WordPress, then activates the plugin and pairs it with the API key.
func (s *Site) install(ctx context.Context) error {
	permalinks := "/%postname%/"
	if s.options.PlainPermalinks {
		permalinks = ""
	}
	if _, err := s.script(ctx, installSource, s.options.Title, s.AdminUser, s.AdminPassword, permalinks); err != nil {
		return err
	}
	if s.options.WithoutPlugin {
		return nil
	}
	if _, err := s.script(ctx, pairSource, plugin.Slug+"/"+plugin.MainFile, s.APIKey, s.AdminUser); err != nil {
		return fmt.Errorf("activate and pair the plugin: %w", err)
	}
	return nil
}

// PHP runs code with WordPress loaded, as nobody in particular, and returns what it printed. The code
// has no opening tag; what PHP complains about goes to the debug log.
func (s *Site) PHP(ctx context.Context, code string) (string, error) {
	return s.script(ctx, runSource, code)
}

// script runs a PHP program with the folder and the address of the site and more arguments.
func (s *Site) script(ctx context.Context, source string, arguments ...string) (string, error) {
	args := append(s.phpSettings(), "-r", "?>"+source, "--", s.root(), s.URL)
	cmd := exec.CommandContext(ctx, s.tools.php, append(args, arguments...)...)
	cmd.Dir = s.root()
	return run(cmd)
}

// phpSettings are the settings of PHP that the command line and the server share.
func (s *Site) phpSettings() []string {
	var args []string
	for _, setting := range []string{
		"memory_limit=256M", "upload_max_filesize=64M", "post_max_size=64M", "date.timezone=UTC", "display_errors=0", "log_errors=1",
		"error_log=" + s.logFile("php.log"), "sys_temp_dir=" + s.path("tmp"), "opcache.enable=1", "opcache.enable_cli=0",
		"opcache.revalidate_freq=0", "opcache.memory_consumption=96", "opcache.max_accelerated_files=10000",
	} {
		args = append(args, "-d", setting)
	}
	return args
}

// render fills a template.
func render(text string, values map[string]string) (string, error) {
	pairs := make([]string, 0, 2*len(values))
	for name, value := range values {
		pairs = append(pairs, "{{"+name+"}}", value)
	}
	out := strings.NewReplacer(pairs...).Replace(text)
	if _, rest, found := strings.Cut(out, "{{"); found {
		name, _, _ := strings.Cut(rest, "}}")
		return "", fmt.Errorf("template has no value for %q", name)
	}
	return out, nil
}
