// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fieldmapping

import (
	"fmt"
	"strings"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/decls"
	"github.com/google/cel-go/common/functions"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/interpreter"
)

const (
	// maxBytes bounds each text that an expression makes, and what a function that
	// walks a list or map meets in it: four times what can be written.
	maxBytes = 256 << 10
	// maxItems bounds each list that an expression makes: ten times what can be
	// written.
	maxItems = 10_000
	// maxPatternBytes bounds a regular expression: Go compiles a{1000} to a thousand
	// instructions. An expression that has one in it is no longer.
	maxPatternBytes = 1024
	// madePattern is the overload of matches() with one that is no constant.
	madePattern = "matches_made"
	// itemBytes is what a number or another item counts: none is shown in more, but
	// for floats out of any use.
	itemBytes = 32
	// verbBytes is more than a number takes that format() is told the precision of:
	// 309 digits, and 100 after the point.
	verbBytes = 420
)

// guards are the functions that make more of what they get, or walk it to the
// ground, with what they would make at most. CEL's own limit counts a call when it
// has returned, so the size of what it makes has to be known before.
var guards = map[string]func(args []ref.Val) error{
	operators.Add:           guardSum,
	operators.Equals:        guardComparison,
	operators.NotEquals:     guardComparison,
	operators.In:            guardComparison,
	"replace":               guardReplace,
	"join":                  guardJoin,
	"format":                guardFormat,
	"matches":               guardPattern,
	"flatten":               guardAll,
	"reverse":               guardAll,
	"slice":                 guardAll,
	"distinct":              guardAll,
	"sort":                  guardAll,
	"@sortByAssociatedKeys": guardAll,
	"split":                 guardAll,
	"strings.quote":         guardAll,
}

// guardCalls has the guard of a function asked before the function is called.
func guardCalls(env *cel.Env) (cel.ProgramOption, error) {
	bindings := map[string]*functions.Overload{}
	declared := env.Functions()
	for name := range guards {
		overloads, err := declared[name].Bindings()
		if err != nil {
			return nil, fmt.Errorf("set up CEL: %s: %w", name, err)
		}
		for _, overload := range overloads {
			bindings[overload.Operator] = overload
		}
	}
	return cel.CustomDecoratorV2(func(step interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
		if literal, ok := step.(interpreter.InterpretableConstructor); ok && !isConstant(literal) {
			return guardedLiteral{literal}, nil
		}
		call, ok := step.(interpreter.InterpretableCall)
		if !ok || guards[call.Function()] == nil {
			return step, nil
		}
		return guarded(call, implementation(call, bindings)), nil
	}), nil
}

// guardedLiteral is a list or map as it is written down. One that has another in it
// twice, and is itself in one twice, soon has more than memory holds once it is
// walked, be it for the text of an error.
type guardedLiteral struct {
	interpreter.InterpretableConstructor
}

// Exec makes the list or map.
func (l guardedLiteral) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	value := l.InterpretableConstructor.Exec(frame)
	if types.IsUnknownOrError(value) {
		return value
	}
	if err := guardAll([]ref.Val{value}); err != nil {
		return types.NewErr("%w", err)
	}
	return value
}

// Eval makes the list or map.
func (l guardedLiteral) Eval(vars interpreter.Activation) ref.Val {
	return l.Exec(interpreter.AsFrame(vars))
}

// isConstant tells what is no larger than the expression, and which CEL makes once.
func isConstant(literal interpreter.InterpretableConstructor) bool {
	for _, value := range literal.InitVals() {
		if _, ok := value.(interpreter.InterpretableConst); !ok {
			return false
		}
	}
	return true
}

func guarded(call interpreter.InterpretableCall, next functions.FunctionOp) interpreter.InterpretableV2 {
	name, guard := call.Function(), guards[call.Function()]
	return interpreter.NewCall(call.ID(), name, overloadOf(call), call.Args(), func(args ...ref.Val) ref.Val {
		if err := guard(args); err != nil {
			return types.NewErr("%s: %w", strings.Trim(name, "_@"), err)
		}
		return next(args...)
	})
}

// overloadOf is what the call is charged as. A regular expression that is made on
// the way is compiled for each call, one that is written down is once.
func overloadOf(call interpreter.InterpretableCall) string {
	if call.Function() != "matches" {
		return call.OverloadID()
	}
	if _, ok := call.Args()[1].(interpreter.InterpretableConst); ok {
		return call.OverloadID()
	}
	return madePattern
}

