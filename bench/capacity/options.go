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
	Game       string        `placeholder:"NAME" help:"Game of this program to play, with random inputs and matches of its own size. Default: the benchmarks' own game."`
	Players    []int         `default:"10" help:"Players per match: 2, 10, 64, 200, or 1000 with an area of interest. Several values make a grid."`
	Rates      []int         `default:"20" help:"Ticks and snapshots per second. Several values make a grid."`
	Transports []string      `placeholder:"KIND" help:"Transports to compare. Default: --transport."`
	Hold       time.Duration `default:"15s" help:"How long the number of clients must hold."`
	Repeats    int           `default:"3" help:"Number of searches, whose median is the result; 1 for a grid."`
	Most       int           `default:"19000" help:"Number of clients to stop at."`
	Costs      []int         `default:"200,1000,2000" help:"Numbers of clients at which the server and the floor are compared, besides 70 % of the capacity; 0 for 70 % only."`
	Rounds     int           `default:"3" help:"Rounds of that comparison, server and floor in turns."`
}

// fill puts in what is not given, and what --quick means.
func (o *Options) fill(s *bench.Session) error {
	if len(o.Players) == 0 {
		o.Players = []int{10}
	}
	if o.Game != "" {
		g, err := s.Game(o.Game)
		if err != nil {
			return err
		}
		o.Players = []int{g.Config().MaxPlayers}
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
