// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"context"
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/internal/wordpress/wordpresstest"
)

// ending is what is there when all is done, without what no two runs have in
// common: times, ids, addresses and names of namespaces.
type ending struct {
	Requests     map[string]requestEnding
	Integrations map[string]integrationEnding
	// Posts are those of the site, by content key.
	Posts map[string][]postEnding
	// Ledger counts what calls have changed at the site, by kind and key.
	Ledger map[string]int
	// Keys are those in the Secret and at the site.
	Keys string
}

type requestEnding struct {
	// Conditions are "Status/Reason" by type.
	Conditions    map[string]string
	Observed      bool
	ContentStatus v1alpha1.ContentStatus
	PostStatus    string
	Origin        v1alpha1.PostOrigin
	// Attempts are those that count.
	Attempts int32
	Media    []string
	// Matches says that the status tells of the very post that the site has.
	Matches     bool
	LastHandled []v1alpha1.NamedValue
}

type integrationEnding struct {
	Conditions  map[string]string
	Observed    bool
	KeyStates   []v1alpha1.APIKeyState
	LastHandled []v1alpha1.NamedValue
}

type postEnding struct {
	Title, Status, Slug, Content, Categories string
}

// ending looks at cluster and site.
func (s *space) ending() (ending, error) {
	e := ending{
		Requests: map[string]requestEnding{}, Integrations: map[string]integrationEnding{},
		Posts: map[string][]postEnding{}, Ledger: map[string]int{},
	}
	for _, effect := range s.site.Effects() {
		e.Ledger[fmt.Sprintf("%s %s", effect.Kind, effect.Key)]++
	}
	for _, post := range s.site.Posts() {
		e.Posts[post.ContentKey] = append(e.Posts[post.ContentKey], postEnding{
			Title: post.Title, Status: post.Status, Slug: post.Slug, Categories: fmt.Sprint(len(post.Terms["category"])),
			Content: s.anonymous(s.site.Content(post.ID)),
		})
	}
	e.Keys = s.keys()
	return e, s.endingOfObjects(&e)
}

// anonymous takes out of a text what differs from run to run.
func (s *space) anonymous(text string) string {
	return strings.NewReplacer(s.site.Host(), "SITE", s.name, "NAMESPACE").Replace(text)
}

func (s *space) endingOfObjects(e *ending) error {
	var requests v1alpha1.PublishRequestList
	if err := s.client.List(context.Background(), &requests, client.InNamespace(s.name)); err != nil {
		return err
	}
	for i := range requests.Items {
		e.Requests[requests.Items[i].Name] = s.endingOfRequest(&requests.Items[i])
	}
	var integrations v1alpha1.WordPressIntegrationList
	if err := s.client.List(context.Background(), &integrations, client.InNamespace(s.name)); err != nil {
		return err
	}
	for i := range integrations.Items {
		e.Integrations[integrations.Items[i].Name] = endingOfIntegration(&integrations.Items[i])
	}
	return nil
}

func (s *space) endingOfRequest(p *v1alpha1.PublishRequest) requestEnding {
	status := &p.Status
	e := requestEnding{
		Conditions: endingOfConditions(status.Conditions), Observed: status.ObservedGeneration == p.Generation,
		ContentStatus: status.ContentStatus, PostStatus: status.Post.Status, Origin: status.Post.Origin,
		Attempts: status.Attempts.Count, LastHandled: status.LastHandled,
	}
	for _, image := range status.Media {
		e.Media = append(e.Media, image.Name+" "+image.SHA256)
	}
	for _, post := range s.site.Posts() {
		if post.ID == status.Post.ID {
			e.Matches = post.ContentHash == status.Post.ContentHash && post.Claim == string(p.UID)
		}
	}
	return e
}

func endingOfIntegration(i *v1alpha1.WordPressIntegration) integrationEnding {
	e := integrationEnding{
		Conditions: endingOfConditions(i.Status.Conditions), Observed: i.Status.ObservedGeneration == i.Generation,
		LastHandled: i.Status.LastHandled,
	}
	for _, key := range i.Status.Keys {
		e.KeyStates = append(e.KeyStates, key.State)
	}
	return e
}

func endingOfConditions(conditions []metav1.Condition) map[string]string {
	texts := map[string]string{}
	for _, c := range conditions {
		texts[c.Type] = string(c.Status) + "/" + c.Reason
	}
	return texts
}

// tally is what went wrong with the site's posts and images.
type tally struct {
	duplicates, lost int
}

// against compares with what an undisturbed run leaves: what was made more often
// than there, and what is there and not here.
func (e ending) against(want ending) tally {
	var t tally
	for entry, n := range e.Ledger {
		if strings.HasPrefix(entry, string(wordpresstest.EffectCreated)) || strings.HasPrefix(entry, string(wordpresstest.EffectUploaded)) {
			t.duplicates += max(0, n-want.Ledger[entry])
		}
	}
	for key, posts := range want.Posts {
		t.lost += max(0, len(posts)-len(e.Posts[key]))
	}
	for entry, n := range want.Ledger {
		if strings.HasPrefix(entry, string(wordpresstest.EffectUploaded)) {
			t.lost += max(0, n-e.Ledger[entry])
		}
	}
	return t
}
