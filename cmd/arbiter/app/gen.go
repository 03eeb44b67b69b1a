package app

import (
	"fmt"
	"os"

	"arbiter/cmd/arbiter/gents"
)

// genCommand writes what other languages need of a game.
type genCommand struct {
	TS genTSCommand `cmd:"" name:"ts" help:"Write a game's TypeScript types."`
}

type genTSCommand struct {
	program *Program

	Game string `required:"" placeholder:"NAME" help:"The game."`
	Out  string `placeholder:"FILE" help:"Where to; without it, standard output."`
}

// Help is the part of the help text above the flags.
func (genTSCommand) Help() string {
	return `With them, a wrong field's name is a compile error. The types are those of the game's Go state:

    arbiter gen ts --game arena --out src/arena.ts

    import type { Arena } from "./arena"
    const room = await connect<Arena>({ game: "arena" })`
}

// Run writes the types.
func (c *genTSCommand) Run(s streams) error {
	g, err := c.program.game(c.Game)
	if err != nil {
		return err
	}
	types := gents.TypeScript(g.Schema())
	if c.Out == "" {
		_, err = s.out.Write(types)
		return err
	}
	// #nosec G306 -- source code, for whoever builds it
	if err := os.WriteFile(c.Out, types, 0o644); err != nil {
		return fmt.Errorf("write the types: %w", err)
	}
	_, err = fmt.Fprintf(s.err, "wrote %s\n", c.Out)
	return err
}
