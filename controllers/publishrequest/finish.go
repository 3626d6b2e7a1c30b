// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"slices"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/content"
)

// finish gives the post the form in which its site stores it. It is the last
// step before the post is sent, and not part of what is wanted: neither a site
// that changes its editor nor an operator that converts better has posts written
// anew.
func (w *work) finish() {
	format := w.request.Spec.Content.Format
	if format == v1alpha1.ContentFormatBlocks {
		return
	}
	if slices.Contains(w.integration.Status.Site.BlockEditorPostTypes, w.post.PostType) {
		// HTML that cannot be taken apart is stored as it is: the editor shows it as
		// one block of the classic editor.
		if blocks, err := content.Blocks(w.post.ContentHTML); err == nil {
			w.post.ContentHTML = blocks
		}
	}
	if format == v1alpha1.ContentFormatMarkdown {
		w.post.ContentHTML = content.LiveShortcodes(w.post.ContentHTML)
	}
}
