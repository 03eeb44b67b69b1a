package main

import (
	"context"

	"arbiter/bench"
	"arbiter/bench/bigmatch"
	"arbiter/bench/capacity"
	"arbiter/bench/compare"
	"arbiter/bench/floor"
	"arbiter/bench/floorbench"
	"arbiter/bench/idle"
	"arbiter/bench/joins"
	"arbiter/bench/micro"
	"arbiter/bench/peers"
	"arbiter/bench/report"
	"arbiter/bench/slow"
)

// benchCommand measures this program on this machine.
type benchCommand struct {
	Capacity    capacityCommand    `cmd:"" help:"How many playing clients a server holds, and what each costs beside the floor."`
	Floor       floorCommand       `cmd:"" help:"The same traffic with bare system calls: the least a server can cost."`
	Idle        idleCommand        `cmd:"" help:"Memory and processor time of a connection that says nothing."`
	Joins       joinsCommand       `cmd:"" help:"Joins a second: token, hello, first state."`
	Bigmatch    bigmatchCommand    `cmd:"" help:"One match of many, with an area of interest and without."`
	Slow        slowCommand        `cmd:"" help:"How old state gets on slow links, and what neighbours notice."`
	Micro       microCommand       `cmd:"" help:"The Go benchmarks of the hot path in one table."`
	Peers       peersCommand       `cmd:"" help:"The same workload on servers made the usual way, in turns."`
	Compare     compareCommand     `cmd:"" help:"Two builds of arbiter in turns, with a confidence interval."`
	FloorServer floorServerCommand `cmd:"" hidden:"" help:"Serve the floor."`
}

// Help is the part of the help text above the flags.
func (benchCommand) Help() string {
	return `Each starts its own server, pinned to one processor, loads it from the others, and reports as a table,
as JSON (--json) and as a page with plots. Ratios to the floor, taken in the same run, hold on any
machine; absolute figures are this machine's, and only if nothing else runs on it.

    arbiter bench capacity --quick
    arbiter bench idle --connections 10000`
}

type (
	capacityCommand    struct{ capacity.Options }
	floorCommand       struct{ floorbench.Options }
	idleCommand        struct{ idle.Options }
	joinsCommand       struct{ joins.Options }
	bigmatchCommand    struct{ bigmatch.Options }
	slowCommand        struct{ slow.Options }
	microCommand       struct{ micro.Options }
	peersCommand       struct{ peers.Options }
	compareCommand     struct{ compare.Options }
	floorServerCommand struct{ floor.Options }
)

// benchmark runs one. Ctrl-C ends it, and the servers it started.
func benchmark[O any](ctx context.Context, s streams, c bench.Common, o O, run func(context.Context, *bench.Session, O) (*report.Document, error)) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	session, err := bench.Begin(c, s.err)
	if err != nil {
		return err
	}
	d, err := run(ctx, session, o)
	if err != nil {
		return err
	}
	return session.Finish(d, s.out)
}

func (c *capacityCommand) Run(ctx context.Context, s streams) error {
	return benchmark(ctx, s, c.Common, c.Options, capacity.Run)
}

func (c *floorCommand) Run(ctx context.Context, s streams) error {
	return benchmark(ctx, s, c.Common, c.Options, floorbench.Run)
}

func (c *idleCommand) Run(ctx context.Context, s streams) error {
	return benchmark(ctx, s, c.Common, c.Options, idle.Run)
}

func (c *joinsCommand) Run(ctx context.Context, s streams) error {
	return benchmark(ctx, s, c.Common, c.Options, joins.Run)
}

func (c *bigmatchCommand) Run(ctx context.Context, s streams) error {
	return benchmark(ctx, s, c.Common, c.Options, bigmatch.Run)
}

func (c *slowCommand) Run(ctx context.Context, s streams) error {
	return benchmark(ctx, s, c.Common, c.Options, slow.Run)
}

func (c *microCommand) Run(ctx context.Context, s streams) error {
	return benchmark(ctx, s, c.Common, c.Options, micro.Run)
}

func (c *peersCommand) Run(ctx context.Context, s streams) error {
	return benchmark(ctx, s, c.Common, c.Options, peers.Run)
}

func (c *compareCommand) Run(ctx context.Context, s streams) error {
	return benchmark(ctx, s, c.Common, c.Options, compare.Run)
}

// Run serves until it is stopped.
func (c *floorServerCommand) Run(ctx context.Context) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	return floor.Serve(ctx, c.Config())
}
