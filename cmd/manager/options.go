// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"net/netip"
	"os"
	"time"

	"github.com/spf13/pflag"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/controllers/integration"
	"github.com/igny8/wordpress-operator/internal/netguard"
)

// options are the flags.
type options struct {
	kubeconfig       string
	metricsAddress   string
	healthAddress    string
	leaderElect      bool
	leaderNamespace  string
	watchNamespace   string
	allowAddresses   []string
	allowedPrefixes  []netip.Prefix
	allowPlaintext   bool
	intervals        integration.Intervals
	watchSecrets     bool
	sidecar          sidecarOptions
	gracefulShutdown time.Duration
}

// sidecarOptions say for whom tokens are minted, and where to.
type sidecarOptions struct {
	tokenFile, serviceAccount, namespace string
}

func (o *options) addFlags(flags *pflag.FlagSet) {
	o.intervals = integration.DefaultIntervals()
	o.addManagerFlags(flags)
	o.addSiteFlags(flags)
	o.addSidecarFlags(flags)
}

func (o *options) addManagerFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.kubeconfig, "kubeconfig", "", "Kubeconfig file, for development outside of a cluster; the Pod's ServiceAccount without it.")
	flags.StringVar(&o.metricsAddress, "metrics-bind-address", ":8080", "Address of the metrics listener (/metrics); 0 turns it off.")
	flags.StringVar(&o.healthAddress, "health-probe-bind-address", ":8081", "Address of the probe listener (/healthz, /readyz); 0 turns it off.")
	flags.BoolVar(&o.leaderElect, "leader-elect", true, "Let only one manager work at a time; the others stand by.")
	flags.StringVar(&o.leaderNamespace, "leader-election-namespace", os.Getenv("POD_NAMESPACE"), "Namespace of the leader's Lease.")
	flags.StringVar(&o.watchNamespace, "watch-namespace", "", "The one namespace to work in; all without it.")
	flags.DurationVar(&o.gracefulShutdown, "graceful-shutdown-timeout", 20*time.Second, "How long work in progress may take after SIGTERM; kubelet kills after 30 s by default.")
}

func (o *options) addSiteFlags(flags *pflag.FlagSet) {
	flags.StringSliceVar(&o.allowAddresses, "allow-addresses", nil, "Networks (CIDR) or single addresses at which sites, buckets and contents may live although they are not public, such as 10.0.0.0/8. Link-local addresses and the metadata services of clouds stay closed.")
	flags.BoolVar(&o.allowPlaintext, "allow-plaintext", false, "Let integrations that ask for it (transport.plaintext: Allowed) call their site over plain http. The API key then crosses the network readable.")
	flags.DurationVar(&o.intervals.Healthy, "connection-test-interval", o.intervals.Healthy, "Time between two tests of a site that is well.")
	flags.DurationVar(&o.intervals.FailingMin, "connection-retry-min", o.intervals.FailingMin, "Time until a site that is not well is tested again; doubles with each failure.")
	flags.DurationVar(&o.intervals.FailingMax, "connection-retry-max", o.intervals.FailingMax, "Longest time between two tests of a site that is not well.")
	flags.DurationVar(&o.intervals.Secret, "secret-poll-interval", o.intervals.Secret, "How often the Secret of an integration is read again.")
	flags.BoolVar(&o.watchSecrets, "watch-labelled-secrets", false, "Notice a change of a Secret that is labelled "+v1alpha1.LabelWatch+"=true at once. Needs the right to list and watch Secrets.")
}

func (o *options) addSidecarFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.sidecar.tokenFile, "webhookserver-token-file", "", "File in which the sidecar finds its token, kept fresh; without it none is minted.")
	flags.StringVar(&o.sidecar.serviceAccount, "webhookserver-service-account", "webhookserver", "ServiceAccount the sidecar's token is for.")
	flags.StringVar(&o.sidecar.namespace, "webhookserver-namespace", os.Getenv("POD_NAMESPACE"), "Namespace of that ServiceAccount.")
}

// complete checks what the flags say together.
func (o *options) complete() error {
	prefixes, err := netguard.ParsePrefixes(o.allowAddresses)
	if err != nil {
		return fmt.Errorf("--allow-addresses: %w; give networks such as 10.0.0.0/8", err)
	}
	o.allowedPrefixes = prefixes
	if o.intervals.FailingMin > o.intervals.FailingMax {
		return fmt.Errorf("--connection-retry-min (%s) must not be more than --connection-retry-max (%s)", o.intervals.FailingMin, o.intervals.FailingMax)
	}
	for name, value := range map[string]time.Duration{
		"connection-test-interval": o.intervals.Healthy, "connection-retry-min": o.intervals.FailingMin,
		"connection-retry-max": o.intervals.FailingMax, "secret-poll-interval": o.intervals.Secret,
	} {
		if value < time.Second {
			return fmt.Errorf("--%s must be at least 1s, not %s", name, value)
		}
	}
	if o.sidecar.tokenFile != "" && o.sidecar.namespace == "" {
		return fmt.Errorf("--webhookserver-token-file needs --webhookserver-namespace, or POD_NAMESPACE in the environment")
	}
	return nil
}
