#!/usr/bin/env bash
# Copyright The IGNY8 WordPress Operator Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Writes every generated file of the API: deep copies, CRDs, apply
# configurations, the roles and the API reference; and what is installed of it:
# dist/install.yaml and the chart's files. Running it twice changes nothing the
# second time.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
hack/tools/install.sh controller-gen crd-ref-docs kustomize

controller_gen=bin/controller-gen
header=hack/boilerplate.go.txt
api=./api/v1alpha1
apply=api/v1alpha1/applyconfiguration
crds=config/crd/bases

echo "deep copies" >&2
"$controller_gen" "object:headerFile=$header" "paths=$api"

echo "CRDs in $crds" >&2
# Into an empty folder, so that a renamed kind leaves no file behind.
rm -rf "$crds"
"$controller_gen" crd "paths=$api" "output:crd:dir=$crds"

echo "apply configurations in $apply" >&2
rm -rf "$apply"
"$controller_gen" "applyconfiguration:headerFile=$header" "paths=$api"
gofmt -w "$apply"

# The programs run under accounts of their own, so each gets a role of its own.
generate_role() {
  local source=$1 role=$2 file=$3
  if grep -rqs --include='*.go' '+kubebuilder:rbac' "$source"; then
    echo "role $role in config/rbac/$file" >&2
    "$controller_gen" "rbac:roleName=$role,fileName=$file" "paths=./$source/..." "output:rbac:dir=config/rbac"
  fi
}
generate_role controllers manager-role role.yaml
generate_role webhookserver webhookserver-role webhookserver_role.yaml

echo "API reference in docs/api/v1alpha1.md" >&2
mkdir -p docs/api
bin/crd-ref-docs --config=hack/tools/crd-ref-docs.yaml --source-path="$api" \
  --renderer=markdown --output-path=docs/api/v1alpha1.md --log-level=ERROR

echo "manifests in dist/install.yaml" >&2
mkdir -p dist
{
  echo "# Generated from config/default: kubectl apply --server-side -f install.yaml"
  bin/kustomize build config/default
} >dist/install.yaml

chart=charts/igny8-wordpress-operator/files
echo "files of the chart in $chart" >&2
rm -rf "$chart"
mkdir -p "$chart/crds"
cp "$crds"/*.yaml "$chart/crds/"
bin/kustomize build config/chart >"$chart/static.yaml"
