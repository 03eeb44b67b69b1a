package core

import (
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/view"
)

// Mirror is a [Seat] of a game whose types are known: the server's state, the
// prediction and the state to draw as values of S.
//
// What State, Predicted and Interpolated return is valid until the next call
// of the same method, and must not be changed. One goroutine at a time may use
// a Mirror; its callbacks run inside Receive.
type Mirror[S, I any] struct {
	seat  *Seat
	game  *game.Game[S, I]
	input I
	cells []int64

	newest, before   *game.Match[S, I] // as of the last Receive if there are watches, else of the last State
	predicted, drawn *game.Match[S, I]
	loaded           *view.Frame
	loadedTick       game.Tick

	seats  uint64 // seats had when the watches last looked
	rows   []rowWatch
	events []eventWatch
}

// NewMirror returns a client of g that has no seat yet. predict says whether
// to run the rules for the player's own rows.
func NewMirror[S, I any](g *game.Game[S, I], predict bool, smooth time.Duration) *Mirror[S, I] {
	c := Config{Schema: g.Schema(), Smooth: smooth}
	if predict {
		c.Predictor = func(p game.PlayerID) sim.Prediction { return g.NewPrediction(game.Player{ID: p}) }
	}
	holder := func() *game.Match[S, I] { return g.NewPrediction(game.Player{}) }
	return &Mirror[S, I]{
		seat: NewSeat(c), game: g, cells: make([]int64, len(g.Schema().Input.Fields)),
		newest: holder(), before: holder(), predicted: holder(), drawn: holder(),
	}
}

// Seat is the client with its types erased, for what drives the connection.
func (m *Mirror[S, I]) Seat() *Seat { return m.seat }

// Set makes in what the player does from the next tick on. What stands between
// two ticks only is not seen by anybody.
func (m *Mirror[S, I]) Set(in I) {
	m.input = in
	sim.InputCells(m.game.Schema(), &m.input, m.cells)
	r, can := any(&m.input).(interface{ Rewinds() bool })
	m.seat.Set(m.cells, can && r.Rewinds())
}

// Receive is [Seat.Receive], and then calls back what watches the state and the
// events.
func (m *Mirror[S, I]) Receive(now time.Duration, msg []byte) (Received, error) {
	r, err := m.seat.Receive(now, msg)
	if err == nil && r.Kind == netcode.KindSnapshot {
		m.changed(&r.Update)
	}
	return r, err
}

// State is the newest state that the server sent; the zero state before the
// first.
func (m *Mirror[S, I]) State() *S {
	m.load()
	return m.newest.State()
}

// load brings newest up to date and reports whether there was anything to do.
func (m *Mirror[S, I]) load() bool {
	f := m.seat.Frame()
	if f == nil || f == m.loaded && f.Tick == m.loadedTick {
		return false
	}
	m.loaded, m.loadedTick = f, f.Tick
	return m.seat.Load(m.newest)
}

// Predicted is State with the player's own rows as the rules, run ahead, say
// they are at the prediction clock's tick. Without a prediction it is State.
func (m *Mirror[S, I]) Predicted() *S {
	m.seat.LoadPredicted(m.predicted)
	return m.predicted.State()
}

// Interpolated is what to draw at now: others a moment ago, smoothly, and the
// player's own rows as predicted. See [Seat.Draw].
func (m *Mirror[S, I]) Interpolated(now time.Duration) *S {
	m.seat.Draw(now, m.drawn)
	return m.drawn.State()
}

// Command sends a command to the rules: c of the commands that pick selects.
func Command[S, I, T any](m *Mirror[S, I], pick func(*S) *game.Commands[T], c T) error {
	kind, ok := m.newest.Index(pick(m.newest.State()))
	if !ok {
		panic("client: pick must return commands of the state it is given")
	}
	return m.seat.Command(kind, sim.CommandRow(m.newest.Schema(), kind, &c))
}
