package capacity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"arbiter/bench"
	"arbiter/bench/report"
)

// Result is what the benchmark found.
type Result struct {
	Cells []*Cell `json:"cells"`
	Costs []*Cost `json:"costs"`
}

// Cell is the capacity of a server for one kind of match.
type Cell struct {
	Players   int    `json:"players"`
	Rate      int    `json:"rate_hz"`
	Transport string `json:"transport"`
	// Clients is the median of Runs: how many played while the bar held.
	Clients int   `json:"clients"`
	Runs    []int `json:"runs"`
	// Limit says why there were not more; if AtLeast, it was not the server.
	Limit   string           `json:"limit"`
	AtLeast bool             `json:"at_least"`
	Sure    string           `json:"sure"` // how well the answer is known
	Held    *bench.Figures   `json:"held"` // of the last run; nil: nothing held
	Ramp    []*bench.Figures `json:"ramp"` // of the last run
}

// What a quick run may take: all of it, and of that the comparison with the
// floor. What is left to the minute is for ending servers and the report.
const (
	quickTotal = 47 * time.Second
	quickCosts = 25 * time.Second
	quickCells = 4 // of a grid
)

// Run measures and reports. That nothing held is an error next to the report.
func Run(ctx context.Context, s *bench.Session, o Options) (*report.Document, error) {
	if err := o.fill(s); err != nil {
		return nil, err
	}
	d := s.Document("capacity", "Capacity: playing clients a server holds")
	if o.Game != "" {
		d.Notes = append(d.Notes, "The matches were of the game "+o.Game+", with inputs at random.")
	}
	var r Result
	if s.Quick && !o.grid() { // the search begins where the comparison ended
		limited, cancel := context.WithDeadline(ctx, s.At(quickCosts))
		defer cancel()
		err := r.compare(limited, s, &o, o.Costs)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case limited.Err() != nil:
			d.Notes = append(d.Notes, fmt.Sprintf("There was no time to compare with the floor at each of %v clients.", o.Costs))
		case err != nil:
			return nil, err
		}
	}
	failed := r.search(ctx, s, &o)
	if failed != nil && !errors.Is(failed, ErrNothingHeld) {
		return nil, failed
	}
	if cell := r.Cells[0]; !s.Quick && !o.grid() && failed == nil {
		// Costs are compared as far up as the server held once.
		if err := r.compare(ctx, s, &o, append(o.upTo(slices.Max(cell.Runs)), seventy(cell.Clients))); err != nil {
			return nil, err
		}
		r.Costs[len(r.Costs)-1].Share = 0.7
	}
	r.draw(d, s, &o)
	return d, failed
}

// seventy is 70 % of the capacity, in whole matches of ten.
func seventy(most int) int { return max(10, most*7/100*10) }

// search fills in the cells.
func (r *Result) search(ctx context.Context, s *bench.Session, o *Options) (failed error) {
	cells := len(o.Players) * len(o.Rates) * len(o.Transports)
	for _, transport := range o.Transports {
		for _, players := range o.Players {
			for _, rate := range o.Rates {
				c := &Cell{Players: players, Rate: rate, Transport: transport}
				var until time.Time
				if s.Quick {
					now := time.Now()
					until = now.Add(s.At(quickTotal).Sub(now) / time.Duration(cells-len(r.Cells)))
				}
				if err := c.find(ctx, s, o, Search{Until: until, From: r.held()}); errors.Is(err, ErrNothingHeld) {
					failed = errors.Join(failed, err)
				} else if err != nil {
					return err
				}
				r.Cells = append(r.Cells, c)
			}
		}
	}
	return failed
}

// held is the most clients that held in the comparison so far.
func (r *Result) held() (n int) {
	for _, c := range r.Costs {
		if len(c.Rounds) > 0 && c.Rounds[0].Broken() == "" {
			n = max(n, c.Clients)
		}
	}
	return n
}

// find fills in a cell, by searches that begin as plan says.
func (c *Cell) find(ctx context.Context, s *bench.Session, o *Options, plan Search) error {
	var failed error
	a, err := s.ArbiterOf(o.Game, c.Players, c.Rate)
	if err != nil {
		return err
	}
	a.Transport = c.Transport
	for i := range o.Repeats {
		s.Say("capacity for matches of %d at %d Hz, transport %s, search %d of %d", c.Players, c.Rate, c.Transport, i+1, o.Repeats)
		try := plan
		try.Session, try.Most, try.Hold = s, o.Most, o.Hold
		try.Open = func(ctx context.Context) (Server, error) { return s.NewStand(ctx, a, bench.Play{}) }
		held, err := try.Run(ctx)
		if err != nil {
			if !errors.Is(err, ErrNothingHeld) {
				return err
			}
			failed = err
			if c.Held == nil {
				c.Limit, c.Sure, c.Ramp = try.Limit, try.Sureness(), try.Ramp
			}
			continue
		}
		c.Runs = append(c.Runs, held.Clients)
		c.Held, c.Ramp, c.Limit, c.Sure = held, try.Ramp, try.Limit, try.Sureness()
		c.AtLeast = c.AtLeast || try.AtLeast
	}
	if len(c.Runs) == 0 {
		return failed
	}
	c.Clients = median(c.Runs)
	return nil
}
