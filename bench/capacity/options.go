// Package capacity finds how many playing clients a server holds at a good
// quality, and what each of them costs beside the floor.
package capacity

import (
	"fmt"
	"slices"
	"time"

	"arbiter/bench"
)

// Options of "arbiter bench capacity".
type Options struct {
	bench.Common
	Players    []int         `default:"10" help:"Players of a match: 2, 10, 64, 200, or 1000 with an area of interest. Several make a grid."`
	Rates      []int         `default:"20" help:"Ticks and snapshots a second. Several make a grid."`
	Transports []string      `placeholder:"KIND" help:"Transports to compare, instead of --transport."`
	Hold       time.Duration `default:"15s" help:"How long the answer must hold."`
	Repeats    int           `default:"3" help:"Searches, whose median is the answer; a grid makes one."`
	Most       int           `default:"19000" help:"Clients to stop at."`
	Costs      []int         `default:"200,1000,2000" help:"Numbers of clients at which the server and the floor are compared, besides 70 % of the capacity; 0 for that only."`
	Rounds     int           `default:"3" help:"Of that comparison, in turns."`
}

// fill puts in what is not given, and what --quick means.
func (o *Options) fill(s *bench.Session) error {
	if len(o.Players) == 0 {
		o.Players = []int{10}
	}
	if len(o.Rates) == 0 {
		o.Rates = []int{20}
	}
	if len(o.Transports) == 0 {
		o.Transports = []string{s.Transport}
	}
	def(&o.Hold, 15*time.Second)
	def(&o.Repeats, 3)
	def(&o.Most, 19000)
	def(&o.Rounds, 3)
	if s.Quick {
		o.Hold, o.Repeats, o.Rounds = min(o.Hold, 4*time.Second), 1, 1
		o.Costs = []int{500, 2000}
		if cells := len(o.Players) * len(o.Rates) * len(o.Transports); cells > quickCells {
			return fmt.Errorf("bench: a grid of %d takes longer than --quick allows: name at most %d kinds, or leave --quick out", cells, quickCells)
		}
	}
	o.Costs = o.upTo(o.Most)
	if slices.Contains(o.Costs, 0) {
		o.Costs = nil
	}
	if o.grid() {
		o.Repeats = 1
	}
	if slices.Min(o.Rates) < 1 || slices.Max(o.Rates) > 128 {
		return fmt.Errorf("--rates: %v: use rates of 1 to 128 Hz", o.Rates)
	}
	return nil
}

// upTo are the numbers of clients to compare at, as far as there may be so many.
func (o *Options) upTo(most int) []int {
	return slices.DeleteFunc(slices.Clone(o.Costs), func(n int) bool { return n > most })
}

func (o *Options) grid() bool { return len(o.Players)*len(o.Rates)*len(o.Transports) > 1 }

func def[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}
