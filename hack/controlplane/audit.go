// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// auditPolicy records who did what to which resource, and of what ServiceAccounts write
// also the bodies, but for Secrets and tokens. The stage RequestReceived is kept because it
// is written before the request is handled: whoever has an answer finds at least that, see
// AuditEvents.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
rules:
- level: None
  nonResourceURLs: ["*"]
- level: Metadata
  resources: [{group: "", resources: [secrets, serviceaccounts/token]}]
  omitStages: [ResponseStarted]
- level: Request
  userGroups: ["system:serviceaccounts"]
  verbs: [create, update, patch]
  omitStages: [ResponseStarted]
- level: Metadata
  omitStages: [ResponseStarted]
`

const (
	// auditMaxMegabytes keeps the log in one file: at 100 MB, the default, it rotates.
	auditMaxMegabytes = "16384"
	// auditSettleTimeout bounds the wait for requests that are being handled.
	auditSettleTimeout = 30 * time.Second
	// auditPollInterval is how often the log is read again meanwhile.
	auditPollInterval = 10 * time.Millisecond
)

func configureAudit(args *envtest.Arguments, dir *runDir) error {
	policy := dir.join("audit-policy.yaml")
	if err := os.WriteFile(policy, []byte(auditPolicy), 0o600); err != nil {
		return fmt.Errorf("write audit policy: %w", err)
	}
	args.Set("audit-policy-file", policy)
	args.Set("audit-log-path", dir.auditLog())
	// Each event is written before its request ends; a batch would come later.
	args.Set("audit-log-mode", "blocking")
	args.Set("audit-log-maxsize", auditMaxMegabytes)
	return nil
}

func (d *runDir) auditLog() string { return d.join("audit.log") }

// AuditEvents returns the requests that were handled since the start, in the order of their
// ends, refused ones included. Every request that was answered before the call is among
// them; to look at a span of time, drop as many events as there were at its beginning. A
// watch is there once it has ended. The events are shared with later calls: do not change them.
func (cp *ControlPlane) AuditEvents(ctx context.Context) ([]auditv1.Event, error) {
	ctx, cancel := context.WithTimeout(ctx, auditSettleTimeout)
	defer cancel()
	cp.audit.mu.Lock()
	defer cp.audit.mu.Unlock()
	if err := cp.audit.read(); err != nil {
		return nil, err
	}
	// The end of a request is logged after its answer is sent, its beginning before:
	// those that had begun by now are waited for, others need not be.
	begun := maps.Clone(cp.audit.open)
	err := wait.PollUntilContextCancel(ctx, auditPollInterval, true, func(context.Context) (bool, error) {
		err := cp.audit.read()
		return err == nil && !cp.audit.anyOpen(begun), err
	})
	if err != nil {
		return nil, fmt.Errorf("read audit log: wait for requests to end: %w", err)
	}
	return slices.Clip(cp.audit.ends), nil
}

// AuditLog returns the text of the audit log.
func (cp *ControlPlane) AuditLog() (string, error) {
	text, err := os.ReadFile(cp.dir.auditLog())
	if err != nil {
		return "", fmt.Errorf("read audit log: %w", err)
	}
	return string(text), nil
}
