package game

import (
	"math/rand/v2"

	"arbiter/game/sim"
)

// Match is one running game. It is what servers and clients step, so its
// methods are for the framework; a test of rules steps gametest's Match. One
// goroutine at a time may use it.
type Match[S, I any] struct {
	sim.Core // the methods that do not need the game's types

	rules     Rules[S, I]
	world     World[S]
	in        Inputs[I]
	watcher   watcher[S]   // nil: the rules set no areas of interest
	suspecter suspecter[S] // nil: the rules do not ask for suspicions
}

// New starts a match from a seed. Its tick is 0.
func (g *Game[S, I]) New(seed uint64) *Match[S, I] { return g.Begin(seed, Setup{}) }

// Begin is New for a match that was ordered with a setup, which it keeps.
func (g *Game[S, I]) Begin(seed uint64, setup Setup) *Match[S, I] {
	m := g.match()
	m.SetUp(setup)
	m.Source().Seed(seed, 0x9e3779b97f4a7c15)
	if n := g.RewindTicks(); n > 0 {
		m.world.past = make([]*S, n)
		slots := make([]sim.Parts, n)
		for i := range slots {
			m.world.past[i] = new(S)
			slots[i] = partsOf(m.world.past[i])
		}
		m.KeepPast(slots)
	}
	if s, ok := g.rules.(starter[S]); ok {
		s.Start(&m.world)
	}
	m.Commit()
	return m
}

// NewPrediction makes the match in which a client runs one player ahead of the
// server (client-side prediction). Load gives it a state to start from. It has
// no past, no setup and no random numbers of the server's.
func (g *Game[S, I]) NewPrediction(p Player) *Match[S, I] {
	m := g.match()
	m.Predict(p)
	return m
}

func (g *Game[S, I]) match() *Match[S, I] {
	m := &Match[S, I]{rules: g.rules}
	m.Init(g.schema, g.config.MaxPlayers, partsOf(&m.world.State), (*inputStore[I])(&m.in))
	m.world.core, m.in.core = &m.Core, &m.Core
	m.world.rate = g.config.TickRate
	m.world.Rand = rand.New(m.Source())
	m.watcher, _ = any(g.rules).(watcher[S])
	m.suspecter, _ = any(g.rules).(suspecter[S])
	return m
}

// State is the match's state after the last step. It may be read until the
// next one.
func (m *Match[S, I]) State() *S { return &m.world.State }

// Index says which of the schema's tables, events or commands a field of
// m.State() is; false if it is no such field. Values count as tables.
func (m *Match[S, I]) Index(field part) (int, bool) {
	if t, ok := field.(stored); ok {
		return m.TableIndex(t.erased())
	}
	return m.QueueIndex(field.(queued).erased())
}

// HasEye implements [sim.Sim].
func (m *Match[S, I]) HasEye() bool { return m.watcher != nil }

// Eye implements [sim.Sim].
func (m *Match[S, I]) Eye(p PlayerID) (Area, bool) {
	if m.watcher == nil || p == 0 {
		return Area{}, false
	}
	area, ok := m.watcher.Eye(&m.world, p)
	if !(area.Radius > 0) { // negative or NaN: only what lies at its very place
		area.Radius = 0
	}
	return area, ok
}

// HasSuspect implements [sim.Sim].
func (m *Match[S, I]) HasSuspect() bool { return m.suspecter != nil }

// Step implements [sim.Sim].
func (m *Match[S, I]) Step(in *sim.TickInput) {
	m.BeginStep()
	for _, p := range in.Leaves {
		if _, seated := m.Seat(p); seated {
			m.rules.Leave(&m.world, p)
			m.Leave(p)
		}
	}
	for _, p := range in.Joins {
		if m.Join(p) {
			m.rules.Join(&m.world, p)
		}
	}
	if !m.Predicting() {
		m.tellAway(in)
	}
	if m.suspecter != nil && !m.Predicting() {
		for s := range m.Suspected(in) {
			m.suspecter.Suspect(&m.world, s.Player, s.Kind, s.Count)
		}
	}
	m.Apply(in)
	m.rules.Step(&m.world, &m.in)
	m.EndStep()
}

// tellAway tells the rules whose connection was lost, and who has one again.
func (m *Match[S, I]) tellAway(in *sim.TickInput) {
	if len(in.Away)+len(in.Back) == 0 {
		return
	}
	away, tellsAway := m.rules.(awayer[S])
	back, tellsBack := m.rules.(backer[S])
	for _, p := range in.Away {
		if _, seated := m.Seat(p); seated && tellsAway {
			away.Away(&m.world, p)
		}
	}
	for _, p := range in.Back {
		if _, seated := m.Seat(p); seated && tellsBack {
			back.Back(&m.world, p)
		}
	}
}
