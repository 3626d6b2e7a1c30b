// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import "testing"

func TestDecisionsAnnotate(t *testing.T) {
	checkAnnotations(t, map[string]annotating{
		"Release": {
			reason: "several at once", args: []string{"release", "hello", "world"},
			resource: requests, names: []string{"hello", "world"},
			want: "publishing.igny8.com/release-requested-at",
			out:  "publishrequest/hello released\npublishrequest/world released\n",
		},
		"Approve": {
			reason: "each in the generation that it has", args: []string{"approve", "hello", "world"},
			resource: requests, names: []string{"hello", "world"},
			want: "publishing.igny8.com/approved-generation", value: "7:2026-03-01T11:00:00.5Z",
			out: "publishrequest/hello approved\npublishrequest/world approved\n",
		},
		"ApproveWhatWasRead": {
			reason: "which is not what is there now", args: []string{"approve", "hello", "--generation=6"},
			resource: requests, names: []string{"hello"},
			want: "publishing.igny8.com/approved-generation", value: "6:2026-03-01T11:00:00.5Z",
			out: "publishrequest/hello approved\n",
		},
		"KeepSource": {
			reason: "the time makes it an answer to this conflict", args: []string{"resolve-conflict", "hello", "--keep=source"},
			resource: requests, names: []string{"hello"},
			want: "publishing.igny8.com/resolve-conflict", value: "source:2026-03-01T11:00:00.5Z",
			out: "publishrequest/hello keeps the version of the source\n",
		},
		"KeepSite": {
			reason: "the other answer", args: []string{"resolve-conflict", "--keep", "site", "hello"},
			resource: requests, names: []string{"hello"},
			want: "publishing.igny8.com/resolve-conflict", value: "site:2026-03-01T11:00:00.5Z",
			out: "publishrequest/hello keeps the version of the site\n",
		},
	})
}

// TestApproveFindsOutWhatIsThere: and says so if it is not.
func TestApproveFindsOutWhatIsThere(t *testing.T) {
	out, err := execute(t, newClient(t), "approve", "missing", "hello")
	if want := `publishrequest/missing not found in namespace "blog"`; err == nil || err.Error() != want {
		t.Errorf("failure %v, want %s", err, want)
	}
	if out != "publishrequest/hello approved\n" {
		t.Errorf("printed %q", out)
	}
}
