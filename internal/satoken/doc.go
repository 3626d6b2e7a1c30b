// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package satoken gives a sidecar an identity of its own.
//
// All containers of a Pod share the Pod's ServiceAccount. The public webhookserver must
// not hold the manager's rights, so the Pod mounts no token by itself: the manager gets a
// projected one, and a [Minter] in the manager requests short-lived tokens of the
// sidecar's ServiceAccount and leaves them in a volume that both containers mount. A
// sidecar that is broken into holds a token that can do what its own ServiceAccount can,
// for as long as that token lives.
//
// The tokens are not bound to the Pod: the API server refuses to bind a token of one
// ServiceAccount to a Pod that runs as another ("cannot bind token for serviceaccount … to
// pod running with different serviceaccount name"). The short lifetime stands in for it;
// deleting the ServiceAccount revokes all of its tokens at once.
package satoken
