package app

import (
	"context"
	"errors"
	"io"
	"os"

	"arbiter/bench"
	"arbiter/bench/attack"
	"arbiter/bench/bigmatch"
	"arbiter/bench/capacity"
	"arbiter/bench/check"
	"arbiter/bench/compare"
	"arbiter/bench/floor"
	"arbiter/bench/floorbench"
	"arbiter/bench/hostile"
	"arbiter/bench/idle"
	"arbiter/bench/joins"
	"arbiter/bench/micro"
	"arbiter/bench/peers"
	"arbiter/bench/report"
	"arbiter/bench/slow"
	"arbiter/bench/soak"
	"arbiter/bench/suite"
)

// benchCommand measures this program on this machine.
type benchCommand struct {
	Capacity    capacityCommand    `cmd:"" help:"Number of playing clients that a server can hold, and the cost of each, compared with the floor."`
	Floor       floorCommand       `cmd:"" help:"The floor: the same traffic with bare system calls, the least that a server can cost."`
	Idle        idleCommand        `cmd:"" help:"Memory and CPU time of an idle connection."`
	Joins       joinsCommand       `cmd:"" help:"Joins per second: token, hello, first state."`
	Bigmatch    bigmatchCommand    `cmd:"" help:"One match of many players, with an area of interest and without."`
	Slow        slowCommand        `cmd:"" help:"Age of the state on slow links, and the effect on other players of the match."`
	Micro       microCommand       `cmd:"" help:"Go benchmarks of the hot path in one table."`
	Peers       peersCommand       `cmd:"" help:"The same workload on other servers, in turns."`
	Attack      attackCommand      `cmd:"" help:"Effect of attacks on honest players, and what the server still holds afterwards."`
	Soak        soakCommand        `cmd:"" help:"An hour of players, cut connections and attacks: memory must stay flat, and no input may be lost."`
	All         allCommand         `cmd:"" help:"All of these within 40 minutes, in one report."`
	Table       tableCommand       `cmd:"" help:"The table of bench/README.md, from a saved report."`
	Check       checkCommand       `cmd:"" help:"Compare bytes, allocations and instructions of the hot path, which do not depend on the machine, with their baseline."`
	Compare     compareCommand     `cmd:"" help:"Compare two builds of arbiter in turns, with a confidence interval."`
	FloorServer floorServerCommand `cmd:"" hidden:"" help:"Serve the floor."`
	Attacker    attackerCommand    `cmd:"" hidden:"" help:"Attack a server, as standard input tells."`
}

// Help is the part of the help text above the flags.
func (benchCommand) Help() string {
	return `Each starts a server of its own, pinned to one processor, loads it from the others, and reports as a
table, as JSON (--json) and as a page with plots. Ratios to the floor, measured in the same run, hold
on any machine; absolute figures are this machine's, and only if nothing else runs on it.

The players play a game made for benchmarks; capacity and joins can play a game of this program
(--game). micro, check and peers need Arbiter's repository (--source).

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
	attackCommand      struct{ attack.Options }
	soakCommand        struct{ soak.Options }
	allCommand         struct{ suite.Options }
	checkCommand       struct{ check.Options }
	tableCommand       struct{ suite.TableOptions }
	attackerCommand    struct{}
	compareCommand     struct{ compare.Options }
	floorServerCommand struct{ floor.Options }
)

// benchRun is one run of a benchmark.
type benchRun struct {
	ctx     context.Context
	streams streams
	program *Program
}

// benchmark runs one. Ctrl-C ends it, and the servers it started.
func benchmark[O any](b benchRun, c bench.Common, o O, run func(context.Context, *bench.Session, O) (*report.Document, error)) error {
	ctx, stop := interruptible(b.ctx)
	defer stop()
	session, err := bench.Begin(c, b.streams.err)
	if err != nil {
		return err
	}
	session.Games = b.program.Games
	if session.Machine.Program == "" {
		session.Machine.Program = b.program.version()
	}
	d, err := run(ctx, session, o)
	if d == nil {
		return err
	}
	return errors.Join(err, session.Finish(d, b.streams.out))
}

func (c *capacityCommand) Run(b benchRun) error {
	return benchmark(b, c.Common, c.Options, capacity.Run)
}

func (c *floorCommand) Run(b benchRun) error {
	return benchmark(b, c.Common, c.Options, floorbench.Run)
}

func (c *idleCommand) Run(b benchRun) error {
	return benchmark(b, c.Common, c.Options, idle.Run)
}

func (c *joinsCommand) Run(b benchRun) error {
	return benchmark(b, c.Common, c.Options, joins.Run)
}

func (c *bigmatchCommand) Run(b benchRun) error {
	return benchmark(b, c.Common, c.Options, bigmatch.Run)
}

func (c *slowCommand) Run(b benchRun) error {
	return benchmark(b, c.Common, c.Options, slow.Run)
}

func (c *microCommand) Run(b benchRun) error {
	return benchmark(b, c.Common, c.Options, micro.Run)
}

func (c *peersCommand) Run(b benchRun) error {
	return benchmark(b, c.Common, c.Options, peers.Run)
}

func (c *attackCommand) Run(b benchRun) error {
	return benchmark(b, c.Common, c.Options, attack.Run)
}

func (c *soakCommand) Run(b benchRun) error {
	return benchmark(b, c.Common, c.Options, soak.Run)
}

func (c *allCommand) Run(b benchRun) error {
	return benchmark(b, c.Common, c.Options, suite.Run)
}

func (c *checkCommand) Run(b benchRun) error {
	return benchmark(b, c.Common, c.Options, check.Run)
}

// Run prints the table, or writes it into a file.
func (c *tableCommand) Run(s streams) error {
	table, err := c.Write()
	if err != nil {
		return err
	}
	_, err = io.WriteString(s.out, table)
	return err
}

func (c *compareCommand) Run(b benchRun) error {
	return benchmark(b, c.Common, c.Options, compare.Run)
}

// Run serves until it is stopped.
func (c *floorServerCommand) Run(ctx context.Context) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	return floor.Serve(ctx, c.Config())
}

// Run attacks until it is stopped.
func (attackerCommand) Run(ctx context.Context, s streams) error {
	ctx, stop := interruptible(ctx)
	defer stop()
	return hostile.Serve(ctx, os.Stdin, s.out)
}
