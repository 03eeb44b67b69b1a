package attack

import (
	"fmt"

	"arbiter/bench"
	"arbiter/bench/hostile"
	"arbiter/bench/report"
)

func document(s *bench.Session, o *Options, results []*Result) *report.Document {
	d := s.Document("attack", "Attacks: what honest players notice")
	d.Result = results
	t := report.Table{
		Title: fmt.Sprintf("%d honest players at 20 Hz; medians of %d paired rounds", o.Players, o.Rounds),
		Columns: []string{"attack", "hits/s", "connections at once", "gap p99 ms without", "with", "ratio", "cut off", "heap after, KB", "RSS after, MB",
			"descriptors after", "verdict"},
		Note: fmt.Sprintf("The bar: p99 of honest snapshot gaps at most %.1f × that without the attack, nobody cut off, no snapshot spoiled, and heap, descriptors and goroutines back to their base. "+
			"The server has its default limits; attackers come from other loopback addresses than the players, at the lowest priority of the load generator's processors. "+
			"“After” is the growth since before the attack, with only the players there; RSS is what Go has not yet given back to the kernel.", bar),
	}
	ratio := report.Plot{Title: "p99 gap of honest players, with the attack to without", Y: "ratio", Limit: bar}
	for _, r := range results {
		t.Add(r.Attack, float64(r.Tally.Hits)/max(r.Tally.Seconds, 1e-3), r.Tally.Most, r.Without, r.With, r.Ratio, r.Closed, r.Heap/1000, r.RSS/1e6, r.Files, r.Verdict)
		ratio.Bars = append(ratio.Bars, report.Bar{Name: r.Attack, Value: r.Ratio})
		for _, n := range r.Rounds {
			bench.NoteNoise(d, n.Without, n.With)
		}
	}
	kinds := report.Table{Title: "The attacks", Columns: []string{"attack", "is"}}
	for _, r := range results {
		kinds.Add(r.Attack, hostile.Help(r.Attack))
	}
	d.Tables, d.Plots = []report.Table{t, kinds}, []report.Plot{ratio}
	return d
}
