// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package media says what the bytes of an image are, from their headers alone:
// neither a name nor a declared type is believed, and no pixel is decoded.
package media
