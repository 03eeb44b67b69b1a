// Command arbiter is the program of package app for the demo games. See
// "arbiter --help".
package main

import (
	"arbiter/cmd/arbiter/app"
	"arbiter/cmd/arbiter/bots/pilots"
	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/tag"
	"arbiter/matchmaking/rules"
)

// version is set by the linker: -ldflags "-X main.version=v1.2.3".
var version string

func main() {
	app.Program{
		Games:   []game.Definition{arena.Game, arena.Large, arena.Uncompensated, tag.Game},
		Queues:  rules.Examples(),
		Pilots:  pilots.All(),
		Version: version,
	}.Main()
}
