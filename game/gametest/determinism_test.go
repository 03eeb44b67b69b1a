package gametest_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"arbiter/game"
	"arbiter/game/gametest"
	"arbiter/game/sim"
)

// witness stands in for a test and remembers what it was told.
type witness struct {
	testing.TB
	errors []string
}

func (w *witness) Helper()                   {}
func (w *witness) Errorf(f string, a ...any) { w.errors = append(w.errors, fmt.Sprintf(f, a...)) }
func (w *witness) reported(words string) bool {
	return strings.Contains(strings.Join(w.errors, "\n"), words)
}

type state struct {
	Pawns  game.Table[pawn]
	Noises game.Events[noise]
}
type pawn struct {
	Player game.PlayerID
	X      int
}
type noise struct{ N int }
type input struct {
	Move int8 `net:"min=-1,max=1"`
}

// suspect is a game whose step is given by the test.
type suspect struct {
	step func(w *game.World[state], in *game.Inputs[input])
}

func (suspect) Join(w *game.World[state], p game.Player) { w.State.Pawns.Add(pawn{Player: p.ID}) }

func (suspect) Leave(w *game.World[state], p game.PlayerID) {
	id, _ := w.State.Pawns.Find(func(x *pawn) bool { return x.Player == p })
	w.State.Pawns.Delete(id)
}

func (s suspect) Step(w *game.World[state], in *game.Inputs[input]) { s.step(w, in) }

var hidden int // what the broken games below keep outside their state

func walk(w *game.World[state], in *game.Inputs[input]) {
	for _, p := range w.State.Pawns.All() {
		p.X += int(in.Of(p.Player).Move)
	}
}

func TestDeterminismCatches(t *testing.T) {
	cases := []struct {
		name, says string
		step       func(w *game.World[state], in *game.Inputs[input])
	}{
		{"global counter", "played again: tick 1 differs", func(w *game.World[state], in *game.Inputs[input]) {
			hidden++
			for _, p := range w.State.Pawns.All() {
				p.X = hidden
			}
		}},
		{"memory beside the state", "differs", func(w *game.World[state], in *game.Inputs[input]) {
			if w.Tick() == 1 {
				hidden = 0 // each new match looks alike; a rolled back one does not
			}
			for _, p := range w.State.Pawns.All() {
				hidden += int(in.Of(p.Player).Move)
				p.X = hidden
			}
		}},
		{"map iteration", "differs", func(w *game.World[state], in *game.Inputs[input]) {
			byPlayer := map[game.PlayerID]*pawn{}
			for _, p := range w.State.Pawns.All() {
				byPlayer[p.Player] = p
			}
			n := 0
			for p := range maps.Keys(byPlayer) {
				n = n*31 + int(p)
				byPlayer[p].X = n
			}
		}},
		{"events only", "differs", func(w *game.World[state], in *game.Inputs[input]) {
			walk(w, in)
			hidden++
			w.State.Noises.Emit(noise{hidden})
		}},
		{"nothing moves", "nothing was shown", func(w *game.World[state], in *game.Inputs[input]) {
			w.State.Pawns.Clear()
		}},
		{"panic", "tick 7: the rules panicked: seven", func(w *game.World[state], in *game.Inputs[input]) {
			if walk(w, in); w.Tick() == 7 {
				panic("seven")
			}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			hidden = 0
			def := game.MustDefine[state, input]("suspect", suspect{c.step}, game.Config{})
			w := &witness{TB: t}
			gametest.Determinism(w, def, gametest.Options{Seed: 1})
			if !w.reported(c.says) {
				t.Fatalf("want a report with %q, got %q", c.says, w.errors)
			}
		})
	}
}

// expectant is a game whose state depends on how its match was ordered.
type expectant struct{ suspect }

func (expectant) Start(w *game.World[state]) {
	for range w.Setup().Roster {
		w.State.Pawns.Add(pawn{})
	}
}

// What a match was ordered with, and who is what, comes back with a checkpoint.
func TestDeterminismCoversTheOrder(t *testing.T) {
	def := game.MustDefine[state, input]("expectant", expectant{suspect{func(w *game.World[state], in *game.Inputs[input]) {
		step, _ := w.Setup().Parameters.Number("step")
		for _, p := range w.State.Pawns.All() {
			who, _ := w.Player(p.Player)
			skill, _ := who.Attributes.Number("skill")
			p.X += int(step) + len(who.Role) + int(skill)
		}
		w.Wants(len(w.Setup().Roster) - int(w.Tick())%3)
	}}}, game.Config{})
	w := &witness{TB: t}
	setup := game.Setup{Parameters: game.Attributes{{Name: "step", Number: 3}}, Roster: []game.Player{
		{Role: "tank"}, {Role: "healer", Attributes: game.Attributes{{Name: "skill", Number: 7}}}, {}}}
	gametest.Determinism(w, def, gametest.Options{Seed: 1, Setup: setup})
	if len(w.errors) > 0 {
		t.Fatal(w.errors)
	}
	var plain, ordered sim.Sim = def.NewSim(1), def.BeginSim(1, setup)
	if plain.Hash() == ordered.Hash() {
		t.Error("the hash does not cover the order")
	}
}

// A game that remembers outside its state, and resets with each match, passes
// when only repeated: rollbacks must be what catches it.
func TestRollbackCatchesWhatRepetitionMisses(t *testing.T) {
	def := game.MustDefine[state, input]("suspect", suspect{func(w *game.World[state], in *game.Inputs[input]) {
		if w.Tick() == 1 {
			hidden = 0
		}
		for _, p := range w.State.Pawns.All() {
			hidden += int(in.Of(p.Player).Move)
			p.X = hidden
		}
	}}, game.Config{})
	w := &witness{TB: t}
	gametest.Determinism(w, def, gametest.Options{Seed: 1})
	if w.reported("played again") || !w.reported("with rollbacks") {
		t.Fatalf("got %q", w.errors)
	}
}

func TestDeterminismPasses(t *testing.T) {
	def := game.MustDefine[state, input]("honest", suspect{walk}, game.Config{})
	w := &witness{TB: t}
	gametest.Determinism(w, def, gametest.Options{Seed: 1})
	if len(w.errors) > 0 {
		t.Fatal(w.errors)
	}
}
