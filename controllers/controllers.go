// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package controllers puts the controllers together: the program manager runs
// what is put together here, and so do tests that run it in their own process.
package controllers

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/utils/clock"
	"k8s.io/utils/ptr"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/config"
	"sigs.k8s.io/controller-runtime/pkg/manager"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/controllers/autopublish"
	"github.com/igny8/wordpress-operator/controllers/integration"
	"github.com/igny8/wordpress-operator/controllers/pluginrelease"
	"github.com/igny8/wordpress-operator/controllers/progress"
	"github.com/igny8/wordpress-operator/controllers/publishrequest"
	"github.com/igny8/wordpress-operator/internal/callmetrics"
	"github.com/igny8/wordpress-operator/internal/fetch"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/sitegate"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// Options say how the controllers work.
type Options struct {
	// WatchNamespace is the one namespace to work in; all if empty.
	WatchNamespace string
	// WatchSecrets has labelled Secrets watched, rather than read now and then.
	WatchSecrets bool
	// AllowPlaintext lets integrations that ask for it call their site over http.
	AllowPlaintext bool
	// Intervals between tests of the sites.
	Intervals integration.Intervals
	// Transports call the sites.
	Transports *wordpress.Transports
	// Fetch says how to read what requests refer to; Live is filled in.
	Fetch fetch.Options
	// Registry takes the metrics. It is an error to give one to two managers.
	Registry prometheus.Registerer
	// Log takes everything, the durable record of what happened included.
	Log logr.Logger
}

// ManagerOptions are those that a manager of the controllers has to have.
func ManagerOptions(o Options) ctrl.Options {
	scheme := runtime.NewScheme()
	utilruntime.Must(clientgoscheme.AddToScheme(scheme))
	utilruntime.Must(v1alpha1.AddToScheme(scheme))
	return ctrl.Options{
		Scheme:     scheme,
		Logger:     o.Log,
		Controller: config.Controller{EnableWarmup: ptr.To(true)},
		Cache:      cacheOptions(o),
		Client:     clientOptions(),
	}
}

// cacheOptions keep bodies out of memory: requests are held without their inline
// content, and ConfigMaps are watched as metadata only.
func cacheOptions(o Options) cache.Options {
	options := cache.Options{
		ReaderFailOnMissingInformer: true,
		NewInformer:                 publishrequest.NewInformer,
		DefaultTransform:            cache.TransformStripManagedFields(),
		ByObject: map[client.Object]cache.ByObject{
			&v1alpha1.PublishRequest{}: {Transform: publishrequest.StripContent},
		},
	}
	if o.WatchSecrets {
		options.ByObject[&corev1.Secret{}] = integration.SecretCache()
	}
	if o.WatchNamespace != "" {
		options.DefaultNamespaces = map[string]cache.Config{o.WatchNamespace: {}}
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

// Add gives a manager made with ManagerOptions all controllers; it starts nothing.
func Add(ctx context.Context, mgr manager.Manager, o Options) error {
	access := &siteaccess.Access{Live: mgr.GetAPIReader(), Transports: o.Transports, AllowPlaintext: o.AllowPlaintext}
	o.Fetch.Live = mgr.GetAPIReader()
	calls := callmetrics.New(o.Registry)
	var requests *publishrequest.Reconciler
	integrations := integration.New(integration.Options{
		Client: mgr.GetClient(), Access: access, Recorder: mgr.GetEventRecorder("igny8-integration"),
		Clock: clock.RealClock{}, Random: rand.Float64, Metrics: calls, Intervals: o.Intervals,
		OnConnected: func(uid types.UID) { requests.Release(uid) }, SyncEvents: o.Log, WatchSecrets: o.WatchSecrets,
	})
	requests = publishrequest.New(publishrequest.Options{
		Client: mgr.GetClient(), Live: mgr.GetAPIReader(), Fetch: fetch.New(o.Fetch), Access: access, Recorder: mgr.GetEventRecorder("igny8-publishrequest"),
		Clock: clock.RealClock{}, Random: rand.Float64, Metrics: calls, Retest: integrations.Retest, SyncEvents: o.Log,
	})
	if err := integrations.SetupWithManager(ctx, mgr); err != nil {
		return fmt.Errorf("set up integration controller: %w", err)
	}
	if err := requests.SetupWithManager(ctx, mgr); err != nil {
		return fmt.Errorf("set up publishrequest controller: %w", err)
	}
	told := progress.New(progress.Options{Client: mgr.GetClient(), Queues: requests.Queues, Clock: clock.RealClock{}})
	if err := told.SetupWithManager(ctx, mgr); err != nil {
		return fmt.Errorf("set up progress controller: %w", err)
	}
	collectors := append(integrations.Collectors(mgr.GetCache(), mgr.Elected()), sitegate.Collector("publish", requests),
		progress.Collector(mgr.GetCache(), mgr.Elected(), clock.RealClock{}))
	for _, collector := range collectors {
		if err := o.Registry.Register(collector); err != nil {
			return fmt.Errorf("register metrics: %w", err)
		}
	}
	return addOthers(ctx, mgr, o)
}

// addOthers adds the controllers that call no site.
func addOthers(ctx context.Context, mgr manager.Manager, o Options) error {
	runs := autopublish.New(autopublish.Options{
		Client: mgr.GetClient(), Recorder: mgr.GetEventRecorder("igny8-autopublish"), Clock: clock.RealClock{},
		Registry: o.Registry, SyncEvents: o.Log,
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
