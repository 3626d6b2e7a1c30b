// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// errTokenExpired is why a server whose minter has died is not ready: it could store
// nothing, and a replica whose token works should get its callers.
var errTokenExpired = errors.New("the ServiceAccount token has expired")

// errNoToken is an empty token file.
var errNoToken = errors.New("the ServiceAccount token file is empty")

// checkToken says whether the file holds a token that is not over at now. Only the
// expiry is read: whether the token is good is for the API server to say. A token that
// is no JWT, or does not expire, passes.
func checkToken(path string, now time.Time) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read token file: %w", err)
	}
	token := strings.TrimSpace(string(content))
	if token == "" {
		return errNoToken
	}
	if expiry, ok := tokenExpiry(token); ok && !now.Before(expiry) {
		return errTokenExpired
	}
	return nil
}

// tokenExpiry returns the exp claim of a JWT (RFC 7519, section 4.1.4).
func tokenExpiry(token string) (time.Time, bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return time.Time{}, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return time.Time{}, false
	}
	var claims struct {
		Expiry *int64 `json:"exp"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil || claims.Expiry == nil {
		return time.Time{}, false
	}
	return time.Unix(*claims.Expiry, 0), true
}
