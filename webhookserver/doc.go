// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package webhookserver is the public HTTP server: what sites tell the operator, and what
// they download from it. It runs as a sidecar of the manager or as a Deployment of its
// own, with a ServiceAccount that reads no Secret.
//
// Three listeners: the site-facing one, behind an Ingress that ends TLS or with a
// certificate of its own; one for probes; one for metrics. Each answer on the site-facing
// one is JSON, errors are RFC 9457 problems, and nothing of a request is echoed.
package webhookserver
