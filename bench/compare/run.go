// Package compare measures two builds of Arbiter in turns, and says how sure the
// difference is.
package compare

import (
	"context"
	"fmt"
	"os"
	"time"

	"arbiter/bench"
	"arbiter/bench/report"
	"arbiter/bench/target"
)

// Options of "arbiter bench compare".
type Options struct {
	bench.Common
	A       string        `arg:"" help:"A build of arbiter: a program file, or a git revision to build."`
	B       string        `arg:"" help:"The build to compare with it."`
	Source  string        `default:"." placeholder:"DIR" help:"Repository of the revisions."`
	Clients int           `default:"1000" help:"Number of clients."`
	Players int           `default:"10" help:"Players per match."`
	Rate    int           `default:"20" help:"Ticks per second."`
	Rounds  int           `default:"9" help:"Pairs of measurements."`
	For     time.Duration `default:"4s" help:"Duration of each measurement."`

	programA, programB string // of A and B
}

// Result is what the benchmark found. Ratios are B to A.
type Result struct {
	CPU    Interval            `json:"cpu_ratio"`
	Gap    Interval            `json:"gap_p99_ratio"`
	Bytes  Interval            `json:"snapshot_bytes_ratio"`
	Memory Interval            `json:"rss_ratio"`
	Rounds [][2]*bench.Figures `json:"rounds"`
}

// Run measures and reports.
func Run(ctx context.Context, s *bench.Session, o Options) (*report.Document, error) {
	if o.Rounds < 1 {
		return nil, fmt.Errorf("bench: --rounds %d compares nothing: take 1, or more for an interval", o.Rounds)
	}
	if s.Quick {
		o.Rounds, o.For = min(o.Rounds, 5), min(o.For, 2*time.Second)
	}
	dir, err := os.MkdirTemp("", "arbiter-compare-")
	if err != nil {
		return nil, fmt.Errorf("bench: a place for programs: %w", err)
	}
	defer os.RemoveAll(dir)
	b := &builder{o.Source, dir}
	if o.programA, err = b.program(ctx, o.A, s.Say); err != nil {
		return nil, err
	}
	if o.programB, err = b.program(ctx, o.B, s.Say); err != nil {
		return nil, err
	}
	r := &Result{}
	for round := range o.Rounds {
		var pair [2]*bench.Figures
		for k := range 2 {
			side := (k + round) % 2 // each begins as often
			name, program := "A", o.programA
			if side == 1 {
				name, program = "B", o.programB
			}
			f, err := once(ctx, s, &o, program)
			if err != nil {
				return nil, err
			}
			f.Server = name
			s.Say("%v", f)
			pair[side] = f
		}
		r.Rounds = append(r.Rounds, pair)
	}
	r.judge()
	d := s.Document("compare", "Two builds, measured in turns")
	d.Result = r
	d.Tables = []report.Table{r.table(&o)}
	line := report.Line{Name: "CPU, B to A"}
	for i, pair := range r.Rounds {
		line.Points = append(line.Points, report.Point{X: float64(i + 1), Y: pair[1].CPU / pair[0].CPU})
		bench.NoteNoise(d, pair[:]...)
	}
	d.Plots = []report.Plot{{Title: "Ratio of CPU", X: "round", Y: "B to A", Lines: []report.Line{line}, Limit: 1}}
	return d, nil
}

func (r *Result) table(o *Options) report.Table {
	t := report.Table{
		Title:   fmt.Sprintf("B (%s) to A (%s): clients %d, rounds %d", o.B, o.A, o.Clients, o.Rounds),
		Columns: []string{"ratio", "mean", "95 % from", "to", "verdict"},
		Note:    "The interval is Student's, of the logarithms of the rounds' ratios.",
	}
	for _, row := range []struct {
		name string
		of   Interval
	}{{"CPU a client and tick", r.CPU}, {"p99 gap", r.Gap}, {"bytes a snapshot", r.Bytes}, {"RSS a client", r.Memory}} {
		low, high := row.of.bounds()
		t.Add(row.name, row.of.Mean, low, high, row.of.verdict())
	}
	return t
}

func once(ctx context.Context, s *bench.Session, o *Options, program string) (*bench.Figures, error) {
	a := s.Arbiter(o.Players, o.Rate)
	a.Command = target.Command{program, "serve", "--bench-games"}
	stand, err := s.NewStand(ctx, a, bench.Play{})
	if err != nil {
		return nil, err
	}
	defer stand.Close()
	return stand.Measure(ctx, o.Clients, o.For)
}
