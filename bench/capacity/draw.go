package capacity

import (
	"cmp"
	"fmt"
	"slices"

	"arbiter/bench"
	"arbiter/bench/report"
)

// draw puts everything into the report.
func (r *Result) draw(d *report.Document, s *bench.Session, o *Options) {
	d.Result = r
	t := report.Table{
		Title:   fmt.Sprintf("Clients held for %v on %d processor(s), everybody moving and changing their input in every tick", o.Hold, len(s.ForServer)),
		Columns: []string{"players a match", "Hz", "transport", "clients", "gap p50/p99/p99.9/max ms", "late p99 ms", "snapshot B", "input B", "µs a client·tick", "GC % of CPU", "RSS a client"},
		Note:    "The bar: p99 of snapshot gaps at most 1.5 ticks, p99 of tick lateness at most 10 % of a tick, nothing lost. “≥” means that something else than the server gave out first.",
	}
	for _, c := range r.Cells {
		h := c.Held
		if h == nil {
			t.Add(c.Players, c.Rate, c.Transport, "none", "", "", "", "", "", "", "")
			d.Notes = append(d.Notes, fmt.Sprintf("%d players, %d Hz, %s: %s: %s.", c.Players, c.Rate, c.Transport, c.Sure, c.Limit))
			continue
		}
		t.Add(c.Players, c.Rate, c.Transport, atLeast(c), fmt.Sprintf("%.0f/%.0f/%.0f/%.0f", h.Gap.P50, h.Gap.P99, h.Gap.P999, h.Gap.Max),
			h.Late.P99, h.SnapshotBytes, h.InputBytes, h.CPU, 100*h.GC, fmt.Sprintf("%.1f KB", h.Memory/1000))
		d.Notes = append(d.Notes, fmt.Sprintf("%d players, %d Hz, %s: runs %v; %s; limit: %s. The load generator's processor was %.0f %% busy.",
			c.Players, c.Rate, c.Transport, c.Runs, c.Sure, c.Limit, 100*h.Load.Busy))
		bench.NoteNoise(d, h)
	}
	d.Tables = append(d.Tables, t)
	if len(r.Costs) > 0 {
		d.Tables = append(d.Tables, costTable(r.Costs), qualityTable(r.Costs))
		d.Plots = append(d.Plots, costPlot(r.Costs))
	}
	d.Plots = append(d.Plots, rampPlots(r)...)
}

func atLeast(c *Cell) string {
	if c.AtLeast {
		return fmt.Sprintf("≥ %d", c.Clients)
	}
	return fmt.Sprint(c.Clients)
}

// name is the number of clients, and what there is to say of it.
func (c *Cost) name() string {
	text := fmt.Sprint(c.Clients)
	if c.Share > 0 {
		text += fmt.Sprintf(" (%.0f %% of capacity)", 100*c.Share)
	}
	if c.Bottleneck != "" {
		text += " (load generator at its limit)"
	}
	return text
}

func qualityTable(list []*Cost) report.Table {
	t := report.Table{
		Title:   "Tick lateness and snapshot gaps, ms, in the same rounds",
		Columns: []string{"clients", "late p50", "p99", "p99.9", "max", "floor late p99", "p99.9", "gap p50", "p99", "p99.9", "max", "floor gap p99", "p99.9", "GC % of CPU"},
		Note:    "p50 and p99 are medians of the rounds, the rest is the worst. Lateness is the server's own histogram: its maximum is the bound of a class. What the floor has is what the machine and its kernel add.",
	}
	for _, c := range list {
		t.Add(c.name(), c.Late.P50, c.Late.P99, c.Late.P999, c.Late.Max, c.FloorLate.P99, c.FloorLate.P999,
			c.Gap.P50, c.Gap.P99, c.Gap.P999, c.Gap.Max, c.FloorGap.P99, c.FloorGap.P999, 100*c.GC)
	}
	return t
}

func costTable(list []*Cost) report.Table {
	t := report.Table{
		Title:   "Server CPU a client and tick, µs, beside the floor in the same run",
		Columns: []string{"clients", "arbiter", "floor", "× floor", "held inputs", "× floor"},
		Note:    "The floor is bare epoll, read and write with the same sizes and rates. With held inputs a client sends an input every ten ticks and acks between.",
	}
	for _, c := range list {
		t.Add(c.name(), c.Arbiter, c.Floor, c.Ratio, c.Held, c.HeldRatio)
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
