// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"fmt"
	"strconv"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
)

// rotateWorkload: the API key is replaced, and the next post is published with
// the new one.
func rotateWorkload() *workload {
	return &workload{
		name: "rotate",
		prepare: []step{
			connect(func(i *v1alpha1.WordPressIntegration) {
				i.Spec.Credentials = v1alpha1.Credentials{}
				i.Spec.Transport.TimeoutSeconds = 1 // the former key outlives calls with it
			}),
			awaitBlog("Connected=False/AwaitingPairing"), pair, connected(), publish("before"), published("before"),
		},
		steps: []step{
			changeBlog(annotated[*v1alpha1.WordPressIntegration](v1alpha1.AnnotationRotateRequestedAt, "now")),
			awaitBlog("KeyRotated=True/KeyRotated", "Ready=True/Connected"),
			publish("after"), published("after"),
		},
	}
}

// generatedKeys are the entries of the operator's Secret.
func (s *space) generatedKeys() (map[string][]byte, error) {
	secret := &corev1.Secret{}
	err := s.get("blog-igny8", secret)
	return secret.Data, err
}

// pair enters the generated key at the site.
func pair(s *space) error {
	keys, err := s.generatedKeys()
	if err != nil {
		return err
	}
	s.site.SetKey(string(keys[siteaccess.GeneratedSecretKey]))
	return nil
}

// keys describes the keys in the Secret and at the site.
func (s *space) keys() string {
	keys, err := s.generatedKeys()
	if err != nil {
		return "none"
	}
	states := s.site.KeyStates()
	return fmt.Sprintf("%d in the Secret, in use at the site: %t, candidate: %t, retiring: %t", len(keys),
		string(keys[siteaccess.GeneratedSecretKey]) == s.site.Key(), states.Candidate != "", states.Retiring != "")
}

// inSeconds has a request published later.
func inSeconds(n int) func(*v1alpha1.PublishRequest) {
	return func(r *v1alpha1.PublishRequest) {
		r.Spec.PublishTime = metav1.NewTime(time.Now().Add(time.Duration(n) * time.Second))
	}
}

// approve approves a request as it is.
func approve(r *v1alpha1.PublishRequest) {
	annotated[*v1alpha1.PublishRequest](v1alpha1.AnnotationApprovedGeneration, strconv.FormatInt(r.Generation, 10))(r)
}
