// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package wordpress brings up real WordPress sites for tests and for the demo.
//
// A site is a folder of its own with Debian's WordPress, a MariaDB on a Unix socket, and
// nginx with php-fpm on a free port of the loopback interface, all of them direct children of
// the calling process. Nothing outlives that process, nothing else on the machine is touched,
// and root is not needed. What takes long to make once, the tree and an empty database, is
// kept in the user's cache folder.
package wordpress
