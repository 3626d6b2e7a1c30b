// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// serveBatch answers each item as if it had come alone. A fault at
// [DuringEffect] strikes the batch before its last item, so that an answer that
// breaks off can be tested.
func (f *Fake) serveBatch(w http.ResponseWriter, r *http.Request, body []byte, fault Fault) {
	if !requireJSON(w, r) {
		return
	}
	if len(body) > wordpress.MaxBatchBytes {
		writeProblem(w, http.StatusRequestEntityTooLarge, "too-large", "The batch is too long.", nil)
		return
	}
	var batch struct {
		Items []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(body, &batch); err != nil || len(batch.Items) < 1 || len(batch.Items) > wordpress.MaxBatchItems {
		writeInvalid(w, []wordpress.FieldError{{Field: "items", Message: "has not 1 to 20 items"}})
		return
	}
	w.Header().Set("Content-Type", "application/json")
	write(w, `{"items":[`)
	for i, item := range batch.Items {
		if i > 0 {
			write(w, ",")
		}
		if i == len(batch.Items)-1 {
			flush(w)
			if f.strike(w, Fault{Stage: fault.Stage, Drop: fault.Drop, Delay: fault.Delay, Hold: fault.Hold}, DuringEffect) {
				return
			}
		}
		write(w, string(f.batchItem(item)))
	}
	if f.strike(w, Fault{Stage: fault.Stage, Drop: fault.Drop, Delay: fault.Delay, Hold: fault.Hold}, AfterEffect) {
		return
	}
	write(w, "]}")
}

func (f *Fake) batchItem(body []byte) []byte {
	single := httptest.NewRecorder()
	if payload, fields := f.parse(body, false); len(fields) > 0 {
		writeInvalid(single, fields)
	} else {
		f.publish(single, &payload.Post, Fault{Stage: -1})
	}
	item := map[string]any{"content_key": keyIn(body), "status": single.Code}
	part := "problem"
	if single.Code == http.StatusCreated {
		part = "post"
	}
	item[part] = json.RawMessage(single.Body.Bytes())
	text, err := json.Marshal(item)
	if err != nil {
		panic(err) // the parts were just written as JSON
	}
	return text
}

// write ignores that nobody reads any more: PHP goes on as well.
func write(w http.ResponseWriter, text string) { _, _ = w.Write([]byte(text)) }

func flush(w http.ResponseWriter) {
	if flusher, ok := w.(http.Flusher); ok {
		flusher.Flush()
	}
}
