package main

import (
	"context"

	"arbiter/bench/bigmatch"
	"arbiter/bench/capacity"
	"arbiter/bench/floor"
	"arbiter/bench/floorbench"
	"arbiter/bench/idle"
	"arbiter/bench/joins"
	"arbiter/bench/micro"
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
	floorServerCommand struct{ floor.Options }
)

func (c *capacityCommand) Run(ctx context.Context, s streams) error {
	return capacity.Run(ctx, c.Options, s.out, s.err)
}

func (c *floorCommand) Run(ctx context.Context, s streams) error {
	return floorbench.Run(ctx, c.Options, s.out, s.err)
}

func (c *idleCommand) Run(ctx context.Context, s streams) error {
	return idle.Run(ctx, c.Options, s.out, s.err)
}

func (c *joinsCommand) Run(ctx context.Context, s streams) error {
	return joins.Run(ctx, c.Options, s.out, s.err)
}

func (c *bigmatchCommand) Run(ctx context.Context, s streams) error {
	return bigmatch.Run(ctx, c.Options, s.out, s.err)
}

func (c *slowCommand) Run(ctx context.Context, s streams) error {
	return slow.Run(ctx, c.Options, s.out, s.err)
}

func (c *microCommand) Run(ctx context.Context, s streams) error {
	return micro.Run(ctx, c.Options, s.out, s.err)
}

// Run serves until it is stopped.
func (c *floorServerCommand) Run(ctx context.Context) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	return floor.Serve(ctx, c.Config())
}
