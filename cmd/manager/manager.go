// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/igny8/wordpress-operator/controllers"
	"github.com/igny8/wordpress-operator/internal/fetch"
	"github.com/igny8/wordpress-operator/internal/satoken"
	"github.com/igny8/wordpress-operator/internal/version"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// leaderElectionID names the Lease.
const leaderElectionID = "igny8-operator.publishing.igny8.com"

// newManager wires the controllers together; it starts nothing.
func newManager(ctx context.Context, o *options, log logr.Logger) (manager.Manager, error) {
	kube, err := restConfig(o.kubeconfig)
	if err != nil {
		return nil, err
	}
	work := controllersOptions(o, log)
	mgr, err := ctrl.NewManager(kube, managerOptions(o, work))
	if err != nil {
		return nil, fmt.Errorf("create manager: %w", err)
	}
	for _, add := range []func() error{
		func() error { return controllers.Add(ctx, mgr, work) },
		func() error { return addSidecarToken(mgr, o, log) },
		func() error { return mgr.AddHealthzCheck("ping", healthz.Ping) },
		func() error { return mgr.AddReadyzCheck("caches", cachesSynced(mgr)) },
	} {
		if err := add(); err != nil {
			return nil, err
		}
	}
	return mgr, nil
}

// restConfig has no client-side rate limit: the API server's own fairness does
// better, and publishing is bounded by the sites.
func restConfig(kubeconfig string) (*rest.Config, error) {
	kube, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("configure API server access: %w", err)
	}
	kube.QPS = -1
	kube.UserAgent = version.UserAgent(name)
	return kube, nil
}

// managerOptions are those of the controllers, and the process's own.
func managerOptions(o *options, work controllers.Options) ctrl.Options {
	options := controllers.ManagerOptions(work)
	options.Metrics = metricsserver.Options{BindAddress: o.metricsAddress}
	options.HealthProbeBindAddress = o.healthAddress
	options.LeaderElection = o.leaderElect
	options.LeaderElectionID = leaderElectionID
	options.LeaderElectionNamespace = o.leaderNamespace
	options.LeaderElectionReleaseOnCancel = true // main returns right after
	options.GracefulShutdownTimeout = &o.gracefulShutdown
	return options
}

func controllersOptions(o *options, log logr.Logger) controllers.Options {
	return controllers.Options{
		WatchNamespace: o.watchNamespace,
		WatchSecrets:   o.watchSecrets,
		AllowPlaintext: o.allowPlaintext,
		Intervals:      o.intervals,
		Transports:     wordpress.NewTransports(wordpress.TransportOptions{AllowedPrefixes: o.allowedPrefixes, Version: version.String()}),
		Fetch:          fetch.Options{AllowedAddresses: o.allowedPrefixes, Version: version.String()},
		Registry:       metrics.Registry,
		Log:            log,
	}
}

// cachesSynced is ready when the manager, the leader or a standby, knows the
// objects it is to work on.
func cachesSynced(mgr manager.Manager) healthz.Checker {
	return func(request *http.Request) error {
		ctx, cancel := context.WithTimeout(request.Context(), time.Second)
		defer cancel()
		if !mgr.GetCache().WaitForCacheSync(ctx) {
			return errors.New("caches are not synced")
		}
		return nil
	}
}

// addSidecarToken keeps the sidecar's token fresh: a Pod has one ServiceAccount,
// and the sidecar must not have the manager's rights.
func addSidecarToken(mgr manager.Manager, o *options, log logr.Logger) error {
	if o.sidecar.tokenFile == "" {
		return nil
	}
	clients, err := kubernetes.NewForConfig(mgr.GetConfig())
	if err != nil {
		return fmt.Errorf("create client for tokens: %w", err)
	}
	return mgr.Add(&satoken.Minter{
		Tokens:         clients.CoreV1().ServiceAccounts(o.sidecar.namespace),
		ServiceAccount: o.sidecar.serviceAccount,
		Path:           o.sidecar.tokenFile,
		Log:            log.WithName("satoken"),
	})
}
