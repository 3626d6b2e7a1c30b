// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"context"
	"crypto/rand"
	"errors"
	"net/netip"
	"testing"
	"time"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// Target is a site under the contract suite.
type Target struct {
	// URL is the home page.
	URL string
	// Key is the API key the site accepts. Its user may publish posts, create
	// categories and read private posts.
	Key string
	// CABundle is the site's authority in PEM, nil where the system's will do.
	CABundle []byte
	// Trash moves a post into the trash, Delete removes it for good; both as
	// a person would, past the plugin.
	Trash, Delete func(id int64) error
	// Edit replaces the content of a post, and Open opens or closes it in the
	// editor; both as [Editor], past the plugin.
	Edit func(id int64, content string) error
	Open func(id int64, open bool) error
	// Backup saves what the site keeps of GET /site, for the restore of it.
	Backup func() (restore func() error, err error)
}

// Target presents the fake to the suite.
func (f *Fake) Target() Target {
	found := func(act func(int64) bool) func(int64) error {
		return func(id int64) error {
			if !act(id) {
				return errors.New("no such post")
			}
			return nil
		}
	}
	return Target{
		URL: f.URL(), Key: f.Key(), CABundle: f.CABundle(),
		Trash: found(f.Trash), Delete: found(f.Delete),
		Edit: func(id int64, content string) error {
			return found(func(id int64) bool { return f.Edit(id, content) })(id)
		},
		Open: func(id int64, open bool) error {
			return found(func(id int64) bool { return f.Open(id, open) })(id)
		},
		Backup: func() (func() error, error) {
			backup := f.Position()
			return func() error { f.RestorePosition(backup); return nil }, nil
		},
	}
}

// contractTimeout bounds a call: a WordPress on a busy machine can need
// seconds for its first page.
const contractTimeout = 60 * time.Second

// RunContract checks that a site keeps the contract of docs/spec/rest-api.md,
// through the operator's own client. newSite is called once per case and may
// return the same site each time: cases use content keys of their own.
func RunContract(t *testing.T, newSite func(t *testing.T) Target) {
	t.Helper()
	cases := map[string]func(*testing.T, *suite){
		"discovery finds the root by the Link header": testDiscovery,
		"site facts are complete":                     testSite,
		"publish creates a post":                      testCreate,
		"every status is stored":                      testStatuses,
		"a repeated publish answers with the post":    testRepeat,
		"parallel publishes make one post":            testParallel,
		"a post is found by id and by key":            testRead,
		"an unknown post is not found":                testNotFound,
		"a post in the trash keeps its key":           testTrash,
		"a post deleted for good frees its key":       testDelete,
		"text survives unchanged":                     testText,
		"terms are created and assigned":              testTerms,
		"a wrong key is refused":                      testWrongKey,
		"a request without a key is refused":          testMissingKey,
		"the key is accepted as a bearer token":       testBearer,
		"a bad field is named":                        testBadFields,

		"an update changes the post":                   testUpdate,
		"a repeated update does nothing":               testUpdateAgain,
		"a change by a person is a conflict":           testConflict,
		"an update needs a precondition":               testPrecondition,
		"a post that is open is left alone":            testLocked,
		"a post comes back from the trash":             testRestore,
		"an edit shows through the trash":              testEditedThenTrashed,
		"an id of another key's post is refused":       testWrongPost,
		"a post is trashed, then deleted":              testRemove,
		"a post is deleted by its key alone":           testRemoveByKey,
		"a post of another request is left alone":      testRemoveClaimed,
		"a deleted request makes no post any more":     testEndedClaim,
		"a post comes back with the next request":      testTrashedWithItsRequest,
		"a person's trash is left alone":               testTrashedByAPerson,
		"a deleted request brings no post back":        testLateRestore,
		"a post waits for its date":                    testSchedule,
		"a date that is withdrawn is not waited for":   testWithdrawnDate,
		"extra fields are stored or refused":           testExtras,
		"an image is uploaded once":                    testUpload,
		"parallel uploads make one image":              testUploadParallel,
		"what is no image is refused":                  testBadImages,
		"a batch answers each post":                    testBatch,
		"a batch that cannot be one is refused":        testBadBatches,
		"a body that is not JSON is refused":           testMediaType,
		"reads and writes carry the hash as their tag": testETag,

		"an offered key is accepted beside the current one":    testOffer,
		"the first use of a candidate retires the current key": testPromotion,
		"older keys die when the current one says so":          testRetire,
		"no call is refused while a key takes over":            testRotationUnderLoad,
		"a key that cannot be one is refused":                  testBadKeys,

		"the structure follows the site":           testStructure,
		"terms are read in pages":                  testTermPages,
		"listed paths lead to their categories":    testPaths,
		"a page that cannot be is refused":         testBadPages,
		"a restored database gets another epoch":   testEpoch,
		"every read of the site moves the mark":    testParallelMarks,
		"a position that cannot be one is refused": testBadPositions,
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			test(t, newSuite(t, newSite(t)))
		})
	}
}

// suite is a target with the client of its key.
type suite struct {
	target     Target
	transports *wordpress.Transports
	client     *wordpress.Client
}

func newSuite(t *testing.T, target Target) *suite {
	t.Helper()
	s := &suite{target: target, transports: LoopbackTransports(t)}
	s.client = s.clientWith(t, target.Key, wordpress.AuthHeaderAuto)
	return s
}

func (s *suite) clientWith(t *testing.T, key string, header wordpress.AuthHeader) *wordpress.Client {
	t.Helper()
	client, err := wordpress.NewClient(wordpress.Config{
		SiteURL: s.target.URL, Key: wordpress.NewKey(key), AuthHeader: header,
		Timeout: contractTimeout, CABundle: s.target.CABundle,
	}, s.transports)
	if err != nil {
		t.Fatalf("NewClient: %v", err)
	}
	return client
}

// publish creates a post that must be new.
func (s *suite) publish(t *testing.T, post *wordpress.Post) *wordpress.PostRepresentation {
	t.Helper()
	created, err := s.client.Publish(t.Context(), post)
	if err != nil {
		t.Fatalf("Publish: %v", err)
	}
	return created
}

// newPost returns the smallest payload, under a key of its own.
func newPost() *wordpress.Post {
	return &wordpress.Post{
		ContentKey: "contract:" + rand.Text(), Title: "Contract", ContentHTML: "<p>Text.</p>", Status: "publish",
	}
}

// LoopbackTransports returns transports that reach sites on loopback.
func LoopbackTransports(t testing.TB) *wordpress.Transports {
	t.Helper()
	transports := wordpress.NewTransports(wordpress.TransportOptions{
		AllowedPrefixes: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")},
	})
	t.Cleanup(transports.CloseIdleConnections)
	return transports
}

// publishUntilSettled repeats a publish while another one is under way.
func publishUntilSettled(ctx context.Context, client *wordpress.Client, post *wordpress.Post) (*wordpress.PostRepresentation, error) {
	for {
		created, err := client.Publish(ctx, post)
		if wordpress.KindOf(err) != wordpress.KindInProgress {
			return created, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond): // the site is busy; asking at once would only load it
		}
	}
}
