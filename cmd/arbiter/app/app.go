// Package app is the arbiter program for any list of games. A main of one call has
// every command that the demo games have:
//
//	package main
//
//	import (
//		"arbiter/cmd/arbiter/app"
//
//		"example.com/yourgame/rules"
//	)
//
//	func main() { app.Main(rules.Game) }
//
// A game is what game.Define returns. Keep it in a package of its own, here rules,
// so that "wasm" can import it. The module's go.mod needs
//
//	require arbiter v0.0.0
//	replace arbiter => ../arbiter
//
// because no module proxy serves Arbiter; go mod tidy adds the rest.
//
// # A first run
//
//	go build -o yourgame .
//	./yourgame wasm ./rules            # for browsers; writes the folder wasm
//	./yourgame serve --wasm wasm --record-dir recordings
//
// The server listens on 127.0.0.1:8080 and gives guest tokens to anyone on this
// machine. Its page plays the game. In another terminal:
//
//	./yourgame bots --predict --clients 8
//	./yourgame replay recordings/FILE.arbr   # once its match has ended
//
// # Commands
//
//	serve                  hosts the games: players, HTTP API, matchmaking, web page, metrics
//	bots                   plays on a server with many clients, and checks all that it sends
//	token                  prints a token for development, or a new key
//	replay                 replays a recorded match and compares every tick
//	gen ts                 generates a game's TypeScript types
//	wasm                   builds a game's rules for browsers, which predict by them
//	matchmaking simulate   tries matchmaking rules on simulated queues
//	bench                  measures what matches cost on this machine
//	version                prints the version
//
// Each has --help, with examples. Matchmaking queues are rules files, which serve
// reads with --rules FILE.
//
// # Settings
//
// Flags of serve, bots and token may also be set by environment variables, such as
// --addr of serve by ARBITER_ADDR, and by the YAML or JSON file that --config names.
// Flags on the command line take precedence over environment variables, and these
// over the file.
//
// SIGINT and SIGTERM end a command in order: serve drains, bots report. A second
// signal ends the process at once.
//
// # Exit statuses
//
//	0   done
//	1   the command failed; standard error says why, and what to do
//	2   the command line, the environment or the configuration file makes no sense
//
// # More than games
//
// [Main] and [Run] take games alone. Fill in a [Program] to bring along more: the
// queues that serve has without --rules, pilots for bots, rules for browsers inside
// the program, a version.
//
// To host games without commands, flags and web page, use package server alone, as
// cmd/arbiter/example does.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"arbiter/cmd/arbiter/bots"
	"arbiter/game"
	"arbiter/matchmaking"
)

// Program is what the commands work for. It is not changed by running it; several
// may run at a time.
type Program struct {
	// Games are those that the program knows, at least one, each with a name of its
	// own. serve hosts all of them unless --games chooses. The first one is in the
	// examples of help texts.
	Games []game.Definition

	// Queues are the matchmaking queues that serve has, in this order, unless
	// --queues chooses among them. Queues of games that are not hosted are left out.
	// Package rules of matchmaking parses them. Nil: only those of --rules.
	Queues []matchmaking.Rules

	// Pilots decide what bots do, at most one for each game. Bots of a game without
	// a pilot change their inputs at random.
	Pilots []bots.Pilot

	// WASM has the folder that "arbiter wasm" wrote, such as an embed.FS of it: the
	// rules by which browsers predict, unless --wasm names others. Nil: only those of
	// --wasm.
	WASM fs.FS

	// Version is the version that the program reports, such as v1.2.3. Empty: that
	// of the main module, as the go command recorded it. To set it at build time,
	// let main pass a variable that -ldflags "-X main.version=v1.2.3" sets.
	Version string
}

// Main runs the program for those games with the process's arguments and
// streams, and exits with its status.
func Main(games ...game.Definition) { Program{Games: games}.Main() }

// Run runs the program for those games and returns its exit status. args are
// the arguments without the program's name. It returns when the command is
// done, when ctx ends, which drains a server, or at SIGINT or SIGTERM.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer, games ...game.Definition) int {
	return Program{Games: games}.Run(ctx, args, stdout, stderr)
}

// Main is the function [Main] for a program that brings more than games.
func (p Program) Main() {
	os.Exit(p.Run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// Run is the function [Run] for a program that brings more than games.
func (p Program) Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if err := p.check(); err != nil {
		fmt.Fprintln(stderr, "arbiter:", err)
		return exitFailed
	}
	return p.run(ctx, args, stdout, stderr)
}

// check refuses what the author of a main has forgotten.
func (p *Program) check() error {
	if len(p.Games) == 0 {
		return errors.New("there are no games: give app.Main at least one")
	}
	names := map[string]bool{}
	for i, g := range p.Games {
		if g == nil {
			return fmt.Errorf("game %d of app.Main is nil: give it what game.Define returns", i+1)
		}
		if names[g.Name()] {
			return fmt.Errorf("two games have the name %q: give each a name of its own", g.Name())
		}
		names[g.Name()] = true
	}
	return nil
}
