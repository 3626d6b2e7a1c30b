#!/usr/bin/env bash
# Copyright The IGNY8 WordPress Operator Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Checks with the block editor's own packages that the block markup in the test
# data of internal/content is valid. To run when the converter changes: it takes
# about 1 GB of packages, which stay in the cache folder.
set -o errexit -o nounset -o pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${XDG_CACHE_HOME:-${HOME}/.cache}/igny8-wordpress-operator/blocks

if ! command -v npm >/dev/null; then
  echo 'check-blocks: needs Node.js 20.19 or newer, with npm' >&2
  exit 1
fi
mkdir -p "${cache}"
if ! cmp -s "${root}/hack/blocks/package.json" "${cache}/package.json"; then
  cp "${root}/hack/blocks/package.json" "${cache}/package.json"
  # The editor's packages do not agree with each other on the version of React.
  (cd "${cache}" && npm install --no-audit --no-fund --no-package-lock --legacy-peer-deps) || {
    rm -f "${cache}/package.json"
    exit 1
  }
fi
cp "${root}/hack/blocks/validate.mjs" "${cache}/validate.mjs"
node "${cache}/validate.mjs" "${root}"/internal/content/testdata/blocks/*.blocks.html
