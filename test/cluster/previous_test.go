// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

//go:build cluster

package cluster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/igny8/wordpress-operator/hack/cluster"
)

const (
	// previous is the version before this one: what is upgraded from. A release replaces it
	// by its tag.
	previous = "884037c4e4e4b9a968f476db8b2072bf39889611"
	// previousTag is that of its image.
	previousTag = "previous"
	// previousVariable of the environment names the folder with its sources.
	previousVariable = "IGNY8_PREVIOUS"
	// previousArchiveVariable names the archive with its image.
	previousArchiveVariable = "IGNY8_PREVIOUS_ARCHIVE"
)

// preparePrevious takes the previous version out of the history and builds its image. A
// shallow clone has no history: that is said, loudly, and its tests are left out.
func preparePrevious(ctx context.Context, dir string) (environment []string, err error) {
	if !inHistory(ctx, previous) {
		fmt.Fprintf(os.Stderr, "\n!!!!! NOT TESTED: upgrades. The history of this clone lacks commit %s.\n\n", previous)
		return nil, nil
	}
	source, archive := filepath.Join(dir, "previous"), filepath.Join(dir, "previous.tar")
	if err := os.Mkdir(source, 0o755); err != nil {
		return nil, err
	}
	script := exec.CommandContext(ctx, "bash", "-o", "pipefail", "-c", `git archive "$0" | tar --extract --directory "$1"`, previous, source)
	script.Dir = root
	if out, err := script.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("read commit %s: %w\n%s", previous, err, out)
	}
	if err := buildImage(ctx, source, previousTag, archive); err != nil {
		return nil, err
	}
	return []string{previousVariable + "=" + source, previousArchiveVariable + "=" + archive}, nil
}

func inHistory(ctx context.Context, commit string) bool {
	cmd := exec.CommandContext(ctx, "git", "cat-file", "-e", commit+"^{commit}")
	cmd.Dir = root
	return cmd.Run() == nil
}

// previousSources returns the folder with the sources of the previous version.
func previousSources(t *testing.T) string {
	t.Helper()
	folder := os.Getenv(previousVariable)
	if folder == "" {
		t.Skip("the history lacks the version before")
	}
	return folder
}

// buildImage writes the image of a checkout.
func buildImage(ctx context.Context, source, tag, archive string) error {
	return cluster.RunImage(ctx, root, source, "archive", "--platform=linux/"+runtime.GOARCH, "--name="+image+":"+tag, "--output="+archive)
}
