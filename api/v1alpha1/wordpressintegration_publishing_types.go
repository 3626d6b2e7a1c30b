// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// Publishing holds limits and defaults for an integration's requests.
// +kubebuilder:validation:MinProperties=1
type Publishing struct {
	// maxConcurrent is how many calls may be in flight to the site at once, 1 to 50. Default 2.
	// +optional
	// +kubebuilder:default=2
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=50
	MaxConcurrent int32 `json:"maxConcurrent,omitempty"`

	// requestsPerMinute bounds the calls to the site, 1 to 6000 a minute. Unset means no bound.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=6000
	RequestsPerMinute int32 `json:"requestsPerMinute,omitempty"`

	// batchSize is how many posts go in one call at most, 1 to 20; 1 turns batches off. Default 20.
	// +optional
	// +kubebuilder:default=20
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=20
	BatchSize int32 `json:"batchSize,omitempty"`

	// retry says how often and when a failed call is tried again.
	// +optional
	// +kubebuilder:default={maxAttempts: 3}
	Retry Retry `json:"retry,omitzero"`

	// defaults are used by requests that leave the field unset.
	// +optional
	// +kubebuilder:default={status: "Publish"}
	Defaults PublishDefaults `json:"defaults,omitzero"`

	// allowedPostTypes are the post types requests may use; at most 50 of 20
	// characters each. Unset means any the site accepts.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=20
	AllowedPostTypes []string `json:"allowedPostTypes,omitempty"`

	// imagePolicy is Upload, Reference or UploadRequired. Default Upload.
	// +optional
	// +kubebuilder:default=Upload
	ImagePolicy ImagePolicy `json:"imagePolicy,omitempty"`

	// conflictPolicy is PreferSource, PreferSite, Merge or Manual. Default PreferSource.
	// +optional
	// +kubebuilder:default=PreferSource
	ConflictPolicy ConflictPolicy `json:"conflictPolicy,omitempty"`

	// deletionPolicy is Retain, Trash or Delete. Default Retain.
	// +optional
	// +kubebuilder:default=Retain
	DeletionPolicy DeletionPolicy `json:"deletionPolicy,omitempty"`

	// autoPublish releases requests whose release is Auto.
	// +optional
	// +kubebuilder:default={mode: "Disabled"}
	AutoPublish AutoPublish `json:"autoPublish,omitzero"`
}

// Retry says how often and when a failed call is tried again.
//
// +kubebuilder:validation:XValidation:rule="(has(self.initialDelaySeconds) ? self.initialDelaySeconds : 60) <= (has(self.maxDelaySeconds) ? self.maxDelaySeconds : 3600)",message="`initialDelaySeconds` must not be greater than `maxDelaySeconds`"
// +kubebuilder:validation:MinProperties=1
type Retry struct {
	// maxAttempts is the number of attempts in all, 1 to 20. Default 3.
	// +optional
	// +kubebuilder:default=3
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=20
	MaxAttempts int32 `json:"maxAttempts,omitempty"`

	// initialDelaySeconds is the delay before the second attempt, 1 to 86400
	// seconds; it doubles with each further one. Default 60.
	// +optional
	// +kubebuilder:default=60
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=86400
	InitialDelaySeconds int32 `json:"initialDelaySeconds,omitempty"`

	// maxDelaySeconds is the longest delay between attempts, 1 to 86400 seconds. Default 3600.
	// +optional
	// +kubebuilder:default=3600
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=86400
	MaxDelaySeconds int32 `json:"maxDelaySeconds,omitempty"`
}

// PublishDefaults are used by requests that leave the field unset.
// +kubebuilder:validation:MinProperties=1
type PublishDefaults struct {
	// postType is the post type; 1 to 20 of a-z, 0-9, '-' and '_'. Default post.
	// +optional
	// +kubebuilder:default=post
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=20
	// +kubebuilder:validation:XValidation:rule="self.matches('^[-_a-z0-9]+$')",message="must hold only lower-case letters, digits, - and _"
	PostType string `json:"postType,omitempty"`

	// status is Publish, Draft, Pending, Private or Future. Default Publish.
	// +optional
	// +kubebuilder:default=Publish
	Status PostStatus `json:"status,omitempty"`

	// author is the login name of the post's author; at most 60 characters.
	// Unset means the user the site maps the API key to.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=60
	Author string `json:"author,omitempty"`

	// categories are category paths such as News/Local; at most 50 of 500 characters each.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MinLength=1
	// +kubebuilder:validation:items:MaxLength=500
	Categories []string `json:"categories,omitempty"`

	// template is the theme's template for the post; at most 255 characters. Unset means the theme's default.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	Template string `json:"template,omitempty"`
}

