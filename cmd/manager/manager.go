// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/client-go/kubernetes"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/utils/clock"
	"k8s.io/utils/ptr"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/config"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/controllers/autopublish"
	"github.com/igny8/wordpress-operator/controllers/integration"
	"github.com/igny8/wordpress-operator/controllers/pluginrelease"
	"github.com/igny8/wordpress-operator/controllers/publishrequest"
	"github.com/igny8/wordpress-operator/internal/callmetrics"
	"github.com/igny8/wordpress-operator/internal/satoken"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/sitegate"
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
	mgr, err := ctrl.NewManager(kube, managerOptions(o, log))
	if err != nil {
		return nil, fmt.Errorf("create manager: %w", err)
	}
	for _, add := range []func() error{
		func() error { return addControllers(ctx, mgr, o, log) },
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

func managerOptions(o *options, log logr.Logger) ctrl.Options {
	scheme := runtime.NewScheme()
	utilruntime.Must(clientgoscheme.AddToScheme(scheme))
	utilruntime.Must(v1alpha1.AddToScheme(scheme))
	options := ctrl.Options{
		Scheme:                        scheme,
		Logger:                        log,
		Metrics:                       metricsserver.Options{BindAddress: o.metricsAddress},
		HealthProbeBindAddress:        o.healthAddress,
		LeaderElection:                o.leaderElect,
		LeaderElectionID:              leaderElectionID,
		LeaderElectionNamespace:       o.leaderNamespace,
		LeaderElectionReleaseOnCancel: true, // main returns right after
		GracefulShutdownTimeout:       &o.gracefulShutdown,
		Controller:                    config.Controller{EnableWarmup: ptr.To(true)},
		Cache:                         cacheOptions(o),
		Client:                        clientOptions(),
	}
	return options
}

// cacheOptions keep bodies out of memory: requests are held without their inline
// content, and ConfigMaps are watched as metadata only.
func cacheOptions(o *options) cache.Options {
	options := cache.Options{
		ReaderFailOnMissingInformer: true,
		DefaultTransform:            cache.TransformStripManagedFields(),
		ByObject: map[client.Object]cache.ByObject{
			&v1alpha1.PublishRequest{}: {Transform: publishrequest.StripContent},
		},
	}
	if o.watchSecrets {
		options.ByObject[&corev1.Secret{}] = integration.SecretCache()
	}
	if o.watchNamespace != "" {
		options.DefaultNamespaces = map[string]cache.Config{o.watchNamespace: {}}
	}
	return options
}

// clientOptions: Secrets are never cached (of ConfigMaps only the metadata is, a
// typed read of one finds no informer and fails), and a reconcile sees what the
// one before it wrote: without that, a request could be given to its site again
// because the cache lags behind its status.
func clientOptions() client.Options {
	return client.Options{Cache: &client.CacheOptions{
		DisableFor:                      []client.Object{&corev1.Secret{}},
		EnableReadYourWritesConsistency: ptr.To(true),
	}}
}

func addControllers(ctx context.Context, mgr manager.Manager, o *options, log logr.Logger) error {
	access := &siteaccess.Access{
		Live:           mgr.GetAPIReader(),
		Transports:     wordpress.NewTransports(wordpress.TransportOptions{AllowedPrefixes: o.allowedPrefixes, Version: version.String()}),
		AllowPlaintext: o.allowPlaintext,
	}
	calls := callmetrics.New(metrics.Registry)
	var requests *publishrequest.Reconciler
	integrations := integration.New(integration.Options{
		Client: mgr.GetClient(), Access: access, Recorder: mgr.GetEventRecorder("igny8-integration"),
		Clock: clock.RealClock{}, Random: rand.Float64, Metrics: calls, Intervals: o.intervals,
		OnConnected: func(uid types.UID) { requests.Release(uid) }, SyncEvents: log, WatchSecrets: o.watchSecrets,
	})
	requests = publishrequest.New(publishrequest.Options{
		Client: mgr.GetClient(), Live: mgr.GetAPIReader(), Access: access, Recorder: mgr.GetEventRecorder("igny8-publishrequest"),
		Clock: clock.RealClock{}, Random: rand.Float64, Metrics: calls, Retest: integrations.Retest, SyncEvents: log,
	})
	metrics.Registry.MustRegister(sitegate.Collector("publish", requests.Stats))
	metrics.Registry.MustRegister(integrations.Collectors(mgr.GetCache(), mgr.Elected())...)
	if err := integrations.SetupWithManager(ctx, mgr); err != nil {
		return fmt.Errorf("set up integration controller: %w", err)
	}
	if err := requests.SetupWithManager(ctx, mgr); err != nil {
		return fmt.Errorf("set up publishrequest controller: %w", err)
	}
	runs := autopublish.New(autopublish.Options{
		Client: mgr.GetClient(), Recorder: mgr.GetEventRecorder("igny8-autopublish"), Clock: clock.RealClock{},
		Registry: metrics.Registry, SyncEvents: log,
	})
	if err := runs.SetupWithManager(ctx, mgr); err != nil {
		return fmt.Errorf("set up autopublish controller: %w", err)
	}
	releases := &pluginrelease.Reconciler{Client: mgr.GetClient(), Clock: clock.RealClock{}}
	if err := releases.SetupWithManager(mgr); err != nil {
		return fmt.Errorf("set up pluginrelease controller: %w", err)
	}
	return nil
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
