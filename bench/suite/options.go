// Package suite runs the benchmarks one after the other on one machine, and
// makes one report of them, and of that the table of the README.
package suite

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"arbiter/bench"
	"arbiter/bench/attack"
	"arbiter/bench/bigmatch"
	"arbiter/bench/capacity"
	"arbiter/bench/floorbench"
	"arbiter/bench/idle"
	"arbiter/bench/joins"
	"arbiter/bench/micro"
	"arbiter/bench/peers"
	"arbiter/bench/report"
	"arbiter/bench/slow"

	"github.com/alecthomas/kong"
)

// Options of "arbiter bench all".
type Options struct {
	bench.Common
	Only   []string      `placeholder:"NAME" help:"Run only these benchmarks."`
	Within time.Duration `default:"40m" help:"Start no further benchmark after this time."`
}

// step is one benchmark of a run, with the flags by which anybody repeats it.
type step struct {
	name  string
	flags []string
	run   func(ctx context.Context, s *bench.Session, flags []string) (*report.Document, error)
}

// steps are in order of what is missed most if there is no time for it.
// Arbiter, floor and peers take turns within peers; capacity and floor have the
// details.
var steps = []step{
	of("capacity", capacity.Run),
	of("floor", floorbench.Run),
	of("peers", peers.Run),
	of("joins", joins.Run),
	of("idle", idle.Run),
	of("bigmatch", bigmatch.Run),
	of("slow", slow.Run),
	of("attack", attack.Run, "--rounds=5"),
	of("micro", micro.Run, "--count=1"),
}

// of is a benchmark with those flags; its other options have their defaults.
func of[O any](name string, run func(context.Context, *bench.Session, O) (*report.Document, error), flags ...string) step {
	return step{name, flags, func(ctx context.Context, s *bench.Session, flags []string) (*report.Document, error) {
		var o O
		parser, err := kong.New(&o)
		if err != nil {
			return nil, fmt.Errorf("bench: options of %s: %w", name, err)
		}
		if _, err := parser.Parse(flags); err != nil {
			return nil, fmt.Errorf("bench: options of %s: %w", name, err)
		}
		return run(ctx, s, o)
	}}
}

// chosen are the steps that o names, all if it names none.
func (o *Options) chosen() ([]step, error) {
	if len(o.Only) == 0 {
		return steps, nil
	}
	var list []step
	var names []string
	for _, st := range steps {
		names = append(names, st.name)
		if slices.Contains(o.Only, st.name) {
			list = append(list, st)
		}
	}
	if len(list) != len(o.Only) {
		return nil, fmt.Errorf("bench: --only %s: use some of %s", strings.Join(o.Only, ","), strings.Join(names, ", "))
	}
	return list, nil
}
