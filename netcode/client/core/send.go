package core

import (
	"errors"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
)

// ErrNotPlaying is returned for what needs a seat before there is one.
var ErrNotPlaying = errors.New("client: no seat yet; wait until the server has welcomed this client")

// Set makes cells what the player does from the next tick on. aims says that
// the server has to know what the player is looking at. Before the first
// welcome of a seat whose game is not known it is lost.
func (s *Seat) Set(cells []int64, aims bool) {
	if s.inputs != nil {
		s.inputs.Set(cells, aims)
	}
}

// Command sends a command of Schema().Commands[kind]. While the connection is
// down it waits, like everything that has a number.
func (s *Seat) Command(kind int, row sim.Row) error {
	if s.inputs == nil || s.player == 0 {
		return ErrNotPlaying
	}
	err := s.inputs.Command(s.tick, kind, row)
	s.counted(err == nil)
	return err
}

// Advance runs the prediction clock to now: at most one entry is made of what
// the player does, for its tick.
func (s *Seat) Advance(now time.Duration) {
	if !s.playing {
		return
	}
	f := s.Frame()
	if s.player == 0 {
		if f != nil {
			s.tick = f.Tick
		}
		return
	}
	t := s.tickAt(s.lead.Now(now, s.clock.Server(now)))
	if f != nil {
		t = max(t, f.Tick+1) // for no other can an input be in time
	}
	if t == s.tick {
		return
	}
	back := t.Before(s.tick)
	s.tick = t
	if !s.holds(now) && s.inputs.AddEntry(t, s.looksAt(now)) {
		s.counted(true)
		s.waited = 0
	}
	switch {
	case s.prediction == nil:
	case back:
		s.prediction.Rewind(now, f, s.inputs, t)
	default:
		s.prediction.Advance(t)
	}
}

const (
	// patience is how much later than expected the server may apply an entry, or
	// send a snapshot, until no more entries are made,
	patience = 100 * time.Millisecond
	// beside its jitter, of which no more counts than this: so many entries at most
	// are made up for afterwards.
	jitterMost = 150 * time.Millisecond
)

// holds reports whether entries are to wait: the server stands still, or what is
// sent in one of the directions is held up. Entries for more and more ticks would
// then only come back late, one a tick, or for ticks far ahead of a server that
// drops time. Meanwhile the newest of what the player does is enough.
func (s *Seat) holds(now time.Duration) bool {
	late := min(s.playback.Delay(s.interval()), s.interval()+jitterMost) + patience
	if s.unmeasured || s.clock.Overdue() || now-s.heardAt > s.gap+late {
		return true
	}
	t, waits := s.inputs.Oldest()
	return waits && s.clock.Arriving(now)-s.matchTime(t) > late
}

// heard records that a snapshot came, and measures how long an input waits for
// its entry meanwhile. A time in which nothing came counts for little.
func (s *Seat) heard(now time.Duration) {
	gap := now - s.heardAt
	s.heardAt, s.gap = now, min(max(gap, s.gap-s.gap/8), pingEvery)
	s.waited += min(gap, patience)
	if !s.inputs.Wanted() {
		s.waited = 0
	}
	s.stats.Withheld = max(s.stats.Withheld, s.waited)
}

func (s *Seat) counted(made bool) {
	if made {
		s.stats.InputsSent++
	}
}

// looksAt is the tick that is being drawn of what others do; 0 before there is
// anything to see.
func (s *Seat) looksAt(now time.Duration) game.Tick {
	f := s.Frame()
	if f == nil {
		return 0
	}
	if t := s.tickAt(s.RenderTime(now)); t.Before(f.Tick) {
		return max(t, 1)
	}
	return f.Tick
}

// RenderTime is the match time to draw at now. Successive calls never go back,
// but for a jump when the server's clock did.
func (s *Seat) RenderTime(now time.Duration) time.Duration {
	return s.playback.Now(now, s.clock.Arriving(now), s.interval())
}

// Next appends the next message that is due, and reports whether there was one.
// What it appends must be sent, in order, or the connection given up.
func (s *Seat) Next(now time.Duration, b []byte) ([]byte, bool) {
	if !s.playing {
		return b, false
	}
	from := len(b)
	var ack *netcode.Ack
	if f := s.Frame(); f != nil && s.unacked > 0 {
		ack = &netcode.Ack{Tick: f.Tick}
	}
	if s.player != 0 && s.inputs.Waiting() && s.maySendInputs(now) {
		acked := false
		if b, acked = s.inputs.Next(&s.writer, b, ack); acked {
			s.unacked = 0
		}
		return s.sent(b, from), true
	}
	switch {
	case s.asking:
		s.asking = false
		b = netcode.Ack{}.Append(b)
	case ack != nil && s.unacked >= s.ackEvery:
		s.unacked = 0
		b = ack.Append(b)
	case s.pingAt <= now:
		s.pingAt = now + pingEvery
		b = netcode.Ping{ClientTime: now.Microseconds()}.Append(b)
	default:
		return b, false
	}
	return s.sent(b, from), true
}

// inputsEvery is the least time between messages of inputs, well within what
// servers accept: above 60 Hz several entries share one.
const inputsEvery = 15 * time.Millisecond

// maySendInputs reports whether inputs may be sent now; messages of one moment
// count as one.
func (s *Seat) maySendInputs(now time.Duration) bool {
	if now != s.inputsSentAt && now-s.inputsSentAt < inputsEvery {
		return false
	}
	s.inputsSentAt = now
	return true
}

// Wake is how long after now Advance and Next want to be called again, if
// nothing arrives before.
func (s *Seat) Wake(now time.Duration) time.Duration {
	if !s.playing {
		return pingEvery
	}
	wait := s.pingAt - now
	if s.player != 0 {
		if s.inputs.Waiting() {
			wait = min(wait, s.inputsSentAt+inputsEvery-now)
		}
		wait = min(wait, s.matchTime(s.tick+1)-s.lead.Now(now, s.clock.Server(now)))
	}
	return max(wait, leastWait)
}

// leastWait keeps the slewing clock from being asked again and again about the
// last microseconds of a tick.
const leastWait = 200 * time.Microsecond
