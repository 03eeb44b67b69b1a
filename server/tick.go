package server

import (
	"time"

	"arbiter/game"
	"arbiter/netcode"
)

// tick makes one step. last is false for steps that are caught up with others
// behind them: those are not sent, because the newest state is what counts.
func (m *match) tick(t game.Tick, last bool) {
	m.drain()
	if m.ended != nil {
		m.linger()
		return
	}
	m.take(t)
	m.step()
	m.capture(last)
	m.send()
}

// drain reads the inbox into the seats.
func (m *match) drain() {
	mail := m.inbox.swap()
	m.depth.Store(int32(len(mail.letters)))
	m.tally.depth.Observe(float64(len(mail.letters)))
	for i := range mail.letters {
		l := &mail.letters[i]
		s := l.from
		switch {
		case l.kind == letterHello:
			m.welcome(s, l)
			continue
		case l.kind == letterGone:
			if s.seat != nil && l.left {
				s.seat.left = true
				m.detach(s, l.at-m.core.config.ResumeWindow) // its seat lapses with the next chores
			} else {
				m.detach(s, l.at)
			}
			continue
		case s.feed == nil || s.closing.Load(): // replaced, or being closed
			continue
		}
		if l.acked {
			m.acknowledge(s, l)
		}
		if l.kind == letterInputs {
			m.enter(s, l)
		}
		if l.kind == letterCommand {
			m.judge(s, s.seat.buffer.AddCommand(l.rare.command))
		}
	}
}

func (m *match) acknowledge(s *session, l *letter) {
	if l.ack == 0 {
		m.tally.mismatches++
	}
	if s.feed.Ack(l.ack, l.at) != nil {
		m.tally.strayAcks++
	}
}

// enter puts the entries of one message into their seat's buffer.
func (m *match) enter(s *session, l *letter) {
	now := m.sim.Tick()
	for i := 0; i < int(l.n) && !s.closing.Load(); i++ {
		e := m.inbox.entry(l, i)
		m.viewed(s.seat, &e, now)
		m.judge(s, s.seat.buffer.Add(e, now, m.schedule.due(e.Tick)-l.at))
	}
}

// judge closes a session whose inputs the seat could not take.
func (m *match) judge(s *session, a netcode.Added) {
	switch a {
	case netcode.Gap: // a connection keeps order, so the client left something out
		m.core.metrics.malformed.Add(1)
		s.close(netcode.CodeMalformed, "")
	case netcode.Overflow:
		s.close(netcode.CodeInputOverflow, "")
	}
}

// take moves what is due at tick t from the seats into the tick's input, and
// what the rules may suspect.
func (m *match) take(t game.Tick) {
	m.suspect()
	for _, s := range m.seats {
		s.buffer.Due(t, s.who.ID, &m.input)
	}
}

// step runs the rules, and ends the match if they did.
func (m *match) step() {
	m.sim.Step(&m.input)
	m.replicator.Log()
	m.recording.step(m.sim, &m.input)
	m.input.Reset()
	t := m.sim.Tick()
	m.clock.set(t, m.schedule.due(t))
	m.listen()
	m.owed = m.owed || m.sends(t)
	if r := m.sim.Result(); r != nil {
		m.owed = true
		m.door.bolt(netcode.CodeMatchFinished)
		m.ended = &ending{code: netcode.CodeMatchFinished, reason: r.Reason, why: "finished", until: m.now() + maxLinger}
		m.report(r)
	}
}

// sends reports whether tick t is one that clients are sent, so that those are
// spread evenly even if one rate does not divide the other.
func (m *match) sends(t game.Tick) bool {
	n, d := int64(m.game.config.SnapshotRate), int64(m.game.config.TickRate)
	return int64(t)*n/d != int64(t-1)*n/d
}

// capture copies the state for sending, if this is the time to send.
func (m *match) capture(last bool) {
	m.fresh = m.owed && (last || m.ended != nil)
	if m.fresh {
		m.replicator.Capture()
		m.owed = false
	}
}

// maxLinger is how long a finished match waits for clients whose ack window is
// full to take its final state.
const maxLinger = time.Second

// linger sends the final state to those who could not be sent it yet.
func (m *match) linger() {
	m.fresh = true
	m.send()
	if m.unsent == 0 || m.now() >= m.ended.until {
		m.ended.until = 0
	}
}
