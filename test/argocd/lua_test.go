// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package argocd

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"

	lua "github.com/yuin/gopher-lua"
	"sigs.k8s.io/yaml"
)

// folder has the scripts and what they are tested with.
const folder = "../../config/argocd"

// now is the time that os.date tells a script.
const now = "2026-01-02T03:04:05Z"

// read decodes a YAML file into a value.
func read(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// run runs a script with the object as its global obj, and returns what it returns.
func run(t *testing.T, script, object string) any {
	t.Helper()
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	// The libraries that Argo CD opens: nothing that reaches outside.
	for name, open := range map[string]lua.LGFunction{
		lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable, lua.StringLibName: lua.OpenString, lua.MathLibName: lua.OpenMath,
	} {
		state.Push(state.NewFunction(open))
		state.Push(lua.LString(name))
		state.Call(1, 0)
	}
	clock := state.NewTable()
	clock.RawSetString("date", state.NewFunction(func(l *lua.LState) int {
		l.Push(lua.LString(now))
		return 1
	}))
	state.SetGlobal("os", clock)
	var decoded map[string]any
	read(t, object, &decoded)
	state.SetGlobal("obj", toLua(state, decoded))
	if err := state.DoString(script); err != nil {
		t.Fatalf("run with %s: %v", object, err)
	}
	value, err := fromLua(state.Get(-1))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func toLua(state *lua.LState, value any) lua.LValue {
	switch v := value.(type) {
	case map[string]any:
		table := state.NewTable()
		for key, item := range v {
			table.RawSetString(key, toLua(state, item))
		}
		return table
	case []any:
		table := state.NewTable()
		for _, item := range v {
			table.Append(toLua(state, item))
		}
		return table
	case string:
		return lua.LString(v)
	case bool:
		return lua.LBool(v)
	case float64:
		return lua.LNumber(v)
	}
	return lua.LNil
}

// errValue says that a script returned what YAML has no word for.
var errValue = errors.New("not a table, string, number or bool")

func fromLua(value lua.LValue) (any, error) {
	switch v := value.(type) {
	case lua.LString:
		return string(v), nil
	case lua.LBool:
		return bool(v), nil
	case lua.LNumber:
		if float64(v) != math.Trunc(float64(v)) {
			return nil, errValue
		}
		return float64(v), nil
	case *lua.LTable:
		return fromTable(v)
	}
	return nil, errValue
}

// fromTable makes a list of a table that has an item 1, and a map of any other.
func fromTable(table *lua.LTable) (any, error) {
	var failure error
	list, object := []any{}, map[string]any{}
	table.ForEach(func(key, item lua.LValue) {
		value, err := fromLua(item)
		failure = errors.Join(failure, err)
		if table.Len() > 0 {
			list = append(list, value)
		} else {
			object[key.String()] = value
		}
	})
	if len(list) > 0 {
		return list, failure
	}
	return object, failure
}
