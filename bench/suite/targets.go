package suite

import (
	"fmt"
	"slices"
	"strings"

	"arbiter/bench"
	"arbiter/bench/bigmatch"
	"arbiter/bench/capacity"
	"arbiter/bench/idle"
	"arbiter/bench/joins"
	"arbiter/bench/peers"
	"arbiter/bench/report"
	"arbiter/bench/slow"
)

// rows is a table of what Arbiter aims at and what it came to.
type rows struct {
	s    *saved
	list []string
	err  error
}

func (r *rows) add(what, aim, is string, args ...any) {
	r.list = append(r.list, fmt.Sprintf("| %s | %s | %s |\n", what, aim, fmt.Sprintf(is, args...)))
}

// with calls f if the report has that benchmark, whose result v then holds.
func (r *rows) with(name string, v any, f func()) {
	ok, err := r.s.result(name, v)
	if r.err == nil {
		r.err = err
	}
	if ok && err == nil {
		f()
	}
}

// targets is the table of what the report measured, of all that there is an aim
// for.
func (s *saved) targets() (string, error) {
	r := &rows{s: s}
	var list []*peers.Result
	r.with("peers", &list, func() { r.peers(list) })
	var c capacity.Result
	r.with("capacity", &c, func() { r.capacity(&c) })
	var still []*idle.Result
	r.with("idle", &still, func() { r.idle(still) })
	var big []bigmatch.Row
	r.with("bigmatch", &big, func() { r.bigmatch(big) })
	var in []joins.Result
	r.with("joins", &in, func() {
		best := 0.0
		for _, j := range in {
			best = max(best, j.PerCore)
		}
		r.add("joins a second and core, HS256 token and first state included", "≥ 4000", "%.0f", best)
	})
	var links slow.Result
	r.with("slow", &links, func() { r.slow(&links) })
	if len(r.list) == 0 || r.err != nil {
		return "", r.err
	}
	return "| what | aim | measured |\n|---|---|---|\n" + strings.Join(r.list, ""), nil
}

func (r *rows) peers(list []*peers.Result) {
	us := list[0]
	for _, o := range list[1:] {
		if aim := map[string]string{"gorilla-msgpack": "≥ 2 ×", "colyseus": "≥ 4 ×"}[o.Name]; aim != "" && o.Capacity > 0 && us.Capacity > 0 {
			bound := with(us.AtLeast, "≥ ")
			if o.AtLeast {
				bound = "about "
			}
			r.add("clients a core beside "+o.Name, aim, "%s%s × (%s and %s)", bound, report.Number(float64(us.Capacity)/float64(o.Capacity)), us.Held(), o.Held())
		}
	}
	r.add("payload of a snapshot; of an input", "≤ 55; ≤ 8 bytes", "%s; %s bytes", report.Number(us.Bytes), report.Number(us.Input))
}

func (r *rows) capacity(c *capacity.Result) {
	for i, k := range c.Costs {
		if slices.ContainsFunc(c.Costs[:i], func(o *capacity.Cost) bool { return o.Clients == k.Clients }) {
			continue // 70 % of the capacity may be a number that was compared anyway
		}
		aim := map[bool]string{true: "≤ 1.5 × floor", false: "≤ 1.35 × floor"}[k.Clients < 1000]
		r.add(fmt.Sprintf("server CPU a client·tick at %d clients; with held inputs", k.Clients), aim+"; < 1 ×", "%s × (%s µs); %s ×",
			report.Number(k.Ratio), report.Number(k.Arbiter), report.Number(k.HeldRatio))
	}
	for _, k := range c.Costs {
		if k.Share == 0 {
			continue
		}
		at := fmt.Sprintf(" at %.0f %% of capacity (%d clients), ms: p99, p99.9, maximum", 100*k.Share, k.Clients)
		r.add("tick lateness"+at+"; of the floor", "p99 ≤ 1", "%s; %s", bounded(k.Late), bounded(k.FloorLate))
		r.add("gap between snapshots"+at+"; of the floor", "p99 ≤ 55", "%s; %s", worst(k.Gap), worst(k.FloorGap))
	}
	for _, cell := range c.Cells {
		if h := cell.Held; h != nil {
			r.add(fmt.Sprintf("garbage collector at capacity (%d clients)", h.Clients), "< 2 % of CPU", "%s %%", report.Number(100*h.GC))
			r.add(fmt.Sprintf("memory of a playing client, at %d clients", h.Clients), "≤ 5 KB", "%s", kilobytes(h.Memory))
		}
	}
}

// worst are the upper quantiles.
func worst(q bench.Quantiles) string {
	return report.Number(q.P99) + ", " + report.Number(q.P999) + ", " + report.Number(q.Max)
}

// bounded is worst of a histogram, whose maximum is the bound of a class.
func bounded(q bench.Quantiles) string {
	return report.Number(q.P99) + ", " + report.Number(q.P999) + ", ≤ " + report.Number(q.Max)
}

func (r *rows) idle(list []*idle.Result) {
	for _, i := range list {
		aim := map[bool]string{true: "≤ 9 KB", false: "≤ 2 KB; ≤ 1 KB; ≤ 1 µs/s"}[i.TLS]
		r.add(fmt.Sprintf("idle connection%s, %d of them: memory; heap; CPU", with(i.TLS, " with TLS"), i.Connections), aim, "%s; %s; %s µs/s",
			kilobytes(i.RSS), kilobytes(i.Heap), report.Number(i.CPU))
	}
}

func (r *rows) bigmatch(list []bigmatch.Row) {
	var players, bytes []string
	for _, b := range list {
		if !b.Sighted || b.Figures == nil {
			continue
		}
		players = append(players, fmt.Sprint(b.Clients))
		bytes = append(bytes, report.Number(b.Body/1000))
		if b.Clients == 1000 {
			r.add("one match of 1000 with an area of interest, 20 Hz: p99 lateness", "≤ 5 ms", "%s ms", report.Number(b.Late.P99))
		}
	}
	if len(players) > 1 {
		r.add("encoded in a tick of it with "+strings.Join(players, ", ")+" players", "with what is seen, not players × entities", "%s KB", strings.Join(bytes, ", "))
	}
}

func (r *rows) slow(s *slow.Result) {
	if len(s.Links) == 0 || s.Before == nil || s.Beside == nil {
		return
	}
	r.add(fmt.Sprintf("age of the state on 20 kB/s when %.0f kB/s are offered, p50", s.Offered/1000), "≤ 200 ms", "%s ms", report.Number(s.Links[0].AgeP50))
	r.add("p99 gap of its neighbours, before and beside", "unchanged", "%s and %s ms", report.Number(s.Before.Gap.P99), report.Number(s.Beside.Gap.P99))
}
