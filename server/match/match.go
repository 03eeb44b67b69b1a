package match

import (
	crand "crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/replicate"
	"arbiter/server/timer"
)

// Match is one running game and everybody in it. The match loop, run, owns nearly
// all of it; sessions reach it through inbox, roster and clock. Its exported
// methods are safe for concurrent use.
type Match struct {
	// Static.
	id                string
	code              string // enters a private match; empty: none
	order             Order
	engine            *Engine
	game              *Game
	log               *slog.Logger
	seed              uint64
	began             time.Time
	housekeepingEvery time.Duration // between two rounds of housekeeping

	// Safe for concurrent use.
	inbox         *inbox
	roster        *roster
	clock         tickClock
	watch         watch
	stopping      chan netcode.Code // holds at most one
	calls         chan func()       // read by the loop between two turns
	done          chan struct{}     // closed when the loop has ended
	depth         atomic.Int32      // envelopes that the last drain read
	playersWanted atomic.Int32      // one more than the players that the rules want; 0: they never said

	// Owned by the match loop: the game.
	schedule   schedule
	sim        sim.Sim
	input      sim.TickInput
	replicator *replicate.Replicator
	recording  *recording // nil: none
	ended      *ending    // why the loop ends or, with a result, will end

	// Owned by the match loop: who is in the match.
	seats           []*seat       // in order of player number
	sessions        []*Session    // those that were welcomed, in order of arrival
	lastPlayer      game.PlayerID // the number given last
	departed        []PlayerScore // who gave up their seats, at most maxDeparted
	void            []voidResume  // at most maxVoid, in order of time
	publishedWanted int           // players wanted, as the last event said

	// Owned by the match loop: what goes out.
	output output
	owed   bool       // a step since the last capture is to be sent
	fresh  bool       // there is a frame to send
	unsent int        // sessions that the newest frame did not go to, but has to
	slow   []*Session // scratch of plan
	tally  tally

	// Owned by the match loop: housekeeping.
	nextHousekeeping time.Duration // when it is due
	emptySince       time.Duration // since when nobody is here; -1: somebody is
}

// ending is why a match ends.
type ending struct {
	code   netcode.Code
	reason string
	why    string        // for logs and metrics
	until  time.Duration // how long the final state may take to go out
}

func newMatch(e *Engine, g *Game, id string, o Order) *Match {
	var seed [8]byte
	crand.Read(seed[:])
	m := &Match{
		id:                id,
		order:             o,
		engine:            e,
		game:              g,
		log:               e.log.With("match", id, "game", g.name),
		seed:              binary.LittleEndian.Uint64(seed[:]),
		began:             time.Now(),
		inbox:             newInbox(g.layout.Packing.Leaves()),
		roster:            newRoster(o.Size, max(e.config.MaxSpectators, 0)),
		housekeepingEvery: min(time.Second, g.resumeWindow(e.config)/4, e.config.EmptyClose/4),
		stopping:          make(chan netcode.Code, 1),
		calls:             make(chan func()),
		done:              make(chan struct{}),
		schedule:          schedule{rate: int64(g.config.TickRate), next: 1},

		emptySince: -1,
		tally:      newTally(g.metrics),
	}
	m.output.pool = e.output
	m.roster.id, m.roster.private, m.roster.reservedOnly = id, o.Private, o.Closed
	m.roster.changed.Store(true)
	m.roster.playersWatch = g.config.PlayersMayWatch
	m.roster.inviteWatchers = g.define.HasEye() && !g.config.AnyoneMayWatch
	if o.Private {
		m.code = newJoinCode()
		m.roster.code = m.code
	}
	return m
}

// now is the time since the match began.
func (m *Match) now() time.Duration { return time.Since(m.began) }

// stop ends the match soon. Only the first call counts. Safe for concurrent use.
func (m *Match) stop(code netcode.Code) {
	select {
	case m.stopping <- code:
	default:
	}
}

// run is the match loop. It is the match's only goroutine.
func (m *Match) run() {
	defer func() { m.engine.lobby.forget(m, m.ended) }()
	defer close(m.done)
	defer m.close()
	m.watch.turn(m.begin)
	wake := timer.New(m.untilNext())
	defer wake.Stop()
	for !m.finished() {
		select {
		case code := <-m.stopping:
			m.ended = &ending{code: code, why: code.String()}
		case f := <-m.calls:
			f()
		case <-wake.C:
			m.watch.turn(func() { m.advance(m.now()) })
			wake.Reset(m.untilNext())
		}
	}
}

// untilNext is how long it is until the next step is due.
func (m *Match) untilNext() time.Duration { return m.schedule.due(m.schedule.next) - m.now() }

