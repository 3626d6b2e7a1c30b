// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"context"
	_ "embed" // the templates below
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path"
	"strconv"
	"strings"

	"github.com/igny8/wordpress-operator/hack/process"
)

var (
	//go:embed conf/nginx.conf.tmpl
	nginxTemplate string
	//go:embed conf/php-fpm.conf.tmpl
	fpmTemplate string
)

const (
	// Ports are taken from below the kernel's ephemeral range (from 32768), so that no outgoing connection
	// takes the port of a site that is down for the moment.
	lowestPort, highestPort = 20000, 32000

	// barrierPath is a location of nginx that WordPress does not see; Requests uses it.
	barrierPath = "/.barrier"
)

// chooseAddress picks a free port and makes the site's addresses from it.
func (s *Site) chooseAddress(context.Context) error {
	const attempts = 100
	for range attempts {
		port := lowestPort + rand.IntN(highestPort-lowestPort)
		listener, err := net.Listen("tcp", s.address(port))
		if err != nil {
			continue
		}
		s.port = port
		s.URL = strings.TrimSuffix("http://"+s.address(port)+path.Join("/", s.options.SubFolder), "/")
		s.AdminURL = s.URL + "/wp-admin/"
		return listener.Close()
	}
	return fmt.Errorf("no free port among %d tried between %d and %d", attempts, lowestPort, highestPort)
}

// address returns the address of a port of the host that the site is served at.
func (s *Site) address(port int) string {
	return net.JoinHostPort(s.options.Host, strconv.Itoa(port))
}

// startPHP starts php-fpm on a socket.
func (s *Site) startPHP(ctx context.Context) error {
	identity := ""
	args := []string{"--nodaemonize", "--fpm-config", s.path("run", "php-fpm.conf")}
	if asRoot() {
		identity = "user = root\ngroup = root"
		args = append(args, "--allow-to-run-as-root")
	}
	config, err := render(fpmTemplate, map[string]string{
		"Log": s.logFile("php-fpm.log"), "Socket": s.phpSocket(), "Workers": strconv.Itoa(s.options.Workers), "Identity": identity,
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(s.path("run", "php-fpm.conf"), []byte(config), 0o644); err != nil {
		return err
	}
	if s.php, err = process.Start(s.logFile("php-fpm.out"), exec.Command(s.tools.phpFPM, append(args, s.phpSettings()...)...)); err != nil {
		return err
	}
	return s.php.WaitUntil(ctx, func(context.Context) bool {
		_, err := os.Stat(s.phpSocket())
		return err == nil
	})
}

// StartServing starts the web server on the site's port and returns when WordPress answers. Start has done
// it; it brings a site back after StopServing.
func (s *Site) StartServing(ctx context.Context) error {
	if s.web != nil {
		return nil
	}
	config, err := s.nginxConfig()
	if err != nil {
		return err
	}
	if err := os.WriteFile(s.nginxFile(), []byte(config), 0o644); err != nil {
		return err
	}
	if s.web, err = process.Start(s.logFile("nginx.out"), exec.Command(s.tools.nginx, s.nginxArguments()...)); err != nil {
		return err
	}
	return s.web.WaitUntil(ctx, s.answers)
}

func (s *Site) nginxFile() string { return s.path("run", "nginx.conf") }

// nginxArguments say which nginx is meant, to start it and to talk to it.
func (s *Site) nginxArguments() []string {
	return []string{"-p", s.path("run"), "-c", s.nginxFile(), "-e", s.logFile("nginx.log")}
}

// StopServing ends the web server: connections to the site are refused until StartServing.
func (s *Site) StopServing() error {
	err := s.web.Stop()
	s.web = nil
	return err
}

// answers says whether WordPress answers through the web server.
func (s *Site) answers(ctx context.Context) bool {
	return s.get(ctx, s.URL+"/?rest_route=/") == http.StatusOK
}

// get returns the status of an address, 0 when there is no answer.
func (s *Site) get(ctx context.Context, url string) int {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	response.Body.Close()
	return response.StatusCode
}

// nginxConfig is the configuration of the web server.
func (s *Site) nginxConfig() (string, error) {
	identity := ""
	if asRoot() {
		identity = "user root;"
	}
	return render(nginxTemplate, map[string]string{
		"Identity": identity,
		"Run":      s.path("run"),
		"Log":      s.path("log"),
		"Tmp":      s.path("tmp"),
		"Listen":   s.address(s.port),
		"Root":     s.path("www"),
		"Base":     strings.TrimSuffix(path.Join("/", s.options.SubFolder), "/"),
		"Socket":   s.phpSocket(),
		"Barrier":  barrierPath,
	})
}
