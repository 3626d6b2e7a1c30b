// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package publishrequest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/content"
	"github.com/igny8/wordpress-operator/internal/wordpress"
)

func newRequest(change func(*v1alpha1.PublishRequest)) *v1alpha1.PublishRequest {
	request := &v1alpha1.PublishRequest{
		ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "hello", UID: "uid-1", Generation: 1},
		Spec: v1alpha1.PublishRequestSpec{
			Title:   "Hello",
			Content: v1alpha1.Content{Type: v1alpha1.ContentTypeInline, Format: v1alpha1.ContentFormatHTML},
		},
	}
	if change != nil {
		change(request)
	}
	return request
}

func newIntegration(change func(*v1alpha1.WordPressIntegration)) *v1alpha1.WordPressIntegration {
	integration := &v1alpha1.WordPressIntegration{
		ObjectMeta: metav1.ObjectMeta{Namespace: "team", Name: "blog", UID: "uid-blog", Generation: 1},
	}
	if change != nil {
		change(integration)
	}
	return integration
}

func TestRefuseAdoption(t *testing.T) {
	const owner = "team/blog"
	cases := map[string]struct {
		reason string
		holder claimHolder
		policy v1alpha1.AdoptionPolicy
		owner  string
		want   string
	}{
		"OursAlways":         {"our own post is ours", claimOurs, v1alpha1.AdoptionPolicyAlways, owner, ""},
		"OursEvenIfNever":    {"taking back our own post is no adoption", claimOurs, v1alpha1.AdoptionPolicyNever, owner, ""},
		"OursOtherOwner":     {"the claim is ours although ownerID was changed", claimOurs, v1alpha1.AdoptionPolicyIfOwned, "x", ""},
		"OtherLiving":        {"a living request keeps its post", claimOther, v1alpha1.AdoptionPolicyAlways, owner, v1alpha1.ReasonClaimedByOther},
		"GoneOwned":          {"a claim whose request is gone is free", claimNobody, v1alpha1.AdoptionPolicyIfOwned, owner, ""},
		"GoneUnsetPolicy":    {"IfOwned is the default", claimNobody, "", owner, ""},
		"GoneForeign":        {"somebody else's post is not taken", claimNobody, v1alpha1.AdoptionPolicyIfOwned, "x", v1alpha1.ReasonOwnedByOther},
		"GoneForeignNoOwner": {"a post nobody owns is not ours", claimNobody, v1alpha1.AdoptionPolicyIfOwned, "", v1alpha1.ReasonOwnedByOther},
		"GoneForeignAlways":  {"Always takes it", claimNobody, v1alpha1.AdoptionPolicyAlways, "x", ""},
		"GoneNever":          {"Never takes nothing", claimNobody, v1alpha1.AdoptionPolicyNever, owner, v1alpha1.ReasonAlreadyPublished},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var got string
			if p := refuseAdoption("hello", tc.holder, `PublishRequest "x"`, tc.policy, owner, &wordpress.PostRepresentation{ID: 1, Owner: tc.owner}); p != nil {
				got = p.reason
			}
			if got != tc.want {
				t.Errorf("%s: refused for %q, want %q", tc.reason, got, tc.want)
			}
		})
	}
}

func TestUnsupportedNamesEachField(t *testing.T) {
	now := metav1.NewTime(time.Unix(1, 0))
	ttl := int32(60)
	cases := map[string]struct {
		change func(*v1alpha1.PublishRequestSpec)
		want   []string
	}{
		"Nothing":  {func(*v1alpha1.PublishRequestSpec) {}, nil},
		"Defaults": {func(s *v1alpha1.PublishRequestSpec) { s.Release, s.Approval = "Immediate", "NotRequired" }, nil},
		"Future":   {func(s *v1alpha1.PublishRequestSpec) { s.Status, s.PublishTime = "Future", now }, nil},
		"Holds":    {func(s *v1alpha1.PublishRequestSpec) { s.Release, s.Approval, s.PublishTime = "Auto", "Required", now }, nil},
		"Images": {func(s *v1alpha1.PublishRequestSpec) {
			s.FeaturedImage.Source.Type, s.Gallery = "URL", []v1alpha1.GalleryImage{{}}
			s.ImagePolicy = "UploadRequired"
		}, nil},
		"Policies": {func(s *v1alpha1.PublishRequestSpec) {
			s.ConflictPolicy, s.DeletionPolicy, s.MissingPolicy = "Merge", "Trash", "Leave"
		}, []string{"conflictPolicy Merge"}},
		"Conflicts": {func(s *v1alpha1.PublishRequestSpec) { s.ConflictPolicy, s.MissingPolicy = "Manual", "Restore" }, nil},
		"Fields": {func(s *v1alpha1.PublishRequestSpec) {
			s.Taxonomies, s.CustomFields = []v1alpha1.TaxonomyTerms{{}}, []v1alpha1.CustomField{{}}
			s.SEO.CanonicalURL, s.SEO.Index = "https://x", "NoIndex"
		}, nil},
		"Rest": {func(s *v1alpha1.PublishRequestSpec) { s.Origin, s.TTLSecondsAfterPublished = "Site", &ttl },
			[]string{"origin"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			spec := &v1alpha1.PublishRequestSpec{}
			tc.change(spec)
			if diff := cmp.Diff(tc.want, unsupported(spec)); diff != "" {
				t.Errorf("unsupported (-want +got):\n%s", diff)
			}
		})
	}
}

