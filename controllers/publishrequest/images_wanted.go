// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/sets"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/content"
	"github.com/igny8/wordpress-operator/internal/fetch"
	"github.com/igny8/wordpress-operator/internal/media"
)

// maxImages is how many images of a post are uploaded: as many as the status has
// room for. The featured image and the gallery come first.
const maxImages = 100

// place is where a post shows an image.
type place int

const (
	placeFeatured place = iota
	placeGallery
	placeContent
)

// wantedImage is an image that a post is to show.
type wantedImage struct {
	// name is that in status.media, and place where the post shows it.
	name  string
	place place
	// source says where it comes from; address is that of an image in the text,
	// which may be a data: URI.
	source  v1alpha1.ImageSource
	address string
	// digest names the bytes, or where they come from, without reading them;
	// reference names what the spec refers to, and is empty for an image of the
	// text.
	digest, reference   string
	alt, caption, title string
	// problem is why it cannot be uploaded, if that is known beforehand.
	problem *imageProblem
}

// imagePolicy says what becomes of the images of a request.
func imagePolicy(request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration) v1alpha1.ImagePolicy {
	return cmp.Or(request.Spec.ImagePolicy, integration.Spec.Publishing.ImagePolicy, v1alpha1.ImagePolicyUpload)
}

// wantImages lists the images of a request, without calling anybody but the API
// server.
func (r *Reconciler) wantImages(ctx context.Context, request *v1alpha1.PublishRequest, integration *v1alpha1.WordPressIntegration, html string) ([]wantedImage, error) {
	wanted := specImages(&request.Spec)
	if imagePolicy(request, integration) == v1alpha1.ImagePolicyReference {
		for i := range wanted {
			wanted[i].digest = originDigest("reference", wanted[i].name)
			wanted[i].problem = &imageProblem{problem: problem{v1alpha1.ReasonImageNotUploaded, "WordPress shows it only from its media library, and imagePolicy is Reference; set Upload, or remove it"}}
		}
		return wanted, nil
	}
	for i := range wanted {
		if err := r.identify(ctx, request, &wanted[i]); err != nil {
			return nil, err
		}
	}
	wanted = appendContentImages(wanted, content.Images(html), integration)
	nameApart(wanted)
	return wanted, nil
}

// specImages are the images that the spec names.
func specImages(spec *v1alpha1.PublishRequestSpec) []wantedImage {
	var wanted []wantedImage
	add := func(name string, at place, d *v1alpha1.ImageDetails) {
		wanted = append(wanted, wantedImage{name: name, place: at, source: d.Source, alt: d.Alt, caption: d.Caption, title: d.Title})
	}
	if spec.FeaturedImage.Source.Type != "" {
		add(cmp.Or(spec.FeaturedImage.Name, "featured"), placeFeatured, &spec.FeaturedImage.ImageDetails)
	}
	for i := range spec.Gallery {
		add(spec.Gallery[i].Name, placeGallery, &spec.Gallery[i].ImageDetails)
	}
	return wanted
}

// identify says which bytes an image is. Those in a ConfigMap are read: a changed
// label of it is no changed image.
func (r *Reconciler) identify(ctx context.Context, request *v1alpha1.PublishRequest, image *wantedImage) error {
	source := &image.source
	image.reference = refDigest(source)
	switch source.Type {
	case v1alpha1.ImageSourceObject:
		image.digest = cmp.Or(source.Object.Digest, image.reference)
	case v1alpha1.ImageSourceConfigMap:
		return r.identifyConfigMap(ctx, request, image)
	default:
		image.digest = image.reference
	}
	return nil
}

// refDigest names what a source refers to.
func refDigest(source *v1alpha1.ImageSource) string {
	switch source.Type {
	case v1alpha1.ImageSourceObject:
		if source.Object.URL != "" {
			return originDigest("url", source.Object.URL)
		}
		return originDigest("object", source.Object.BucketRef.Name, source.Object.Key)
	case v1alpha1.ImageSourceConfigMap:
		return originDigest("configmap", source.ConfigMap.Name, source.ConfigMap.Key)
	default:
		return originDigest("url", source.URL)
	}
}

