package core

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"arbiter/netcode"
	"arbiter/netcode/view"
)

// Errors of Receive beside a [netcode.ParseError].
var (
	// ErrSchema: the server runs the game with another schema than this program.
	ErrSchema = errors.New("client: the server runs another version of the game; update this program")
	// ErrVersion: the server speaks another version of the protocol.
	ErrVersion = errors.New("client: the server speaks another version of the protocol; update this program")
	// ErrNoMessage: the bytes do not begin like a message.
	ErrNoMessage = errors.New("client: the server sent something that is no message")
	// ErrUnwelcome: the server sent something before its welcome.
	ErrUnwelcome = errors.New("client: the server sent a message before its welcome")
)

// Received says what a message was. Update is of a snapshot, Bye of a bye.
type Received struct {
	Kind   netcode.Kind
	Update view.Update // its Events are valid until the next Receive
	Bye    netcode.Bye
}

// Receive applies a message that arrived at now. After an error the connection
// is to be given up; the seat can be resumed on another one unless the error is
// ErrSchema or ErrVersion. Messages of unknown kinds are ignored.
func (s *Seat) Receive(now time.Duration, msg []byte) (Received, error) {
	r := Received{Kind: netcode.KindOf(msg)}
	var err error
	switch {
	case r.Kind == 0:
		err = ErrNoMessage
	case r.Kind == netcode.KindBye:
		r.Bye, err = netcode.ParseBye(msg)
	case r.Kind == netcode.KindWelcome:
		err = s.welcomed(now, msg)
	case !s.playing && (r.Kind == netcode.KindSnapshot || r.Kind == netcode.KindPong):
		err = ErrUnwelcome
	case r.Kind == netcode.KindSnapshot:
		r.Update, err = s.snapshot(now, msg)
	case r.Kind == netcode.KindPong:
		err = s.pong(now, msg)
	}
	s.stats.Bytes += uint64(len(msg))
	if err != nil {
		s.stats.Errors++
	}
	return r, err
}

func (s *Seat) welcomed(now time.Duration, msg []byte) error {
	w, err := netcode.ParseWelcome(msg)
	if err != nil {
		return err
	}
	if w.Version != netcode.Version {
		return fmt.Errorf("%w: %d, this is %d", ErrVersion, w.Version, netcode.Version)
	}
	again := s.offered != netcode.ResumeID{} && (w.Resumed != netcode.Fresh || w.Resume == s.offered) && w.Player == s.player
	if !again {
		s.begin()
	}
	if err := s.learn(w); err != nil {
		return err
	}
	s.resume, s.player = w.Resume, w.Player
	if s.view == nil || s.spoiled {
		s.view, s.spoiled = view.New(s.schema, s.player), false
	} else {
		how := w.Resumed
		if how == netcode.Fresh {
			how = netcode.ResumedKeyframe // the seat is known, if nothing of what it was sent
		}
		s.view.Connect(how)
	}
	w.Schema = nil // a part of msg
	s.welcome, s.ackEvery = w, w.AckEvery
	if again {
		s.inputs.Resume(w.SeqTaken)
	} else {
		s.inputs.Begin(w.SeqTaken)
	}
	s.writer = netcode.NewInputWriter(s.inputs.layout)
	s.playing, s.pingAt = true, now
	s.clocksWelcomed(now, w, again)
	s.heardAt, s.gap, s.waited = now, pingEvery, 0
	s.stats.Connections++
	if again {
		s.stats.Resumes++
	} else {
		s.stats.Seats++
	}
	return nil
}

// slowWelcome is for how long hello may be on its way and back. What takes longer
// was put off by the server, or is for a ping to measure.
const slowWelcome = 500 * time.Millisecond

// clocksWelcomed starts the clocks of a seat, or those of a resumed one again.
func (s *Seat) clocksWelcomed(now time.Duration, w netcode.Welcome, again bool) {
	trip, match := now-s.helloAt, s.matchTime(w.Tick)+w.SinceTick
	s.unmeasured = trip > slowWelcome
	if s.unmeasured {
		s.clock.Answered(s.helloAt, now, match)
	} else {
		s.clock.Trip(s.helloAt, now, match)
	}
	switch {
	case again:
		s.lead.Resume(now, trip)
	case !s.unmeasured:
		s.lead.Start(trip, s.matchTime(1))
	}
}

