package app

import (
	"context"

	"arbiter/matchmaking/simulate"
)

// matchmakingCommand tries matchmaking rules on simulated players.
type matchmakingCommand struct {
	Simulate simulateCommand `cmd:"" help:"Simulate a queue in virtual time, and report wait times and match quality."`
	Growth   growthCommand   `cmd:"" help:"Measure how the time of a matching pass grows from 1,000 to 1,000,000 waiting tickets."`
}

type simulateCommand struct {
	Rules    string  `required:"" placeholder:"FILE" help:"Rules file (YAML or JSON), or an example: arena, fives or ladder."`
	Arrivals string  `required:"" placeholder:"FILE|poisson:RATE" help:"Recorded arrivals (CSV or JSON lines), or poisson: and the mean number of players per second."`
	Hours    float64 `default:"2" help:"Virtual time to simulate."`
	Out      string  `placeholder:"DIR" help:"Folder for result.json and result.svg. Default: neither is written."`
	Alone    bool    `help:"Leave out the comparison with a plain oldest-first matcher."`
	JSON     bool    `name:"json" help:"Print the result as JSON."`
	Quiet    bool    `help:"No progress on standard error."`
}

// Help is the part of the help text above the flags.
func (simulateCommand) Help() string {
	return `    arbiter matchmaking simulate --rules ladder --arrivals poisson:2 --hours 2 --out measured`
}

// Run simulates.
func (c *simulateCommand) Run(ctx context.Context, s streams) error {
	return simulate.Run(ctx, simulate.Options(*c), s.out, s.err)
}

type growthCommand struct {
	Rules string `default:"fives" placeholder:"NAME" help:"Example rules to measure with: arena, fives or ladder (${default})."`
	Out   string `placeholder:"FILE" help:"SVG file for the plot. Default: no plot."`
}

// Run measures for about a minute, and uses 1.5 GB of memory.
func (c *growthCommand) Run(ctx context.Context, s streams) error {
	return simulate.RunGrowth(ctx, c.Rules, c.Out, s.out)
}
