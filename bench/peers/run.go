// Package peers compares Arbiter with other servers that play the same game,
// in turns on one machine: first what a client costs, then how many there may
// be.
package peers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"arbiter/bench"
	"arbiter/bench/capacity"
	"arbiter/bench/report"
)

// Options of "arbiter bench peers".
type Options struct {
	bench.Common
	Source  string        `default:"bench/peers" placeholder:"DIR" help:"Sources of the other servers, which are built from there; needs Go and Node."`
	Peers   []string      `default:"gorilla-msgpack,gorilla-json,colyseus" enum:"gorilla-msgpack,gorilla-json,colyseus" help:"Servers to compare with: gorilla-msgpack and gorilla-json, which are compiled, and colyseus, which npm installs."`
	Clients int           `default:"1000" help:"Number of clients at which costs are compared."`
	Rounds  int           `default:"5" help:"Rounds of that comparison, in turns."`
	For     time.Duration `default:"4s" help:"Duration of each measurement."`
	Hold    time.Duration `default:"15s" help:"How long a capacity must hold; 0 to skip the search for capacities."`
	Most    int           `default:"19000" help:"Number of clients to stop at."`
}

// Result is about one server. Medians of the rounds.
type Result struct {
	Name     string           `json:"name"`
	CPU      float64          `json:"cpu_us_per_client_tick"`
	Ratio    float64          `json:"times_floor"`
	Bytes    float64          `json:"snapshot_bytes"`
	Input    float64          `json:"input_bytes"`
	Memory   float64          `json:"rss_bytes_per_client"`
	Capacity int              `json:"capacity,omitempty"`
	AtLeast  bool             `json:"at_least,omitempty"`
	Limit    string           `json:"limit,omitempty"`
	Sure     string           `json:"sure,omitempty"` // how well the capacity is known
	Rounds   []*bench.Figures `json:"rounds"`
}

// rate of ticks, and players of a match, at which all are compared.
const (
	rate    = 20
	players = 10
)

// Run measures and reports.
func Run(ctx context.Context, s *bench.Session, o Options) (*report.Document, error) {
	if s.Quick {
		o.Rounds, o.For, o.Hold = 1, min(o.For, 3*time.Second), 0
	}
	if err := bench.NeedRepository("peers", o.Source, "bench/peers"); err != nil {
		return nil, err
	}
	list, err := contenders(ctx, s, &o)
	if err != nil {
		return nil, err
	}
	defer list.close()
	results, err := list.costs(ctx, s, &o)
	if err != nil {
		return nil, err
	}
	for i, c := range list.all {
		if o.Hold == 0 || c.name == floorName {
			continue
		}
		s.Say("capacity of %s", c.name)
		search := &capacity.Search{Session: s, Open: func(ctx context.Context) (capacity.Server, error) { return c.open(ctx) }, Most: o.Most, Hold: o.Hold}
		held, err := search.Run(ctx)
		if errors.Is(err, capacity.ErrNothingHeld) {
			results[i].Limit = search.Limit
			continue
		}
		if err != nil {
			return nil, err
		}
		results[i].Capacity, results[i].AtLeast, results[i].Limit, results[i].Sure = held.Clients, search.AtLeast, search.Limit, search.Sureness()
	}
	return document(s, &o, results), nil
}

func document(s *bench.Session, o *Options, results []*Result) *report.Document {
	d := s.Document("peers", "Arbiter and others with the same game")
	d.Result = results
	t := report.Table{
		Title:   fmt.Sprintf("%d clients, %d players a match, %d Hz; medians of %d rounds in turns", o.Clients, players, rate, o.Rounds),
		Columns: []string{"server", "µs a client·tick", "× floor", "snapshot B", "input B", "RSS a client", "clients held"},
		Note:    "× floor is the median of the ratios within a round. The floor carries Arbiter's message sizes. “≥” means that something else than the server gave out first. Clients held is judged by what they see, alike for all: p99 gap at most 1.5 ticks, nothing lost.",
	}
	bars := report.Plot{Title: "Server CPU a client and tick", Y: "µs"}
	for _, r := range results {
		t.Add(r.Name, r.CPU, r.Ratio, r.Bytes, r.Input, fmt.Sprintf("%.1f KB", r.Memory/1000), r.Held())
		bars.Bars = append(bars.Bars, report.Bar{Name: r.Name, Value: r.CPU})
		bench.NoteNoise(d, r.Rounds...)
	}
	d.Tables, d.Plots = []report.Table{t}, []report.Plot{bars}
	return d
}

// Held is the capacity in words.
func (r *Result) Held() string {
	switch {
	case r.Capacity == 0:
		return "–"
	case r.AtLeast:
		return fmt.Sprint("≥ ", r.Capacity)
	}
	return fmt.Sprint(r.Capacity)
}
