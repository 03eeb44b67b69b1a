package netcode

import (
	"testing"

	"arbiter/game"
)

// The games whose schemas the wire tests use: pilot has everything a schema can
// have, counter the least, with inputs that hardly pack.

type pilotState struct {
	Ships  game.Table[pilotShip]
	Rounds game.Value[pilotRound]
	Booms  game.Events[pilotBoom]
	Rename game.Commands[pilotRename]
	Tune   game.Commands[pilotTune]
}

type pilotShip struct {
	Owner game.PlayerID
	X, Y  float64 `net:"step=1/64,linear"`
	Angle float64 `net:"step=tau/256,wrap"`
	HP    int
	Name  string `net:"len=16"`
	Mass  float64
	Cards [2]struct {
		Suit  uint8 `net:"min=0,max=3"`
		Shown bool
	} `net:"owner"`
	Reload int `net:"-"`
}

type pilotRound struct{ Ends int32 }

type pilotBoom struct{ X, Y float64 }

type pilotRename struct {
	Name string `net:"len=16"`
}

type pilotTune struct {
	Slot  uint8 `net:"min=1,max=4"`
	On    bool
	Gain  float64
	Pitch float64 `net:"step=1/8"`
	Label string  `net:"len=8"`
	Note  string
}

type pilotInput struct {
	Thrust, Turn int8 `net:"min=-1,max=1"`
	Fire         bool
	Aim          float64 `net:"step=tau/256,wrap"`
}

func (pilotInput) Rewinds() bool { return true }

type pilotRules struct{}

func (pilotRules) Join(*game.World[pilotState], game.Player)              {}
func (pilotRules) Leave(*game.World[pilotState], game.PlayerID)           {}
func (pilotRules) Step(*game.World[pilotState], *game.Inputs[pilotInput]) {}

type counterState struct{ Sum game.Value[struct{ N int }] }

type counterInput struct {
	A    int16
	B    int16 // A and B are 2^32 together: two integers
	C    int   // unbounded
	D    bool
	E    float64 `net:"step=1/2"`             // unbounded
	F    float64 `net:"step=1,min=0,max=5e9"` // bounded, but too wide to pack
	G, H uint8
}

type counterRules struct{}

func (counterRules) Join(*game.World[counterState], game.Player)                {}
func (counterRules) Leave(*game.World[counterState], game.PlayerID)             {}
func (counterRules) Step(*game.World[counterState], *game.Inputs[counterInput]) {}

var (
	pilot   = game.MustDefine("pilot", pilotRules{}, game.Config{TickRate: 60, SnapshotRate: 30}).Schema()
	counter = game.MustDefine("counter", counterRules{}, game.Config{}).Schema()
)

// wants fails the test if the code under test no longer does what its case is
// there for.
func wants[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
