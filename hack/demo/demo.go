// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/stack"
	"github.com/igny8/wordpress-operator/hack/wordpress"
)

// publishTimeout is how long the post may take; it takes seconds.
const publishTimeout = "60s"

// demo is what the demo has running.
type demo struct {
	root string
	say  *progress

	stack    *stack.Stack
	site     *wordpress.Site
	programs []*stack.Program
}

// start brings up control plane and WordPress, side by side, then the programs.
func (d *demo) start(ctx context.Context) error {
	servers, ctx2 := errgroup.WithContext(ctx)
	servers.Go(func() error {
		return d.say.step("Starting a Kubernetes control plane", func() (err error) {
			d.stack, err = stack.Start(ctx2, stack.Options{Root: d.root, Bin: filepath.Join(d.root, "bin"), Progress: d.say})
			return err
		})
	})
	servers.Go(func() error {
		return d.say.step("Starting a WordPress with the plugin igny8-wp-bridge", func() (err error) {
			d.site, err = wordpress.Start(ctx2, wordpress.Options{Title: "IGNY8 demo"})
			return err
		})
	})
	if err := servers.Wait(); err != nil {
		return err
	}
	if err := d.say.step("Starting the manager", func() error { return d.run(d.stack.StartManager(ctx)) }); err != nil {
		return err
	}
	return d.say.step("Starting the webhookserver", func() error { return d.run(d.stack.StartWebhookserver(ctx)) })
}

func (d *demo) run(p *stack.Program, err error) error {
	if err == nil {
		d.programs = append(d.programs, p)
	}
	return err
}

// publish applies the samples, with the address and the key of the site that was
// started, and waits for the post.
func (d *demo) publish(ctx context.Context) error {
	var manifests string
	err := d.say.step("Applying config/samples, for "+d.site.URL, func() (err error) {
		if manifests, err = d.samples(ctx); err == nil {
			_, err = d.stack.Kubectl(ctx, manifests, "apply", "-f", "-")
		}
		return err
	})
	if err != nil {
		return err
	}
	return d.say.step("Waiting for the post", func() error {
		// Not all: one of the samples waits for somebody's approval.
		_, err := d.stack.Kubectl(ctx, "", "wait", "--for=condition=Published", "--timeout="+publishTimeout, "publishrequest/hello")
		if err != nil && ctx.Err() == nil {
			status, _ := d.stack.Kubectl(ctx, "", "describe", "publishrequests,wordpressintegrations")
			return fmt.Errorf("%w\n%s\n%s", err, status, d.programs[0].Log())
		}
		return err
	})
}

// show prints what there is to look at, after it has looked itself.
func (d *demo) show(ctx context.Context) error {
	request := &v1alpha1.PublishRequest{}
	if err := d.stack.Client.Get(ctx, client.ObjectKey{Namespace: "default", Name: "hello"}, request); err != nil {
		return err
	}
	url := request.Status.Post.URL
	if err := d.say.step("Reading the post at "+url, func() error { return checkPost(ctx, url, request.Spec.Title) }); err != nil {
		return err
	}
	table, err := d.stack.Kubectl(ctx, "", "get", "pubreq,wpi")
	if err != nil {
		return err
	}
	fmt.Printf("\n$ kubectl get pubreq,wpi\n%s\n", table)
	fmt.Printf("The post    %s\nThe admin   %s  (%s / %s)\n\n", url, d.site.AdminURL, d.site.AdminUser, d.site.AdminPassword)
	fmt.Printf("Try next, in another terminal:\n  export KUBECONFIG=%s PATH=%s:$PATH\n  kubectl describe pubreq hello\n",
		d.stack.Kubeconfig(), filepath.Dir(d.stack.KubectlPath()))
	return nil
}

// checkPost reads the post as a visitor does.
func checkPost(ctx context.Context, url, title string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	page, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK || !strings.Contains(string(page), title) {
		return fmt.Errorf("the page at %s (HTTP %d) does not have the title %q", url, response.StatusCode, title)
	}
	return nil
}

// stop ends everything, the youngest first.
func (d *demo) stop() error {
	return d.say.step("Stopping everything", func() error {
		var errs []error
		for i := len(d.programs) - 1; i >= 0; i-- {
			errs = append(errs, d.programs[i].Stop())
		}
		if d.stack != nil {
			errs = append(errs, d.stack.Stop())
		}
		if d.site != nil {
			errs = append(errs, d.site.Stop())
		}
		return errors.Join(errs...)
	})
}
