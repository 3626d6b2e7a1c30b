// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// The bounds of a batch (docs/spec/rest-api.md).
const (
	// MaxBatchItems is how many posts a batch may have.
	MaxBatchItems = 20
	// MaxBatchBytes is how long the JSON of a batch may be.
	MaxBatchBytes = 5 << 20
)

// EncodedBytes is how long the JSON of a post is in a batch, with the byte that
// parts it from the next. The batch itself needs [BatchOverheadBytes].
func (p *Post) EncodedBytes() (int, error) {
	var n byteCounter
	if err := encodeTo(&n, p); err != nil {
		return 0, err
	}
	return int(n), nil
}

// BatchOverheadBytes is the length of a batch without posts.
const BatchOverheadBytes = len(`{"items":[]}` + "\n")

// byteCounter keeps nothing of what is written.
type byteCounter int

// Write implements io.Writer.
func (c *byteCounter) Write(p []byte) (int, error) {
	*c += byteCounter(len(p))
	return len(p), nil
}

// BatchResult is what became of one post of a batch: exactly one of the two is
// set.
type BatchResult struct {
	// Post is the post that was created.
	Post *PostRepresentation
	// Err is what [Client.Publish] would have failed with. A post whose result
	// got lost has the error of the batch, and may exist.
	Err error
}

// batchAnswer is the answer as far as it goes: a site that dies in the middle
// of a batch has told what it had done before.
type batchAnswer struct {
	items []batchItem
}

type batchItem struct {
	ContentKey string              `json:"content_key"`
	Status     int                 `json:"status"`
	Post       *PostRepresentation `json:"post"`
	Problem    *problem            `json:"problem"`
}

func (b *batchAnswer) validate() error { return nil }

// read takes whole items until the answer ends or breaks off.
func (b *batchAnswer) read(body []byte, _ any) error {
	decoder := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	for _, want := range []json.Token{json.Delim('{'), "items", json.Delim('[')} {
		if got, err := decoder.Token(); err != nil || got != want {
			return errors.New("the answer is not that of a batch")
		}
	}
	// What follows an item that cannot be read is lost; the caller sees which
	// are missing.
	for whole := true; whole && decoder.More() && len(b.items) < MaxBatchItems; {
		var item batchItem
		if whole = decoder.Decode(&item) == nil; whole {
			b.items = append(b.items, item)
		}
	}
	return nil
}

// PublishBatch creates posts as Publish does, each for itself, in one call; at
// most [MaxBatchItems] and [MaxBatchBytes]. The results are in the order of
// posts. The error is of the batch as a whole: no post was looked at.
func (c *Client) PublishBatch(ctx context.Context, posts []*Post) ([]BatchResult, error) {
	answer := &batchAnswer{}
	err := c.do(ctx, call{
		op: OpBatch, method: http.MethodPost, route: "publish/batch", want: http.StatusOK, partial: true,
		payload: map[string]any{"items": posts},
	}, answer)
	if err != nil {
		return nil, err
	}
	return c.batchResults(posts, answer), nil
}

func (c *Client) batchResults(posts []*Post, answer *batchAnswer) []BatchResult {
	results := make([]BatchResult, len(posts))
	for i, post := range posts {
		if i < len(answer.items) {
			results[i] = c.batchResult(post.ContentKey, answer.items[i])
		} else {
			results[i].Err = c.batchError("the answer broke off before this post")
		}
	}
	return results
}

func (c *Client) batchResult(key string, item batchItem) BatchResult {
	switch {
	case item.ContentKey != key:
		return BatchResult{Err: c.batchError("the answer is about another content key")}
	case item.Problem != nil:
		return BatchResult{Err: c.itemError(key, item)}
	case item.Status != http.StatusCreated || item.Post == nil:
		return BatchResult{Err: c.batchError("the answer has neither a post nor a problem")}
	}
	if err := item.Post.validate(); err != nil {
		return BatchResult{Err: c.batchError(err.Error())}
	}
	if item.Post.ContentKey != key {
		return BatchResult{Err: c.batchError("the answer is about another content key")}
	}
	return BatchResult{Post: item.Post}
}

// itemError reads the problem of an item as if it had been an answer of its own.
func (c *Client) itemError(key string, item batchItem) error {
	text, err := json.Marshal(item.Problem)
	if err != nil {
		return c.batchError("the problem is not readable")
	}
	a := &answer{
		status: item.Status, body: text, url: c.home,
		header: http.Header{"Content-Type": {problemMediaType}},
	}
	return call{key: key}.checkPost(c.answerError(OpBatch, a))
}

func (c *Client) batchError(detail string) *Error {
	return &Error{Kind: KindInvalidResponse, Op: OpBatch, Host: c.home.Host, Status: http.StatusOK, MayHaveReached: true, Detail: detail}
}
