// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/igny8/wordpress-operator/internal/version"
)

// program is the name in the User-Agent.
const program = "kubectl-igny8"

// kubeFlags are kubectl's own flags, with kubectl's own meaning.
type kubeFlags struct {
	rules     *clientcmd.ClientConfigLoadingRules
	overrides clientcmd.ConfigOverrides
}

func newKubeFlags() *kubeFlags {
	return &kubeFlags{rules: clientcmd.NewDefaultClientConfigLoadingRules()}
}

// addTo adds --kubeconfig, --context, --namespace (-n), --cluster, --user and the like.
func (k *kubeFlags) addTo(flags *pflag.FlagSet) {
	flags.StringVar(&k.rules.ExplicitPath, clientcmd.RecommendedConfigPathFlag, "", "Path to the kubeconfig file.")
	clientcmd.BindOverrideFlags(&k.overrides, flags, clientcmd.RecommendedConfigOverrideFlags(""))
}

// target reads the kubeconfig; it does not call the cluster yet.
func (k *kubeFlags) target() (*target, error) {
	config := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(k.rules, &k.overrides)
	namespace, _, err := config.Namespace()
	if err != nil {
		return nil, fmt.Errorf("choose namespace: %w", err)
	}
	access, err := config.ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("load kubeconfig: %w", err)
	}
	access.UserAgent = version.UserAgent(program)
	client, err := dynamic.NewForConfig(access)
	if err != nil {
		return nil, fmt.Errorf("create client: %w", err)
	}
	return &target{client: client, namespace: namespace}, nil
}

// newRootCommand puts the commands together.
func newRootCommand(kube *kubeFlags, p *plugin) *cobra.Command {
	root := &cobra.Command{
		Use:   "kubectl-igny8",
		Short: "Ask the IGNY8 WordPress operator to do something now",
		// kubectl's own word for the plugin, in usage and help.
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl igny8"},
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	kube.addTo(root.PersistentFlags())
	root.AddCommand(newVersionCommand(p), newRetryCommand(p), newApproveCommand(p), newReleaseCommand(p), newResolveConflictCommand(p),
		newTestCommand(p), newSyncCommand(p), newRotateCommand(p))
	return root
}

func newVersionCommand(p *plugin) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of this plugin",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(p.out, version.Line(program))
			return err
		},
	}
}
