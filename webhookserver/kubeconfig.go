// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"fmt"
	"net"
	"os"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/igny8/wordpress-operator/internal/version"
)

// What the account may do. Which fields of a status it may patch is for the
// ValidatingAdmissionPolicy in config/admission to say: RBAC cannot.
//
// +kubebuilder:rbac:groups=publishing.igny8.com,resources=publishrequests;wordpressintegrations,verbs=get;list;watch
// +kubebuilder:rbac:groups=publishing.igny8.com,resources=publishrequests/status;wordpressintegrations/status,verbs=patch

// userAgent is the program's name in audit logs.
const userAgent = "webhookserver"

// KubeOptions say how to reach the API server.
type KubeOptions struct {
	// Kubeconfig is a file for development; when set, the rest is not used.
	Kubeconfig string
	// TokenFile holds the bearer token; client-go reads it again every minute.
	TokenFile string
	// CAFile holds the certificates that the API server is checked against.
	CAFile string
}

// Config returns how to reach the API server: by the kubeconfig, or as a Pod whose token
// and CA certificates are in files of the caller's choice. It reads no token, so it
// succeeds before there is one.
func (o KubeOptions) Config() (*rest.Config, error) {
	config, err := o.load()
	if err != nil {
		return nil, err
	}
	// The client-side rate limit would cap the deliveries we can store; the API
	// server's priority and fairness is what protects it.
	config.QPS = -1
	config.UserAgent = version.UserAgent(userAgent)
	return config, nil
}

func (o KubeOptions) load() (*rest.Config, error) {
	if o.Kubeconfig != "" {
		config, err := clientcmd.BuildConfigFromFlags("", o.Kubeconfig)
		if err != nil {
			return nil, fmt.Errorf("load kubeconfig: %w", err)
		}
		return config, nil
	}
	return o.inCluster()
}

// inCluster is rest.InClusterConfig for a token that is elsewhere, or not there yet.
func (o KubeOptions) inCluster() (*rest.Config, error) {
	host, port := os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT")
	if host == "" || port == "" {
		return nil, rest.ErrNotInCluster
	}
	return &rest.Config{
		Host:            "https://" + net.JoinHostPort(host, port),
		BearerTokenFile: o.TokenFile,
		TLSClientConfig: rest.TLSClientConfig{CAFile: o.CAFile},
	}, nil
}
