// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fieldmapping

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/ext"
)

const (
	// costLimit bounds one evaluation, in CEL's own units: far more than a field
	// of a post takes, and a few milliseconds at most.
	costLimit = 100_000
	// maxValueBytes and maxValueItems bound a value: a post may have 50 of them.
	maxValueBytes = 64 << 10
	maxValueItems = 1000
)

// compileCEL compiles an expression over spec and metadata.
func compileCEL(expression string) (func(variables) (any, error), error) {
	env, err := cel.NewEnv(
		cel.Variable("spec", cel.MapType(cel.StringType, cel.DynType)),
		cel.Variable("metadata", cel.MapType(cel.StringType, cel.DynType)),
		cel.OptionalTypes(), ext.Strings(), ext.Lists(ext.ListsMaxRangeSize(maxItems)), ext.Math(),
	)
	if err != nil {
		return nil, fmt.Errorf("set up CEL: %w", err)
	}
	ast, issues := env.Compile(expression)
	if issues.Err() != nil {
		return nil, fmt.Errorf("compile the expression: %s", firstIssue(issues))
	}
	if err := checkType(ast.OutputType()); err != nil {
		return nil, err
	}
	limits, err := guardCalls(env)
	if err != nil {
		return nil, err
	}
	program, err := env.Program(ast, limits, cel.CostTracking(costs{}), cel.CostLimit(costLimit), cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		return nil, fmt.Errorf("compile the expression: %w", err)
	}
	return func(vars variables) (any, error) {
		result, _, err := program.Eval(map[string]any(vars))
		if err != nil {
			return nil, fmt.Errorf("evaluate the expression: %w", err)
		}
		return valueOf(result)
	}, nil
}

// firstIssue is the first thing that is wrong, with its place.
func firstIssue(issues *cel.Issues) string {
	first := issues.Errors()[0]
	return fmt.Sprintf("%s (column %d)", first.Message, first.Location.Column()+1)
}

// errValue says what a value may be.
var errValue = errors.New("must give a text, a number, a truth value, a list of texts, or null for nothing")

// checkType refuses what can never be written. What cannot be told beforehand is
// told when it is evaluated.
func checkType(t *cel.Type) error {
	switch t.Kind() {
	case types.StringKind, types.IntKind, types.UintKind, types.DoubleKind, types.BoolKind,
		types.ListKind, types.DynKind, types.NullTypeKind, types.OpaqueKind, types.AnyKind:
		return nil
	}
	return fmt.Errorf("%w; it gives a value of type %s", errValue, t)
}

// valueOf is what is written of a result; nil = nothing.
func valueOf(result ref.Val) (any, error) {
	switch v := result.(type) {
	case types.Null:
		return nil, nil
	case *types.Optional:
		if !v.HasValue() {
			return nil, nil
		}
		return valueOf(v.GetValue())
	case types.String:
		return textOf(string(v))
	case types.Bool:
		return bool(v), nil
	case types.Int:
		return int64(v), nil
	case types.Uint:
		return uint64(v), nil
	case types.Double:
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return nil, fmt.Errorf("%w; it gives no number", errValue)
		}
		return float64(v), nil
	case traits.Lister:
		return listOf(v)
	}
	return nil, fmt.Errorf("%w; it gives a value of type %s", errValue, result.Type().TypeName())
}

func textOf(text string) (any, error) {
	if len(text) > maxValueBytes || strings.ContainsRune(text, 0) {
		return nil, fmt.Errorf("gives a text of more than %d bytes, or with a NUL byte", maxValueBytes)
	}
	return text, nil
}

func listOf(list traits.Lister) (any, error) {
	size, ok := list.Size().(types.Int)
	if !ok || size > maxValueItems {
		return nil, fmt.Errorf("gives a list of more than %d items", maxValueItems)
	}
	out, length := []string{}, 0
	for i := range size {
		text, ok := list.Get(i).(types.String)
		if !ok {
			return nil, fmt.Errorf("%w; an item of the list is none", errValue)
		}
		length += len(text)
		out = append(out, string(text))
	}
	if _, err := textOf(strings.Join(out, "")); err != nil {
		return nil, err
	}
	return out, nil
}

// maxErrorBytes is what an error may say: CEL's have the values in them.
const maxErrorBytes = 1024

// oneLine is what an error says, for a condition.
func oneLine(err error) string {
	line := strings.Join(strings.Fields(err.Error()), " ")
	if len(line) > maxErrorBytes {
		return strings.ToValidUTF8(line[:maxErrorBytes], "") + "…"
	}
	return line
}