// implementation is what CEL would call: the overload if one is known beforehand,
// else the function, which tells its overloads apart.
func implementation(call interpreter.InterpretableCall, bindings map[string]*functions.Overload) functions.FunctionOp {
	switch call.Function() {
	case operators.Equals:
		return func(args ...ref.Val) ref.Val { return types.Equal(args[0], args[1]) }
	case operators.NotEquals:
		return func(args ...ref.Val) ref.Val { return types.Bool(types.Equal(args[0], args[1]) != types.True) }
	}
	bound, ok := bindings[call.OverloadID()]
	if !ok {
		bound = bindings[call.Function()]
	}
	return func(args ...ref.Val) ref.Val {
		switch {
		case bound == nil || bound.OperandTrait != 0 && !args[0].Type().HasTrait(bound.OperandTrait):
		case len(args) == 1 && bound.Unary != nil:
			return bound.Unary(args[0])
		case len(args) == 2 && bound.Binary != nil:
			return bound.Binary(args[0], args[1])
		case bound.Function != nil:
			return bound.Function(args...)
		}
		return decls.MaybeNoSuchOverload(call.Function(), args...)
	}
}

// guardSum bounds texts and lists. What is in the lists is not looked at: a map()
// adds to its result as often as it has items. It is charged as it is added.
func guardSum(args []ref.Val) error {
	if _, ok := args[0].(traits.Lister); ok {
		return checkItems(lengthOf(args[0]) + lengthOf(args[1]))
	}
	return checkBytes(lengthOf(args[0]) + lengthOf(args[1]))
}

// guardComparison is about lists and maps, which are walked to the ground.
func guardComparison(args []ref.Val) error {
	if isContainer(args[0]) {
		return guardAll(args)
	}
	if _, ok := args[1].(traits.Lister); ok {
		return guardAll(args[1:])
	}
	return nil
}

func guardReplace(args []ref.Val) error {
	text, _ := args[0].(types.String)
	old, _ := args[1].(types.String)
	with, _ := args[2].(types.String)
	times := strings.Count(string(text), string(old))
	if len(args) > 3 {
		if limit, ok := args[3].(types.Int); ok && limit >= 0 {
			times = int(min(int64(times), int64(limit)))
		}
	}
	return checkBytes(len(text) + times*(len(with)-len(old)))
}

func guardJoin(args []ref.Val) error {
	if err := guardAll(args[:1]); err != nil || len(args) == 1 {
		return err
	}
	return checkBytes(weigh(args[0], maxBytes) + lengthOf(args[0])*lengthOf(args[1]))
}

// guardFormat counts what is shown in hexadecimal, twice as long.
func guardFormat(args []ref.Val) error {
	format, _ := args[0].(types.String)
	verbs := strings.Count(string(format), "%")
	return checkBytes(len(format) + verbs*verbBytes + 2*weigh(args[1], maxBytes))
}

func guardPattern(args []ref.Val) error {
	if lengthOf(args[1]) > maxPatternBytes {
		return fmt.Errorf("a regular expression is of more than %d bytes", maxPatternBytes)
	}
	return nil
}

func guardAll(args []ref.Val) error {
	total := 0
	for _, arg := range args {
		total += weigh(arg, maxBytes)
	}
	return checkBytes(total)
}

func checkBytes(n int) error {
	if n > maxBytes {
		return fmt.Errorf("a text, or a list or map with all that is in it, would be of more than %d bytes", maxBytes)
	}
	return nil
}

func checkItems(n int) error {
	if n > maxItems {
		return fmt.Errorf("a list would be of more than %d items", maxItems)
	}
	return nil
}

func isContainer(value ref.Val) bool {
	_, list := value.(traits.Lister)
	_, object := value.(traits.Mapper)
	_, optional := value.(*types.Optional)
	return list || object || optional
}

// lengthOf is the length of a text in bytes, or of a list in items; 0 of others.
func lengthOf(value ref.Val) int {
	switch v := value.(type) {
	case types.String:
		return len(v)
	case types.Bytes:
		return len(v)
	case traits.Lister:
		if size, ok := v.Size().(types.Int); ok {
			return int(size)
		}
	}
	return 0
}

// weigh is how many bytes there are in a value, those that are in it twice counted
// twice. It stops above limit, and is no more than about twice that.
func weigh(value ref.Val, limit int) int {
	switch v := value.(type) {
	case types.String, types.Bytes:
		return lengthOf(v)
	case *types.Optional:
		if v.HasValue() {
			return itemBytes + weigh(v.GetValue(), limit)
		}
	case traits.Mapper:
		total := itemBytes
		for it := v.Iterator(); total <= limit && it.HasNext() == types.True; {
			key := it.Next()
			total += 2*itemBytes + weigh(key, limit-total) + weigh(v.Get(key), limit-total)
		}
		return total
	case traits.Lister:
		total := itemBytes
		for it := v.Iterator(); total <= limit && it.HasNext() == types.True; {
			total += itemBytes + weigh(it.Next(), limit-total)
		}
		return total
	}
	return itemBytes
}
