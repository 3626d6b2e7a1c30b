#!/usr/bin/env bash
# Copyright The IGNY8 WordPress Operator Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Shows that the rules of .golangci.yml bite: lints testdata/rules.txtar, a tree that breaks
# them, and compares what is found with what its comments say must be found. A rule whose
# pattern matches nothing would otherwise pass for ever.
set -o errexit -o nounset -o pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "${here}/../.." && pwd)
"${root}/hack/tools/install.sh" golangci-lint

tree=$(mktemp -d)
trap 'rm -rf -- "${tree}"' EXIT

# The archive's lines `-- NAME --` begin files; what comes before the first is for people.
unpack() {
  awk -v tree="${tree}" '
    /^-- .+ --$/ {
      file = tree "/" substr($0, 4, length($0) - 6)
      folder = file; sub(/\/[^\/]*$/, "", folder)
      system("mkdir -p \"" folder "\"")
      next
    }
    file { print > file }' "${here}/testdata/rules.txtar"
  # Paths in the configuration are relative to where it is.
  cp "${root}/.golangci.yml" "${tree}/"
}

# FILE:LINE LINTER of every comment.
wanted() {
  grep --recursive --line-number --only-matching --include='*.go' 'want \w*$' "${tree}" |
    sed -e "s|^${tree}/||" -e 's/:want / /' | sort
}

# The same of everything that is found.
found() {
  local output
  # Status 1 says that there are findings.
  output=$(cd "${tree}" && GOFLAGS=-mod=mod GOWORK=off GOPROXY=off "${root}/bin/golangci-lint" run \
    --enable-only=depguard,forbidigo --show-stats=false \
    --output.text.print-issued-lines=false --output.text.colors=false ./...) || [[ $? -eq 1 ]]
  sed -E -e 's/^([^:]+:[0-9]+):.*\((\w+)\)$/\1 \2/' <<<"${output}" | sort
}

unpack
if ! diff --unified --label wanted --label found <(wanted) <(found); then
  echo 'lint rules: found is not what is wanted, see hack/lint/testdata/rules.txtar' >&2
  exit 1
fi
echo "lint rules: all $(wanted | wc -l) violations found, and nothing else"
