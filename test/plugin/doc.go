// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package plugin tests the WordPress plugin inside a real WordPress, as docs/spec/rest-api.md describes
// it, with nothing between the tests and the wire but net/http.
package plugin
