package capacity

import (
	"context"
	"fmt"

	"arbiter/bench"
	"arbiter/bench/report"
)

// Result is what the benchmark found.
type Result struct {
	Cells []*Cell `json:"cells"`
	Costs []*Cost `json:"costs"`
}

// Run measures and reports.
func Run(ctx context.Context, s *bench.Session, o Options) (*report.Document, error) {
	if err := o.fill(s); err != nil {
		return nil, err
	}
	var r Result
	for _, transport := range o.Transports {
		for _, players := range o.Players {
			for _, rate := range o.Rates {
				c := &Cell{Players: players, Rate: rate, Transport: transport}
				if err := find(ctx, s, &o, c); err != nil {
					return nil, err
				}
				r.Cells = append(r.Cells, c)
			}
		}
	}
	if !o.grid() {
		most := r.Cells[0].Clients
		for _, n := range append(o.Costs, most*7/10/10*10) {
			if n > most || n == 0 || s.Quick && n != o.Costs[0] {
				continue
			}
			s.Say("server and floor at %d clients", n)
			c, err := costs(ctx, s, &o, n)
			if err != nil {
				return nil, err
			}
			r.Costs = append(r.Costs, c)
		}
	}
	return document(s, &o, &r), nil
}

// find fills in a cell.
func find(ctx context.Context, s *bench.Session, o *Options, c *Cell) error {
	for i := range o.Repeats {
		s.Say("capacity for matches of %d at %d Hz, transport %s, search %d of %d", c.Players, c.Rate, c.Transport, i+1, o.Repeats)
		a := s.Arbiter(c.Players, c.Rate)
		a.Transport = c.Transport
		try := &Search{Session: s, Most: o.Most, Hold: o.Hold, Open: func(ctx context.Context) (Server, error) {
			return s.NewStand(ctx, a, bench.Play{})
		}}
		held, err := try.Run(ctx)
		if err != nil {
			return err
		}
		c.Runs = append(c.Runs, held.Clients)
		c.Held, c.Ramp, c.Limit = held, try.Ramp, try.Limit
		c.AtLeast = c.AtLeast || try.AtLeast
	}
	c.Clients = median(c.Runs)
	return nil
}

func document(s *bench.Session, o *Options, r *Result) *report.Document {
	d := s.Document("capacity", "Capacity: playing clients a server holds")
	d.Result = r
	t := report.Table{
		Title:   fmt.Sprintf("Clients held for %v on %d processor(s), everybody moving and changing his input in every tick", o.Hold, len(s.ForServer)),
		Columns: []string{"players a match", "Hz", "transport", "clients", "gap p50/p99/p99.9/max ms", "late p99 ms", "snapshot B", "input B", "µs a client·tick", "RSS a client"},
		Note:    "The bar: p99 of snapshot gaps at most 1.5 ticks, p99 of tick lateness at most 10 % of a tick, nothing lost. “≥” means that something else than the server gave out first.",
	}
	for _, c := range r.Cells {
		h := c.Held
		t.Add(c.Players, c.Rate, c.Transport, atLeast(c), fmt.Sprintf("%.0f/%.0f/%.0f/%.0f", h.Gap.P50, h.Gap.P99, h.Gap.P999, h.Gap.Max),
			h.Late.P99, h.SnapshotBytes, h.InputBytes, h.CPU, fmt.Sprintf("%.1f KB", h.Memory/1000))
		d.Notes = append(d.Notes, fmt.Sprintf("%d players, %d Hz, %s: runs %v; limit: %s. The load generator's processor was %.0f %% busy.",
			c.Players, c.Rate, c.Transport, c.Runs, c.Limit, 100*h.Load.Busy))
	}
	for _, c := range r.Cells {
		bench.NoteNoise(d, c.Held)
	}
	d.Tables = append(d.Tables, t)
	if len(r.Costs) > 0 {
		d.Tables = append(d.Tables, costTable(r.Costs))
		d.Plots = append(d.Plots, costPlot(r.Costs))
	}
	d.Plots = append(d.Plots, rampPlots(r)...)
	return d
}

func atLeast(c *Cell) string {
	if c.AtLeast {
		return fmt.Sprintf("≥ %d", c.Clients)
	}
	return fmt.Sprint(c.Clients)
}
