// Copyright The IGNY8 WordPress Operator Authors.
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/igny8/wordpress-operator/api/v1alpha1"
	"github.com/igny8/wordpress-operator/hack/stack"
	"github.com/igny8/wordpress-operator/hack/wordpress"
)

const (
	// wordpressSlots is how many calls the site takes at a time, from either side.
	wordpressSlots = 2
	// wordpressCPU is what of PHP and database a post may cost by what it costs
	// through WordPress's own route.
	wordpressCPU = 0.67
)

// drains is a queue for a real WordPress, which the manager drains, or a client
// of WordPress's own route.
type drains struct {
	t       *testing.T
	site    *wordpress.Site
	manager *stack.Program
	fleet   *fleet
	seen    *observer
	terms   map[string][]int
	n, runs int
}

// outcome is what a run came to, for one post.
type outcome struct{ seconds, cpu float64 }

// TestWordPressDrain: a long queue goes in batches, which cost a site less than
// the same posts one by one.
func TestWordPressDrain(t *testing.T) {
	if !*full {
		t.Log("rates are measured at full size alone")
		return
	}
	d := newDrains(t, 1000)
	d.compare("batches_to_core", func() outcome { return d.drain(20) }, d.core)
	d.n = 200 // says nearly as much
	d.compare("batches_to_one_by_one", func() outcome { return d.drain(20) }, func() outcome { return d.drain(1) })
	d.fleet.remove()
}

func newDrains(t *testing.T, n int) *drains {
	t.Helper()
	site, err := wordpress.Start(t.Context(), wordpress.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := site.Stop(); err != nil {
			t.Error(err)
		}
	})
	d := &drains{t: t, site: site, n: n}
	out, err := site.PHP(t.Context(), `echo wp_json_encode( array( 'categories' => array( wp_insert_term( 'News', 'category' )['term_id'] ),
		'tags' => array( wp_insert_term( 'fox', 'post_tag' )['term_id'], wp_insert_term( 'dog', 'post_tag' )['term_id'] ) ) );`)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(out), &d.terms); err != nil {
		t.Fatal(err)
	}
	host := site.URL[len("http://"):]
	d.fleet = newPublishingFleet(t, site.APIKey, []string{host}, v1alpha1.Publishing{MaxConcurrent: wordpressSlots})
	d.manager = startManager(t, quiet())
	d.fleet.settle(1)
	d.seen = observe(t, d.fleet.namespace)
	d.drain(20) // both once, to warm up
	d.core()
	return d
}

// compare prints how the first way does by the second.
func (d *drains) compare(name string, a, b func() outcome) {
	d.t.Helper()
	var of [2][]outcome
	way := func(i int, run func() outcome) func() float64 {
		return func() float64 {
			of[i] = append(of[i], run())
			return of[i][len(of[i])-1].cpu
		}
	}
	cpu := paired(pairs, way(0, a), way(1, b))
	var rates []float64
	for i := range pairs {
		rates = append(rates, of[1][i].seconds/of[0][i].seconds)
	}
	atMost("wordpress_cpu_"+name, cpu, wordpressCPU)
	noLess("wordpress_rate_"+name, rates, 1)
	for i, which := range []string{"first", "second"} {
		note(fmt.Sprintf("wordpress_%s_%s_cpu_ms_each", name, which), 1000*median(each(of[i], func(o outcome) float64 { return o.cpu })))
		note(fmt.Sprintf("wordpress_%s_%s_per_second", name, which), 1/median(each(of[i], func(o outcome) float64 { return o.seconds })))
	}
}

func each(outcomes []outcome, of func(outcome) float64) (values []float64) {
	for _, o := range outcomes {
		values = append(values, of(o))
	}
	return values
}

// drain has the manager publish a queue that waits for the site.
func (d *drains) drain(batchSize int) outcome {
	d.t.Helper()
	d.fleet.suspend(1, true)
	d.fleet.batchSize(batchSize)
	awaitIdle(d.t, d.manager)
	d.runs++
	d.fleet.request(fmt.Sprintf("run-%d", d.runs), d.n, 1, article(throughputBody))
	awaitIdle(d.t, d.manager)
	d.seen.reset()
	measured := d.measure(func() time.Time {
		d.fleet.suspend(1, false)
		d.seen.await(d.t, d.n)
		return d.seen.end()
	})
	d.fleet.clear()
	awaitIdle(d.t, d.manager)
	return measured
}

// batchSize sets how many posts go in a call.
func (f *fleet) batchSize(n int) {
	f.t.Helper()
	integration := &v1alpha1.WordPressIntegration{ObjectMeta: metav1.ObjectMeta{Namespace: f.namespace, Name: nameOf(0)}}
	patch := client.RawPatch(types.MergePatchType, fmt.Appendf(nil, `{"spec":{"publishing":{"batchSize":%d}}}`, n))
	if err := shared.Client.Patch(f.t.Context(), integration, patch); err != nil {
		f.t.Fatal(err)
	}
}

// measure takes time and the site's processors.
func (d *drains) measure(run func() (end time.Time)) outcome {
	d.t.Helper()
	busy, start := d.cpu(), time.Now()
	end := run()
	return outcome{seconds: end.Sub(start).Seconds() / float64(d.n), cpu: (d.cpu() - busy) / float64(d.n)}
}

// cpu is what the site has used of the processors, in seconds.
func (d *drains) cpu() float64 {
	d.t.Helper()
	used, err := d.site.CPUTime()
	if err != nil {
		d.t.Fatal(err)
	}
	return used.Seconds()
}

// core creates the same posts through WordPress's own route, one by one in each
// slot, and writes nothing anywhere else.
func (d *drains) core() outcome {
	d.t.Helper()
	d.runs++
	return d.measure(func() time.Time {
		var slots sync.WaitGroup
		numbers := make(chan int, d.n)
		for i := range d.n {
			numbers <- i
		}
		close(numbers)
		for range wordpressSlots {
			slots.Go(func() {
				for i := range numbers {
					if err := d.create(fmt.Sprintf("core-%d-%d", d.runs, i)); err != nil {
						d.t.Error(err)
					}
				}
			})
		}
		slots.Wait()
		return time.Now()
	})
}

func (d *drains) create(name string) error {
	body, err := json.Marshal(map[string]any{
		"title": "Of foxes and dogs " + name, "content": article(throughputBody), "status": "publish",
		"categories": d.terms["categories"], "tags": d.terms["tags"],
	})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, d.site.URL+"/wp-json/wp/v2/posts", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Igny8-Api-Key", d.site.APIKey)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusCreated {
		return fmt.Errorf("create %s: status %d: %.200s", name, response.StatusCode, answer)
	}
	return nil
}
