package match

import (
	"cmp"
	"slices"
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/replicate"
)

// welcomeSession gives a session that said hello its seat, or has it watch. What the
// roster took for it is given back here, and nowhere else, if it gets neither.
func (m *Match) welcomeSession(s *Session, e *envelope) {
	resumed, code := m.seatSession(s, e)
	m.roster.settle(s.pass, s.admission.Claims.Subject, s.feed != nil)
	if code != admitted {
		s.close(code, "")
		return
	}
	m.sessions = append(m.sessions, s)
	m.sendWelcome(s, &e.payload.hello, resumed)
}

// seatSession attaches a session to a seat of the match, or to a feed of its own if
// it watches. Otherwise it says why not.
func (m *Match) seatSession(s *Session, e *envelope) (resumed netcode.Resumption, code netcode.Code) {
	h, subject := &e.payload.hello, s.admission.Claims.Subject
	switch {
	case s.closing.Load(): // it was kicked, for instance; the code that it was closed with stands
		return resumed, netcode.CodeNormal
	case s.spectate && m.seatOf(subject) != nil && !m.game.config.PlayersMayWatch: // they sat down since the roster looked
		return resumed, netcode.CodeNotAllowed
	case s.spectate:
		s.feed = &feed{Feed: m.replicator.NewFeed(0)}
		s.feed.Connect(0, false, e.at)
	case h.Resume != netcode.ResumeID{}:
		seat := m.seatOf(subject)
		if seat == nil || !seat.resumedBy(h.Resume) {
			m.tally.lapsed++
			return resumed, m.resumeRefusal(seat, h.Resume, subject)
		}
		m.attach(s, seat, e.at)
		if resumed = seat.feed.Connect(h.LastTick, h.LastTick != 0, e.at); resumed == netcode.Fresh {
			resumed = netcode.ResumedKeyframe // the seat is not new, only the client's memory is
		}
		m.tally.resumes[resumed]++
	default:
		seat := m.seatOf(subject)
		if seat != nil {
			m.resetSeat(seat)
		} else {
			seat = m.newSeat(s)
			m.endWatching(subject)
		}
		m.attach(s, seat, e.at)
		seat.feed.Restart(e.at)
	}
	return resumed, admitted
}

// attach gives a seat to a session, and ends the one that had it.
func (m *Match) attach(s *Session, seat *seat, at time.Duration) {
	if old := seat.session; old != nil {
		m.detach(old, at)
		m.tally.replaced++
		old.close(netcode.CodeReplaced, "")
	}
	if seat.away >= 0 {
		m.comesBack(seat)
	}
	s.seat, s.feed, seat.session, seat.left = seat, seat.feed, s, false
	seat.away = -1
	seat.resetSlack()
	seat.seated = m.sim.Tick()
	seat.buffer.Resumed(seat.seated)
}

// resetSeat prepares a seat for a client that does not know its past: inputs
// go on behind what was received, and are summed up from nothing. The resume id
// of the client before becomes void; if that comes back, it is told why.
func (m *Match) resetSeat(seat *seat) {
	m.rememberVoid(seat, netcode.CodeReplaced)
	m.countInputs(seat)
	m.releaseInput(seat)
	seat.held, seat.released = nil, false
	seat.buffer = replicate.NewInputBuffer(m.game.layout, seat.buffer.LastAdded(), netcode.InputDigest{})
	seat.counted = replicate.BufferStats{}
	seat.resume = newResumeID()
}

// endWatching closes the sessions with which somebody watches who has become a player.
func (m *Match) endWatching(subject string) {
	if m.game.config.PlayersMayWatch {
		return
	}
	for _, s := range m.sessions {
		if s.spectate && s.admission.Claims.Subject == subject {
			s.close(netcode.CodeNotAllowed, "")
		}
	}
}

