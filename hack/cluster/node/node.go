// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package node is the first process of the namespaces that a cluster's node lives in: it
// mounts what the node needs, and runs its programs as it is told to.
package node

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Variable of the environment names the folder of the node; see RunIfAsked.
const Variable = "IGNY8_CLUSTER_NODE"

// answersFile is the descriptor that answers go to; the others belong to the log.
const answersFile = 3

// SpecFile in that folder has the Spec.
const SpecFile = "node.json"

// Spec says what the node is.
type Spec struct {
	// Name is its host name.
	Name string `json:"name"`
	// Programs are the command lines by name, each with the path of its program.
	Programs map[string][]string `json:"programs"`
	// Environment of the programs.
	Environment []string `json:"environment"`
	// Logs is the folder with one log for each program.
	Logs string `json:"logs"`
}

// RunIfAsked turns the calling program into the node where the environment says so, and
// does not return then. It has to come first in main or TestMain: the program that starts
// a node starts itself once more.
func RunIfAsked() {
	dir := os.Getenv(Variable)
	if dir == "" {
		return
	}
	if err := run(dir, os.Stdin, os.NewFile(answersFile, "answers")); err != nil {
		fmt.Fprintf(os.Stderr, "node: %v\n", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func run(dir string, commands io.Reader, answers io.Writer) error {
	spec, err := readSpec(dir)
	if err != nil {
		return err
	}
	if err := syscall.Sethostname([]byte(spec.Name)); err != nil {
		return fmt.Errorf("set host name: %w", err)
	}
	if err := mountAll(dir); err != nil {
		return err
	}
	s := newSupervisor(spec)
	defer s.close()
	return obey(s, commands, answers)
}

func readSpec(dir string) (Spec, error) {
	data, err := os.ReadFile(filepath.Join(dir, SpecFile))
	if err != nil {
		return Spec{}, fmt.Errorf("read spec: %w", err)
	}
	var spec Spec
	if err := json.Unmarshal(data, &spec); err != nil {
		return Spec{}, fmt.Errorf("read spec: %w", err)
	}
	return spec, nil
}

// obey does what each line says and answers each, until there are no more: then whoever
// gave the orders is gone, and with this process the kernel ends all others.
func obey(s *supervisor, commands io.Reader, answers io.Writer) error {
	lines := bufio.NewScanner(commands)
	for lines.Scan() {
		answer := "ok"
		if err := order(s, lines.Text()); err != nil {
			answer = "error: " + strings.ReplaceAll(err.Error(), "\n", " ")
		}
		if _, err := fmt.Fprintln(answers, answer); err != nil {
			return err
		}
	}
	return lines.Err()
}

func order(s *supervisor, line string) error {
	verb, name, _ := strings.Cut(line, " ")
	switch verb {
	case "start":
		return s.start(name)
	case "stop":
		return s.stop(name)
	case "kill-pods":
		return s.killOthers()
	default:
		return fmt.Errorf("unknown command %q", verb)
	}
}
