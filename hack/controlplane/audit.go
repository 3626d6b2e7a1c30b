// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"k8s.io/apimachinery/pkg/types"
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
// watch is there once it has ended.
func (cp *ControlPlane) AuditEvents(ctx context.Context) ([]auditv1.Event, error) {
	ctx, cancel := context.WithTimeout(ctx, auditSettleTimeout)
	defer cancel()
	events, err := readAuditLog(cp.dir.auditLog())
	if err != nil {
		return nil, err
	}
	// The end of a request is logged after its answer is sent, its beginning before:
	// those that had begun by now are waited for, others need not be.
	begun := unfinished(events)
	err = wait.PollUntilContextCancel(ctx, auditPollInterval, true, func(context.Context) (bool, error) {
		events, err = readAuditLog(cp.dir.auditLog())
		return err == nil && !anyIn(begun, unfinished(events)), err
	})
	if err != nil {
		return nil, fmt.Errorf("read audit log: wait for requests to end: %w", err)
	}
	return finished(events), nil
}

// AuditLog returns the text of the audit log.
func (cp *ControlPlane) AuditLog() (string, error) {
	text, err := os.ReadFile(cp.dir.auditLog())
	if err != nil {
		return "", fmt.Errorf("read audit log: %w", err)
	}
	return string(text), nil
}

// readAuditLog returns all complete entries; the last one may be half-written.
func readAuditLog(path string) ([]auditv1.Event, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read audit log: %w", err)
	}
	defer func() { _ = f.Close() }()
	var events []auditv1.Event
	decoder := json.NewDecoder(f)
	for {
		var event auditv1.Event
		err := decoder.Decode(&event)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return events, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read audit log: %w", err)
		}
		events = append(events, event)
	}
}

func isEnd(e *auditv1.Event) bool {
	return e.Stage == auditv1.StageResponseComplete || e.Stage == auditv1.StagePanic
}

func finished(events []auditv1.Event) []auditv1.Event {
	var ends []auditv1.Event
	for i := range events {
		if isEnd(&events[i]) {
			ends = append(ends, events[i])
		}
	}
	return ends
}

// unfinished returns the requests that have begun and not ended, but for watches, which end
// when their clients do.
func unfinished(events []auditv1.Event) map[types.UID]bool {
	open := map[types.UID]bool{}
	for i := range events {
		switch e := &events[i]; {
		case isEnd(e):
			delete(open, e.AuditID)
		case e.Verb != "watch":
			open[e.AuditID] = true
		}
	}
	return open
}

func anyIn(wanted, set map[types.UID]bool) bool {
	for id := range wanted {
		if set[id] {
			return true
		}
	}
	return false
}
