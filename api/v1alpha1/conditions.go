// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// Condition types of every kind.
const (
	// ConditionReady says whether the object is as wanted.
	ConditionReady = "Ready"

	// ConditionReconciling is True while the controller works towards the
	// wanted state or waits for something, and absent otherwise.
	ConditionReconciling = "Reconciling"

	// ConditionStalled is True when only a change of the object or its inputs
	// can help, and absent otherwise. Never together with Reconciling.
	ConditionStalled = "Stalled"

	// ConditionSynced says whether what the site changed is read back.
	ConditionSynced = "Synced"
)

// Condition types of WordPressIntegration.
const (
	// ConditionConnected says whether the site answers and accepts the API key.
	ConditionConnected = "Connected"

	// ConditionPluginHealthy says whether the plugin at the site reports no error.
	ConditionPluginHealthy = "PluginHealthy"

	// ConditionKeyRotated is False while the API key is being replaced, True once
	// it was, and absent before that was ever asked for.
	ConditionKeyRotated = "KeyRotated"

	// ConditionAutoPublishing says whether requests are released as
	// `publishing.autoPublish` asks for, and is absent while its mode is Disabled.
	ConditionAutoPublishing = "AutoPublishing"
)

// Condition types of PublishRequest.
const (
	// ConditionPublished says whether the site has confirmed the post in the wanted status.
	ConditionPublished = "Published"

	// ConditionMediaReady says whether the images of the post are at the site.
	ConditionMediaReady = "MediaReady"

	// ConditionConflict is True while the post has changes made at the site that
	// a person must decide about, and absent otherwise.
	ConditionConflict = "Conflict"
)

// Condition types of PluginRelease.
const (
	// ConditionBuilt says whether the ZIP is built.
	ConditionBuilt = "Built"

	// ConditionStored says whether the ZIP is in its store.
	ConditionStored = "Stored"

	// ConditionReleased says whether the version is offered to sites.
	ConditionReleased = "Released"

	// ConditionRolledOut says whether every site that takes part is offered the version.
	ConditionRolledOut = "RolledOut"
)

// Reasons of every kind.
const (
	// ReasonPending means that no controller has seen the object yet.
	ReasonPending = "Pending"

	// ReasonProgressing means that the controller works on the object.
	ReasonProgressing = "Progressing"

	// ReasonProgressingWithRetry means that the last attempt failed and another follows.
	ReasonProgressingWithRetry = "ProgressingWithRetry"

	// ReasonSucceeded means that the object is as wanted.
	ReasonSucceeded = "Succeeded"

	// ReasonContentStripped means that the site has the post without what its
	// filters took out of it: the user the API key stands for may not write that.
	ReasonContentStripped = "ContentStripped"

	// ReasonNotYetSupported means that the object asks for something this
	// version of the operator does not do.
	ReasonNotYetSupported = "NotYetSupported"

	// ReasonFieldMappingInvalid means that an entry of fieldMappings names no field,
	// or that its expression cannot be compiled.
	ReasonFieldMappingInvalid = "FieldMappingInvalid"
	// ReasonFieldMappingFailed means that an expression of the integration's
	// fieldMappings has no value for this request.
	ReasonFieldMappingFailed = "FieldMappingFailed"

	// ReasonSecretNotFound means that a Secret referred to does not exist.
	ReasonSecretNotFound = "SecretNotFound"

	// ReasonSecretConflict means that the Secret in which the operator would keep
	// the key belongs to something else.
	ReasonSecretConflict = "SecretConflict"

	// ReasonSecretNotWritable means that the API server refuses to write the Secret
	// in which the operator keeps the key.
	ReasonSecretNotWritable = "SecretNotWritable"

	// ReasonConfigMapNotWritable means that the API server refuses to write the
	// ConfigMap with the structure of a site.
	ReasonConfigMapNotWritable = "ConfigMapNotWritable"

	// ReasonSecretKeyMissing means that a Secret lacks the key referred to.
	ReasonSecretKeyMissing = "SecretKeyMissing"

	// ReasonSecretKeyEmpty means that the key referred to in a Secret is empty.
	ReasonSecretKeyEmpty = "SecretKeyEmpty"

	// ReasonConfigMapNotFound means that a ConfigMap referred to does not exist.
	ReasonConfigMapNotFound = "ConfigMapNotFound"

	// ReasonConfigMapKeyMissing means that a ConfigMap lacks the key referred to.
	ReasonConfigMapKeyMissing = "ConfigMapKeyMissing"
)

