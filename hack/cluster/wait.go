// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package cluster

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

const (
	// patience bounds each wait; the whole start takes about ten seconds.
	patience = 2 * time.Minute
	// pollInterval is how often is looked meanwhile.
	pollInterval = 100 * time.Millisecond
)

func (c *Cluster) waitFor(ctx context.Context, what string, done func(context.Context) bool) error {
	err := wait.PollUntilContextTimeout(ctx, pollInterval, patience, true, func(ctx context.Context) (bool, error) {
		return done(ctx), nil
	})
	if err != nil {
		return fmt.Errorf("wait for %s: %w", what, err)
	}
	return nil
}

// waitForServer waits for /readyz: it answers 200 when the roles of the control plane are
// there.
func (c *Cluster) waitForServer(ctx context.Context) error {
	transport, err := rest.TransportFor(c.config)
	if err != nil {
		return err
	}
	return c.waitFor(ctx, "API server", func(ctx context.Context) bool {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, server+"/readyz", http.NoBody)
		if err != nil {
			return false
		}
		response, err := transport.RoundTrip(request)
		if err != nil {
			return false
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
}

// waitForNode waits until kubelet says that the node is ready.
func (c *Cluster) waitForNode(ctx context.Context) error {
	clients, err := kubernetes.NewForConfig(c.Config())
	if err != nil {
		return err
	}
	return c.waitFor(ctx, "node", func(ctx context.Context) bool {
		n, err := clients.CoreV1().Nodes().Get(ctx, nodeName, metav1.GetOptions{})
		if err != nil {
			return false
		}
		for _, condition := range n.Status.Conditions {
			if condition.Type == corev1.NodeReady {
				return condition.Status == corev1.ConditionTrue
			}
		}
		return false
	})
}

// waitForServiceAccount waits for what the controller manager makes in every namespace,
// and no Pod is admitted without.
func (c *Cluster) waitForServiceAccount(ctx context.Context) error {
	clients, err := kubernetes.NewForConfig(c.Config())
	if err != nil {
		return err
	}
	return c.waitFor(ctx, "default ServiceAccount", func(ctx context.Context) bool {
		_, err := clients.CoreV1().ServiceAccounts(metav1.NamespaceDefault).Get(ctx, "default", metav1.GetOptions{})
		return err == nil
	})
}

// logTailLines is how much of each log an error shows.
const logTailLines = 8

// logTails returns the ends of all logs, for an error.
func (c *Cluster) logTails() string {
	files, err := filepath.Glob(c.path("log", "*.log"))
	if err != nil {
		return ""
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil || len(text) == 0 {
			continue
		}
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		fmt.Fprintf(&all, "\n--- end of %s\n%s", filepath.Base(file), strings.Join(lines[max(0, len(lines)-logTailLines):], "\n"))
	}
	return all.String()
}
