// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

// Site is what GET /site says. Its texts are the site's and untrusted.
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
}

// Limits are PHP's; 0 means that the site sets none.
type Limits struct {
	UploadMaxBytes   int64 `json:"upload_max_bytes"`
	PostMaxBytes     int64 `json:"post_max_bytes"`
	MemoryBytes      int64 `json:"memory_bytes"`
	ExecutionSeconds int64 `json:"execution_seconds"`
}

// validate checks what the contract promises about identifiers and URLs.
func (s *Site) validate() error {
	c := checker{}
	c.text("uuid", s.UUID, 1, 64)
	c.text("name", s.Name, 0, 1024)
	c.url("home_url", s.HomeURL)
	c.url("rest_url", s.RESTURL)
	c.text("plugin_version", s.PluginVersion, 1, 64)
	c.text("wordpress_version", s.WordPressVersion, 1, 64)
	c.text("php_version", s.PHPVersion, 1, 64)
	c.text("locale", s.Locale, 0, 64)
	c.text("timezone", s.TimeZone, 0, 64)
	c.id("user.id", s.User.ID)
	c.text("user.login", s.User.Login, 0, 256)
	c.list("capabilities", s.Capabilities, 64, 64)
	c.list("seo_plugins", s.SEOPlugins, 32, 64)
	for name, n := range map[string]int64{
		"limits.upload_max_bytes":  s.Limits.UploadMaxBytes,
		"limits.post_max_bytes":    s.Limits.PostMaxBytes,
		"limits.memory_bytes":      s.Limits.MemoryBytes,
		"limits.execution_seconds": s.Limits.ExecutionSeconds,
	} {
		if n < 0 || n > maxID {
			c.fail(name, "is out of range")
		}
	}
	return c.err
}
