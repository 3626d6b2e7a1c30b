// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

// maxRequestRunes bounds what is kept of an annotation's value; it is NamedValue's.
const maxRequestRunes = 1024

// Requested returns the value of an annotation that asks for something, cut to
// what a status can echo; empty if it is not set.
func Requested(object metav1.Object, annotation string) string {
	value := []rune(object.GetAnnotations()[annotation])
	return string(value[:min(len(value), maxRequestRunes)])
}

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
