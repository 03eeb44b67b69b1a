// Package bigmatch measures one large match: up to a thousand players who see
// those around them, and two hundred who see everybody.
package bigmatch

import (
	"context"
	"fmt"
	"time"

	"arbiter/bench"
	"arbiter/bench/report"
)

// Options of "arbiter bench bigmatch".
type Options struct {
	bench.Common
	Sighted []int         `default:"125,250,500,1000" help:"Numbers of players in the match with an area of interest, each at most 1000."`
	Open    []int         `default:"50,100,200" help:"Numbers of players in the match in which everyone sees everything, each at most 200."`
	For     time.Duration `default:"8s" help:"Duration of the measurement at each number."`
}

// Row is one measurement, and what the server says about it.
type Row struct {
	Sighted bool `json:"area_of_interest"`
	*bench.Figures
	Groups float64 `json:"bodies_encoded_per_tick"`
	Body   float64 `json:"bytes_encoded_per_tick"`
	Step   float64 `json:"step_ms_p50"` // the whole of a tick, from inbox to last write
	StepHi float64 `json:"step_ms_p99"`
}

// Run measures and reports.
func Run(ctx context.Context, s *bench.Session, o Options) (*report.Document, error) {
	if s.Quick {
		o.For = min(o.For, 3*time.Second)
	}
	d := s.Document("bigmatch", "One big match")
	t := report.Table{
		Title:   "One match at 20 Hz, everybody moving",
		Columns: []string{"players", "sees", "late p99 ms", "gap p99 ms", "tick p50 ms", "p99 ms", "µs a client·tick", "snapshot B", "encoded bodies a tick", "encoded KB a tick", "verdict"},
	}
	var rows []Row
	cpu := report.Plot{Title: "CPU of a tick", X: "players", Y: "ms", Lines: []report.Line{{Name: "area of interest"}, {Name: "all see all"}}}
	bytes := report.Plot{Title: "Encoded in a tick", X: "players", Y: "KB", Lines: []report.Line{{Name: "area of interest"}, {Name: "all see all"}}}
	for i, run := range []struct {
		game    int
		numbers []int
		sees    string
	}{{1000, o.Sighted, "those around"}, {200, o.Open, "all"}} {
		list, err := measure(ctx, s, run.game, run.numbers, o.For)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			verdict := "holds"
			if why := r.Broken(); why != "" {
				verdict = why
			}
			t.Add(r.Clients, run.sees, r.Late.P99, r.Gap.P99, r.Step, r.StepHi, r.CPU, r.SnapshotBytes, r.Groups, r.Body/1000, verdict)
			x := float64(r.Clients)
			cpu.Lines[i].Points = append(cpu.Lines[i].Points, report.Point{X: x, Y: r.CPU * x / 1000})
			bytes.Lines[i].Points = append(bytes.Lines[i].Points, report.Point{X: x, Y: r.Body / 1000})
			bench.NoteNoise(d, r.Figures)
		}
		rows = append(rows, list...)
	}
	d.Result, d.Tables, d.Plots = rows, []report.Table{t}, []report.Plot{cpu, bytes}
	return d, nil
}

func measure(ctx context.Context, s *bench.Session, game int, numbers []int, span time.Duration) ([]Row, error) {
	stand, err := s.NewStand(ctx, s.Arbiter(game, 20), bench.Play{})
	if err != nil {
		return nil, err
	}
	defer stand.Close()
	var list []Row
	for _, n := range numbers {
		if n > game {
			return nil, fmt.Errorf("bench: a match of %d players has no room for %d", game, n)
		}
		f, err := stand.Measure(ctx, n, span)
		if err != nil {
			return nil, err
		}
		s.Say("%v", f)
		m := f.Metrics
		ticks := max(m.Sum("arbiter_ticks_total"), 1)
		list = append(list, Row{
			Sighted: game == 1000, Figures: f,
			Groups: m.Sum("arbiter_encode_groups_total") / ticks, Body: m.Sum("arbiter_encode_group_bytes_total") / ticks,
			Step: 1e3 * m.Quantile("arbiter_tick_duration_seconds", 0.5), StepHi: 1e3 * m.Quantile("arbiter_tick_duration_seconds", 0.99),
		})
	}
	return list, nil
}
