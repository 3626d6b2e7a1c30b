// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"iter"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

const (
	// maxDocumentBytes is how long a document may be, plain or compressed: a
	// ConfigMap takes 1 MiB with its metadata, and etcd 1.5 MiB per request.
	maxDocumentBytes = 900 << 10
	// documentReserve is kept free for the end of a document, and for what
	// compression adds to what cannot be compressed.
	documentReserve = 4 << 10
)

// document is a JSON object of lists that is written item by item, plain and
// compressed at once. Of either no more than a limit is kept: plain it is given
// up where it gets too long; compressed the lists end there, and the member
// truncated says which.
type document struct {
	limit int
	plain *bytes.Buffer // nil once it is too long
	// packed is what zip has written out so far, and pending how many bytes it was
	// given since.
	packed  bytes.Buffer
	zip     *gzip.Writer
	pending int
	digest  hash.Hash
	cut     []v1alpha1.TruncatedList
}

func newDocument(limit int) *document {
	d := &document{limit: limit, plain: &bytes.Buffer{}, digest: sha256.New()}
	d.zip = gzip.NewWriter(&d.packed)
	d.write([]byte("{\n"))
	return d
}

// list writes a list until an item does not fit.
func (d *document) list(name v1alpha1.TruncatedList, key string, items iter.Seq2[any, error]) error {
	d.write(fmt.Appendf(nil, "%q: [", key))
	separator := "\n"
	for item, err := range items {
		if err != nil {
			return err
		}
		text, err := json.Marshal(item)
		if err != nil {
			return fmt.Errorf("encode item of %s: %w", key, err)
		}
		if !d.fits(len(separator) + len(text)) {
			d.cut = append(d.cut, name)
			break
		}
		d.write([]byte(separator))
		d.write(text)
		separator = ",\n"
	}
	d.write([]byte("\n],\n"))
	return nil
}

// end finishes the document.
func (d *document) end() error {
	cut, err := json.Marshal(append([]v1alpha1.TruncatedList{}, d.cut...))
	if err != nil {
		return fmt.Errorf("encode names of lists: %w", err)
	}
	d.write(fmt.Appendf(nil, "%q: %s\n}\n", "truncated", cut))
	if err := d.zip.Close(); err != nil {
		return fmt.Errorf("compress document: %w", err)
	}
	return nil
}

// fits says whether there is room for more, and makes some: what the compressor
// was given since it was flushed counts in full, for only then it is known what
// became of it. Each flush leaves less to be filled up to the next one.
func (d *document) fits(n int) bool {
	if d.plain != nil && d.plain.Len()+n+documentReserve <= d.limit {
		return true
	}
	if d.packedBound()+n <= d.limit {
		return true
	}
	_ = d.zip.Flush() // writing to memory does not fail
	d.pending = 0
	return d.packedBound()+n <= d.limit
}

// packedBound is what the compressed document comes to at most if it ends now.
func (d *document) packedBound() int { return d.packed.Len() + d.pending + documentReserve }

func (d *document) write(text []byte) {
	// None of these fails: they write to memory.
	_, _ = d.digest.Write(text)
	_, _ = d.zip.Write(text)
	d.pending += len(text)
	if d.plain == nil {
		return
	}
	if d.plain.Len()+len(text) > d.limit {
		d.plain = nil
		return
	}
	_, _ = d.plain.Write(text)
}

// sum is the digest of the plain document, whether or not it is kept.
func (d *document) sum() string { return "sha256:" + hex.EncodeToString(d.digest.Sum(nil)) }
