// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package fieldmapping

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
)

// chain doubles what it begins with, n times.
func chain(begin, step string, n int) string {
	return "[" + begin + "]" + strings.Repeat(".map(s, "+step+")", n) + "[0]"
}

func TestWhatWouldTakeTooMuchMemory(t *testing.T) {
	const (
		bytes, items, cost = "of more than 262144 bytes", "of more than 10000 items", "cost limit"
		big                = "'a'.replace('a', 'aaaaaaaaaa').replace('a', 'aaaaaaaaaa').replace('a', 'aaaaaaaaaa').replace('a', 'aaaaaaaaaa')"
	)
	cases := map[string]struct{ reason, cel, want string }{
		"Replace":      {"each letter by the text", "['aaaaaaaaaa'.replace('a','" + strings.Repeat("a", 300) + "').replace('a','" + strings.Repeat("a", 15) + "')].map(s, s.replace('a', s))[0].size() > 0 ? 'x' : ''", bytes},
		"ReplaceN":     {"so often", "[" + big + "].map(s, s.replace('a', s, 5000))[0]", bytes},
		"ReplaceNone":  {"between all letters", "[" + big + "].map(s, s.replace('', s))[0]", bytes},
		"Join":         {"one text, often", "[" + big + "].map(s, lists.range(30).map(i, s).join())[0]", bytes},
		"JoinWith":     {"a long separator", "[" + big + "].map(s, lists.range(100).map(i, '').join(s))[0]", bytes},
		"Format":       {"twice each time", chain("'aaaaaaaaaa'", "'%s%s'.format([s, s])", 28), bytes},
		"FormatList":   {"a list that shares its items", "'%s'.format([" + chain("dyn('a')", "[s, s]", 30) + "])", bytes},
		"Map":          {"a map that shares its values", chain("dyn('a')", "{'a': s, 'b': s}", 30) + ".size()", bytes},
		"ErrorOfList":  {"has the value in it", "['a'][dyn(" + chain("dyn('a')", "[s, s]", 30) + ")]", bytes},
		"ErrorOfTexts": {"has the value in it", "[" + big + "].map(s, ['a'][dyn(lists.range(9000).map(i, s))])[0]", cost},
		"ErrorOfKey":   {"has the key in it", "spec[" + big + "]", "no such key: aaa"},
		"Optional":     {"a list that shares its items", chain("dyn('a')", "optional.of([s, s])", 30) + " == optional.none() ? '' : 'x'", bytes},
		"SumsOfLists":  {"with a long text in them", "[" + big + "].map(s, lists.range(9000).map(i, s))[0].size()", cost},
		"FormatFloat":  {"digits", "[lists.range(1000)].map(l, l.map(i, '%.100f').join().format(l.map(i, 1e300)))[0]", bytes},
		"Sum":          {"twice each time", chain("'aaaaaaaaaa'", "s + s", 60), bytes},
		"SumOfFields":  {"of a type that is not known beforehand", chain("spec.title", "s + s", 60), bytes},
		"SumOfLists":   {"both long", "(lists.range(6000) + lists.range(6000)).size()", items},
		"ReverseLists": {"twice each time", chain("spec.tags", "s + s", 60) + ".reverse()", bytes},
		"Range":        {"a long list", "lists.range(1000000).size()", "10000"},
		"Flatten":      {"a list that shares its items", chain("dyn('a')", "[s, s]", 30) + ".flatten(40).size()", bytes},
		"Equal":        {"a list that shares its items", "[" + chain("dyn('a')", "[s, s]", 30) + "].map(s, s == s)[0]", bytes},
		"In":           {"a list that shares its items", "[" + chain("dyn('a')", "[s, s]", 30) + "].map(s, s in [s])[0]", bytes},
		"Distinct":     {"a list that shares its items", "[" + chain("dyn('a')", "[s, s]", 30) + "].map(s, [s, s].distinct())[0].size()", bytes},
		"Copies":       {"of a long text", "[dyn(bytes(" + big + "))].map(b, lists.range(9000).map(i, string(b)))[0].size()", cost},
		"Sums":         {"of a long text", "[dyn(" + big + ")].map(b, lists.range(9000).map(i, b + 'x'))[0].size()", cost},
		"Ranges":       {"many", "lists.range(9000).map(i, lists.range(1000)).size()", cost},
		"Split":        {"to letters", chain(big, "s + s", 4) + ".split('').size()", cost},
		"Pattern":      {"a long one", "['a{1000}'].map(s, s.replace('1000', '1000}' + s + s + s + s + s + s)).map(s, s.replace('a', s)).map(s, s.replace('a', s))[0].matches('a') && 'a'.matches(['a{1000}'].map(s, s + s + s + s + s + s + s).map(s, s + s + s + s + s + s + s).map(s, s + s + s + s)[0])", "of more than 1024 bytes"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			set, err := Compile([]v1alpha1.FieldMapping{expression(tc.cel)})
			if err != nil {
				t.Fatal(err)
			}
			begin := time.Now()
			runtime.ReadMemStats(&before)
			_, err = set.Evaluate(request())
			runtime.ReadMemStats(&after)
			t.Logf("%v, %d KiB, %d bytes of CEL: %v", time.Since(begin), (after.TotalAlloc-before.TotalAlloc)>>10, len(tc.cel), err)
			if err == nil || len(tc.cel) > 1024 || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s: %v, want %q", tc.reason, err, tc.want)
			}
			if len(err.Error()) > 2*maxErrorBytes {
				t.Errorf("%s: the error is of %d bytes", tc.reason, len(err.Error()))
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 16<<20 {
				t.Errorf("%s: took %d bytes", tc.reason, used)
			}
		})
	}
}

