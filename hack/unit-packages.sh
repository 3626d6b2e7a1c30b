#!/usr/bin/env bash
# Copyright The IGNY8 WordPress Operator Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Prints the packages whose tests start neither an API server nor a WordPress: those
# whose test programs do not contain the helpers that do.
set -o errexit -o nounset -o pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

# One line per test program: its name, which is the package's with .test, and all it needs.
go list -test -f '{{.ImportPath}} {{join .Deps " "}}' ./... |
  awk '$1 ~ /\.test$/ && $0 !~ /wordpress-operator\/hack\/(controlplane|wordpress)( |$)/ {
    sub(/\.test$/, "", $1); print $1
  }'
