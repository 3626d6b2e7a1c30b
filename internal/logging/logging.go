// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

// Package logging gives the programs one and the same structured log, zap behind logr,
// and the same two flags for it.
package logging

import (
	"fmt"
	"io"
	"strconv"

	"github.com/go-logr/logr"
	"github.com/go-logr/zapr"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

const (
	// FormatJSON writes one JSON object per line; the default.
	FormatJSON = "json"
	// FormatConsole writes lines for people.
	FormatConsole = "console"

	// maxVerbosity keeps a number within the int8 of a zap level.
	maxVerbosity = 127
	// loudest is the most that is ever logged: from V(8) on, client-go logs the
	// bodies of what it sends and reads, Secrets among them.
	loudest = 7
)

// Options say what is logged and how.
type Options struct {
	// Level is "error", "info", "debug" (V(1)), or a number: V(n) and below, up to
	// V(7).
	Level string
	// Format is FormatJSON or FormatConsole.
	Format string
}

// FlagSet is the part of flag.FlagSet and of pflag.FlagSet that the options need.
type FlagSet interface {
	StringVar(target *string, name, value, usage string)
}

// AddFlags adds --log-level and --log-format, with defaults "info" and "json".
func (o *Options) AddFlags(flags FlagSet) {
	flags.StringVar(&o.Level, "log-level", "info", `What to log: "error", "info", "debug", or a number for more detail than debug (which is 1); above 7 it is 7.`)
	flags.StringVar(&o.Format, "log-format", FormatJSON, `How to log: "json" or "console".`)
}

// New returns a logger that writes to w. Unlike zap's production preset it samples
// nothing: what happened to a post is in the log, or it did not happen.
func (o Options) New(w io.Writer) (logr.Logger, error) {
	level, err := parseLevel(o.Level)
	if err != nil {
		return logr.Logger{}, err
	}
	encoder, err := newEncoder(o.Format)
	if err != nil {
		return logr.Logger{}, err
	}
	core := zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(w)), level)
	return zapr.NewLogger(zap.New(core)), nil
}

// parseLevel returns the zap level; logr's V(n) is zap's level −n.
func parseLevel(level string) (zapcore.Level, error) {
	switch level {
	case "error":
		return zapcore.ErrorLevel, nil
	case "info":
		return zapcore.InfoLevel, nil
	case "debug":
		return zapcore.DebugLevel, nil
	}
	verbosity, err := strconv.Atoi(level)
	if err != nil || verbosity < 0 || verbosity > maxVerbosity {
		return 0, fmt.Errorf("log level must be error, info, debug or a number from 0 to %d, not %q", maxVerbosity, level)
	}
	return zapcore.Level(-min(verbosity, loudest)), nil
}

func newEncoder(format string) (zapcore.Encoder, error) {
	config := zap.NewProductionEncoderConfig()
	config.EncodeTime = zapcore.RFC3339NanoTimeEncoder
	switch format {
	case FormatJSON:
		return zapcore.NewJSONEncoder(config), nil
	case FormatConsole:
		return zapcore.NewConsoleEncoder(config), nil
	default:
		return nil, fmt.Errorf("log format must be %s or %s, not %q", FormatJSON, FormatConsole, format)
	}
}
