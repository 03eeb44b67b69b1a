package match

import (
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/replicate"
)

// tick makes one step. last is false for steps that are caught up with others
// behind them: those are not sent, because the newest state is what counts.
func (m *Match) tick(t game.Tick, last bool) {
	m.drain()
	if m.ended != nil {
		m.sendFinalState()
		return
	}
	m.take(t)
	m.step()
	m.capture(last)
	m.send()
}

// drain reads the inbox into the seats.
func (m *Match) drain() {
	batch := m.inbox.swap()
	m.depth.Store(int32(len(batch.envelopes)))
	m.tally.depth.Observe(float64(len(batch.envelopes)))
	for i := range batch.envelopes {
		e := &batch.envelopes[i]
		s := e.from
		switch {
		case e.kind == envelopeHello:
			m.welcomeSession(s, e)
			continue
		case e.kind == envelopeGone:
			if s.seat != nil && e.left {
				s.seat.left = true
				m.detach(s, e.at)
				m.nextHousekeeping = 0 // which gives the seat up, in this turn
			} else {
				m.detach(s, e.at)
			}
			continue
		case s.feed == nil || s.closing.Load(): // replaced, or being closed
			continue
		}
		if e.acked {
			m.acknowledge(s, e)
		}
		if e.kind == envelopeInputs {
			m.bufferInputs(s, e)
		}
		if e.kind == envelopeCommand {
			m.closeOnRefusedInput(s, s.seat.buffer.AddCommand(e.payload.command))
		}
	}
}

func (m *Match) acknowledge(s *Session, e *envelope) {
	if e.ack == 0 {
		m.tally.mismatches++
	}
	if s.feed.Ack(e.ack, e.at) != nil {
		m.tally.strayAcks++
	}
}

// bufferInputs puts the entries of one message into their seat's buffer.
func (m *Match) bufferInputs(s *Session, env *envelope) {
	now := m.sim.Tick()
	for i := 0; i < int(env.n) && !s.closing.Load(); i++ {
		e := m.inbox.entry(env, i)
		m.clampView(s.seat, &e, now)
		m.closeOnRefusedInput(s, s.seat.buffer.Add(e, now, m.schedule.due(e.Tick)-env.at))
	}
}

// closeOnRefusedInput closes a session whose inputs the seat could not take.
func (m *Match) closeOnRefusedInput(s *Session, a replicate.AddResult) {
	switch a {
	case replicate.Gap: // a connection keeps order, so the client left something out
		m.engine.metrics.malformed.Add(1)
		s.close(netcode.CodeMalformed, "")
	case replicate.Overflow:
		s.close(netcode.CodeInputOverflow, "")
	}
}

// take moves what is due at tick t from the seats into the tick's input, and
// what the rules may suspect.
func (m *Match) take(t game.Tick) {
	m.reportSuspicions()
	m.releaseInputs(m.schedule.due(t))
	for _, s := range m.seats {
		first := len(m.input.Inputs)
		s.buffer.Due(t, s.who.ID, &m.input)
		m.noteHeld(s, first)
	}
}

// step runs the rules, and ends the match if they did.
func (m *Match) step() {
	m.sim.Step(&m.input)
	m.replicator.CollectEvents()
	m.recording.step(m.sim, &m.input)
	m.input.Reset()
	t := m.sim.Tick()
	m.clock.set(t, m.schedule.due(t))
	m.readWanted()
	m.owed = m.owed || m.sends(t)
	if r := m.sim.Result(); r != nil {
		m.owed = true
		m.roster.close(netcode.CodeMatchFinished)
		m.ended = &ending{code: netcode.CodeMatchFinished, reason: r.Reason, why: "finished", until: m.now() + maxLinger}
		m.publishResult(r)
	}
}

// sends reports whether tick t is one that clients are sent, so that those are
// spread evenly even if one rate does not divide the other.
func (m *Match) sends(t game.Tick) bool {
	n, d := int64(m.game.config.SnapshotRate), int64(m.game.config.TickRate)
	return int64(t)*n/d != int64(t-1)*n/d
}

// capture copies the state for sending, if this is the time to send.
func (m *Match) capture(last bool) {
	m.fresh = m.owed && (last || m.ended != nil)
	if m.fresh {
		m.replicator.Capture()
		m.owed = false
	}
}

// maxLinger is how long a finished match waits for clients whose ack window is
// full to take its final state.
const maxLinger = time.Second

// sendFinalState sends the final state to those who could not be sent it yet.
func (m *Match) sendFinalState() {
	m.fresh = true
	m.send()
	if m.unsent == 0 || m.now() >= m.ended.until {
		m.ended.until = 0
	}
}