// AutoPublishMode says when requests with release Auto are released.
// +kubebuilder:validation:Enum=Disabled;Immediate;Scheduled
type AutoPublishMode string

const (
	// AutoPublishDisabled releases nothing.
	AutoPublishDisabled AutoPublishMode = "Disabled"
	// AutoPublishImmediate releases each request as it comes.
	AutoPublishImmediate AutoPublishMode = "Immediate"
	// AutoPublishScheduled releases in runs, every intervalSeconds within the windows.
	AutoPublishScheduled AutoPublishMode = "Scheduled"
)

// AutoPublish releases requests whose release is Auto.
// +kubebuilder:validation:MinProperties=1
type AutoPublish struct {
	// mode is Disabled, Immediate or Scheduled. Default Disabled.
	// +optional
	// +kubebuilder:default=Disabled
	Mode AutoPublishMode `json:"mode,omitempty"`

	// intervalSeconds is the time between two runs where mode is Scheduled, 10 to 604800 seconds. Default 300.
	// +optional
	// +kubebuilder:default=300
	// +kubebuilder:validation:Minimum=10
	// +kubebuilder:validation:Maximum=604800
	IntervalSeconds int32 `json:"intervalSeconds,omitempty"`

	// maxPerRun is how many requests one run releases at most, 1 to 500. Default 50.
	// +optional
	// +kubebuilder:default=50
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=500
	MaxPerRun int32 `json:"maxPerRun,omitempty"`

	// windows are the times of the week in which runs may start; at most 21. Unset means always.
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=21
	Windows []TimeWindow `json:"windows,omitempty"`

	// timeZone is the IANA name of the zone the windows are in, such as
	// Europe/Vienna; at most 64 characters. Unset means UTC.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=64
	TimeZone string `json:"timeZone,omitempty"`
}

// Weekday is a day of the week.
// +kubebuilder:validation:Enum=Monday;Tuesday;Wednesday;Thursday;Friday;Saturday;Sunday
type Weekday string

const (
	// Monday is the first day of the week.
	Monday Weekday = "Monday"
	// Tuesday is the second day of the week.
	Tuesday Weekday = "Tuesday"
	// Wednesday is the third day of the week.
	Wednesday Weekday = "Wednesday"
	// Thursday is the fourth day of the week.
	Thursday Weekday = "Thursday"
	// Friday is the fifth day of the week.
	Friday Weekday = "Friday"
	// Saturday is the sixth day of the week.
	Saturday Weekday = "Saturday"
	// Sunday is the seventh day of the week.
	Sunday Weekday = "Sunday"
)

// TimeWindow is a span of time on some days of the week.
type TimeWindow struct {
	// days are the days on which the window opens. Unset means every day.
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=7
	Days []Weekday `json:"days,omitempty"`

	// start is when the window opens, as HH:MM from 00:00 to 23:59. Where the
	// clock is put forward past it, the window opens at that moment.
	// +required
	// +kubebuilder:validation:MinLength=5
	// +kubebuilder:validation:MaxLength=5
	// +kubebuilder:validation:XValidation:rule="self.matches('^([01][0-9]|2[0-3]):[0-5][0-9]$')",message="must be a time of day as HH:MM, from 00:00 to 23:59"
	Start string `json:"start,omitempty"`

	// end is when the window closes, as HH:MM from 00:00 to 23:59; not after
	// start means on the following day. Where the clock is put back over it, the
	// window closes the second time.
	// +required
	// +kubebuilder:validation:MinLength=5
	// +kubebuilder:validation:MaxLength=5
	// +kubebuilder:validation:XValidation:rule="self.matches('^([01][0-9]|2[0-3]):[0-5][0-9]$')",message="must be a time of day as HH:MM, from 00:00 to 23:59"
	End string `json:"end,omitempty"`
}
