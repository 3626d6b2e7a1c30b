// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Command controlplane runs the control plane of the tests and the demo by itself.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/igny8/wordpress-operator/hack/controlplane"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command().ExecuteContext(ctx)
	stop()
	if err != nil {
		os.Exit(1)
	}
}

func command() *cobra.Command {
	root := &cobra.Command{
		Use:          "controlplane",
		Short:        "Run etcd and kube-apiserver for tests and trials",
		SilenceUsage: true,
	}
	root.AddCommand(assetsCommand(), upCommand())
	return root
}

func assetsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "assets",
		Short: "Print the folder with etcd, kube-apiserver and kubectl, fetching or building them first if needed",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := controlplane.Assets(cmd.Context(), cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), dir)
			return err
		},
	}
}

func upCommand() *cobra.Command {
	var kubeconfig string
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Run a control plane with the project's CustomResourceDefinitions until interrupted",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return up(cmd, kubeconfig)
		},
	}
	cmd.Flags().StringVar(&kubeconfig, "kubeconfig", "controlplane.kubeconfig",
		"file to write the administrator's kubeconfig to; removed at the end")
	return cmd
}

func up(cmd *cobra.Command, kubeconfig string) (err error) {
	ctx := cmd.Context()
	plane, err := controlplane.Start(ctx, controlplane.Options{Progress: cmd.ErrOrStderr()})
	if err != nil {
		return err
	}
	defer func() {
		if stopErr := plane.Stop(); err == nil {
			err = stopErr
		}
	}()
	if err := controlplane.WriteKubeconfig(kubeconfig, plane.Config()); err != nil {
		return err
	}
	defer func() { _ = os.Remove(kubeconfig) }()
	out := cmd.OutOrStdout()
	_, _ = fmt.Fprintf(out, "%s --kubeconfig=%s get crds\nCtrl-C ends it.\n", plane.KubectlPath(), kubeconfig)
	<-ctx.Done()
	return nil
}
