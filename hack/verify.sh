#!/usr/bin/env bash
# Copyright The IGNY8 WordPress Operator Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Runs every check that runs no test. All of them run, whatever the first ones find; the
# exit status tells whether one failed. Arguments name single checks to run.
set -o errexit -o nounset -o pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly checks=(
  generated go_format go_vet go_lint go_lint_rules api_lint go_modules shell_scripts
  plugin manifests links vulnerabilities clean_tree
)

# What is committed or about to be: outputs and caches are no concern.
sources() {
  git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do
    if [[ -e ${file} ]]; then
      printf '%s\n' "${file}"
    fi
  done
}

# What it changes shows in clean_tree.
check_generated() { hack/generate.sh; }

check_go_format() {
  local unformatted
  unformatted=$(sources '*.go' | xargs --no-run-if-empty gofmt -l)
  if [[ -n ${unformatted} ]]; then
    printf 'not formatted by gofmt:\n%s\n' "${unformatted}"
    return 1
  fi
}

check_go_vet() { go vet -tags cluster ./...; }

check_go_lint() {
  hack/tools/install.sh golangci-lint
  bin/golangci-lint run
  # Modules of their own, with code of ours.
  local module
  for module in hack/image test/argocd; do
    (cd "${module}" && ../../bin/golangci-lint run --config=../../.golangci.yml)
  done
}

check_go_lint_rules() { hack/lint/verify.sh; }

check_api_lint() { hack/lint-api.sh; }

check_go_modules() {
  local file failed=0
  while read -r file; do
    go -C "$(dirname "${file}")" mod tidy -diff || failed=1
  done < <(sources 'go.mod' '**/go.mod')
  return "${failed}"
}

check_shell_scripts() {
  # By their first line: .ci/run has no extension.
  sources | xargs grep --files-with-matches --max-count=1 '^#!.*\<\(ba\)\?sh\>' |
    grep -v -e '\.go$' -e '\.md$' | xargs shellcheck --external-sources
}

check_plugin() { plugin/lint.sh; }

check_manifests() {
  hack/tools/install.sh kustomize
  local file folders=0 failed=0
  while read -r file; do
    # Components change what others bring, and render with it alone: test/manifests.
    if grep -q '^kind: Component$' "${file}"; then
      continue
    fi
    folders=$((folders + 1))
    bin/kustomize build "$(dirname "${file}")" >/dev/null || failed=1
  done < <(sources 'config/**/kustomization.yaml')
  if [[ ${folders} -eq 0 ]]; then
    echo 'found no kustomization under config/'
    return 1
  fi
  return "${failed}"
}

# Links between the documents: whoever follows one must find a file.
check_links() {
  local file target failed=0
  while read -r file; do
    while read -r target; do
      if [[ ! -e $(dirname "${file}")/${target} ]]; then
        printf '%s links to %s, which does not exist\n' "${file}" "${target}"
        failed=1
      fi
    done < <(grep -oP '\]\(\K(?![a-z]+:|#)[^)#\s]+' "${file}" || true)
  done < <(sources README.md 'docs/*.md')
  return "${failed}"
}

# The database is on another host. What cannot be asked there is said and not held against
# the tree: otherwise nobody could work without a network.
check_vulnerabilities() {
  hack/tools/install.sh govulncheck
  local output
  if output=$(timeout 300 bin/govulncheck ./... 2>&1); then
    return
  fi
  if grep -q -e 'fetching vulnerabilities' -e 'dial tcp' <<<"${output}"; then
    echo 'NOT CHECKED: the vulnerability database could not be reached.'
    return
  fi
  printf '%s\n' "${output}"
  return 1
}

# After everything else: a generated file that is not what the sources say is a change too.
check_clean_tree() {
  local status
  status=$(git status --porcelain)
  if [[ -n ${status} ]]; then
    printf 'the tree has changes that are not committed; generated files among them are out of date:\n%s\n' "${status}"
    git --no-pager diff --no-color HEAD | head -200
    return 1
  fi
}

main() {
  local -a wanted=("$@") failed=()
  if [[ ${#wanted[@]} -eq 0 ]]; then
    wanted=("${checks[@]}")
  fi
  local check started
  for check in "${wanted[@]}"; do
    started=${SECONDS}
    printf '== %s\n' "${check}"
    # In a process of its own: under `if`, errexit would be off in a function.
    if bash -o errexit -o nounset -o pipefail -c "$(declare -f); check_${check}"; then
      printf '   ok, %d s\n' "$((SECONDS - started))"
    else
      printf '   FAILED, %d s\n' "$((SECONDS - started))"
      failed+=("${check}")
    fi
  done
  if [[ ${#failed[@]} -gt 0 ]]; then
    printf 'verify: failed: %s\n' "${failed[*]}" >&2
    return 1
  fi
  printf 'verify: all %d checks passed in %d s\n' "${#wanted[@]}" "${SECONDS}"
}

main "$@"
