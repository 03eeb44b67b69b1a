package arena

import (
	"time"

	"arbiter/game"
)

// Config makes a variant of the game. Its zero value is [Game].
type Config struct {
	Uncompensated bool    // judge hits by where ships are, not by what the shooter saw
	Seconds       float64 // length of a round; 0 means 180
	Rounds        int     // the match finishes after so many; 0 means never
	Drones        int     // how many drift about
	Room          int     // the field has room for so many at least; 0 means 4
	ViewRadius    float64 // radius in units of what a client is sent; 0 means everything
	Settings      game.Config
}

// rewind is how old what a shooter sees may be: 250 ms of round trip, a
// snapshot's interval to draw between, and what jitter adds to both.
const rewind = 400 * time.Millisecond

// New defines a variant; game.Config's zero values mean 30 Hz, 64 players and a
// rewind of 400 ms.
func New(name string, c Config) (*game.Game[State, Input], error) {
	if c.Seconds == 0 {
		c.Seconds = 180
	}
	if c.Room == 0 {
		c.Room = 4
	}
	if c.Settings.MaxPlayers == 0 {
		c.Settings.MaxPlayers = 64
	}
	if c.Settings.Rewind == 0 {
		c.Settings.Rewind = rewind
	}
	if c.ViewRadius > 0 {
		return game.Define[State, Input](name, limited{rules{c}}, c.Settings)
	}
	return game.Define[State, Input](name, rules{c}, c.Settings)
}

var (
	// Game is the arena for 2 to 64 players.
	Game = must("arena", Config{})

	// Large has 500 entities at 64 players, of which a client is sent those
	// around its ship. Anybody may watch all of it: the playground shows both views.
	Large = must("arena-large", Config{Drones: 436, Room: 64, ViewRadius: 600, Settings: game.Config{AnyoneMayWatch: true}})

	// Uncompensated is Game without lag compensation, to compare.
	Uncompensated = must("arena-uncompensated", Config{Uncompensated: true})
)

func must(name string, c Config) *game.Game[State, Input] {
	g, err := New(name, c)
	if err != nil {
		panic(err)
	}
	return g
}
