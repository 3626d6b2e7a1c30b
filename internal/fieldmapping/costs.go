// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fieldmapping

import (
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
)

// bytesPerUnit is what CEL's own functions of texts reckon with.
const bytesPerUnit = 10

// costs charges by size what CEL takes for free: functions of values whose type is
// not known beforehand, as of all fields of a request, and what lies deep in lists.
type costs struct{}

// CallCost is the cost of a call, nil for what CEL itself charges.
func (costs) CallCost(function, overloadID string, args []ref.Val, result ref.Val) *uint64 {
	if overloadID == madePattern {
		return costOfPattern(args)
	}
	var counted ref.Val
	switch {
	case function == operators.Equals || function == operators.NotEquals || function == operators.In:
		counted = compared(function, args)
	case function == operators.Add && isContainer(result):
		counted = args[1] // what map() and filter() add to their result
	case function == operators.Add || function == "format" || function == "strings.quote" || overloadID == "":
		counted = result
	}
	if counted == nil {
		return nil
	}
	cost := 1 + uint64(weigh(counted, maxBytes))/bytesPerUnit
	return &cost
}

// unitsPerPatternByte is for the worst there is, a{1000} again and again: that takes
// 40 milliseconds and 30 MB each time, where it is written in the expression once.
const unitsPerPatternByte = 50

// costOfPattern adds the compilation to what CEL charges for the match.
func costOfPattern(args []ref.Val) *uint64 {
	text, pattern := uint64(lengthOf(args[0])), uint64(lengthOf(args[1]))
	cost := 1 + pattern*unitsPerPatternByte + (1+text/bytesPerUnit)*(1+pattern/4)
	return &cost
}

// compared is what a comparison walks, nil for texts and numbers, and for a map in
// which a key is looked up.
func compared(function string, args []ref.Val) ref.Val {
	if _, ok := args[1].(traits.Mapper); ok && function == operators.In || !isContainer(args[1]) {
		return nil
	}
	return args[1]
}