// newSeat makes a seat for a player who has none. They have a slot in the roster.
func (m *Match) newSeat(s *Session) *seat {
	claims := &s.admission.Claims
	kept, _ := m.roster.reservationOf(claims.Subject)
	id := m.freePlayer()
	mine := &seat{
		who:     m.playerOf(claims, &kept, id),
		subject: claims.Subject,
		resume:  newResumeID(),
		buffer:  replicate.NewInputBuffer(m.game.layout, 0, netcode.InputDigest{}),
		feed:    &feed{Feed: m.replicator.NewFeed(id)},
		away:    -1,
	}
	at, _ := slices.BinarySearchFunc(m.seats, id, func(s *seat, id game.PlayerID) int { return int(s.who.ID) - int(id) })
	m.seats = slices.Insert(m.seats, at, mine)
	m.input.Joins = append(m.input.Joins, mine.who)
	m.log.Debug("player joins", "player", id, "subject", claims.Subject)
	m.publish(Event{Kind: Claimed, Subject: claims.Subject})
	return mine
}

// playerOf is what the rules are told of a player who comes: as their seat was
// reserved, else as their token says.
func (m *Match) playerOf(c *Claims, kept *Reservation, id game.PlayerID) game.Player {
	p := kept.player()
	p.ID, p.Name = id, nameOf(cmp.Or(kept.Name, c.Name), id)
	return p
}

// freePlayer returns the next player number that has no seat. Numbers are used again
// only when all have been.
func (m *Match) freePlayer() game.PlayerID {
	for {
		m.lastPlayer++
		taken := slices.ContainsFunc(m.seats, func(s *seat) bool { return s.who.ID == m.lastPlayer })
		if m.lastPlayer != 0 && !taken {
			return m.lastPlayer
		}
	}
}

func (m *Match) seatOf(subject string) *seat {
	for _, s := range m.seats {
		if s.subject == subject {
			return s
		}
	}
	return nil
}

// sendWelcome sends the welcome.
func (m *Match) sendWelcome(s *Session, h *netcode.Hello, resumed netcode.Resumption) {
	w := netcode.Welcome{
		Version:      netcode.Version,
		TickRate:     m.game.config.TickRate,
		SnapshotRate: m.game.config.SnapshotRate,
		AckEvery:     m.replicator.AckEvery(),
		Resumed:      resumed,
		MatchID:      m.id,
		TokenLeft:    s.tokenLeft(time.Now()),
	}
	w.Tick, w.SinceTick = m.clock.read(m.now())
	if s.seat != nil {
		w.Player, w.Resume, w.SeqTaken = s.seat.who.ID, s.seat.resume, s.seat.buffer.LastAdded()
		w.ResumeWindow = m.resumeWindow()
	}
	if h.NeedSchema || h.SchemaHash != m.game.schema.Hash {
		w.Schema = m.game.packed
	}
	b := w.Append(make([]byte, HeaderRoom, 256+len(w.Schema)))
	if s.conn.SendPayload(b) == nil {
		m.engine.metrics.countSent(netcode.KindWelcome, len(b)-HeaderRoom)
	}
}

// detach ends a session's part in the match. Its seat waits for another.
func (m *Match) detach(s *Session, at time.Duration) {
	if s.feed == nil {
		return
	}
	m.countFeed(s.feed)
	if s.seat != nil {
		s.seat.session, s.seat.away = nil, max(at, 0)
		m.goesAway(s.seat.who.ID)
	} else {
		m.roster.removeSpectator()
		s.feed.End()
	}
	s.seat, s.feed = nil, nil
	m.sessions = slices.DeleteFunc(m.sessions, func(o *Session) bool { return o == s })
}

// expireSeats gives up the seats whose players were away too long.
func (m *Match) expireSeats(now time.Duration) {
	m.seats = slices.DeleteFunc(m.seats, func(s *seat) bool {
		if s.session != nil || !s.left && now-s.away < m.resumeWindow() {
			return false
		}
		m.giveUpSeat(s, netcode.CodeTokenUsed)
		return true
	})
}

// giveUpSeat ends a seat that is no longer in seats. why is what the join token that it
// was claimed with is refused with from now on.
func (m *Match) giveUpSeat(s *seat, why netcode.Code) {
	m.input.Leaves = append(m.input.Leaves, s.who.ID)
	m.roster.remove(s.subject, why)
	m.countInputs(s)
	s.feed.End()
	m.log.Debug("player leaves", "player", s.who.ID, "subject", s.subject)
	m.recordDeparture(s)
}
