// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
)

// Update brings the post with an id to what post says, if its content hash is
// ifMatch. What post does not name any more and was sent before is taken away.
//
// A repeated call whose first answer was lost succeeds. The kinds that ask for a
// decision: [KindPreconditionFailed] and [KindTrashed] with the post as it is,
// [KindLocked] with the editor's name, [KindMismatch], [KindNotFound].
func (c *Client) Update(ctx context.Context, id int64, post *Post, ifMatch string) (*PostRepresentation, error) {
	return c.put(ctx, id, post, ifMatch, post)
}

// Restore is Update of a post in the trash, which it takes out of it. ifMatch is
// the content hash of the post in the trash; for any other post it is Update.
func (c *Client) Restore(ctx context.Context, id int64, post *Post, ifMatch string) (*PostRepresentation, error) {
	type restoring struct {
		*Post
		Restore bool `json:"restore"`
	}
	return c.put(ctx, id, post, ifMatch, restoring{post, true})
}

func (c *Client) put(ctx context.Context, id int64, post *Post, ifMatch string, payload any) (*PostRepresentation, error) {
	if err := c.checkID(OpUpdate, id); err != nil {
		return nil, err
	}
	updated := &PostRepresentation{}
	err := c.do(ctx, call{
		op: OpUpdate, method: http.MethodPut, want: http.StatusOK,
		route: postRoute(id), header: matching(ifMatch),
		payload: payload, key: post.ContentKey, id: id,
	}, updated)
	if err != nil {
		return nil, err
	}
	return updated, nil
}

// Removal is what became of a post that was to be removed.
type Removal string

// The results of [Client.Delete].
const (
	// RemovalTrashed: the post is in the trash.
	RemovalTrashed Removal = "trashed"
	// RemovalDeleted: the post was deleted for good, as the site also does
	// with a post to be trashed where its trash is turned off.
	RemovalDeleted Removal = "deleted"
	// RemovalGone: there was no such post any more.
	RemovalGone Removal = "gone"
)

type removal struct {
	ID         int64   `json:"id"`
	ContentKey string  `json:"content_key"`
	Result     Removal `json:"result"`
}

func (r *removal) validate() error {
	c := checker{}
	if r.ID != 0 || r.Result != RemovalGone {
		c.id("id", r.ID) // by key, what is gone has no id
	}
	switch r.Result {
	case RemovalTrashed, RemovalDeleted, RemovalGone:
	default:
		c.fail("result", "is unknown")
	}
	return c.err
}

// Target is a post that is to be removed.
type Target struct {
	// ID is the post's id. 0 stands for the post that the key has, also one that
	// a dead request left half-made: for those who never learned the id.
	ID int64
	// ContentKey is the key the post was made under.
	ContentKey string
	// Claim is whose the post has to be, empty for anybody's. A post that has no
	// claim is removed by its id alone.
	Claim string
	// Force deletes the post for good; else it goes into the trash.
	Force bool
}

// Delete puts a post into the trash, or deletes it for good, whatever was changed
// in it. A repeated call succeeds. The kinds that ask for a decision:
// [KindLocked], [KindMismatch] with the post of the key, and
// [KindClaimedByOther] with the post as it is.
func (c *Client) Delete(ctx context.Context, target Target) (Removal, error) {
	route := "publish"
	if target.ID != 0 {
		if err := c.checkID(OpDelete, target.ID); err != nil {
			return "", err
		}
		route = postRoute(target.ID)
	}
	query := url.Values{"content_key": {target.ContentKey}, "force": {strconv.FormatBool(target.Force)}}
	if target.Claim != "" {
		query.Set("claim", target.Claim)
	}
	result := &removal{}
	err := c.do(ctx, call{
		op: OpDelete, method: http.MethodDelete, want: http.StatusOK, route: route, key: target.ContentKey, query: query,
	}, result)
	if err != nil {
		return "", err
	}
	return result.Result, nil
}

func (c *Client) checkID(op Op, id int64) error {
	if id < 1 || id > maxID {
		return &Error{Kind: KindNotFound, Op: op, Host: c.home.Host, Detail: "the id is out of range"}
	}
	return nil
}

func postRoute(id int64) string { return "publish/" + strconv.FormatInt(id, 10) }

func matching(hash string) http.Header {
	return http.Header{"If-Match": {strconv.Quote(hash)}}
}
