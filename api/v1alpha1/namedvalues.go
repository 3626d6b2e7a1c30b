// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// LookUp returns the value of a name in a list, empty if it is not there.
func LookUp(list []NamedValue, name string) string {
	for _, v := range list {
		if v.Name == name {
			return v.Value
		}
	}
	return ""
}

// Put returns the list with the name's value set, in place if it is there.
func Put(list []NamedValue, name, value string) []NamedValue {
	for i := range list {
		if list[i].Name == name {
			list[i].Value = value
			return list
		}
	}
	return append(list, NamedValue{Name: name, Value: value})
}
