#!/usr/bin/env bash
# Copyright The IGNY8 WordPress Operator Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Checks the syntax of every PHP file of the plugin and its coding standard.
set -o errexit -o nounset -o pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../plugin/igny8-wp-bridge"

mapfile -d '' -t files < <(find . -name '*.php' -print0 | sort -z)
if [[ ${#files[@]} -eq 0 ]]; then
  echo 'lint-plugin: found no PHP file' >&2
  exit 1
fi
failed=0
for file in "${files[@]}"; do
  # It prints a line for each good file as well, and the reason of a bad one.
  php -l "${file}" >/dev/null || failed=1
done
phpcs -q -s || failed=1
if [[ ${failed} -ne 0 ]]; then
  exit 1
fi
echo "plugin: ${#files[@]} PHP files, syntax and coding standard are right"
