// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/siteaccess"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// readingTimeout bounds a reading with all its pages: a slow site must not keep
// one of the few slots for hours. 100,000 tags are 100 pages.
const readingTimeout = 10 * time.Minute

// reading is what reading a site's structure came to.
type reading struct {
	kind readingKind
	// structure is for the status, nil if it could not be read.
	structure *v1alpha1.SiteStructure
	// summary says in words what was read.
	summary            string
	err                error
	startTime, endTime time.Time
}

// retryAfter is how long the site asks to be left alone.
func (r *reading) retryAfter() time.Duration {
	var refused *wordpress.Error
	if errors.As(r.err, &refused) {
		return refused.RetryAfter
	}
	return 0
}

// read calls the site. It runs outside the controller's workers.
func (r *Reconciler) read(ctx context.Context, integration *v1alpha1.WordPressIntegration, credentials siteaccess.Credentials, kind readingKind) reading {
	ctx, cancel := context.WithTimeout(ctx, readingTimeout)
	defer cancel()
	got := reading{kind: kind, startTime: r.Clock.Now()}
	site, err := r.Access.Client(integration, credentials, integration.Status.Site.RESTURL)
	if err == nil {
		file := structureFile{client: r.Client, live: r.Access.Live, integration: integration}
		err = got.readInto(ctx, site, file)
	}
	got.err, got.endTime = err, r.Clock.Now()
	if err == nil || wordpress.KindOf(err) != "" {
		r.Metrics.Observe(purposes[kind], err, got.endTime.Sub(got.startTime))
	}
	return got
}

// purposes are the names of readings in the metric of calls.
var purposes = map[readingKind]string{readingSync: "sync", readingUpdate: "structure-update"}

func (r *reading) readInto(ctx context.Context, site *wordpress.Client, file structureFile) error {
	all, err := site.Structure(ctx)
	if err != nil {
		return err
	}
	structure := abridged(all)
	r.summary = fmt.Sprintf("read %d post types, %d taxonomies, %d categories and %d tags",
		len(all.PostTypes), len(all.Taxonomies), all.Categories.Total, all.Tags.Total)
	switch {
	case len(structure.Truncated) > 0:
		err = r.keepWhole(ctx, site, file, all, &structure)
	case r.kind == readingUpdate, file.referenced():
		err = file.drop(ctx)
	}
	if foreign := (*configMapConflict)(nil); err == nil || errors.As(err, &foreign) {
		r.structure = &structure
	}
	return err
}

// keepWhole sees to the ConfigMap with the whole lists. A sync only looks whether
// it is there: where it is not, the structure is updated next.
func (r *reading) keepWhole(ctx context.Context, site *wordpress.Client, file structureFile, all *wordpress.Structure, structure *v1alpha1.SiteStructure) error {
	there, err := file.find(ctx)
	if err != nil {
		return err
	}
	if r.kind == readingUpdate {
		document := newDocument(maxDocumentBytes)
		if err := fill(ctx, document, site, all); err != nil {
			return err
		}
		if there, err = file.write(ctx, there, document); err != nil {
			return err
		}
	}
	if there == nil {
		return nil
	}
	structure.ConfigMapRef.Name = there.Name
	r.summary += fmt.Sprintf("; the whole lists are in ConfigMap %q", there.Name)
	if cut := there.Annotations[annotationCut]; cut != "" {
		r.summary += fmt.Sprintf(", which is too small for all of %s", cut)
	}
	return nil
}
