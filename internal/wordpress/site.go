// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

// Site is what GET /site says. Its texts are the site's and untrusted; those
// that are only shown are one line within the bounds of a status, and its lists
// are sorted, each item once.
type Site struct {
	// UUID is minted once per site and survives updates of the plugin.
	UUID string `json:"uuid"`
	// Name is the site's title.
	Name string `json:"name"`
	// HomeURL and RESTURL are http or https.
	HomeURL string `json:"home_url"`
	RESTURL string `json:"rest_url"`
	// PluginVersion, WordPressVersion and PHPVersion as they name themselves.
	PluginVersion    string `json:"plugin_version"`
	WordPressVersion string `json:"wordpress_version"`
	PHPVersion       string `json:"php_version"`
	// Locale is WordPress's, such as en_US.
	Locale string `json:"locale"`
	// TimeZone is an IANA name or an offset (+02:00).
	TimeZone string `json:"timezone"`
	// Multisite tells whether the site is part of a network.
	Multisite bool `json:"multisite"`
	// User is whom the API key stands for.
	User User `json:"user"`
	// Capabilities are those of User that publishing needs.
	Capabilities []string `json:"capabilities"`
	// Limits are the site's.
	Limits Limits `json:"limits"`
	// SEOPlugins are the active ones the plugin knows.
	SEOPlugins []string `json:"seo_plugins"`
	// BlockEditorPostTypes are the post types User can publish to whose posts
	// open in the block editor; nil = none, or the plugin is older than 2.2.0.
	BlockEditorPostTypes []string `json:"block_editor_post_types"`
	// Epoch is minted once, and again when the database turns out to be older
	// than a caller's [Position]. "" = the plugin is older than 2.1.0.
	Epoch string `json:"epoch"`
	// Mark grows with every read of the site; it belongs to Epoch.
	Mark int64 `json:"mark"`
}

// Limits are PHP's; 0 means that the site sets none.
type Limits struct {
	UploadMaxBytes   int64 `json:"upload_max_bytes"`
	PostMaxBytes     int64 `json:"post_max_bytes"`
	MemoryBytes      int64 `json:"memory_bytes"`
	ExecutionSeconds int64 `json:"execution_seconds"`
}

// validate checks what the contract promises about identifiers and URLs, and
// brings the rest within the bounds of a status.
func (s *Site) validate() error {
	c := checker{}
	c.text("uuid", s.UUID, 1, maxUUIDRunes)
	c.shown("name", &s.Name, 0, maxNameRunes)
	c.url("home_url", s.HomeURL)
	c.url("rest_url", s.RESTURL)
	c.shown("plugin_version", &s.PluginVersion, 1, maxVersionRunes)
	c.shown("wordpress_version", &s.WordPressVersion, 1, maxVersionRunes)
	c.shown("php_version", &s.PHPVersion, 1, maxVersionRunes)
	c.shown("locale", &s.Locale, 0, maxLocaleRunes)
	c.shown("timezone", &s.TimeZone, 0, maxTimeZoneRunes)
	c.id("user.id", s.User.ID)
	c.text("user.login", s.User.Login, 0, maxLoginRunes)
	s.Capabilities = names(s.Capabilities, maxCapabilities)
	s.SEOPlugins = names(s.SEOPlugins, maxSEOPlugins)
	s.BlockEditorPostTypes = reported(s.BlockEditorPostTypes, maxBlockEditorTypes)
	c.limit("limits.upload_max_bytes", s.Limits.UploadMaxBytes)
	c.limit("limits.post_max_bytes", s.Limits.PostMaxBytes)
	c.limit("limits.memory_bytes", s.Limits.MemoryBytes)
	c.limit("limits.execution_seconds", s.Limits.ExecutionSeconds)
	c.text("epoch", s.Epoch, 0, maxEpochRunes)
	c.limit("mark", s.Mark)
	return c.err
}
