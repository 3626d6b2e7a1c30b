#!/usr/bin/env bash
# Copyright The IGNY8 WordPress Operator Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Holds api/ to the Kubernetes API conventions, with kube-api-linter.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
hack/tools/install.sh golangci-lint
bin/golangci-lint run --allow-parallel-runners --config .golangci-kal.yml ./api/... "$@"
