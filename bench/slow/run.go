// Package slow measures how old the state is that clients on slow links get,
// and whether their neighbours notice them.
package slow

import (
	"context"
	"fmt"
	"time"

	"arbiter/bench"
	"arbiter/bench/report"
)

// Options of "arbiter bench slow".
type Options struct {
	bench.Common
	Players int           `default:"160" help:"Players of the match; with the rate, they determine how many bytes a client is offered."`
	Rate    int           `default:"96" help:"Ticks and snapshots per second."`
	Clients int           `default:"4" help:"Clients on each kind of slow link."`
	For     time.Duration `default:"15s" help:"Duration of the measurement."`
}

// Result is what the benchmark found.
type Result struct {
	Offered float64        `json:"offered_bytes_per_second"`
	Links   []LinkResult   `json:"links"`
	Before  *bench.Figures `json:"neighbours_before"`
	Beside  *bench.Figures `json:"neighbours_beside"`
}

// LinkResult is about the clients on one kind of link. Times are in milliseconds.
type LinkResult struct {
	Name      string  `json:"name"`
	AgeP50    float64 `json:"age_p50_ms"` // of the state when it arrives; the worst client's
	AgeP99    float64 `json:"age_p99_ms"`
	PerSecond float64 `json:"snapshots_per_second"` // of one client
	Bytes     float64 `json:"bytes_per_second"`
	Closed    uint64  `json:"connections_lost"`
	Wrong     uint64  `json:"hash_mismatches"`
}

// slowLinks are the kinds of link.
var slowLinks = []struct {
	name string
	link slowLink
}{
	{"20 kB/s", slowLink{Rate: 20000}},
	{"45 kB/s, stalls of 400 ms every 3 s", slowLink{Rate: 45000, Every: 3 * time.Second, Stall: 400 * time.Millisecond}},
	{"1 MB/s", slowLink{Rate: 1000000}},
}

// Run measures and reports.
func Run(ctx context.Context, s *bench.Session, o Options) (*report.Document, error) {
	if s.Quick {
		o.For = min(o.For, 8*time.Second)
	}
	r, err := measure(ctx, s, &o)
	if err != nil {
		return nil, err
	}
	d := s.Document("slow", "Slow links: how old the state is")
	t := report.Table{
		Title:   fmt.Sprintf("Clients on slow links; each is offered %.1f kB/s, %d players at %d Hz", r.Offered/1000, o.Players, o.Rate),
		Columns: []string{"link", "age p50 ms", "age p99 ms", "snapshots/s", "kB/s", "connections lost", "mismatches"},
		Note:    "Age is of the state when it arrives, by the server's clock; of the worst client of its kind.",
	}
	bars := report.Plot{Title: "Age of the state, p50", Y: "ms"}
	for _, l := range r.Links {
		t.Add(l.Name, l.AgeP50, l.AgeP99, l.PerSecond, l.Bytes/1000, l.Closed, l.Wrong)
		bars.Bars = append(bars.Bars, report.Bar{Name: l.Name, Value: l.AgeP50})
	}
	n := report.Table{Title: "Their neighbours in the same match", Columns: []string{"", "gap p50 ms", "p99", "p99.9", "max", "µs a client·tick"}}
	for i, f := range []*bench.Figures{r.Before, r.Beside} {
		n.Add([]string{"before", "beside slow ones"}[i], f.Gap.P50, f.Gap.P99, f.Gap.P999, f.Gap.Max, f.CPU)
	}
	d.Result, d.Tables, d.Plots = r, []report.Table{t, n}, []report.Plot{bars}
	bench.NoteNoise(d, r.Before, r.Beside)
	return d, nil
}
