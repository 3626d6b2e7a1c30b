// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package wordpress is the client of the REST routes that the plugin
// igny8-wp-bridge gives a WordPress site; docs/spec/rest-api.md is the contract.
//
// Nothing a site answers is trusted: answers are bounded, identifiers are
// range-checked, redirects never leave the host, and every address is checked
// when it is dialled. All failures are of one type, [*Error], whose [Kind] says
// what to do next.
package wordpress