// learn makes sure that the game is known and the same on both ends.
func (s *Seat) learn(w netcode.Welcome) error {
	if len(w.Schema) == 0 {
		if s.schema == nil {
			return fmt.Errorf("client: the server's welcome lacks the schema this program does not have: %w", ErrSchema)
		}
	} else {
		schema, err := netcode.ParseSchema(w.Schema)
		if err != nil {
			return err
		}
		if s.config.Schema != nil && schema.Hash != s.config.Schema.Hash {
			return fmt.Errorf("%w: schema %016x, this is %016x", ErrSchema, schema.Hash, s.config.Schema.Hash)
		}
		if s.schema == nil || s.schema.Hash != schema.Hash {
			s.schema, s.view, s.inputs = schema, nil, nil
		}
	}
	if s.inputs == nil {
		s.inputs = NewInputs(s.schema)
	}
	if s.prediction == nil && s.config.Predictor != nil && s.config.Schema != nil && w.Player != 0 {
		s.prediction = NewPrediction(s.schema, w.Player, s.config.Predictor(w.Player), s.config.Smooth)
	}
	return nil
}

func (s *Seat) snapshot(now time.Duration, msg []byte) (view.Update, error) {
	u, err := s.view.Apply(msg)
	if err != nil {
		s.spoiled = true // what follows would build on what was not understood
		return u, err
	}
	s.unacked++
	s.stats.Snapshots++
	s.stats.Events += uint64(len(u.Events))
	if u.Keyframe {
		s.stats.Keyframes++
	}
	if u.Old {
		return u, nil
	}
	s.heard(now)
	s.timed(now, u)
	s.inputs.Applied(u.AckSeq, u.Tick)
	s.stats.InputsApplied = s.before + uint64(s.inputs.Done())
	s.checked(now, u)
	if s.prediction != nil {
		s.countReconciliation(s.prediction.Reconcile(now, s.view.Frame(), s.inputs))
		s.prediction.Advance(s.tick)
	}
	return u, nil
}

// timed learns from when a snapshot came.
func (s *Seat) timed(now time.Duration, u view.Update) {
	due := s.matchTime(u.Tick)
	if s.clock.Arrived(now, due) {
		s.setBack(now)
	}
	if s.clock.Overdue() && now-s.askedTimeAt >= pingEvery {
		s.pingAt, s.askedTimeAt = now, now
	}
	s.lead.OneWay(s.clock.OneWay())
	s.ages.Add(s.clock.Server(now) - due)
	s.playback.Arrived(now, s.clock.Arriving(now)-due, s.interval())
	if s.lastTick != 0 {
		gap := float64(u.Tick.Sub(s.lastTick)) * float64(s.schema.SnapshotRate) / float64(s.schema.TickRate)
		s.stats.Skipped += uint64(max(int(gap+0.5)-1, 0))
	}
	s.lastTick = u.Tick
	if u.HasSlack {
		slack := time.Duration(u.Slack) * time.Millisecond
		s.stats.Slack = slack
		if slack < 0 {
			s.stats.Late++
		}
		if !s.clock.Overdue() { // else it may be about another time
			s.lead.Slack(now, slack, s.clock.RoundTrip())
		}
	}
}

// setBack follows the clock, which learned that the server dropped time. Reports
// about what was sent before say nothing.
func (s *Seat) setBack(now time.Duration) {
	s.lead.Resume(now, 2*s.clock.OneWay()+s.interval())
}

// checked compares what the server says of this client's state and inputs.
func (s *Seat) checked(now time.Duration, u view.Update) {
	if !u.Checked {
		return
	}
	s.stats.HashChecks++
	s.ackEvery = cmp.Or(u.AckEvery, s.welcome.AckEvery)
	if u.Mismatch {
		s.stats.HashMismatches++
		if !s.asked || now-s.askedAt >= askEvery {
			s.asking, s.asked, s.askedAt = true, true, now
		}
	}
	if s.player != 0 {
		lost, repeated := s.inputs.Compare(netcode.InputDigest{Count: u.Applied, Hash: u.InputsHash})
		s.stats.InputsLost += uint64(lost)
		s.stats.InputsRepeated += uint64(repeated)
	}
}

func (s *Seat) countReconciliation(r Reconciliation) {
	if r.Corrected {
		s.stats.Corrections++
		s.stats.Largest = max(s.stats.Largest, r.Largest)
	}
	if r.Surprised {
		s.stats.Surprises++
	}
}

func (s *Seat) pong(now time.Duration, msg []byte) error {
	p, err := netcode.ParsePong(msg)
	if err != nil {
		return err
	}
	sent := time.Duration(p.ClientTime) * time.Microsecond
	if sent > now || now-sent > time.Minute {
		return nil // of no ping of this connection
	}
	s.trips.Add(now - sent)
	if s.clock.Trip(sent, now, s.matchTime(p.Tick)+p.SinceTick) {
		s.setBack(now)
	}
	s.unmeasured = false
	if !s.lead.Started() {
		s.lead.Start(now-sent, s.matchTime(1))
	}
	return nil
}
