// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// ours says that a request reads objects of our kinds.
func ours(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/apis/publishing.igny8.com/")
}

func isWatch(r *http.Request) bool { return r.URL.Query().Get("watch") == "true" }

// isList says that a request lists objects, rather than to read one.
func isList(r *http.Request) bool {
	_, rest, ok := strings.Cut(r.URL.Path, "/namespaces/")
	return ok && strings.Count(rest, "/") == 1 && !isWatch(r)
}

// gated puts a gate into every watch of our kinds.
func gated(next http.RoundTripper, newGate func() gate) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		response, err := next.RoundTrip(r)
		if err != nil || !ours(r) || !isWatch(r) || response.StatusCode != http.StatusOK {
			return response, err
		}
		response.Body = pass(response.Body, newGate())
		return response, nil
	})
}

// frame is one event of a watch.
type frame struct {
	raw    json.RawMessage
	object string // the name of its object; empty for a bookmark
	at     time.Time
}

// gate decides which of the frames that have come are let through now, in order,
// and returns the rest.
type gate func(waiting []frame, now time.Time) (through, rest []frame)

// delayed lets every frame through after a time.
func delayed(delay time.Duration, held *atomic.Int64) gate {
	return func(waiting []frame, now time.Time) (through, rest []frame) {
		for i, f := range waiting {
			if now.Sub(f.at) < delay {
				held.Add(1)
				return waiting[:i], waiting[i:]
			}
		}
		return waiting, nil
	}
}

// skipping lets the newest frame of each object through, once per window: the
// versions in between are never seen.
func skipping(window time.Duration, skipped *atomic.Int64) gate {
	return func(waiting []frame, now time.Time) (through, rest []frame) {
		if len(waiting) == 0 || now.Sub(waiting[0].at) < window {
			return nil, waiting
		}
		for i, f := range waiting {
			if isSuperseded(f, waiting[i+1:]) {
				skipped.Add(1)
				continue
			}
			through = append(through, f)
		}
		return through, nil
	}
}

func isSuperseded(f frame, later []frame) bool {
	for _, l := range later {
		if f.object != "" && l.object == f.object {
			return true
		}
	}
	return false
}

// pass returns what a gate lets through of a watch.
func pass(body io.ReadCloser, g gate) io.ReadCloser {
	reader, writer := io.Pipe()
	frames := make(chan frame)
	go func() {
		defer close(frames)
		for decoder := json.NewDecoder(body); ; {
			var raw json.RawMessage
			if decoder.Decode(&raw) != nil {
				return
			}
			frames <- frame{raw: raw, object: objectOf(raw), at: time.Now()}
		}
	}()
	go func() { _ = writer.CloseWithError(write(writer, frames, g)) }()
	return &gatedBody{PipeReader: reader, body: body}
}

// write writes what the gate lets through, until the watch ends or nobody reads
// any more.
func write(w io.Writer, frames <-chan frame, g gate) error {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	var waiting, through []frame
	var broken error
	for {
		select {
		case f, ok := <-frames:
			if !ok {
				return broken
			}
			waiting = append(waiting, f)
		case now := <-ticker.C:
			through, waiting = g(waiting, now)
			for _, f := range through {
				if broken == nil {
					_, broken = w.Write(append(f.raw, '\n'))
				}
			}
		}
	}
}

func objectOf(raw json.RawMessage) string {
	var event struct {
		Type   string
		Object struct{ Metadata struct{ Name string } }
	}
	if json.Unmarshal(raw, &event) != nil || event.Type == "BOOKMARK" {
		return ""
	}
	return event.Object.Metadata.Name
}

// gatedBody is the body of a watch with a gate in it.
type gatedBody struct {
	*io.PipeReader
	body io.ReadCloser
}

// Close ends the watch.
func (b *gatedBody) Close() error {
	_ = b.PipeReader.Close()
	return b.body.Close()
}
