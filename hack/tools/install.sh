#!/usr/bin/env bash
# Copyright The IGNY8 WordPress Operator Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Builds the named programs of hack/tools/go.mod, Helm of hack/helm/go.mod, and the
# S3 server of the tests of hack/s3/gateway/go.mod, into bin/: those that are missing
# or were built from other pins or by another Go.
#
#   hack/tools/install.sh controller-gen golangci-lint ...
#   hack/tools/install.sh all
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=${BIN:-$root/bin}

# golangci-lint is the build with kube-api-linter compiled in: one program
# serves both .golangci.yml and .golangci-kal.yml.
declare -A packages=(
  [controller-gen]=sigs.k8s.io/controller-tools/cmd/controller-gen
  [crd-ref-docs]=github.com/elastic/crd-ref-docs
  [helm]=helm.sh/helm/v4/cmd/helm
  [golangci-lint]=sigs.k8s.io/kube-api-linter/cmd/golangci-lint-kube-api-linter
  [govulncheck]=golang.org/x/vuln/cmd/govulncheck
  [kustomize]=sigs.k8s.io/kustomize/kustomize/v5
  [s3-gateway]=github.com/igny8/wordpress-operator/hack/s3/gateway
  [setup-envtest]=sigs.k8s.io/controller-runtime/tools/setup-envtest
)

# Programs that are not of hack/tools, and the module that they are of.
declare -A modules=([helm]=hack/helm [s3-gateway]=hack/s3/gateway)

# A stamp beside each program names what it was built from. The whole go.sum
# counts, not only the program's own version: linters live in dependencies.
pins() {
  (go env GOVERSION && cat "$1/go.mod" "$1/go.sum") | sha256sum | cut -d' ' -f1
}

install_tool() {
  local name=$1 package=${packages[$1]:-} started=$SECONDS
  local module=$root/${modules[$1]:-hack/tools} pins
  pins=$(pins "$module")
  if [[ -z $package ]]; then
    echo "install.sh: no tool named '$name'; there are: ${!packages[*]} all" >&2
    return 2
  fi
  if [[ -x $bin/$name && $(cat "$bin/.$name.stamp" 2>/dev/null) == "$pins" ]]; then
    return 0
  fi
  echo "building $name (once for each set of pins) ..." >&2
  (cd "$module" && GOWORK=off go build -mod=readonly -o "$bin/$name" "$package")
  echo "$pins" >"$bin/.$name.stamp"
  echo "built $name in $((SECONDS - started)) s" >&2
}

main() {
  if [[ $# -eq 0 ]]; then
    echo "usage: hack/tools/install.sh NAME...   (${!packages[*]} all)" >&2
    return 2
  fi
  mkdir -p "$bin"
  # One build at a time: two callers would write the same file.
  exec 9>"$bin/.lock"
  flock 9

  local name
  local -a names=("$@")
  [[ $1 == all ]] && mapfile -t names < <(printf '%s\n' "${!packages[@]}" | sort)
  for name in "${names[@]}"; do
    install_tool "$name"
  done
}

main "$@"
