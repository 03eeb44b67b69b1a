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
	Arbiter float64 `json:"arbiter_us"`
	Held    float64 `json:"held_us"` // with inputs that are kept for ten ticks
	Floor   float64 `json:"floor_us"`
	// Ratio is the median of the rounds' ratios, HeldRatio likewise.
	Ratio     float64 `json:"ratio"`
	HeldRatio float64 `json:"held_ratio"`
	// Bottleneck says that the load generator was at its limit in a round.
	Bottleneck string           `json:"bottleneck,omitempty"`
	Rounds     []*bench.Figures `json:"rounds"`
}

// heldTicks is for how long an input is kept in the second figure.
const heldTicks = 10

// costs compares the server and the floor at n clients, in turns.
func costs(ctx context.Context, s *bench.Session, o *Options, n int) (*Cost, error) {
	span := bench.Either(s, 2*time.Second, 4*time.Second)
	c := &Cost{Clients: n}
	var server, held, floor, ratios, heldRatios []float64
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
	a := s.Arbiter(o.Players[0], o.Rates[0])
	a.Transport = o.Transports[0]
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
		server, held, floor = append(server, f.CPU), append(held, quiet.CPU), append(floor, least.CPU)
		ratios, heldRatios = append(ratios, f.CPU/least.CPU), append(heldRatios, quiet.CPU/least.CPU)
	}
	c.Arbiter, c.Held, c.Floor = median(server), median(held), median(floor)
	c.Ratio, c.HeldRatio = median(ratios), median(heldRatios)
	return c, nil
}

func median[T int | float64](list []T) T {
	list = slices.Clone(list)
	slices.Sort(list)
	return list[len(list)/2]
}
