// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/cache"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// tokenPollInterval is how often a missing token file is looked for. The manager writes
// it within a second of its own start.
const tokenPollInterval = 500 * time.Millisecond

// errNotSynced is why a server that has read no integration yet is not ready.
var errNotSynced = errors.New("the integrations have not been read yet")

// Integrations keeps a copy of the WordPressIntegrations of the cluster, or of one
// namespace, read with the server's own token. Until there is one it waits: the sidecar
// starts before the manager has minted it.
type Integrations struct {
	config *rest.Config
	// namespace is the one to read in; empty means all.
	namespace string
	clock     clock.WithTicker
	log       logr.Logger
	synced    atomic.Bool
}

// NewIntegrations returns an empty copy; Start fills it. Without a namespace it is of all.
func NewIntegrations(config *rest.Config, namespace string, clk clock.WithTicker, log logr.Logger) *Integrations {
	return &Integrations{config: config, namespace: namespace, clock: clk, log: log}
}

// Start reads and watches the integrations until ctx is done. An API server that is away,
// refuses the token or does not know the kind yet is asked again and again; the error is
// one of our own configuration.
func (i *Integrations) Start(ctx context.Context) error {
	if !i.waitForToken(ctx) {
		return nil
	}
	integrations, err := i.newCache()
	if err != nil {
		return fmt.Errorf("create cache of integrations: %w", err)
	}
	if _, err := integrations.GetInformer(ctx, &v1alpha1.WordPressIntegration{}, cache.BlockUntilSynced(false)); err != nil {
		return fmt.Errorf("watch integrations: %w", err)
	}
	go i.awaitSync(ctx, integrations)
	return integrations.Start(ctx)
}

func (i *Integrations) awaitSync(ctx context.Context, integrations cache.Cache) {
	if integrations.WaitForCacheSync(ctx) {
		i.synced.Store(true)
		i.log.Info("Read the integrations")
	}
}

// newCache maps kinds to resources by itself: asking the API server would fail, once and
// for all, while it is away.
func (i *Integrations) newCache() (cache.Cache, error) {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		return nil, err
	}
	mapper := meta.NewDefaultRESTMapper([]schema.GroupVersion{v1alpha1.GroupVersion})
	mapper.Add(v1alpha1.GroupVersion.WithKind("WordPressIntegration"), meta.RESTScopeNamespace)
	options := cache.Options{
		Scheme:                      scheme,
		Mapper:                      mapper,
		DefaultTransform:            cache.TransformStripManagedFields(),
		ReaderFailOnMissingInformer: true,
	}
	if i.namespace != "" {
		options.DefaultNamespaces = map[string]cache.Config{i.namespace: {}}
	}
	return cache.New(i.config, options)
}

// waitForToken returns false when ctx is done before there is a token.
func (i *Integrations) waitForToken(ctx context.Context) bool {
	ticker := i.clock.NewTicker(tokenPollInterval)
	defer ticker.Stop()
	for waiting := false; ; waiting = true {
		err := i.checkToken()
		if err == nil {
			return true
		}
		if !waiting {
			i.log.Info("Waiting for a ServiceAccount token", "reason", err.Error())
		}
		select {
		case <-ctx.Done():
			return false
		case <-ticker.C():
		}
	}
}

// checkToken passes where no token file is configured: a kubeconfig has its own ways.
func (i *Integrations) checkToken() error {
	if i.config.BearerTokenFile == "" {
		return nil
	}
	return checkToken(i.config.BearerTokenFile, i.clock.Now())
}

// Ready returns nil when the server can answer: the token works, and the integrations have been read with it.
func (i *Integrations) Ready(*http.Request) error {
	if err := i.checkToken(); err != nil {
		return err
	}
	if !i.synced.Load() {
		return errNotSynced
	}
	return nil
}
