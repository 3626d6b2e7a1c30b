// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/igny8/wordpress-operator/webhookserver"
)

const (
	// serviceAccountDir is where kubelet mounts the token of a Pod's ServiceAccount.
	serviceAccountDir = "/var/run/secrets/kubernetes.io/serviceaccount"

	// Kubelet kills 30 s after SIGTERM by default; the two together stay below that.
	defaultDrainDelay      = 5 * time.Second
	defaultShutdownTimeout = 15 * time.Second
)

// options are the flags.
type options struct {
	server         webhookserver.Options
	kube           webhookserver.KubeOptions
	watchNamespace string
}

func (o *options) addFlags(flags *pflag.FlagSet) {
	o.addListenerFlags(flags)
	o.addKubeFlags(flags)
}

func (o *options) addListenerFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.server.SiteAddress, "bind-address", ":9292", "Address of the site-facing listener.")
	flags.StringVar(&o.server.MetricsAddress, "metrics-bind-address", ":8082", "Address of the metrics listener (/metrics).")
	flags.StringVar(&o.server.HealthAddress, "health-probe-bind-address", ":8083", "Address of the probe listener (/healthz, /readyz).")
	flags.StringVar(&o.server.TLS.CertFile, "tls-cert-file", "", "Certificate of the site-facing listener, read again when it changes. Without it the listener speaks plain HTTP, for an Ingress that ends TLS.")
	flags.StringVar(&o.server.TLS.KeyFile, "tls-key-file", "", "Key that belongs to --tls-cert-file.")
	flags.IntVar(&o.server.MaxConnections, "max-connections", webhookserver.DefaultMaxConnections, "Connections of the site-facing listener; further ones wait.")
	flags.DurationVar(&o.server.DrainDelay, "drain-delay", defaultDrainDelay, "How long to go on serving after SIGTERM, while not ready.")
	flags.DurationVar(&o.server.ShutdownTimeout, "shutdown-timeout", defaultShutdownTimeout, "How long requests in flight may take after the drain delay.")
}

func (o *options) addKubeFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.kube.TokenFile, "token-file", serviceAccountDir+"/token", "File with the ServiceAccount token; may appear later, and is read again every minute.")
	flags.StringVar(&o.kube.CAFile, "ca-file", serviceAccountDir+"/ca.crt", "File with the CA certificates of the API server.")
	flags.StringVar(&o.kube.Kubeconfig, "kubeconfig", "", "Kubeconfig file, for development outside of a cluster; replaces --token-file and --ca-file.")
	flags.StringVar(&o.watchNamespace, "watch-namespace", "", "The one namespace to serve; all without it.")
}

func (o *options) validate() error {
	if o.server.MaxConnections < 1 {
		return fmt.Errorf("--max-connections must be at least 1, not %d", o.server.MaxConnections)
	}
	if o.server.DrainDelay < 0 || o.server.ShutdownTimeout < 0 {
		return errors.New("--drain-delay and --shutdown-timeout must not be negative")
	}
	return nil
}
