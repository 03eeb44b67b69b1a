package capacity

import (
	"context"
	"math"
	"slices"
	"time"

	"arbiter/bench"
)

// Cost is what a client costs in a tick beside the floor, at one number of
// clients. Times are in µs of processor time a client and tick.
type Cost struct {
	Clients int     `json:"clients"`
	Share   float64 `json:"share_of_capacity,omitempty"` // if it was chosen for that
	Arbiter float64 `json:"arbiter_us"`
	Held    float64 `json:"held_us"` // with inputs that are kept for ten ticks
	Floor   float64 `json:"floor_us"`
	// Ratio is the median of the rounds' ratios, HeldRatio likewise.
	Ratio     float64 `json:"ratio"`
	HeldRatio float64 `json:"held_ratio"`
	// Gap and Late are those of the server with an input in every tick: p50
	// and p99 the medians of the rounds, p99.9 and the maximum the worst.
	Gap  bench.Quantiles `json:"gap_ms"`
	Late bench.Quantiles `json:"tick_lateness_ms"`
	// FloorGap and FloorLate are the floor's, which is what the machine and its
	// kernel add.
	FloorGap  bench.Quantiles `json:"floor_gap_ms"`
	FloorLate bench.Quantiles `json:"floor_lateness_ms"`
	GC        float64         `json:"gc_share"` // of the server's CPU, the worst round's
	// Bottleneck says that the load generator was at its limit in a round.
	Bottleneck string           `json:"bottleneck,omitempty"`
	Rounds     []*bench.Figures `json:"rounds"`
}

// heldTicks is for how long an input is kept in the second figure.
const heldTicks = 10

// compare adds what each of those numbers of clients costs.
func (r *Result) compare(ctx context.Context, s *bench.Session, o *Options, numbers []int) error {
	for _, n := range numbers {
		s.Say("server and floor at %d clients", n)
		c, err := costs(ctx, s, o, n)
		if err != nil {
			return err
		}
		r.Costs = append(r.Costs, c)
	}
	return nil
}

// costs compares the server and the floor at n clients, in turns.
func costs(ctx context.Context, s *bench.Session, o *Options, n int) (*Cost, error) {
	span := bench.Either(s, 1200*time.Millisecond, 4*time.Second)
	c := &Cost{Clients: n}
	one := func(stand *bench.Stand, err error) (*bench.Figures, error) {
		if err != nil {
			return nil, err
		}
		defer stand.Close()
		f, err := stand.Measure(ctx, n, span)
		if err != nil {
			return nil, err
		}
		s.Say("%v", f)
		c.Rounds = append(c.Rounds, f)
		if f.Load.Bottleneck != "" {
			c.Bottleneck = f.Load.Bottleneck
		}
		return f, nil
	}
	a, err := s.ArbiterOf(o.Game, o.Players[0], o.Rates[0])
	if err != nil {
		return nil, err
	}
	a.Transport = o.Transports[0]
	var server, held, floor []*bench.Figures
	for range o.Rounds {
		f, err := one(s.NewStand(ctx, a, bench.Play{}))
		if err != nil {
			return nil, err
		}
		least, err := one(s.NewFloor(ctx, bench.Traffic{
			Rate: o.Rates[0], Group: o.Players[0], Snapshot: int(math.Round(f.SnapshotBytes)), Input: int(math.Round(f.InputBytes)),
		}))
		if err != nil {
			return nil, err
		}
		quiet, err := one(s.NewStand(ctx, a, bench.Play{Hold: heldTicks}))
		if err != nil {
			return nil, err
		}
		quiet.Server = "arbiter, held inputs"
		server, held, floor = append(server, f), append(held, quiet), append(floor, least)
	}
	c.sum(server, held, floor)
	return c, nil
}

// sum fills in what the rounds come to.
func (c *Cost) sum(server, held, floor []*bench.Figures) {
	cpu := func(f *bench.Figures) float64 { return f.CPU }
	c.Arbiter, c.Held, c.Floor = median(each(server, cpu)), median(each(held, cpu)), median(each(floor, cpu))
	ratios := func(list []*bench.Figures) (all []float64) {
		for i, f := range list {
			all = append(all, f.CPU/floor[i].CPU)
		}
		return all
	}
	c.Ratio, c.HeldRatio = median(ratios(server)), median(ratios(held))
	gap := func(f *bench.Figures) bench.Quantiles { return f.Gap }
	late := func(f *bench.Figures) bench.Quantiles { return f.Late }
	c.Gap, c.Late = spread(each(server, gap)), spread(each(server, late))
	c.FloorGap, c.FloorLate = spread(each(floor, gap)), spread(each(floor, late))
	c.GC = slices.Max(each(server, func(f *bench.Figures) float64 { return f.GC }))
}

func spread(list []bench.Quantiles) bench.Quantiles {
	return bench.Quantiles{
		P50:  median(each(list, func(q bench.Quantiles) float64 { return q.P50 })),
		P99:  median(each(list, func(q bench.Quantiles) float64 { return q.P99 })),
		P999: slices.Max(each(list, func(q bench.Quantiles) float64 { return q.P999 })),
		Max:  slices.Max(each(list, func(q bench.Quantiles) float64 { return q.Max })),
	}
}

func each[T, U any](list []T, of func(T) U) (all []U) {
	for _, v := range list {
		all = append(all, of(v))
	}
	return all
}

func median[T int | float64](list []T) T {
	list = slices.Clone(list)
	slices.Sort(list)
	return list[len(list)/2]
}
