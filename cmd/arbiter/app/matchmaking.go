package app

import (
	"context"

	"arbiter/matchmaking/simulate"
)

// matchmakingCommand tries matchmaking rules.
type matchmakingCommand struct {
	Simulate simulateCommand `cmd:"" help:"Let players arrive in virtual time, and report how well rules serve them."`
	Growth   growthCommand   `cmd:"" help:"Measure how a pass grows from 1,000 to 1,000,000 waiting tickets."`
}

type simulateCommand struct {
	Rules    string  `required:"" placeholder:"FILE" help:"A rules file (YAML or JSON), or one of arena, fives and ladder."`
	Arrivals string  `required:"" placeholder:"FILE|poisson:RATE" help:"A recorded queue (CSV or JSON lines), or poisson: and players a second."`
	Hours    float64 `default:"2" help:"Virtual time."`
	Out      string  `placeholder:"DIR" help:"Folder for result.json and result.svg."`
	Alone    bool    `help:"Without the plain oldest-first matcher to compare with."`
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
	Rules string `default:"fives" placeholder:"NAME" help:"Rules to measure with (${default})."`
	Out   string `placeholder:"FILE" help:"SVG file for the plot."`
}

// Run measures for about a minute, and takes 1.5 GB.
func (c *growthCommand) Run(ctx context.Context, s streams) error {
	return simulate.RunGrowth(ctx, c.Rules, c.Out, s.out)
}
