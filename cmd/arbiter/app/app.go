// Package app is the arbiter program for any list of games: a main of one call
// serves them, with every command that the demo games have.
//
//	package main
//
//	import (
//		"arbiter/cmd/arbiter/app"
//
//		"example.com/mine/pong"
//	)
//
//	func main() { app.Main(pong.Game) }
//
// Build it under any name and run it with --help. Its commands are
//
//	serve                  hosts the games: players, HTTP API, matchmaking, the page, metrics
//	bots                   plays on a server with many clients, and checks what it sends
//	token                  prints a token for development, or a new key
//	replay                 replays a recorded match and compares every tick
//	gen ts                 generates a game's TypeScript types
//	wasm                   builds a game's rules for browsers, which predict by them
//	matchmaking simulate   tries matchmaking rules on simulated queues
//	bench                  measures what matches cost on this machine
//	version                prints the version
//
// # Settings
//
// Flags of serve, bots and token may also come from the environment, as
// ARBITER_ADDR for serve's --addr, and from the YAML or JSON file that --config
// names. A flag wins over the environment, the environment over the file.
//
// # More than games
//
// [Main] and [Run] take games alone. Fill a [Program] in to bring more along,
// such as the queues that serve has without --rules, or a version.
//
// # Exit statuses
//
// 0: done. 1: the command failed; standard error says why. 2: the command line,
// the environment or the configuration file makes no sense.
//
// A main that wants to do without commands, flags and the page hosts its games
// with package server alone, as cmd/arbiter/example does.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"arbiter/cmd/arbiter/bots"
	"arbiter/game"
	"arbiter/matchmaking"
)

// Program is what the commands work for. Copies may be used at the same time.
type Program struct {
	// Games are all that the program knows, at least one, each of its own name.
	// The first one is what an example or a default needs a game for.
	Games []game.Definition

	// Queues are those that serve has unless --queues chooses among them, in that
	// order; those of games that are not hosted are left out. Nil: none but what
	// --rules names.
	Queues []matchmaking.Rules

	// Pilots decide what bots do, at most one for each game. Bots of a game without
	// a pilot change their inputs at random.
	Pilots []bots.Pilot

	// Version is what the program calls its version. Empty: what the Go linker
	// recorded of the main module.
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
