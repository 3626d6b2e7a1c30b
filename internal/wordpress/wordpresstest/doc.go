// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package wordpresstest has a WordPress site for tests: [Fake] keeps the
// contract of docs/spec/rest-api.md in memory and fails on request.
// [RunContract] is the suite that the fake and the real plugin both pass.
package wordpresstest
