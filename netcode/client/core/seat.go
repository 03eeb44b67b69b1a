package core

import (
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/view"
)

// Seat is the client's side of a seat: everything that happens between a
// connection's messages and a game's state, without a connection, clock or
// goroutine. It outlives connections.
//
// Whoever drives it calls, with now from a clock that never goes back:
//
//	b = s.Hello(now, b)            on a new connection: the first message
//	r, err = s.Receive(now, msg)   for each message that arrives
//	s.Advance(now)                 when s.Wake says so, and before Next
//	b, ok = s.Next(now, b)         until it has nothing more: a message to send
//	s.Disconnected()               when the connection is gone
//
// One goroutine at a time may use it.
type Seat struct {
	config Config
	schema *sim.Schema // nil before the first welcome if the config has none

	// of the seat; new ones with each seat
	player     game.PlayerID
	resume     netcode.ResumeID
	welcome    netcode.Welcome // of the newest connection
	view       *view.View
	inputs     *Inputs
	prediction *Prediction
	tick       game.Tick // of the prediction clock
	spoiled    bool      // the view is not to be built upon

	// of the connection
	playing      bool
	writer       netcode.InputWriter
	offered      netcode.ResumeID
	helloAt      time.Duration
	inputsSentAt time.Duration // when inputs were last sent
	unacked      int           // snapshots applied since the last ack
	ackEvery     int           // of them may be left
	pingAt       time.Duration
	asking       bool // for a keyframe
	askedAt      time.Duration
	asked        bool
	lastTick     game.Tick     // of the newest snapshot on this connection
	heardAt      time.Duration // when that came, or the welcome
	gap          time.Duration // between two snapshots, as of late at most; heartbeats come each second
	unmeasured   bool          // the way to the server: the welcome was slow, and no ping was answered yet
	askedTimeAt  time.Duration // when the server was last asked for its time because of a late snapshot
	waited       time.Duration // for how long an input has waited for its entry while snapshots came

	clock    Clock
	lead     Lead
	playback Playback
	scratch  renderScratch

	stats  Stats
	before uint64 // inputs applied in the seats before this one
	trips  Histogram
	ages   Histogram
}

const (
	pingEvery = time.Second
	askEvery  = time.Second // keyframes
)

// NewSeat returns a client that has no seat yet.
func NewSeat(c Config) *Seat {
	c.fill()
	s := &Seat{config: c, schema: c.Schema}
	s.begin()
	return s
}

// begin forgets the seat there was.
func (s *Seat) begin() {
	if s.inputs != nil {
		s.stats.InputsAbandoned += uint64(s.inputs.Pending())
		s.before += uint64(s.inputs.Done())
	}
	s.player, s.resume, s.view, s.prediction, s.tick, s.spoiled = 0, netcode.ResumeID{}, nil, nil, 0, false
	s.welcome.MatchID = ""
	s.clock, s.lead, s.playback = Clock{}, Lead{}, Playback{}
	old := s.inputs
	s.inputs = nil
	if s.schema != nil {
		s.inputs = NewInputs(s.schema)
	}
	if old != nil && s.inputs != nil {
		s.inputs.Set(old.now, old.aims) // what the player does they go on doing
	}
}

// Hello begins a connection and appends its first message.
func (s *Seat) Hello(now time.Duration, b []byte) []byte {
	h := netcode.Hello{Version: netcode.Version, Resume: s.resume}
	if s.schema != nil {
		h.SchemaHash = s.schema.Hash
	}
	if f := s.Frame(); f != nil && !s.spoiled && s.resume != (netcode.ResumeID{}) {
		h.LastTick = f.Tick
	}
	s.offered, s.helloAt = s.resume, now
	s.playing, s.asking, s.asked = false, false, false
	s.unacked, s.lastTick = 0, 0
	return s.sent(h.Append(b), len(b))
}

// Disconnected ends the connection. The seat and all that waits is kept.
func (s *Seat) Disconnected() { s.playing = false }

// Leave gives up the seat: the next Hello asks for a new one, and what waits
// for the old one is dropped and counted.
func (s *Seat) Leave() {
	s.playing = false
	s.begin()
}

// Playing reports whether the connection has been welcomed.
func (s *Seat) Playing() bool { return s.playing }

// CanResume reports whether the next Hello asks for session resumption: the same
// seat, with its inputs and its state.
func (s *Seat) CanResume() bool { return s.resume != netcode.ResumeID{} }

// Player is the seat's number; 0 before the first welcome, and for spectators.
func (s *Seat) Player() game.PlayerID { return s.player }

// Welcome is what the server said when the newest connection began. Its MatchID is
// empty before, and after Leave.
func (s *Seat) Welcome() netcode.Welcome { return s.welcome }

// Schema is what messages are read by; nil before the first welcome if the
// config has none.
func (s *Seat) Schema() *sim.Schema { return s.schema }

// Frame is the newest state; nil before the first keyframe.
func (s *Seat) Frame() *view.Frame {
	if s.view == nil {
		return nil
	}
	return s.view.Frame()
}

// Tick is the tick of the prediction clock: the one that what the player does
// now is for. It is later than the newest snapshot's, and goes back only if the
// server dropped time. A spectator's is that of the newest snapshot. 0 before the
// first welcome.
func (s *Seat) Tick() game.Tick { return s.tick }

// Inputs are what the player asked for; nil before the first welcome if the
// config has no schema.
func (s *Seat) Inputs() *Inputs { return s.inputs }

// Prediction is nil if nothing is predicted.
func (s *Seat) Prediction() *Prediction { return s.prediction }

// Stats computes the figures so far.
func (s *Seat) Stats() Stats {
	st := s.stats
	st.RoundTripP50, st.RoundTripP99 = s.trips.Percentile(50), s.trips.Percentile(99)
	st.AgeP50, st.AgeP99 = s.ages.Percentile(50), s.ages.Percentile(99)
	st.Jitter, st.Lead = s.playback.Jitter(), s.lead.Goal()
	if s.schema != nil {
		st.Delay = s.playback.Delay(s.interval())
	}
	return st
}

// RoundTrips and Ages are the distributions behind the figures, for reports
// over many clients.
func (s *Seat) RoundTrips() *Histogram { return &s.trips }

// Ages is by how much each state was old when it arrived.
func (s *Seat) Ages() *Histogram { return &s.ages }

// matchTime is when a tick's step is due.
func (s *Seat) matchTime(t game.Tick) time.Duration {
	return time.Duration(int64(t) * int64(time.Second) / int64(s.schema.TickRate))
}

// tickAt is the tick that a match time belongs to.
func (s *Seat) tickAt(d time.Duration) game.Tick {
	return game.Tick(max(s.ticks(d), 0))
}

// ticks is a match time in ticks.
func (s *Seat) ticks(d time.Duration) float64 {
	return d.Seconds() * float64(s.schema.TickRate)
}

func (s *Seat) interval() time.Duration {
	return time.Second / time.Duration(s.schema.SnapshotRate)
}

func (s *Seat) sent(b []byte, from int) []byte {
	s.stats.BytesSent += uint64(len(b) - from)
	return b
}
