// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpresstest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/igny8/wordpress-operator/internal/wordpress"
)

// retirement is how long a former key works after the first use of the new
// one (docs/spec/rest-api.md).
const retirement = 10 * time.Minute

// keyRing has the keys a site accepts. In a ring without a candidate, or
// without a retiring key, that one is "".
type keyRing struct {
	current, candidate, retiring string
	// retiresAt is when the retiring key dies.
	retiresAt time.Time
}

// use tells whether a key is accepted. The first use of a candidate makes it
// the current key.
func (k *keyRing) use(key string, now time.Time) bool {
	k.expire(now)
	switch key {
	case "":
		return false
	case k.candidate:
		*k = keyRing{current: key, retiring: k.current, retiresAt: now.Add(retirement)}
		return true
	default:
		return key == k.current || key == k.retiring
	}
}

// offer makes a key the candidate, or retires the older one if it is the
// current key. Either way the retiring key dies.
func (k *keyRing) offer(key string) {
	if key == k.current {
		k.retiring = ""
		return
	}
	*k = keyRing{current: k.current, candidate: key}
}

func (k *keyRing) expire(now time.Time) {
	if !now.Before(k.retiresAt) {
		k.retiring = ""
	}
}

// states is what the routes show of a ring.
func (k *keyRing) states() wordpress.KeyStates {
	return wordpress.KeyStates{Current: keyDigest(k.current), Candidate: keyDigest(k.candidate), Retiring: keyDigest(k.retiring)}
}

func keyDigest(key string) string {
	if key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(key))
	return "sha256:" + hex.EncodeToString(sum[:])
}

// Key is the current API key of the site.
func (f *Fake) Key() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.keys.current
}

// SetKey enters an API key by hand: the site accepts no other one.
func (f *Fake) SetKey(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keys = keyRing{current: key}
}

// KeyStates says which keys the site accepts now.
func (f *Fake) KeyStates() wordpress.KeyStates {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keys.expire(f.settings.now())
	return f.keys.states()
}

// accepts uses a key.
func (f *Fake) accepts(key string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.keys.use(key, f.settings.now())
}

func (f *Fake) serveRotate(w http.ResponseWriter, r *http.Request, body []byte, fault Fault) {
	if !requireJSON(w, r) {
		return
	}
	key, message := offeredKey(body)
	if message != "" {
		writeInvalid(w, []wordpress.FieldError{{Field: "key", Message: message}})
		return
	}
	f.mu.Lock()
	current := sentKey(r) == f.keys.current
	if current {
		f.keys.offer(key)
	}
	states := f.keys.states()
	f.mu.Unlock()
	switch {
	case !current:
		writeProblem(w, http.StatusForbidden, "key-retiring", "A newer key is in use.", nil)
	case !f.strike(w, fault, AfterEffect):
		writeJSON(w, http.StatusOK, map[string]any{
			"current": states.Current, "candidate": orNull(states.Candidate), "retiring": orNull(states.Retiring),
		})
	}
}

// offeredKey reads the key of a body, or says what is wrong with it.
func offeredKey(body []byte) (key, message string) {
	fields := map[string]any{}
	if err := json.Unmarshal(body, &fields); err != nil {
		return "", "is not in a JSON object"
	}
	key, ok := fields["key"].(string)
	switch {
	case len(fields) > 1:
		return "", "is not the only field"
	case !ok:
		return "", "is required and text"
	case len(key) < 32 || len(key) > 512 || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", "has 32 to 512 visible ASCII characters"
	default:
		return key, ""
	}
}

func orNull(digest string) any {
	if digest == "" {
		return nil
	}
	return digest
}
