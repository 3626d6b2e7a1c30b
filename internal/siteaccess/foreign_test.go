// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package siteaccess

import (
	"errors"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// An integration may have a name that makes the operator's Secret one of another
// tool. What is in that must not go to the site, whichever policy.
func TestASecretOfSomethingElseIsNotTaken(t *testing.T) {
	controller := true
	cases := map[string]struct {
		reason  string
		entry   string
		change  func(*corev1.Secret)
		foreign bool
	}{
		"Made":       {"the operator made it", "other", func(s *corev1.Secret) { s.Labels = map[string]string{ManagedByLabel: ManagedBy} }, false},
		"ByHand":     {"a person brought a key along", GeneratedSecretKey, func(*corev1.Secret) {}, false},
		"OtherData":  {"it has no API key", "password", func(*corev1.Secret) {}, true},
		"OtherType":  {"it is a certificate", GeneratedSecretKey, func(s *corev1.Secret) { s.Type = corev1.SecretTypeTLS }, true},
		"OtherTool":  {"it says who manages it", GeneratedSecretKey, func(s *corev1.Secret) { s.Labels = map[string]string{ManagedByLabel: "Helm"} }, true},
		"Controlled": {"its controller would undo a rotation", GeneratedSecretKey, func(s *corev1.Secret) { s.OwnerReferences = []metav1.OwnerReference{{Controller: &controller}} }, true},
	}
	for name, tc := range cases {
		for _, policy := range []v1alpha1.CredentialsPolicy{v1alpha1.CredentialsPolicyGenerated, v1alpha1.CredentialsPolicyProvided} {
			t.Run(name+string(policy), func(t *testing.T) {
				store := secret("blog-igny8", tc.entry, key)
				tc.change(store)
				reader := fake.NewClientBuilder().WithObjects(store, secret("mine", "token", otherKey)).Build()
				_, err := Load(t.Context(), reader, integration(policy))
				var problem *Error
				if got := errors.As(err, &problem) && problem.Reason == v1alpha1.ReasonSecretConflict; got != tc.foreign {
					t.Errorf("%s: %v, want a conflict: %t", tc.reason, err, tc.foreign)
				}
				if _, err := ReadStore(t.Context(), reader, integration(policy)); (err != nil) != tc.foreign {
					t.Errorf("%s: ReadStore: %v, want a conflict: %t", tc.reason, err, tc.foreign)
				}
			})
		}
	}
}
