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

// Delete puts the post with an id into the trash, or with force deletes it for
// good, whatever was changed in it. With the id 0 it is the post that the key
// has, also one that a dead request left half-made: for those who never learned
// the id. A repeated call succeeds. The kinds that ask for a decision:
// [KindLocked], and [KindMismatch] with the post of the key.
func (c *Client) Delete(ctx context.Context, id int64, contentKey string, force bool) (Removal, error) {
	route := "publish"
	if id != 0 {
		if err := c.checkID(OpDelete, id); err != nil {
			return "", err
		}
		route = postRoute(id)
	}
	result := &removal{}
	err := c.do(ctx, call{
		op: OpDelete, method: http.MethodDelete, want: http.StatusOK, route: route, key: contentKey,
		query: url.Values{"content_key": {contentKey}, "force": {strconv.FormatBool(force)}},
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
