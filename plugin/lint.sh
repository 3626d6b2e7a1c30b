#!/usr/bin/env bash
# Checks the plugin: PHP's own parser on every file, then the coding standard. Any finding fails,
# warnings too.
#
# Usage: plugin/lint.sh
set -o errexit -o nounset -o pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"

die() {
  printf 'lint: %s; install with hack/prerequisites.sh\n' "$*" >&2
  exit 1
}

# parse lets PHP read every file. It prints "No syntax errors" for a good one; only the rest is shown.
parse() {
  local file failed=0 out
  while IFS= read -r -d '' file; do
    if ! out=$(php --syntax-check --define display_errors=1 --define error_reporting=-1 "${file}" 2>&1); then
      printf '%s\n' "${out}" >&2
      failed=1
    fi
  done < <(find igny8-wp-bridge -name '*.php' -print0)
  return "${failed}"
}

# ruleset prints the rules to use: the WordPress standard where phpcs knows it.
ruleset() {
  if phpcs -i | grep --quiet --word-regexp WordPress; then
    printf 'phpcs-wordpress.xml\n'
  else
    printf 'phpcs.xml.dist\n'
  fi
}

command -v php >/dev/null || die 'php is missing (package php-cli)'
command -v phpcs >/dev/null || die 'phpcs is missing (package php-codesniffer)'

parse
phpcs -q --standard="$(ruleset)"
