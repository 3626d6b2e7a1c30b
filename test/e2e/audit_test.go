// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/hack/stack"
)

// right is one thing that an account may do, or has done.
type right struct {
	verb, group, resource string
	// name is of a right to one object alone.
	name string
}

// String is the right as in "patch wordpressintegrations/status".
func (r right) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", r.verb, strings.TrimPrefix(r.group+"/"+r.resource, "/"), r.name))
}

// grantedAhead are rights by account that nothing uses yet, each with what it
// is for. One that is used, or no longer granted, has to leave the list.
var grantedAhead = map[string]map[string]string{
	"manager": {},
	"webhookserver": {
		"get publishing.igny8.com/publishrequests":                forWebhooks,
		"list publishing.igny8.com/publishrequests":               forWebhooks,
		"watch publishing.igny8.com/publishrequests":              forWebhooks,
		"patch publishing.igny8.com/publishrequests/status":       forWebhooks,
		"get publishing.igny8.com/wordpressintegrations":          forWebhooks,
		"patch publishing.igny8.com/wordpressintegrations/status": forWebhooks,
	},
}

const forWebhooks = "for the sites' webhooks, which the server does not take yet"

// checkRights holds what the programs did during the whole run, by the audit log
// of the API server, against what their accounts may: nothing was refused, and
// no right is there that nothing needs.
func checkRights(ctx context.Context, out io.Writer, passed bool) error {
	events, err := shared.AuditEvents(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, account := range []string{"manager", "webhookserver"} {
		granted, err := grantedTo(ctx, account)
		if err != nil {
			return err
		}
		u := usageOf(events, "system:serviceaccount:"+stack.Namespace+":"+account, granted)
		errs = append(errs, u.problems(account, granted, grantedAhead[account], passed && isWholeRun())...)
		printRights(out, account, granted, u)
	}
	return errors.Join(errs...)
}

// isWholeRun says that no flag has left tests away.
func isWholeRun() bool {
	for _, name := range []string{"test.run", "test.skip"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return false
		}
	}
	return true
}

// usage is what an account did: how often each right was used, and what was
// refused.
type usage struct {
	used    map[right]int
	refused []string
}

func usageOf(events []auditv1.Event, user string, granted map[right]bool) usage {
	u := usage{used: map[right]int{}}
	for i := range events {
		e := &events[i]
		if e.User.Username != user || e.ObjectRef == nil {
			continue
		}
		r := right{verb: e.Verb, group: e.ObjectRef.APIGroup, resource: resourceOf(e.ObjectRef)}
		if e.ResponseStatus != nil && e.ResponseStatus.Code == http.StatusForbidden {
			u.refused = append(u.refused, fmt.Sprintf("%s of %s/%s", r, e.ObjectRef.Namespace, e.ObjectRef.Name))
			continue
		}
		if one := (right{r.verb, r.group, r.resource, e.ObjectRef.Name}); granted[one] {
			r = one
		}
		u.used[r]++
	}
	return u
}

func resourceOf(ref *auditv1.ObjectReference) string {
	if ref.Subresource == "" {
		return ref.Resource
	}
	return ref.Resource + "/" + ref.Subresource
}

