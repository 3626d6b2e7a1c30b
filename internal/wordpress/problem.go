// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package wordpress

import (
	"net/http"
	"strings"
	"unicode"
)

const (
	problemMediaType = "application/problem+json"
	problemPrefix    = "urn:igny8:problem:"
	maxDetailRunes   = 256
	maxFieldErrors   = 10
)

// problem is the plugin's error answer (RFC 9457).
type problem struct {
	Type   string              `json:"type"`
	Detail string              `json:"detail"`
	Errors []FieldError        `json:"errors"`
	Post   *PostRepresentation `json:"post"`

	// name is Type without its prefix.
	name string
}

// problemKinds has the contract's problems with their statuses. A name with
// another status is not the contract, and the status decides.
var problemKinds = map[string]struct {
	status int
	kind   Kind
}{
	"key-missing":            {http.StatusUnauthorized, KindCredentialsRefused},
	"key-unknown":            {http.StatusUnauthorized, KindCredentialsRefused},
	"key-user-invalid":       {http.StatusForbidden, KindCredentialsRefused},
	"key-retiring":           {http.StatusForbidden, KindCredentialsRefused},
	"forbidden":              {http.StatusForbidden, KindForbidden},
	"invalid-payload":        {http.StatusBadRequest, KindRejected},
	"post-not-found":         {http.StatusNotFound, KindNotFound},
	"already-published":      {http.StatusConflict, KindAlreadyPublished},
	"in-progress":            {http.StatusConflict, KindInProgress},
	"content-key-mismatch":   {http.StatusConflict, KindMismatch},
	"post-trashed":           {http.StatusConflict, KindTrashed},
	"claimed-by-other":       {http.StatusConflict, KindClaimedByOther},
	"claim-ended":            {http.StatusConflict, KindClaimEnded},
	"post-locked":            {http.StatusLocked, KindLocked},
	"precondition-failed":    {http.StatusPreconditionFailed, KindPreconditionFailed},
	"precondition-required":  {http.StatusPreconditionRequired, KindRejected},
	"too-large":              {http.StatusRequestEntityTooLarge, KindRejected},
	"unsupported-media-type": {http.StatusUnsupportedMediaType, KindRejected},
	"not-stored":             {http.StatusInternalServerError, KindUnavailable},
}

// parseProblem returns the plugin's problem, nil when the answer is not one.
func parseProblem(a *answer) *problem {
	if a.mediaType() != problemMediaType {
		return nil
	}
	p := &problem{}
	if err := unmarshal(a.body, p); err != nil {
		return nil
	}
	name, ours := strings.CutPrefix(p.Type, problemPrefix)
	if !ours || !isProblemName(name) {
		return nil
	}
	p.name = name
	if p.Post != nil && p.Post.validate() != nil {
		p.Post = nil
	}
	return p
}

func isProblemName(name string) bool {
	return name != "" && len(name) <= 64 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// kind returns the problem's kind, "" where the status has to decide.
func (p *problem) kind(status int) Kind {
	known, ok := problemKinds[p.name]
	switch {
	case ok && known.status == status && known.kind == KindAlreadyPublished && p.Post == nil:
		return KindInvalidResponse
	case ok && known.status == status:
		return known.kind
	case strings.HasPrefix(p.name, "key-") && (status == http.StatusUnauthorized || status == http.StatusForbidden):
		return KindCredentialsRefused
	case status == http.StatusForbidden:
		return KindForbidden
	default:
		return ""
	}
}

// fields returns the refused fields, sanitised.
func (p *problem) fields() []FieldError {
	var fields []FieldError
	for _, f := range p.Errors[:min(len(p.Errors), maxFieldErrors)] {
		fields = append(fields, FieldError{Field: sanitise(f.Field, 64), Message: sanitise(f.Message, maxDetailRunes)})
	}
	return fields
}

// sanitise makes one line of at most maxRunes visible runes.
func sanitise(text string, maxRunes int) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r) || r == unicode.ReplacementChar:
			return -1
		default:
			return r
		}
	}, text)
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > maxRunes {
		runes = append(runes[:maxRunes-1], '…')
	}
	return string(runes)
}
