// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// imagesWorkload: a post with a featured image and a gallery, then one that
// shares an image with it; then the featured image of the first changes.
func imagesWorkload() *workload {
	illustrated := func(p *v1alpha1.PublishRequest) {
		p.Spec.FeaturedImage = v1alpha1.FeaturedImage{ImageDetails: imageOf("red")}
		p.Spec.Gallery = []v1alpha1.GalleryImage{
			{Name: "first", ImageDetails: imageOf("green")}, {Name: "second", ImageDetails: imageOf("blue")},
		}
	}
	sharing := func(p *v1alpha1.PublishRequest) {
		p.Spec.FeaturedImage = v1alpha1.FeaturedImage{ImageDetails: imageOf("green")}
	}
	shown := func(name string) step {
		return awaitRequest(name, "Ready=True/Published", "Synced=True/Succeeded", "MediaReady=True/Succeeded")
	}
	return &workload{
		name: "images",
		prepare: []step{connect(), connected(), create(pictures(map[string]color.Color{
			"red": color.RGBA{R: 255, A: 255}, "green": color.RGBA{G: 255, A: 255}, "blue": color.RGBA{B: 255, A: 255}, "white": color.White,
		}))},
		steps: []step{
			publish("illustrated", illustrated), shown("illustrated"), publish("sharing", sharing), shown("sharing"),
			change("illustrated", func(p *v1alpha1.PublishRequest) { p.Spec.FeaturedImage.ImageDetails = imageOf("white") }), shown("illustrated"),
		},
	}
}

// imageOf is an image of the ConfigMap "pictures".
func imageOf(key string) v1alpha1.ImageDetails {
	return v1alpha1.ImageDetails{
		Alt: "All " + key,
		Source: v1alpha1.ImageSource{
			Type: v1alpha1.ImageSourceConfigMap, ConfigMap: v1alpha1.ConfigMapKeyReference{Name: "pictures", Key: key},
		},
	}
}

// pictures is a ConfigMap of images of one colour each.
func pictures(colours map[string]color.Color) func() client.Object {
	return func() client.Object {
		configMap := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "pictures"}, BinaryData: map[string][]byte{}}
		for name, colour := range colours {
			configMap.BinaryData[name] = plain(colour)
		}
		return configMap
	}
}

// plain is a small PNG of one colour.
func plain(colour color.Color) []byte {
	picture := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for i := range 64 {
		picture.Set(i%8, i/8, colour)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		panic(fmt.Sprintf("a PNG in memory: %v", err)) // cannot fail
	}
	return b.Bytes()
}
