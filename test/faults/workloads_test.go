// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

// workloads are what the matrix goes through.
func workloads() []*workload {
	return []*workload{
		{
			name:  "create",
			steps: []step{connect(), publish("hello"), published("hello"), connected()},
		},
		{
			name:    "update",
			prepare: []step{connect(), connected(), publish("hello"), published("hello")},
			steps:   []step{change("hello", retitle), published("hello")},
		},
	}
}
