package app

import (
	"fmt"
	"os"

	"arbiter/cmd/arbiter/gents"
)

// genCommand generates code for other languages.
type genCommand struct {
	TS genTSCommand `cmd:"" name:"ts" help:"Generate a game's TypeScript types."`
}

type genTSCommand struct {
	program *Program

	Game string `required:"" placeholder:"NAME" help:"Name of the game."`
	Out  string `placeholder:"FILE" help:"Output file (default: standard output)."`
}

// Help is the part of the help text above the flags.
func (c genTSCommand) Help() string {
	game := c.program.exampleGame()
	name := gents.TypeName(game)
	return `The types are those of the game's Go state. With them, a misspelled field is a compile error:

    arbiter gen ts --game ` + game + ` --out src/` + game + `.ts

    import type { ` + name + ` } from "./` + game + `"
    const room = await connect<` + name + `>({ game: "` + game + `" })`
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
