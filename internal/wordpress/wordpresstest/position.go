// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"regexp"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

var epochForm = regexp.MustCompile(`^[0-9a-f]{32}$`)

func newEpoch() string {
	var epoch [16]byte
	_, _ = rand.Read(epoch[:]) // never fails
	return hex.EncodeToString(epoch[:])
}

// serveSite answers with the facts and moves the mark.
func (f *Fake) serveSite(w http.ResponseWriter, r *http.Request, fault Fault) {
	query := r.URL.Query()
	faults := unknownParameters(query, "epoch", "mark")
	if query.Has("epoch") && !epochForm.MatchString(query.Get("epoch")) {
		faults = append(faults, wordpress.FieldError{Field: "epoch", Message: "is no epoch"})
	}
	mark, faults := number(query, "mark", 0, maxID, 0, faults)
	if len(faults) > 0 {
		writeInvalid(w, faults)
		return
	}
	site := f.site()
	f.mu.Lock()
	f.move(wordpress.Position{Epoch: query.Get("epoch"), Mark: mark})
	site.Epoch, site.Mark = f.position.Epoch, f.position.Mark
	f.mu.Unlock()
	f.answerRead(w, fault, site)
}

// move counts a read; one that knows more of the epoch than the site does
// tells that the site was restored. The caller holds the lock.
func (f *Fake) move(known wordpress.Position) {
	if known.Epoch == f.position.Epoch && known.Mark > f.position.Mark {
		f.position.Epoch = newEpoch()
	}
	f.position.Mark++
}

// Position is the site's epoch and mark.
func (f *Fake) Position() wordpress.Position {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.position
}

// RestorePosition puts back an earlier epoch and mark, as the restore of a
// backup does.
func (f *Fake) RestorePosition(earlier wordpress.Position) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.position = earlier
}