// Reasons of WordPressIntegration, mostly of its condition Connected.
const (
	// ReasonConnected means that the site answers and accepts the API key.
	ReasonConnected = "Connected"

	// ReasonAwaitingPairing means that the site has never accepted the API key:
	// a person has yet to enter it there.
	ReasonAwaitingPairing = "AwaitingPairing"

	// ReasonKeyTooShort means that the API key has fewer than 32 characters.
	ReasonKeyTooShort = "KeyTooShort"

	// ReasonKeyInvalid: the API key in the Secret has characters that no header
	// can carry. It heals when the Secret is corrected.
	ReasonKeyInvalid = "KeyInvalid"

	// ReasonSiteURLInvalid: `siteURL` cannot be called although it has the form
	// of a URL. It heals when the URL is corrected.
	ReasonSiteURLInvalid = "SiteURLInvalid"

	// ReasonCAInvalid: what `transport.caRef` names has no certificate in PEM
	// form. It heals when it is corrected.
	ReasonCAInvalid = "CAInvalid"

	// ReasonInternalError: the operator itself failed, in a way that its log
	// tells more about.
	ReasonInternalError = "InternalError"

	// ReasonKeyRotating means that the API key is being replaced.
	ReasonKeyRotating = "KeyRotating"

	// ReasonKeyRotated means that the API key was replaced.
	ReasonKeyRotated = "KeyRotated"

	// ReasonKeyRotationFailed means that a step of replacing the API key failed; it is tried again.
	ReasonKeyRotationFailed = "KeyRotationFailed"

	// ReasonCredentialsRefused means that the site refuses an API key.
	ReasonCredentialsRefused = "CredentialsRefused"

	// ReasonForbidden means that the site accepts the API key and refuses what it is used for.
	ReasonForbidden = "Forbidden"

	// ReasonPluginMissing means that the site is WordPress without the plugin.
	ReasonPluginMissing = "PluginMissing"

	// ReasonPluginTooOld means that the plugin at the site is older than the operator needs.
	ReasonPluginTooOld = "PluginTooOld"

	// ReasonWordPressTooOld means that WordPress at the site is older than the operator needs.
	ReasonWordPressTooOld = "WordPressTooOld"

	// ReasonNotWordPress means that what answers at the address is not WordPress.
	ReasonNotWordPress = "NotWordPress"

	// ReasonRESTDisabled means that the site has its REST API switched off.
	ReasonRESTDisabled = "RESTDisabled"

	// ReasonBlocked means that something before WordPress, such as a firewall, answers with a page of its own.
	ReasonBlocked = "Blocked"

	// ReasonTLSUnknownAuthority means that the site's certificate is signed by an authority not trusted.
	ReasonTLSUnknownAuthority = "TLSUnknownAuthority"

	// ReasonTLSCertificateExpired means that the site's certificate has expired or is not valid yet.
	ReasonTLSCertificateExpired = "TLSCertificateExpired"

	// ReasonTLSNameMismatch means that the site's certificate is for another name.
	ReasonTLSNameMismatch = "TLSNameMismatch"

	// ReasonTLSFailed means that TLS could not be set up for any other reason.
	ReasonTLSFailed = "TLSFailed"

	// ReasonDNSFailed means that the site's name could not be resolved.
	ReasonDNSFailed = "DNSFailed"

	// ReasonConnectionRefused means that nothing listens at the site's address.
	ReasonConnectionRefused = "ConnectionRefused"

	// ReasonConnectionFailed means that the connection failed or broke for any other reason.
	ReasonConnectionFailed = "ConnectionFailed"

	// ReasonTimeout means that the site did not answer in time.
	ReasonTimeout = "Timeout"

	// ReasonServerError means that the site answered with an error of its own (5xx).
	ReasonServerError = "ServerError"

	// ReasonAddressBlocked means that the site's address is in a range the operator does not call.
	ReasonAddressBlocked = "AddressBlocked"

	// ReasonPlaintextDenied means that the administrator does not permit plain http.
	ReasonPlaintextDenied = "PlaintextDenied"

	// ReasonCloneSuspected means that another site answers than the one the integration was paired with.
	ReasonCloneSuspected = "CloneSuspected"

	// ReasonSiteRestored is of Events: the site's database was restored from a backup.
	ReasonSiteRestored = "SiteRestored"

	// ReasonSynced means that the site's structure is read.
	ReasonSynced = "Synced"

	// ReasonSyncOff means that `sync.mode` is PushOnly: nothing is read unless an
	// annotation asks for it.
	ReasonSyncOff = "SyncOff"

	// ReasonConfigMapConflict means that a ConfigMap the operator has to write
	// exists and belongs to something else.
	ReasonConfigMapConflict = "ConfigMapConflict"

	// ReasonReleasing means that requests are released as `publishing.autoPublish` asks for.
	ReasonReleasing = "Releasing"

	// ReasonReleased is of Events: a run of auto-publish has released requests.
	ReasonReleased = "Released"

	// ReasonTimeZoneUnknown means that `publishing.autoPublish.timeZone` is no name of a time zone.
	ReasonTimeZoneUnknown = "TimeZoneUnknown"
)

