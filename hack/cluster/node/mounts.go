// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package node

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// cgroupRoot is where every program looks for control groups.
const cgroupRoot = "/sys/fs/cgroup"

// mountAll hides from the node what it must not change on the machine.
func mountAll(dir string) error {
	steps := []struct {
		what string
		do   func() error
	}{
		{"process table", func() error { return mount("proc", "/proc", "proc", 0, "") }},
		{"/run", func() error { return mount("tmpfs", "/run", "tmpfs", 0, "mode=755") }},
		// containerd, kubelet and the network plugins write to fixed places in these.
		{"/opt", func() error { return mount("tmpfs", "/opt", "tmpfs", 0, "mode=755") }},
		{"/var/lib", func() error { return bind(filepath.Join(dir, "varlib"), "/var/lib") }},
		{"/var/log", func() error { return bind(filepath.Join(dir, "varlog"), "/var/log") }},
		{"control groups", mountCgroups},
		{"system settings", func() error { return hideSettings(dir) }},
		// Volumes that kubelet mounts later have to show in the containers.
		{"propagation", func() error { return mount("", "/", "", syscall.MS_SHARED|syscall.MS_REC, "") }},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			return fmt.Errorf("mount %s: %w", step.what, err)
		}
	}
	// The proxy's lock file is in there.
	return os.MkdirAll("/run/lock", 0o755)
}

func mount(source, target, kind string, flags uintptr, options string) error {
	return syscall.Mount(source, target, kind, flags, options)
}

func bind(source, target string) error {
	if err := os.MkdirAll(source, 0o755); err != nil {
		return err
	}
	return mount(source, target, "", syscall.MS_BIND, "")
}

// mountCgroups mounts the hierarchies again, from inside the namespace: what the node makes
// is then below the group that it was started in, and shows at the root.
func mountCgroups() error {
	controllers, err := cgroupControllers()
	if err != nil {
		return err
	}
	if err := syscall.Unmount(cgroupRoot, syscall.MNT_DETACH); err != nil {
		return err
	}
	if err := mount("tmpfs", cgroupRoot, "tmpfs", 0, "mode=755"); err != nil {
		return err
	}
	for _, controller := range controllers {
		target := filepath.Join(cgroupRoot, controller)
		if err := errors.Join(os.Mkdir(target, 0o755), mount("cgroup", target, "cgroup", 0, controller)); err != nil {
			return fmt.Errorf("%s: %w", controller, err)
		}
	}
	return nil
}

// cgroupControllers are the hierarchies of version 1 that have a controller.
func cgroupControllers() ([]string, error) {
	file, err := os.Open("/proc/self/cgroup")
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var controllers []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.SplitN(lines.Text(), ":", 3)
		if len(fields) == 3 && fields[1] != "" && !strings.HasPrefix(fields[1], "name=") {
			controllers = append(controllers, fields[1])
		}
	}
	return controllers, nil
}

// hideSettings shows kubelet the values that it wants: they hold for the whole machine, and
// it would set them.
func hideSettings(dir string) error {
	for name, value := range map[string]string{
		"vm/overcommit_memory": "1", "vm/panic_on_oom": "0", "kernel/panic": "10", "kernel/panic_on_oops": "1",
		"kernel/keys/root_maxkeys": "1000000", "kernel/keys/root_maxbytes": "25000000",
	} {
		file := filepath.Join(dir, "sysctl", name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(value+"\n"), 0o644); err != nil {
			return err
		}
		if err := mount(file, filepath.Join("/proc/sys", name), "", syscall.MS_BIND, ""); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
