// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// wordPressSource is where Debian's package puts WordPress.
const wordPressSource = "/usr/share/wordpress"

// tools are the paths of the programs a site needs.
type tools struct {
	php, phpFPM, nginx, mariadbd, mariadb, mariadbInstall string
}

// findTools finds the programs and says which Debian packages are missing.
func findTools() (tools, error) {
	var (
		found   tools
		missing []string
	)
	for _, need := range []struct {
		path     *string
		patterns []string
		pkg      string
	}{
		{&found.php, []string{"/usr/bin/php"}, "php-cli"},
		{&found.phpFPM, []string{"/usr/sbin/php-fpm[0-9]*"}, "php-fpm"},
		{&found.nginx, []string{"/usr/sbin/nginx"}, "nginx"},
		{&found.mariadbd, []string{"/usr/sbin/mariadbd"}, "mariadb-server"},
		{&found.mariadb, []string{"/usr/bin/mariadb"}, "mariadb-client"},
		{&found.mariadbInstall, []string{"/usr/bin/mariadb-install-db"}, "mariadb-server"},
		{new(string), []string{wordPressSource + "/wp-load.php"}, "wordpress"},
		{new(string), []string{wordPressSource + "/wp-content/themes/twentytwentythree/style.css"}, "wordpress-theme-twentytwentythree"},
		{new(string), []string{"/usr/lib/php/*/mysqli.so"}, "php-mysql"},
		{new(string), []string{"/usr/lib/php/*/mbstring.so"}, "php-mbstring"},
		{new(string), []string{"/usr/lib/php/*/xml.so"}, "php-xml"},
	} {
		if *need.path = newest(need.patterns); *need.path == "" {
			missing = append(missing, need.pkg)
		}
	}
	if len(missing) > 0 {
		return found, fmt.Errorf("missing Debian packages: %s; install them with hack/prerequisites.sh", strings.Join(missing, " "))
	}
	return found, nil
}

// newest returns the last match of the first pattern that has one: of php-fpm8.2 and php-fpm8.4 the latter.
func newest(patterns []string) string {
	for _, pattern := range patterns {
		// The patterns are constants, so they are well formed.
		if matches, _ := filepath.Glob(pattern); len(matches) > 0 {
			return matches[len(matches)-1]
		}
	}
	return ""
}

// run runs a program to its end and returns what it printed; the error has what it complained about.
func run(cmd *exec.Cmd) (string, error) {
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return string(out), fmt.Errorf("run %s: %w: %s%s", filepath.Base(cmd.Path), err, out, complaint.String())
	}
	return string(out), nil
}

// asRoot says whether this process may give away its rights, and so has to say to whom.
func asRoot() bool { return os.Geteuid() == 0 }