// Reasons of both WordPressIntegration and PublishRequest, from the site's answers.
const (
	// ReasonRedirectedElsewhere means that the site redirects to another host.
	ReasonRedirectedElsewhere = "RedirectedElsewhere"

	// ReasonRateLimited means that the site asks for fewer calls (429).
	ReasonRateLimited = "RateLimited"

	// ReasonInvalidResponse means that the site's answer could not be understood.
	ReasonInvalidResponse = "InvalidResponse"
)

// Reasons of PublishRequest.
const (
	// ReasonPublished means that the site confirmed the post.
	ReasonPublished = "Published"

	// ReasonDraft: the post is a draft, or in the trash, at the site.
	ReasonDraft = "Draft"

	// ReasonInReview: the post waits at the site, pending or scheduled there.
	ReasonInReview = "InReview"

	// ReasonScheduleMissed means that the site has not published a post that was
	// left to it, although its time has come.
	ReasonScheduleMissed = "ScheduleMissed"

	// ReasonAdopted means that the site had the post already, and it now belongs to the request.
	ReasonAdopted = "Adopted"

	// ReasonIntegrationNotFound means that the integration does not exist.
	ReasonIntegrationNotFound = "IntegrationNotFound"

	// ReasonIntegrationAmbiguous means that several integrations match siteID.
	ReasonIntegrationAmbiguous = "IntegrationAmbiguous"

	// ReasonIntegrationNotReady means that the integration is not connected.
	ReasonIntegrationNotReady = "IntegrationNotReady"

	// ReasonInvalidContent means that the content cannot be rendered.
	ReasonInvalidContent = "InvalidContent"

	// ReasonSourceNotFound means that there is nothing at the URL, or no such object
	// in the bucket, from which content or an image is to be read.
	ReasonSourceNotFound = "SourceNotFound"

	// ReasonSourceRefused means that the server of a URL does not give away what is
	// to be read.
	ReasonSourceRefused = "SourceRefused"

	// ReasonSourceTooLarge means that what is to be read has more bytes than allowed.
	ReasonSourceTooLarge = "SourceTooLarge"

	// ReasonDigestMismatch means that the bytes at a URL are others than those of the digest.
	ReasonDigestMismatch = "DigestMismatch"

	// ReasonBucketInvalid means that the Secret of a bucket has something that cannot be used.
	ReasonBucketInvalid = "BucketInvalid"

	// ReasonBucketRefused means that the object store refuses to give away an object:
	// the bucket, its region or the credentials are wrong.
	ReasonBucketRefused = "BucketRefused"

	// ReasonImagesMissing means that the last call brought not every image to the
	// site. It is of `status.attempts`; conditions have the reason of an image.
	ReasonImagesMissing = "ImagesMissing"

	// ReasonImageUnsupported means that the bytes are no image, or none of a type
	// that is uploaded.
	ReasonImageUnsupported = "ImageUnsupported"

	// ReasonImageTooLarge means that an image has too many bytes or pixels.
	ReasonImageTooLarge = "ImageTooLarge"

	// ReasonImageRejected means that the site does not take an image (400, 413, 415, 422).
	ReasonImageRejected = "ImageRejected"

	// ReasonImageNotUploaded means that an image can be shown only from the media
	// library, and that imagePolicy is Reference.
	ReasonImageNotUploaded = "ImageNotUploaded"

	// ReasonTooManyImages means that a post has more images than are uploaded.
	ReasonTooManyImages = "TooManyImages"

	// ReasonContentRejected means that the site refuses the content for good (4xx).
	ReasonContentRejected = "ContentRejected"

	// ReasonRetriesExhausted means that every attempt failed.
	ReasonRetriesExhausted = "RetriesExhausted"

	// ReasonInProgress means that the site is working on the same post already.
	ReasonInProgress = "InProgress"

	// ReasonClaimedByOther means that the post belongs to another living request.
	ReasonClaimedByOther = "ClaimedByOther"

	// ReasonOwnedByOther means that the post belongs to another owner.
	ReasonOwnedByOther = "OwnedByOther"

	// ReasonAlreadyPublished means that the site has a post for the key and adoptionPolicy is Never.
	ReasonAlreadyPublished = "AlreadyPublished"

	// ReasonPostTypeNotAllowed means that the integration does not allow the post type.
	ReasonPostTypeNotAllowed = "PostTypeNotAllowed"

	// ReasonScheduled means that the request waits for its publishTime.
	ReasonScheduled = "Scheduled"

	// ReasonAwaitingApproval means that the request waits for approval of this generation.
	ReasonAwaitingApproval = "AwaitingApproval"

	// ReasonAwaitingRelease means that the request waits to be released.
	ReasonAwaitingRelease = "AwaitingRelease"

	// ReasonPostDeleted means that the post is gone from the site.
	ReasonPostDeleted = "PostDeleted"

	// ReasonConflict means that the post was changed at the site since the last write.
	ReasonConflict = "Conflict"

	// ReasonSuspended means that a request is to be deleted, and is suspended: its
	// post is not removed meanwhile.
	ReasonSuspended = "Suspended"

	// ReasonSiteChanged means that the integration belongs to another site now than
	// the one the post is at.
	ReasonSiteChanged = "SiteChanged"

	// ReasonClaimEnded means that the site was told that the request is deleted,
	// which a restored cluster has undone: it accepts nothing of it for a day.
	ReasonClaimEnded = "ClaimEnded"

	// ReasonPostOrphaned is of Events: the post stays, and is nobody's any more. The
	// request was deleted without reaching the site, or goes on at another one.
	ReasonPostOrphaned = "PostOrphaned"

	// ReasonPostRemoved is of Events: the request was deleted, and the site
	// confirmed that the post is in the trash, or gone.
	ReasonPostRemoved = "PostRemoved"

	// ReasonExpired is of Events: the request was deleted because its
	// ttlSecondsAfterPublished are over; the post stays.
	ReasonExpired = "Expired"
)
