package match

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
)

type (
	walker struct {
		Player            game.PlayerID
		X, Fresh          int
		TimesAway, Return int
	}
	walkState struct{ Walkers game.Table[walker] }
	walkInput struct {
		DX int8 `net:"min=-1,max=1"`
	}
	walkRules struct{}
)

func (walkRules) Join(w *game.World[walkState], p game.Player) {
	w.State.Walkers.Add(walker{Player: p.ID})
}
func (walkRules) Leave(*game.World[walkState], game.PlayerID)    {}
func (walkRules) Away(w *game.World[walkState], p game.PlayerID) { ofPlayer(w, p).TimesAway++ }
func (walkRules) Back(w *game.World[walkState], p game.PlayerID) { ofPlayer(w, p).Return++ }

func (walkRules) Step(w *game.World[walkState], in *game.Inputs[walkInput]) {
	for _, r := range w.State.Walkers.All() {
		r.X += int(in.Of(r.Player).DX)
		if in.Fresh(r.Player) {
			r.Fresh++
		}
	}
}

func ofPlayer(w *game.World[walkState], p game.PlayerID) *walker {
	for _, r := range w.State.Walkers.All() {
		if r.Player == p {
			return r
		}
	}
	return nil
}

// walk is a match in which Ann holds her input.
func walk(t *testing.T, c game.Config) (*testbed, func() walker) {
	b := newTestbed(t, game.MustDefine[walkState, walkInput]("walk", walkRules{}, c), 1)
	entry := netcode.Entry{Seq: 1, Tick: b.sim.Tick() + 1, Cells: []int64{1}}
	b.clients[0].post(envelope{kind: envelopeInputs}, []netcode.Entry{entry})
	b.turn()
	return b, func() walker { return *b.sim.(*game.Match[walkState, walkInput]).State().Walkers.Get(1) }
}

// comeBack resumes the seat of Ann.
func comeBack(b *testbed) {
	resume := b.seats[0].resume
	b.engine.lobby.matches[b.id] = b.Match
	s := b.engine.Open(&fakeConn{}, &Admission{Game: b.game, Match: b.id, Claims: Claims{Subject: "aa", Expiry: time.Now().Add(time.Hour)}})
	s.Message(netcode.Hello{Version: netcode.Version, Resume: resume}.Append(nil))
}

func (b *testbed) turns(n int) {
	for range n {
		b.turn()
	}
}

// Hazards: away.
func TestInputOfPlayersAwayIsReleased(t *testing.T) {
	for _, test := range []struct {
		release        time.Duration
		atLeast, below int // ticks of movement while away, of 60
	}{{0, 25, 35}, {200 * time.Millisecond, 3, 10}, {-1, 60, 61}} {
		b, ann := walk(t, game.Config{TickRate: 30, ReleaseInput: test.release})
		b.clients[0].Closed(errors.New("lost"))
		start := ann().X
		b.turns(60)
		if n := ann().X - start; n < test.atLeast || n >= test.below {
			t.Errorf("released after %v: she moved on for %d of 60 ticks, want %d to %d", test.release, n, test.atLeast, test.below-1)
		}
		comeBack(b)
		start = ann().X
		b.turns(10)
		if got := ann(); got.X-start != 10 || got.Fresh != 1 || got.TimesAway != 1 || got.Return != 1 {
			t.Errorf("released after %v: back for 10 ticks: %+v, began at %d", test.release, got, start)
		}
	}
}

// A connection that takes the seat over in the same tick is not being away, and the new
// client does not go on with what the one before held.
func TestTakeOverIsNotAway(t *testing.T) {
	b, ann := walk(t, game.Config{TickRate: 30})
	comeBack(b)
	b.turn()
	if got := ann(); got.TimesAway != 0 || got.Return != 0 {
		t.Errorf("resumed while connected: %+v", got)
	}
	b.join("aa")
	b.turn()
	start := ann().X
	b.turns(5)
	if got := ann(); got.TimesAway != 0 || got.X != start {
		t.Errorf("taken over by a client that holds nothing: %+v, began at %d", got, start)
	}
}

// A game's own resume window counts, and what rules were told is in the recording.
func TestAwayIsRecorded(t *testing.T) {
	g := game.MustDefine[walkState, walkInput]("walk", walkRules{}, game.Config{TickRate: 30, ResumeWindow: 3 * time.Second})
	b := newTestbed(t, g, 2)
	var file bytes.Buffer
	m := g.NewSim(5)
	recorder := sim.NewRecorder(&file, g, 5, sim.Setup{})
	for tick := range 20 {
		in := sim.TickInput{}
		switch tick {
		case 0:
			in.Joins = []game.Player{{ID: 1}, {ID: 2}}
		case 5:
			in.Away, in.Held = []game.PlayerID{1, 2}, []sim.PlayerInput{{Player: 2, Cells: []int64{-1}}}
		case 9:
			in.Back = []game.PlayerID{2}
		}
		m.Step(&in)
		recorder.Record(&in, m.Hash())
	}
	if err := recorder.Close(); err != nil {
		t.Fatal(err)
	}
	sum, err := sim.Replay(&file, func(string) (sim.Definition, error) { return g, nil }, nil)
	if err != nil || sum.Hash != m.Hash() {
		t.Errorf("%+v, %v", sum, err)
	}
	if b.resumeWindow() != 3*time.Second {
		t.Errorf("the resume window is %v", b.resumeWindow())
	}
	b.clients[0].Closed(errors.New("lost"))
	b.turns(80)
	if len(b.seats) != 2 {
		t.Error("the seat was given up before the game's own resume window")
	}
	b.turns(60)
	if len(b.seats) != 1 {
		t.Error("the seat outlives the game's own resume window")
	}
}
