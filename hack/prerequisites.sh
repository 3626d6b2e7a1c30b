#!/usr/bin/env bash
# Copyright The IGNY8 WordPress Operator Authors.
# SPDX-License-Identifier: Apache-2.0
#
# Installs the Debian packages that tests, demo and verify need and that are missing;
# says which. With everything in place it asks dpkg once and returns.
#
# Usage: hack/prerequisites.sh [--list | --cluster]
set -o errexit -o nounset -o pipefail

# What the packages are for, as the tests and the demo use them. The WordPress site
# runs as ordinary processes of the caller: no service is ever started from here.
packages=(
  # WordPress and what serves it.
  wordpress wordpress-theme-twentytwentythree
  php-cli php-fpm php-mysql php-curl php-gd php-xml php-mbstring php-zip php-intl
  mariadb-server nginx
  # The race detector of `go test -race` needs a C compiler.
  gcc libc6-dev
  # Checks of `make verify`.
  shellcheck php-codesniffer
)
# What a cluster with Pods needs besides, see hack/cluster.
readonly cluster_packages=(
  containerd runc containernetworking-plugins iptables conntrack iproute2
)
readonly policy=/usr/sbin/policy-rc.d

die() {
  printf 'prerequisites: %s\n' "$*" >&2
  exit 1
}

# missing prints the packages that are not installed, one a line.
missing() {
  local installed
  installed=$(dpkg-query --show --showformat='${db:Status-Abbrev}${Package}\n' "${packages[@]}" 2>/dev/null |
    sed -n 's/^ii *//p' || true)
  comm -23 <(printf '%s\n' "${packages[@]}" | sort) <(sort <<<"${installed}")
}

# forbid_services keeps the packages' scripts from starting the servers they bring:
# on a developer's machine they would take ports 80 and 3306. A policy that is already
# there belongs to the administrator and stays as it is.
forbid_services() {
  if [[ -e ${policy} ]]; then
    return
  fi
  trap 'rm -f "${policy}"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"${policy}"
  chmod 0755 "${policy}"
}

install_packages() {
  forbid_services
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" >/dev/null
}

main() {
  if [[ ${1:-} == --list ]]; then
    printf '%s\n' "${packages[@]}" "${cluster_packages[@]}"
    return
  fi
  if [[ ${1:-} == --cluster ]]; then
    packages+=("${cluster_packages[@]}")
  fi
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    die "needs a Debian system with apt-get; install the equivalents of: ${packages[*]}"
  fi
  local -a absent
  mapfile -t absent < <(missing)
  if [[ ${#absent[@]} -eq 0 ]]; then
    return
  fi
  if [[ ${EUID} -ne 0 ]]; then
    die "missing Debian packages; as root: apt-get install --no-install-recommends ${absent[*]}"
  fi
  # apt-get does not wait for its own locks in every case. Whoever waited here looks again.
  exec 9>/var/lock/igny8-prerequisites
  flock 9
  mapfile -t absent < <(missing)
  if [[ ${#absent[@]} -gt 0 ]]; then
    printf 'prerequisites: installing Debian packages: %s\n' "${absent[*]}" >&2
    install_packages "${absent[@]}"
  fi
}

main "$@"
