// Package joins measures how fast clients get into matches: connections with
// token check, hello and first keyframe, each leaving as soon as it is in.
package joins

import (
	"context"
	"time"

	"arbiter/bench"
	"arbiter/bench/load"
	"arbiter/bench/report"
)

// Options of "arbiter bench joins".
type Options struct {
	bench.Common
	Game    string        `placeholder:"NAME" help:"Game of this program to join, with matches of its own size. Default: the benchmarks' own game."`
	Players int           `default:"10" help:"Players per match."`
	AtOnce  []int         `default:"16,64,256,512" help:"Numbers of joins in progress at a time."`
	For     time.Duration `default:"8s" help:"Duration of the measurement at each number."`
}

// Result is one measurement. Times are in milliseconds.
type Result struct {
	AtOnce  int             `json:"at_once"`
	Joins   float64         `json:"joins_per_second"`
	PerCore float64         `json:"joins_per_second_and_core"`
	CPU     float64         `json:"cpu_us_per_join"`
	Took    bench.Quantiles `json:"took_ms"` // from connecting to the first snapshot
	Busy    float64         `json:"load_busy"`
	Errors  []string        `json:"errors,omitempty"`
}

// Run measures and reports.
func Run(ctx context.Context, s *bench.Session, o Options) (*report.Document, error) {
	if s.Quick {
		o.For = min(o.For, 4*time.Second)
	}
	d := s.Document("joins", "Joins: from connecting to the first state")
	t := report.Table{
		Title:   "Clients that connect with an HS256 token, say hello, get their first keyframe, and leave",
		Columns: []string{"at once", "joins/s", "joins/s·core", "µs CPU a join", "took p50 ms", "p99 ms", "load busy"},
		Note:    "A join a core is a join by the processor time it took, as if the server had nothing else to do.",
	}
	var list []Result
	line := report.Line{Name: "joins a second"}
	for _, n := range o.AtOnce {
		r, err := churn(ctx, s, &o, n)
		if err != nil {
			return nil, err
		}
		s.Say("%d at once: %.0f joins a second, %.0f µs each", n, r.Joins, r.CPU)
		list = append(list, *r)
		t.Add(r.AtOnce, r.Joins, r.PerCore, r.CPU, r.Took.P50, r.Took.P99, report.Number(100*r.Busy)+" %")
		line.Points = append(line.Points, report.Point{X: float64(n), Y: r.Joins})
		if len(r.Errors) > 0 {
			d.Notes = append(d.Notes, "Connections failed: "+r.Errors[0])
		}
	}
	d.Result, d.Tables = list, []report.Table{t}
	d.Plots = []report.Plot{{Title: "Joins a second", X: "under way at a time", Y: "joins a second", Lines: []report.Line{line}}}
	return d, nil
}

func churn(ctx context.Context, s *bench.Session, o *Options, n int) (*Result, error) {
	a, err := s.ArbiterOf(o.Game, o.Players, 20)
	if err != nil {
		return nil, err
	}
	stand, err := s.NewStand(ctx, a, bench.Play{Churn: n, Sample: -1})
	if err != nil {
		return nil, err
	}
	defer stand.Close()
	stand.Fleet.Aim(n)
	if err := load.Wait(ctx, 2*time.Second); err != nil { // until seats lapse as fast as they are taken
		return nil, err
	}
	from, err := stand.Server.Cost()
	if err != nil {
		return nil, err
	}
	b, err := stand.Fleet.Measure(ctx, o.For)
	if err != nil {
		return nil, err
	}
	to, err := stand.Server.Cost()
	if err != nil {
		return nil, err
	}
	joins, cpu := float64(b.Joins.Count()), (to.CPU - from.CPU).Seconds()
	return &Result{
		AtOnce: n, Joins: joins / b.Span.Seconds(), CPU: 1e6 * cpu / max(joins, 1), PerCore: joins / max(cpu, 0.01),
		Took: bench.QuantilesOf(&b.Joins), Busy: b.Busy, Errors: b.Errors,
	}, nil
}
