// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

// The bounds of the CustomResourceDefinitions (api/v1alpha1) for what goes from
// an answer into a status: one text beyond them, and the API server refuses the
// whole status, for ever. test/bounds holds the client against a real one.
const (
	// maxID is the largest id that JSON numbers carry exactly: 2^53−1.
	maxID = 1<<53 - 1
	// maxURLBytes is in bytes, where the CRDs count characters: a URL that needs
	// fewer characters than bytes is not percent-encoded yet.
	maxURLBytes = 2048

	// Characters of status.site of a WordPressIntegration.
	maxUUIDRunes     = 36
	maxNameRunes     = 200
	maxVersionRunes  = 64
	maxLocaleRunes   = 32
	maxTimeZoneRunes = 64
	maxEpochRunes    = 64
	// Items of its lists, and the characters of an item.
	maxCapabilities = 64
	maxSEOPlugins   = 16
	// A site with more post types gets HTML for the rest, which every editor takes.
	maxBlockEditorTypes = 64
	maxItemRunes        = 64

	// Characters of the names in status.structure, which are WordPress's own
	// limits, and the items of a post type's list.
	maxPostTypeRunes = 20
	maxTaxonomyRunes = 32
	maxSupports      = 32

	// Characters, and items of the lists, of status.post of a PublishRequest. WordPress keeps a status in
	// 20 (wp_posts.post_status).
	maxStatusRunes = 32
	maxDigestRunes = 128
	// maxReported is as many names of stripped elements as anybody reads.
	maxReported = 32
)

// Bounds of what no status holds; beyond them an answer is not WordPress's.
const (
	// maxKeyRunes bounds what comes back as it was sent (docs/spec/rest-api.md).
	maxKeyRunes = 128
	// maxTypeRunes and maxLoginRunes leave room above WordPress's 20 and 60.
	maxTypeRunes  = 64
	maxLoginRunes = 256
	// maxTitleRunes and maxSlugRunes keep what is never shown in memory small.
	maxTitleRunes = 64 << 10
	maxSlugRunes  = 1024
	// maxPathRunes has room for the path of a term twenty levels down whose
	// names are as long as WordPress allows: 200 characters each.
	maxPathRunes = 4096
)