// identifyConfigMap names the bytes that an image has in its ConfigMap, and does
// not keep them: only as many images are held as have a slot. What was uploaded
// from one that is gone stays.
func (r *Reconciler) identifyConfigMap(ctx context.Context, request *v1alpha1.PublishRequest, image *wantedImage) error {
	data, err := r.Fetch.ConfigMap(ctx, request.Namespace, image.source.ConfigMap, media.MaxBytes)
	var missing *fetch.Error
	switch {
	case err == nil:
		image.digest = data.Digest()
	case !errors.As(err, &missing):
		return fmt.Errorf("read image %q: %w", image.name, err)
	default:
		image.digest = image.reference
		image.problem = &imageProblem{problem: problem{missing.Reason, missing.Message}}
		if known := broughtBefore(request, image); known != nil && missing.Wait {
			image.digest, image.reference, image.problem = known.SourceDigest, known.RefDigest, nil
		}
	}
	return nil
}

// appendContentImages adds the images of the text that are not at the site yet,
// as far as there is room.
func appendContentImages(wanted []wantedImage, images []content.Image, integration *v1alpha1.WordPressIntegration) []wantedImage {
	beyond := 0
	for _, image := range images {
		if isAtSite(image.Source, integration) {
			continue
		}
		if len(wanted) >= maxImages {
			beyond++
			continue
		}
		wanted = append(wanted, wantedImage{
			name: contentName(image.Source), place: placeContent, address: image.Source,
			digest: originDigest("url", image.Source), alt: atMost(image.Alt, maxAltRunes), title: atMost(image.Title, maxTitleRunes),
		})
	}
	if beyond > 0 {
		wanted = append(wanted, wantedImage{name: "content", place: placeContent, digest: originDigest("beyond", fmt.Sprint(beyond)),
			problem: &imageProblem{problem: problem{v1alpha1.ReasonTooManyImages, fmt.Sprintf("%d images of the text are beyond the %d that are uploaded, and stay where they are", beyond, maxImages)}}})
	}
	return wanted
}

// What the media library takes of an image's texts, in characters
// (docs/spec/rest-api.md); the text itself keeps its own.
const (
	maxAltRunes   = 1000
	maxTitleRunes = 500
)

func atMost(text string, runes int) string {
	return string([]rune(text)[:min(runes, len([]rune(text)))])
}

// contentPrefix begins the names of the images of the text.
const contentPrefix = "content-"

// contentName names an image of the text: the same as long as its address is.
func contentName(address string) string {
	const digits = 16
	sum := sha256.Sum256([]byte(address))
	return contentPrefix + hex.EncodeToString(sum[:])[:digits]
}

func isContentName(name string) bool {
	return strings.HasPrefix(name, contentPrefix) && len(name) == len(contentName(""))
}

// nameApart gives images of the same name, which may be one of the gallery and
// the featured one, names of their own.
func nameApart(wanted []wantedImage) {
	const longest = 40
	taken := sets.New[string]()
	for i := range wanted {
		if image := &wanted[i]; taken.Has(image.name) {
			image.name = string([]rune(image.name)[:min(len([]rune(image.name)), longest)]) + "-" + contentName(fmt.Sprint(i, image.digest))[len(contentPrefix):]
		}
		taken.Insert(wanted[i].name)
	}
}

// isAtSite says that an address is one of the integration's site.
func isAtSite(address string, integration *v1alpha1.WordPressIntegration) bool {
	_, address, _ = strings.Cut(address, "://")
	for _, home := range []string{integration.Spec.SiteURL, integration.Status.Site.HomeURL} {
		_, home, _ = strings.Cut(strings.TrimSuffix(home, "/"), "://")
		if home != "" && strings.HasPrefix(strings.ToLower(address), strings.ToLower(home)+"/") {
			return true
		}
	}
	return false
}

// originDigest names where an image comes from.
func originDigest(kind string, parts ...string) string {
	return content.Digest(append([]string{kind}, parts...))
}

// broughtBefore finds what status.media says of an image, nil if nothing. It goes
// by the reference: by its name alone, the image of another ConfigMap would be
// taken for it. Of what a version has brought that did not note the reference, only
// the name is known; it is not noted now, either.
func broughtBefore(request *v1alpha1.PublishRequest, image *wantedImage) *v1alpha1.MediaStatus {
	var named *v1alpha1.MediaStatus
	for i := range request.Status.Media {
		m := &request.Status.Media[i]
		switch {
		case m.AttachmentID == 0:
		case m.RefDigest == image.reference:
			return m
		case m.RefDigest == "" && m.Name == image.name:
			named = m
		}
	}
	return named
}
