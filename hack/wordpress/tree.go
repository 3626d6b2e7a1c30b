// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/igny8/wordpress-operator/plugin"
)

// layOut makes the site's folders and files.
func (s *Site) layOut(ctx context.Context) error {
	for _, dir := range []string{"run", "log", "tmp"} {
		if err := os.MkdirAll(s.path(dir), 0o755); err != nil {
			return err
		}
	}
	source, err := wordPressTree(ctx)
	if err != nil {
		return err
	}
	if err := copyTree(source, s.root()); err != nil {
		return fmt.Errorf("copy WordPress: %w", err)
	}
	for _, dir := range []string{"uploads", "upgrade", "mu-plugins"} {
		if err := os.MkdirAll(filepath.Join(s.root(), "wp-content", dir), 0o755); err != nil {
			return err
		}
	}
	if err := s.writeMUPlugins(); err != nil {
		return err
	}
	return s.copyPlugin()
}

// wordPressTree returns the cached copy of Debian's WordPress. Debian's own tree is full of links to other
// packages and to /etc; the copy has files only, which belong to the user and can be linked.
func wordPressTree(ctx context.Context) (string, error) {
	version, err := packageVersion(ctx, "wordpress")
	if err != nil {
		return "", err
	}
	return cached(ctx, "tree-"+version, func(ctx context.Context, dir string) error {
		if _, err := run(exec.CommandContext(ctx, "cp", "--recursive", "--dereference", wordPressSource, dir)); err != nil {
			return err
		}
		// Debian's wp-config.php looks for a configuration in /etc.
		return os.Remove(filepath.Join(dir, "wp-config.php"))
	})
}

// copyTree makes a site's own tree. What only core's updates would write is linked, which takes a tenth of
// the time of copying; the rest is copied, so that a plugin update does not write through to the cache.
func copyTree(source, target string) error {
	return filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(source, path)
		if err != nil {
			return err
		}
		destination := filepath.Join(target, relative)
		if entry.IsDir() {
			return os.MkdirAll(destination, 0o755)
		}
		if isCore(relative) && os.Link(path, destination) == nil {
			return nil
		}
		return copyFile(path, destination)
	})
}

// isCore says whether a path of the tree belongs to the parts of WordPress that a running site never writes.
func isCore(relative string) bool {
	first, _, _ := strings.Cut(filepath.ToSlash(relative), "/")
	return first == "wp-admin" || first == "wp-includes"
}

// copyFile copies a file of the disk.
func copyFile(source, target string) error {
	in, err := os.Open(source)
	if err != nil {
		return err
	}
	defer in.Close()
	return writeFrom(in, target)
}

// writeFrom writes a new file.
func writeFrom(in io.Reader, target string) error {
	out, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// copyPlugin puts the embedded plugin into the site.
func (s *Site) copyPlugin() error {
	if s.options.WithoutPlugin {
		return nil
	}
	files, err := plugin.Files()
	if err != nil {
		return err
	}
	target := filepath.Join(s.root(), "wp-content", "plugins", plugin.Slug)
	if err := os.CopyFS(target, files); err != nil {
		return fmt.Errorf("copy plugin: %w", err)
	}
	return nil
}

// writeMUPlugins writes the must-use plugins: the one of every site, and those of the options.
func (s *Site) writeMUPlugins() error {
	all := map[string]string{"igny8-test-offline.php": offlineSource}
	maps.Copy(all, s.options.MUPlugins)
	for name, source := range all {
		file := filepath.Join(s.root(), "wp-content", "mu-plugins", name)
		if err := os.WriteFile(file, []byte(source), 0o644); err != nil {
			return err
		}
	}
	return nil
}
