// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package webhookserver

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var now = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// jwt returns a token with the payload; nobody here checks the signature.
func jwt(payload string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c2lnbmF0dXJl"
}

func jwtUntil(expiry time.Time) string { return jwt(fmt.Sprintf(`{"exp":%d}`, expiry.Unix())) }

func TestCheckToken(t *testing.T) {
	tests := map[string]struct {
		reason string
		token  string
		want   error
	}{
		"Valid":       {reason: "an hour to go", token: jwtUntil(now.Add(time.Hour))},
		"Newline":     {reason: "files end in a newline", token: jwtUntil(now.Add(time.Hour)) + "\n"},
		"Expired":     {reason: "the minter has died", token: jwtUntil(now.Add(-time.Second)), want: errTokenExpired},
		"JustExpired": {reason: "the API server refuses it from this second on", token: jwtUntil(now), want: errTokenExpired},
		"NoExpiry":    {reason: "a legacy token does not expire", token: jwt(`{"sub":"x"}`)},
		"NoJWT":       {reason: "a static token does not either", token: "opaque"},
		"BadPayload":  {reason: "not for us to judge", token: "a.%%%.c"},
		"BadClaims":   {reason: "not for us to judge", token: jwt(`{"exp":"soon"}`)},
		"Empty":       {reason: "a file nobody has filled", token: " \n", want: errNoToken},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "token")
			if err := os.WriteFile(path, []byte(tc.token), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := checkToken(path, now); !errors.Is(err, tc.want) {
				t.Errorf("%s: checkToken() = %v, want %v", tc.reason, err, tc.want)
			}
		})
	}
}

func TestCheckTokenWithoutFile(t *testing.T) {
	if err := checkToken(filepath.Join(t.TempDir(), "token"), now); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("checkToken() = %v, want that there is no file", err)
	}
}
