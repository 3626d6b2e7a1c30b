// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package manifests_test

import (
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/igny8/wordpress-operator/test/manifests"
)

// build returns the folder with the programs as they are now.
func build(t *testing.T, programs ...string) string {
	t.Helper()
	dir := t.TempDir()
	args := []string{"build", "-o", dir}
	for _, program := range programs {
		args = append(args, "./cmd/"+program)
	}
	command := exec.CommandContext(t.Context(), "go", args...)
	command.Dir = manifests.Root()
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return dir
}

// flagsOf returns the flags that a container is started with.
func flagsOf(t *testing.T, program string) map[string]string {
	t.Helper()
	flags := map[string]string{}
	for _, arg := range container(t, program).Args {
		name, value, _ := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		flags[name] = value
	}
	return flags
}

func TestPrograms(t *testing.T) {
	dir := build(t, "manager", "webhookserver")
	t.Run("ManagerTakesItsFlags", func(t *testing.T) { testFlags(t, dir, "manager") })
	t.Run("WebhookserverTakesItsFlags", func(t *testing.T) { testFlags(t, dir, "webhookserver") })
	t.Run("ThereIsTimeToStop", func(t *testing.T) { testTimeToStop(t, dir) })
}

// testFlags has the program parse the arguments, as strictly as it does in the cluster:
// --version makes it stop after that. --help explains each of the flags.
func testFlags(t *testing.T, dir, name string) {
	c := container(t, name)
	if len(c.Command) != 1 || path.Dir(c.Command[0]) != "/" {
		t.Fatalf("the image has the programs at its root, not at %v", c.Command)
	}
	program := filepath.Join(dir, path.Base(c.Command[0]))
	command := exec.CommandContext(t.Context(), program, append(c.Args, "--version")...)
	command.Env = append(command.Environ(), "POD_NAMESPACE="+namespace)
	if out, err := command.CombinedOutput(); err != nil || !strings.HasPrefix(string(out), name+" ") {
		t.Errorf("%s %v: %v\n%s", name, c.Args, err, out)
	}
	text := help(t, program)
	for flag := range flagsOf(t, name) {
		if !regexp.MustCompile(`--` + flag + `[ \[]`).MatchString(text) {
			t.Errorf("--help does not explain --%s", flag)
		}
	}
}

func help(t *testing.T, program string) string {
	t.Helper()
	text, err := exec.CommandContext(t.Context(), program, "--help").Output()
	if err != nil {
		t.Fatalf("%s --help: %v", program, err)
	}
	return string(text)
}

// testTimeToStop: kubelet kills when the grace period ends, so the programs must have
// stopped before, and the readiness probe must have failed before the server stops to serve.
func testTimeToStop(t *testing.T, dir string) {
	drainDelay := defaultOf(t, dir, "webhookserver", "drain-delay")
	stopped := max(
		drainDelay+defaultOf(t, dir, "webhookserver", "shutdown-timeout"),
		defaultOf(t, dir, "manager", "graceful-shutdown-timeout"),
	)
	if grace := time.Duration(*deployment(t).Spec.Template.Spec.TerminationGracePeriodSeconds) * time.Second; grace <= stopped {
		t.Errorf("kubelet kills after %s, the programs take up to %s", grace, stopped)
	}
	probe := container(t, "webhookserver").ReadinessProbe
	if noticed := time.Duration(probe.PeriodSeconds*max(probe.FailureThreshold, 1)) * time.Second; noticed >= drainDelay {
		t.Errorf("it takes %s to notice, the server drains for %s", noticed, drainDelay)
	}
}

// defaultOf reads the default of a duration flag from --help.
func defaultOf(t *testing.T, dir, program, flag string) time.Duration {
	t.Helper()
	match := regexp.MustCompile(`--` + flag + ` .*\(default (\S+)\)`).FindStringSubmatch(help(t, filepath.Join(dir, program)))
	if match == nil {
		t.Fatalf("%s --help names no default of --%s", program, flag)
	}
	d, err := time.ParseDuration(match[1])
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// port returns the address of a container's port.
func port(t *testing.T, c corev1.Container, name string) string {
	t.Helper()
	for _, p := range c.Ports {
		if p.Name == name {
			return fmt.Sprintf(":%d", p.ContainerPort)
		}
	}
	return ""
}

func TestPortsAreTheOnesThatAreBound(t *testing.T) {
	tests := map[string]struct {
		program, port, flag string
	}{
		"ManagerMetrics":       {program: "manager", port: "metrics", flag: "metrics-bind-address"},
		"ManagerProbes":        {program: "manager", port: "probes", flag: "health-probe-bind-address"},
		"Sites":                {program: "webhookserver", port: "sites", flag: "bind-address"},
		"WebhookserverMetrics": {program: "webhookserver", port: "sites-metrics", flag: "metrics-bind-address"},
		"WebhookserverProbes":  {program: "webhookserver", port: "sites-probes", flag: "health-probe-bind-address"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			want := flagsOf(t, tc.program)[tc.flag]
			if got := port(t, container(t, tc.program), tc.port); got == "" || got != want {
				t.Errorf("port %s is %q, --%s is %q", tc.port, got, tc.flag, want)
			}
		})
	}
}

func TestTheManagerWritesWhereTheSidecarReads(t *testing.T) {
	written, read := flagsOf(t, "manager")["webhookserver-token-file"], flagsOf(t, "webhookserver")["token-file"]
	if written == "" || written != read {
		t.Errorf("the manager writes %q, the sidecar reads %q", written, read)
	}
	if _, ok := volumeOf(t, "manager")[path.Dir(written)]; !ok {
		t.Errorf("no volume is mounted at %s", path.Dir(written))
	}
	if ca := flagsOf(t, "webhookserver")["ca-file"]; volumeOf(t, "webhookserver")[path.Dir(ca)].Projected == nil {
		t.Errorf("no volume is mounted at %s", path.Dir(ca))
	}
}

// The name of the account stands in three places, and a policy that named another would
// protect nothing.
func TestPolicyAndMinterNameTheSameAccount(t *testing.T) {
	objects := render(t, "default")
	account := flagsOf(t, "manager")["webhookserver-service-account"]
	found := false
	for _, a := range decode[corev1.ServiceAccount](t, objects, "ServiceAccount") {
		found = found || a.Name == account
	}
	if !found {
		t.Errorf("tokens are minted for ServiceAccount %q, which is not there", account)
	}
	quoted := regexp.MustCompile(`matches\('([^']+)'\)`)
	for _, p := range decode[admissionregistrationv1.ValidatingAdmissionPolicy](t, objects, "ValidatingAdmissionPolicy") {
		match := quoted.FindStringSubmatch(p.Spec.MatchConditions[0].Expression)
		if match == nil || !regexp.MustCompile(match[1]).MatchString("system:serviceaccount:"+namespace+":"+account) {
			t.Errorf("policy %s is not about ServiceAccount %q", p.Name, account)
		}
	}
}
