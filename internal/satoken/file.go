// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package satoken

import (
	"errors"
	"fmt"
	"os"
)

// fileMode lets the owner write and its group read: the sidecar runs as the same user,
// or as another one of the volume's fsGroup.
const fileMode os.FileMode = 0o640

// writeFile replaces path by content in one step: a reader sees the old token or the new
// one, never a part. There is one writer per volume, so the temporary file has a fixed
// name beside path, and one that a killed process left behind is overwritten instead of
// piling up.
func writeFile(path, content string) error {
	temporary := path + ".tmp"
	if err := writeNew(temporary, content); err != nil {
		return errors.Join(err, os.RemoveAll(temporary))
	}
	if err := os.Rename(temporary, path); err != nil {
		return errors.Join(fmt.Errorf("replace token file: %w", err), os.RemoveAll(temporary))
	}
	return nil
}

func writeNew(path, content string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, fileMode)
	if err != nil {
		return fmt.Errorf("create token file: %w", err)
	}
	_, writeErr := file.WriteString(content)
	// The umask of the process may have taken the group's right away, and a file left
	// behind keeps the mode it had.
	if err := errors.Join(writeErr, file.Chmod(fileMode), file.Close()); err != nil {
		return fmt.Errorf("write token file: %w", err)
	}
	return nil
}