func TestWhatIsWithinTheLimits(t *testing.T) {
	cases := map[string]struct {
		reason, cel string
		want        any
	}{
		"Replace":    {"all", "spec.title.replace('l', 'LL')", "HeLLLLo"},
		"ReplaceN":   {"the first", "spec.title.replace('l', 'L', 1)", "HeLlo"},
		"Join":       {"plain", "spec.tags.join()", "ab"},
		"JoinWith":   {"a separator", "spec.tags.join(', ')", "a, b"},
		"Format":     {"with numbers", "'%s: %d, %.2f'.format([spec.title, spec.contentID, 1.5])", "Hello: 7, 1.50"},
		"FormatList": {"with a list", "'%s'.format([spec.tags])", "[a, b]"},
		"Sum":        {"of numbers", "spec.contentID + 1", int64(8)},
		"SumOfList":  {"of lists", "spec.tags + ['c']", []string{"a", "b", "c"}},
		"Split":      {"to a list", "'a,b'.split(',')", []string{"a", "b"}},
		"Reverse":    {"a text", "spec.title.reverse()", "olleH"},
		"ReverseAll": {"a list", "spec.tags.reverse()", []string{"b", "a"}},
		"Sort":       {"a list", "['b', 'a'].sort()", []string{"a", "b"}},
		"SortBy":     {"a list", "['bb', 'a'].sortBy(t, t.size())", []string{"a", "bb"}},
		"Distinct":   {"a list", "['a', 'a'].distinct()", []string{"a"}},
		"Flatten":    {"a list", "[['a'], ['b']].flatten()", []string{"a", "b"}},
		"Slice":      {"a list", "spec.tags.slice(0, 1)", []string{"a"}},
		"In":         {"a list", "'a' in spec.tags", true},
		"InMap":      {"a label", "'tier' in metadata.labels", true},
		"Equal":      {"texts", "spec.title == 'Hello'", true},
		"EqualTypes": {"of other types", "spec.contentID == 7.0", true},
		"NotEqual":   {"lists", "spec.tags != ['a']", true},
		"Matches":    {"a pattern", "spec.title.matches('^H')", true},
		"Made":       {"a pattern that is made", "spec.title.matches('^' + 'H')", true},
		"Quote":      {"a text", "strings.quote('a')", `"a"`},
		"Many":       {"items", "lists.range(900).map(i, string(i)).size()", int64(900)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			set, err := Compile([]v1alpha1.FieldMapping{expression(tc.cel)})
			if err != nil {
				t.Fatal(err)
			}
			got, err := set.Evaluate(request())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(map[string]any{"k": tc.want}, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}