// problems are the differences between what was done and what may be done.
// Whether a right is needed can be told after a whole run only.
func (u usage) problems(account string, granted map[right]bool, ahead map[string]string, whole bool) []error {
	var errs []error
	for _, what := range u.refused {
		errs = append(errs, fmt.Errorf("%s was refused: %s", account, what))
	}
	known := map[string]bool{}
	for _, r := range sorted(granted) {
		known[r.String()] = true
		_, later := ahead[r.String()]
		switch {
		case strings.Contains(r.String(), "*"):
			errs = append(errs, fmt.Errorf("%s has a right with a wildcard: %s", account, r))
		case later && u.used[r] > 0:
			errs = append(errs, fmt.Errorf("%s uses a right that is said to be granted ahead: %s", account, r))
		case whole && !later && u.used[r] == 0:
			errs = append(errs, fmt.Errorf("%s has a right that nothing used: %s", account, r))
		}
	}
	for _, r := range sorted(u.used) {
		if !granted[r] {
			errs = append(errs, fmt.Errorf("%s used what none of its roles grants: %s", account, r))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(ahead)) {
		if !known[name] {
			errs = append(errs, fmt.Errorf("%s is said to be granted ahead, and is not granted: %s", account, name))
		}
	}
	return errs
}

// grantedTo reads the rights of an account from the API server.
func grantedTo(ctx context.Context, account string) (map[right]bool, error) {
	var clusterBindings rbacv1.ClusterRoleBindingList
	var bindings rbacv1.RoleBindingList
	if err := errors.Join(shared.Client.List(ctx, &clusterBindings), shared.Client.List(ctx, &bindings)); err != nil {
		return nil, fmt.Errorf("list bindings: %w", err)
	}
	granted := map[right]bool{}
	add := func(ref rbacv1.RoleRef, namespace string, subjects []rbacv1.Subject) error {
		if !slices.ContainsFunc(subjects, func(s rbacv1.Subject) bool { return s.Namespace == stack.Namespace && s.Name == account }) {
			return nil
		}
		return addRules(ctx, granted, ref, namespace)
	}
	var errs []error
	for _, b := range clusterBindings.Items {
		errs = append(errs, add(b.RoleRef, "", b.Subjects))
	}
	for _, b := range bindings.Items {
		errs = append(errs, add(b.RoleRef, b.Namespace, b.Subjects))
	}
	return granted, errors.Join(errs...)
}

func addRules(ctx context.Context, granted map[right]bool, ref rbacv1.RoleRef, namespace string) error {
	rules, err := rulesOf(ctx, ref, namespace)
	if err != nil {
		return fmt.Errorf("get %s %s: %w", ref.Kind, ref.Name, err)
	}
	for _, rule := range rules {
		names := rule.ResourceNames
		if len(names) == 0 {
			names = []string{""}
		}
		for _, group := range rule.APIGroups {
			for _, resource := range rule.Resources {
				for _, verb := range rule.Verbs {
					for _, name := range names {
						granted[right{verb, group, resource, name}] = true
					}
				}
			}
		}
	}
	return nil
}

func rulesOf(ctx context.Context, ref rbacv1.RoleRef, namespace string) ([]rbacv1.PolicyRule, error) {
	if ref.Kind == "ClusterRole" {
		role := &rbacv1.ClusterRole{}
		err := shared.Client.Get(ctx, client.ObjectKey{Name: ref.Name}, role)
		return role.Rules, err
	}
	role := &rbacv1.Role{}
	err := shared.Client.Get(ctx, client.ObjectKey{Namespace: namespace, Name: ref.Name}, role)
	return role.Rules, err
}

func sorted[V any](rights map[right]V) []right {
	return slices.SortedFunc(maps.Keys(rights), func(a, b right) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.resource, b.resource), cmp.Compare(a.verb, b.verb), cmp.Compare(a.name, b.name))
	})
}

func printRights(out io.Writer, account string, granted map[right]bool, u usage) {
	fmt.Fprintf(out, "rights of %s (%d granted, %d refused):\n", account, len(granted), len(u.refused))
	for _, r := range sorted(granted) {
		fmt.Fprintf(out, "%8d  %s\n", u.used[r], r)
	}
}

// TestCheckOfRights is the control of the check that TestMain makes: it finds
// each difference there can be.
func TestCheckOfRights(t *testing.T) {
	const user = "system:serviceaccount:x:manager"
	read, named := right{"get", "", "secrets", ""}, right{"create", "", "serviceaccounts/token", "web"}
	event := func(verb, resource, sub, name string, code int32) auditv1.Event {
		e := auditv1.Event{Verb: verb, ObjectRef: &auditv1.ObjectReference{Resource: resource, Subresource: sub, Name: name}, ResponseStatus: &metav1.Status{Code: code}}
		e.User.Username = user
		return e
	}
	getSecret, mint := event("get", "secrets", "", "a", 200), event("create", "serviceaccounts", "token", "web", 201)
	foreign := event("delete", "secrets", "", "a", 200)
	foreign.User.Username = "admin"
	cases := map[string]struct {
		events  []auditv1.Event
		granted []right
		ahead   map[string]string
		partial bool
		want    string
	}{
		"Equal":        {events: []auditv1.Event{getSecret, mint, foreign}, granted: []right{read, named}},
		"Refused":      {events: []auditv1.Event{getSecret, event("list", "secrets", "", "", 403)}, granted: []right{read}, want: "manager was refused: list secrets of /"},
		"Unused":       {events: []auditv1.Event{mint}, granted: []right{read, named}, want: "manager has a right that nothing used: get secrets"},
		"PartOfARun":   {events: []auditv1.Event{mint}, granted: []right{read, named}, partial: true},
		"OtherName":    {events: []auditv1.Event{event("create", "serviceaccounts", "token", "else", 201)}, granted: []right{named}, partial: true, want: "manager used what none of its roles grants: create serviceaccounts/token"},
		"Wildcard":     {granted: []right{{"*", "", "secrets", ""}}, want: "manager has a right with a wildcard: * secrets"},
		"Ahead":        {granted: []right{read}, ahead: map[string]string{"get secrets": "later"}},
		"AheadIsUsed":  {events: []auditv1.Event{getSecret}, granted: []right{read}, ahead: map[string]string{"get secrets": "later"}, want: "manager uses a right that is said to be granted ahead: get secrets"},
		"AheadIsStale": {ahead: map[string]string{"get secrets": "later"}, want: "manager is said to be granted ahead, and is not granted: get secrets"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			granted := map[right]bool{}
			for _, r := range tc.granted {
				granted[r] = true
			}
			err := errors.Join(usageOf(tc.events, user, granted).problems("manager", granted, tc.ahead, !tc.partial)...)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if diff := gocmp.Diff(tc.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}
