// Package arena is a game of ships: they turn and thrust with inertia, shoot,
// and are judged by what the shooter saw.
//
// # The match
//
// A round lasts three minutes; the most points win, and the next one begins
// with scores at zero. A ship takes three hits. Its pilot gets a new one two
// seconds after it is lost, which cannot be hit for its first second and a
// half. The field is 16 by 9, with room for those who play: it grows as they
// join, and fits them again in each new round. Walls bounce.
//
// # Teams
//
// Players whose roster, or token, names a team start on its side of the field,
// do not hit one another, and fly under their team's name before their own. A
// match may be ordered with parameters: rounds, seconds (of a round), and
// score_limit, which a team reaches together. Without rounds and score_limit it
// never finishes.
//
// # Fair hits
//
// On a shooter's screen their bullet flies beside enemies as they were some ticks
// ago (lag compensation). So a bullet carries that age, and is tested for its whole flight against
// where the others were then, at most 400 ms back: what looked like a hit to
// the one who aimed is a hit. [Uncompensated] is the same game without it.
//
// A pilot who keeps claiming to see what they cannot (before it was sent, or long
// after it was over), six times with less than ten seconds between, is not
// believed until ten seconds after the last time: their shots are judged by
// where the others are.
//
// # Prediction
//
// All that a ship's motion depends on is its own row, its player's input and
// the size of the field, and its owner receives all three. A client that runs
// the rules ahead is wrong about its own ship only when it is hit, when it is
// replaced, or when the field changes. Its own bullets fly on their own too;
// hits are the server's to judge.
package arena

import "arbiter/game"

// Input is what a pilot does.
type Input struct {
	Thrust int8 `net:"min=-1,max=1"` // 1 ahead, -1 brakes
	Turn   int8 `net:"min=-1,max=1"` // 1 towards growing angles
	Fire   bool
}

// Rewinds says that a shot needs to know what its shooter was looking at.
func (i Input) Rewinds() bool { return i.Fire }

// State is everything there is in a match.
type State struct {
	Field   game.Value[Field]
	Round   game.Value[Round]
	Pilots  game.Table[Pilot]
	Ships   game.Table[Ship]
	Bullets game.Table[Bullet]
	Drones  game.Table[Drone]

	Hits       game.Events[Hit] // to the two it concerns
	Kills      game.Events[Kill]
	Explosions game.Events[Explosion]
	Rounds     game.Events[RoundOver]
	Renames    game.Commands[Rename]
}

// Field is the world: from 0,0 to W,H.
type Field struct {
	W, H float64 `net:"step=1"`
}

// Round is the one being played.
type Round struct {
	Number int       // from 1
	Ends   game.Tick // its last tick
}

// Pilot is a player, with or without a ship.
type Pilot struct {
	Player game.PlayerID
	Name   string `net:"len=16"`
	Score  int
	Kills  int
	Deaths int
	Back   game.Tick // when they get a ship; 0 while they have one
	X, Y   float64   `net:"-"` // where their last ship was, for Eye

	Strikes   int       `net:"-"` // false claims of what they saw, at most maxStrikes
	TrustedAt game.Tick `net:"-"` // when they are forgotten
}

// Ship is there as long as it flies; a new one has a new id.
type Ship struct {
	Player game.PlayerID
	X, Y   float64   `net:"step=1/8,linear"`
	Angle  float64   `net:"step=tau/1024,wrap"`
	Thrust bool      // for the flame
	HP     int8      // hits it still takes
	Safe   game.Tick // until then it cannot be hit
	VX, VY float64   `net:"step=1/8,owner"`    // units a second
	Spin   float64   `net:"step=tau/64,owner"` // radians a second
	Ready  game.Tick `net:"owner"`             // when it may fire again
}

// Position places ships for areas of interest.
func (s *Ship) Position() (x, y float64) { return s.X, s.Y }

// Bullet flies straight. It moves by whole steps of X and Y, so that its flight
// costs nothing on the wire.
type Bullet struct {
	Player game.PlayerID // who fired
	X, Y   float64       `net:"step=1/8,linear"`
	DX, DY float64       `net:"step=1/8,owner"` // units a tick
	Ends   game.Tick     `net:"owner"`
	Age    int           `net:"-"` // ticks by which its shooter saw the others late
}

// Position places bullets for areas of interest.
func (b *Bullet) Position() (x, y float64) { return b.X, b.Y }

// Drone drifts about and is worth a point.
type Drone struct {
	X, Y   float64   `net:"step=1/8,linear"`
	DX, DY float64   `net:"-"` // units a tick
	Turns  game.Tick `net:"-"` // when it takes another course
}

// Position places drones for areas of interest.
func (d *Drone) Position() (x, y float64) { return d.X, d.Y }

// Hit is an event for the shooter and the target.
type Hit struct {
	By, Who game.PlayerID // Who is 0 for a drone
	X, Y    float64       `net:"step=1"`
}

// Kill is an event for everybody.
type Kill struct{ By, Who game.PlayerID }

// Explosion is for drawing: a ship or a drone exploded.
type Explosion struct {
	X, Y float64 `net:"step=1"`
	Ship bool
}

// RoundOver is an event with the winner; 0 if nobody had a point or the best were equal.
type RoundOver struct {
	Number int
	Winner game.PlayerID
	Score  int
}

// Rename asks for another name.
type Rename struct {
	Name string `net:"len=16"`
}
