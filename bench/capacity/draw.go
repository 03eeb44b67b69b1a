package capacity

import (
	"cmp"
	"fmt"
	"slices"

	"arbiter/bench"
	"arbiter/bench/report"
)

func costTable(list []*Cost) report.Table {
	t := report.Table{
		Title:   "Server CPU a client and tick, µs, beside the floor in the same run",
		Columns: []string{"clients", "arbiter", "floor", "× floor", "held inputs", "× floor"},
		Note:    "The floor is bare epoll, read and write with the same sizes and rates. With held inputs a client sends an input every ten ticks and acks between.",
	}
	for _, c := range list {
		mark := ""
		if c.Bottleneck != "" {
			mark = " (load generator at its limit)"
		}
		t.Add(fmt.Sprint(c.Clients, mark), c.Arbiter, c.Floor, c.Ratio, c.Held, c.HeldRatio)
	}
	return t
}

func costPlot(list []*Cost) report.Plot {
	lines := []report.Line{{Name: "arbiter"}, {Name: "floor"}, {Name: "arbiter, held inputs"}}
	for _, c := range list {
		for i, y := range []float64{c.Arbiter, c.Floor, c.Held} {
			lines[i].Points = append(lines[i].Points, report.Point{X: float64(c.Clients), Y: y})
		}
	}
	for i := range lines {
		sorted(lines[i].Points)
	}
	return report.Plot{Title: "Server CPU a client and tick", X: "clients", Y: "µs", Lines: lines}
}

func rampPlots(r *Result) []report.Plot {
	gaps := report.Plot{Title: "Gap between a client's snapshots, p99", X: "clients", Y: "ms"}
	late := report.Plot{Title: "Tick lateness, p99", X: "clients", Y: "ms"}
	core := report.Plot{Title: "Processors used by the server", X: "clients", Y: "processors"}
	for _, c := range r.Cells {
		name := fmt.Sprintf("%d players, %d Hz, %s", c.Players, c.Rate, c.Transport)
		gaps.Lines = append(gaps.Lines, curve(name, c.Ramp, func(f *bench.Figures) float64 { return f.Gap.P99 }))
		late.Lines = append(late.Lines, curve(name, c.Ramp, func(f *bench.Figures) float64 { return f.Late.P99 }))
		core.Lines = append(core.Lines, curve(name, c.Ramp, func(f *bench.Figures) float64 { return f.Core }))
	}
	if len(r.Cells) == 1 {
		gaps.Limit, late.Limit = 1500/float64(r.Cells[0].Rate), 100/float64(r.Cells[0].Rate)
	}
	return []report.Plot{gaps, late, core}
}

func curve(name string, list []*bench.Figures, of func(*bench.Figures) float64) report.Line {
	l := report.Line{Name: name}
	for _, f := range list {
		if f.Seconds > 0 {
			l.Points = append(l.Points, report.Point{X: float64(f.Clients), Y: of(f)})
		}
	}
	sorted(l.Points)
	return l
}

func sorted(list []report.Point) {
	slices.SortFunc(list, func(a, b report.Point) int { return cmp.Compare(a.X, b.X) })
}
