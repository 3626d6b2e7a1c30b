// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import "bytes"

// redact takes the key out of what a site sent. Error pages echo the request
// they answer, and a plugin's detail is shown to people: what came back with the
// key in it would end in a status, an Event and a log.
func (k Key) redact(text []byte) []byte {
	secret := []byte(k.reveal())
	if len(secret) == 0 || !bytes.Contains(text, secret) {
		return text
	}
	return bytes.ReplaceAll(text, secret, []byte(redacted))
}

// redact takes out the client's key, and one that the request offers.
func (c *Client) redact(text []byte, offered Key) []byte { return offered.redact(c.key.redact(text)) }