// begin makes what needs the rules. It does so here and not where the match is
// created, so that slow or broken rules hurt this match only.
func (m *Match) begin() {
	defer m.rescue()
	m.sim = m.game.define.BeginSim(m.seed, m.order.setup())
	m.replicator = replicate.New(m.sim, replicate.Config{})
	m.recording = m.engine.record(m)
	m.game.metrics.begun.Inc()
	m.log.Info("match begins", "rate", m.game.config.TickRate)
	m.publish(Event{Kind: Began})
}

// publish adds to the engine's event log. Safe for concurrent use.
func (m *Match) publish(e Event) {
	e.Match, e.Game = m.id, m.game.name
	m.engine.events.publish(e)
}

// rescue is deferred where the rules are called. Their panic ends the match.
func (m *Match) rescue() {
	v := recover()
	if v == nil {
		return
	}
	var limit *game.LimitError
	if err, _ := v.(error); errors.As(err, &limit) {
		m.ended = &ending{code: netcode.CodeStateLimit, why: "limit"}
		m.log.Error("the match ends because its state is too large", "limit", limit.Error(), "tick", m.schedule.next)
		return
	}
	m.ended = &ending{code: netcode.CodeMatchBroken, why: "panic"}
	m.game.breaker.fail(time.Now(), m.now())
	m.log.Error("the match ends because its rules panicked",
		"panic", fmt.Sprint(v), "tick", m.schedule.next, "stack", string(debug.Stack()))
}

// close closes the sessions, and gives back what the match holds.
func (m *Match) close() {
	e := m.ended
	if m.watch.over.Load() { // abandoned
		e = &ending{code: netcode.CodeMatchBroken, why: "stuck"}
		m.ended = e
	} else if e == nil { // run is unwinding
		e = &ending{code: netcode.CodeServerError, why: "fault"}
	}
	abandoned := m.watch.over.Swap(true)
	m.roster.close(e.code)
	for _, s := range m.sessions {
		s.close(e.code, e.reason)
	}
	for _, env := range m.inbox.close().envelopes {
		if env.kind == envelopeHello {
			env.from.close(e.code, e.reason)
		}
	}
	if m.sim != nil {
		m.sampleMetrics()
	}
	m.tally.flush(m.game.metrics)
	m.recording.close()
	if abandoned { // the watchdog has said the rest
		m.returned()
		return
	}
	if e.code != netcode.CodeMatchBroken {
		m.game.breaker.succeed(m.now())
	}
	m.game.metrics.countEnd(e.why)
	m.publish(Event{Kind: Ended, Why: e.why})
	m.log.Info("match ends", "why", e.why, "tick", m.schedule.next-1, "players", len(m.seats))
}

// finished reports whether the loop has nothing left to do.
func (m *Match) finished() bool {
	return m.ended != nil && m.ended.until == 0 || m.watch.over.Load()
}

// advance makes the steps that are due: one turn of the match loop.
func (m *Match) advance(now time.Duration) {
	defer m.rescue()
	late := now - m.schedule.due(m.schedule.next)
	first := m.schedule.next
	steps, dropped := m.schedule.claim(now)
	if dropped > 0 {
		m.excuse(dropped)
	}
	for i := range steps {
		m.tick(first+game.Tick(i), i == steps-1)
	}
	if steps > 0 {
		m.engine.overload.countTurn(late)
		m.housekeep(now)
		m.tally.countTurn(m.game.metrics, timing{late: late, took: m.now() - now, steps: steps, dropped: dropped})
		m.tally.flush(m.game.metrics)
	}
}

// excuse gives clients the time that the match stood still: what they sent meanwhile,
// acknowledgements and resumes, may not have been read yet.
func (m *Match) excuse(d time.Duration) {
	m.replicator.Excuse(d)
	for _, s := range m.seats {
		if s.session == nil && !s.left {
			s.away += d
		}
	}
}

// housekeep does what need not be done every tick: it expires tokens, seats and
// reservations, and ends an empty match.
func (m *Match) housekeep(now time.Duration) {
	if now < m.nextHousekeeping {
		return
	}
	m.nextHousekeeping = now + m.housekeepingEvery
	wall := time.Now()
	for _, s := range m.sessions {
		if s.tokenExpired(wall) {
			s.close(netcode.CodeTokenExpired, "") // the rest follows when the connection is gone
		}
	}
	m.expireSeats(now)
	m.expireReservations(now)
	m.publishWanted()
	m.sampleMetrics()
	switch {
	case len(m.sessions)+len(m.seats) > 0:
		m.emptySince = -1
	case m.emptySince < 0:
		m.emptySince = now
	case now-m.emptySince >= m.engine.config.EmptyClose && m.ended == nil && m.roster.closeIfEmpty():
		m.ended = &ending{code: netcode.CodeNoMatch, why: "empty"}
	}
}
