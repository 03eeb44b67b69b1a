package gametest

import (
	"arbiter/game"
	"arbiter/game/sim"
)

// Match is a match that a test steps by hand, with typed inputs: Join players,
// give them inputs and Step, then look at State. One goroutine may use it.
type Match[S, I any] struct {
	match *game.Match[S, I]
	next  sim.TickInput // what reaches the next tick
	seq   uint32
}

// NewMatch starts a match of g from a seed, with the setup it is ordered with;
// game.Setup{} if it is not.
func NewMatch[S, I any](g *game.Game[S, I], seed uint64, setup game.Setup) *Match[S, I] {
	return &Match[S, I]{match: g.Begin(seed, setup)}
}

// State is the state after the last step. A test may change it, until the next.
func (m *Match[S, I]) State() *S { return m.match.State() }

// Tick is the number of the last step; 0 before the first.
func (m *Match[S, I]) Tick() game.Tick { return m.match.Tick() }

// Result is nil until the rules finish the match.
func (m *Match[S, I]) Result() *game.Result { return m.match.Result() }

// Eye is the area of interest of p, if the rules set one.
func (m *Match[S, I]) Eye(p game.PlayerID) (game.Area, bool) { return m.match.Eye(p) }

// Join gives players their seats in the next step; each needs an ID from 1.
func (m *Match[S, I]) Join(players ...game.Player) {
	m.next.Joins = append(m.next.Joins, players...)
}

// Leave takes the seats of players in the next step.
func (m *Match[S, I]) Leave(players ...game.PlayerID) {
	m.next.Leaves = append(m.next.Leaves, players...)
}

// Input is what p does from the next step on, until another Input.
func (m *Match[S, I]) Input(p game.PlayerID, in I) { m.InputAt(p, in, 0) }

// InputAt is Input by a player who is looking at the state of an earlier tick,
// which rules learn by Inputs.View.
func (m *Match[S, I]) InputAt(p game.PlayerID, in I, view game.Tick) {
	m.seq++
	s := m.match.Schema()
	cells := make([]int64, len(s.Input.Fields))
	sim.InputCells(s, &in, cells)
	m.next.Inputs = append(m.next.Inputs, sim.PlayerInput{Player: p, Seq: m.seq, View: view, Cells: cells})
}

// Away tells the rules with the next step that a player's connection was lost, Back
// that they have one again. What they hold is not released: [Match.Set] does that.
func (m *Match[S, I]) Away(p game.PlayerID) { m.next.Away = append(m.next.Away, p) }

// Back is the end of Away.
func (m *Match[S, I]) Back(p game.PlayerID) { m.next.Back = append(m.next.Back, p) }

// Suspect tells the rules, in the next step, of n wrong inputs of p. Call it in
// order of player and kind.
func (m *Match[S, I]) Suspect(p game.PlayerID, kind game.Suspicion, n int) {
	m.next.Suspicions = append(m.next.Suspicions, sim.PlayerSuspicion{Player: p, Kind: kind, Count: n})
}

// Step runs that many ticks; inputs are held.
func (m *Match[S, I]) Step(ticks int) {
	for range ticks {
		m.match.Step(&m.next)
		m.next.Reset()
	}
}

// Send sends a command of p: one of those of the field that pick returns, which
// must be of the state it is given. It reaches the rules in the next step.
func Send[S, I, T any](m *Match[S, I], pick func(*S) *game.Commands[T], p game.PlayerID, command T) {
	kind, ok := m.match.Index(pick(m.State()))
	if !ok {
		panic("gametest: pick must return commands of the state it is given")
	}
	row := sim.CommandRow(m.match.Schema(), kind, &command)
	m.next.Commands = append(m.next.Commands, sim.PlayerCommand{Player: p, Kind: kind, Row: row})
}

// Event is an event that the last step emitted.
type Event[T any] struct {
	To  game.PlayerID // 0 is everybody
	Row T
}

// Events returns the events that the last step emitted into the field that pick
// returns, which must be of the state it is given.
func Events[S, I, T any](m *Match[S, I], pick func(*S) *game.Events[T]) []Event[T] {
	kind, ok := m.match.Index(pick(m.State()))
	if !ok {
		panic("gametest: pick must return events of the state it is given")
	}
	posted := m.match.Posted(kind)
	var b sim.Block
	posted.Capture(&b)
	events := make([]Event[T], posted.Len())
	for i := range events {
		events[i].To = posted.To(i)
		sim.StoreEvent(m.match.Schema(), kind, sim.Row{Cells: b.Row(i), Texts: b.Texts}, &events[i].Row)
	}
	return events
}