// payloadCase is a request, its integration, and what differs from the payload of
// the least of both.
type payloadCase struct {
	reason      string
	request     func(*v1alpha1.PublishRequest)
	integration func(*v1alpha1.WordPressIntegration)
	want        func(*wordpress.Post)
}

func (tc payloadCase) check(t *testing.T) {
	want := &wordpress.Post{
		ContentKey: "team/hello", Title: "Hello", ContentHTML: "<p>Body.</p>", Excerpt: "Body.",
		Status: "publish", PostType: "post", Tags: []string{},
	}
	tc.want(want)
	owner := want.Owner
	want.Owner = ""
	want.SourceDigest = content.Digest(want)
	want.Owner, want.Claim = "team/blog", "uid-1"
	if owner != "" {
		want.Owner = owner
	}
	got := payload(newRequest(tc.request), newIntegration(tc.integration), "<p>Body.</p>", nil)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
	}
}

func TestPayloadFillsInDefaultsAndFallbacks(t *testing.T) {
	cases := map[string]payloadCase{
		"Least": {reason: "the shortest request", want: func(*wordpress.Post) {}},
		"ContentID": {
			reason:  "the app's id makes the key",
			request: func(p *v1alpha1.PublishRequest) { p.Spec.ContentID = 7 },
			want:    func(p *wordpress.Post) { p.ContentID, p.ContentKey = 7, "content:7" },
		},
		"ContentKey": {
			reason:  "an explicit key wins",
			request: func(p *v1alpha1.PublishRequest) { p.Spec.ContentID, p.Spec.ContentKey = 7, "k" },
			want:    func(p *wordpress.Post) { p.ContentID, p.ContentKey = 7, "k" },
		},
		"IntegrationDefaults": {
			reason: "where the request is silent the integration speaks",
			integration: func(i *v1alpha1.WordPressIntegration) {
				i.Spec.OwnerID = "app"
				i.Spec.Publishing.Defaults = v1alpha1.PublishDefaults{PostType: "page", Status: "Pending", Author: "ann", Template: "t.php", Categories: []string{"News"}}
			},
			want: func(p *wordpress.Post) {
				p.Owner, p.PostType, p.Status, p.Author, p.Template, p.Categories = "app", "page", "pending", "ann", "t.php", []string{"News"}
			},
		},
		"RequestWins": {
			reason: "the request is nearer",
			request: func(p *v1alpha1.PublishRequest) {
				p.Spec.PostType, p.Spec.Status, p.Spec.Author, p.Spec.Categories = "post", "Draft", "bob", []string{"Own"}
			},
			integration: func(i *v1alpha1.WordPressIntegration) {
				i.Spec.Publishing.Defaults = v1alpha1.PublishDefaults{PostType: "page", Status: "Pending", Author: "ann", Categories: []string{"News"}}
			},
			want: func(p *wordpress.Post) { p.Status, p.Author, p.Categories = "draft", "bob", []string{"Own"} },
		},
		"ClusterAndKeywords": {
			reason: "categories fall back to the cluster, tags to the keywords (product description 3.2)",
			request: func(p *v1alpha1.PublishRequest) {
				p.Spec.Cluster = "Gardens"
				p.Spec.SEO.PrimaryKeyword, p.Spec.SEO.SecondaryKeywords = "rose", []string{"tulip"}
			},
			want: func(p *wordpress.Post) {
				p.Categories, p.Tags = []string{"Gardens"}, []string{"rose", "tulip"}
				p.PrimaryKeyword, p.SecondaryKeywords = "rose", []string{"tulip"}
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, tc.check)
	}
}

func TestDigestIsOfWhatIsWantedNotOfWhoWantsIt(t *testing.T) {
	one := payload(newRequest(nil), newIntegration(nil), "x", nil)
	other := payload(newRequest(func(p *v1alpha1.PublishRequest) { p.UID = "uid-2" }),
		newIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.OwnerID = "somebody" }), "x", nil)
	if one.SourceDigest != other.SourceDigest {
		t.Error("two requests for the same have different digests")
	}
	if changed := payload(newRequest(nil), newIntegration(nil), "y", nil); changed.SourceDigest == one.SourceDigest {
		t.Error("other content has the same digest")
	}
}

func TestContentStatus(t *testing.T) {
	cases := map[string]v1alpha1.ContentStatus{
		"publish": "Published", "private": "Published", "draft": "Draft", "auto-draft": "Draft", "trash": "Draft",
		"pending": "Review", "future": "Review", "in-legal-review": "Review",
	}
	for wordPress, want := range cases {
		if got := contentStatus(wordPress); got != want {
			t.Errorf("contentStatus(%s) = %s, want %s", wordPress, got, want)
		}
	}
}

func TestRetryDelayDoublesAndIsBounded(t *testing.T) {
	retry := retryOf(newIntegration(func(i *v1alpha1.WordPressIntegration) { i.Spec.Publishing.Retry.MaxDelaySeconds = 200 }))
	var got []time.Duration
	for count := range int32(5) {
		got = append(got, retry.delay(count))
	}
	want := []time.Duration{time.Minute, time.Minute, 2 * time.Minute, 200 * time.Second, 200 * time.Second}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("delays (-want +got):\n%s", diff)
	}
}
