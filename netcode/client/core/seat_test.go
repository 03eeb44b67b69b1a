package core

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"arbiter/game/arena"
	"arbiter/game/sim"
	"arbiter/game/tag"
	"arbiter/netcode"
	"arbiter/netcode/client/clienttest"
	"arbiter/netcode/netcodetest"
)

func TestAcksRideOnInputsElseComeInTime(t *testing.T) {
	b := newHarness(t, arena.Game, 1)
	p := b.join(arena.Game, false, netcodetest.Config{Delay: 10 * ms})
	mover := b.join(arena.Game, false, netcodetest.Config{})
	b.run(time.Second, nil)
	r := rand.New(rand.NewPCG(1, 1))
	acks, snapshots := p.peer.Acks, p.Seat().Stats().Snapshots
	b.run(3*time.Second, func() { pilot(mover, r) })
	acks, snapshots = p.peer.Acks-acks, p.Seat().Stats().Snapshots-snapshots
	every := uint64(b.server.AckEvery())
	if n := uint64(acks); n < snapshots/every-2 || n > snapshots/every+2 || snapshots < 60 {
		t.Errorf("idle: %d acks for %d snapshots, want one for every %d", acks, snapshots, every)
	}
	acks = p.peer.Acks
	on := false
	b.run(3*time.Second, func() {
		pilot(mover, r)
		if b.now%(50*ms) == 0 {
			on = !on
			p.Set(arena.Input{Fire: false, Turn: map[bool]int8{true: 1}[on]})
		}
	})
	if n := p.peer.Acks - acks; n > 5 {
		t.Errorf("busy: %d acks beside the inputs that carry them", n)
	}
	if behind := b.server.Sim.Tick().Sub(p.peer.Feed.AckedTick()); behind > 6 {
		t.Errorf("the server knows of a state %d ticks old", behind)
	}
}

// A client on a good link that sends nothing else is told to acknowledge half as
// often, does so, and begins as at first when it comes back.
func TestAcksGetRarer(t *testing.T) {
	b := newHarness(t, arena.Game, 1)
	p := b.join(arena.Game, false, netcodetest.Config{Delay: 10 * ms})
	mover := b.join(arena.Game, false, netcodetest.Config{})
	r := rand.New(rand.NewPCG(1, 1))
	rate := func(d time.Duration) float64 { // snapshots an ack
		acks, snapshots := p.peer.Acks, p.Seat().Stats().Snapshots
		b.run(d, func() { pilot(mover, r) })
		return float64(p.Seat().Stats().Snapshots-snapshots) / float64(p.peer.Acks-acks)
	}
	every := float64(b.server.AckEvery())
	b.run(100*ms, nil)
	if got := rate(2 * time.Second); got < every-0.5 || got > every+0.5 {
		t.Errorf("at first an ack for %.1f snapshots, want %v", got, every)
	}
	b.run(6*time.Second, func() { pilot(mover, r) })
	if got := rate(4 * time.Second); got < 2*every-0.5 || got > 2*every+0.5 {
		t.Errorf("later an ack for %.1f snapshots, want %v", got, 2*every)
	}
	b.cut(p, 100*ms)
	b.run(300*ms, func() { pilot(mover, r) })
	if got := rate(time.Second); got < every-0.5 || got > every+0.5 {
		t.Errorf("on a new connection an ack for %.1f snapshots, want %v", got, every)
	}
	if len(b.server.Errors) > 0 {
		t.Error(b.server.Errors)
	}
}

func TestMismatchAsksForOneKeyframeAndHeals(t *testing.T) {
	b := newHarness(t, arena.Game, 1)
	p := b.join(arena.Game, false, netcodetest.Config{Delay: 30 * ms})
	mover := b.join(arena.Game, false, netcodetest.Config{})
	r := rand.New(rand.NewPCG(1, 1))
	b.run(2*time.Second, func() { pilot(mover, r) })
	row := p.Seat().Frame().Tables[3].Row(0) // as if the state had been damaged in memory
	row[1] += 1000
	b.run(3*time.Second, func() { pilot(mover, r) })
	st := p.Seat().Stats()
	if st.HashMismatches != 1 || p.peer.Asked != 1 || st.Keyframes != 2 || st.HashChecks < 4 {
		t.Errorf("asked %d times, %+v", p.peer.Asked, st)
	}
	for id, s := range p.State().Ships.All() {
		if want := mover.State().Ships.Get(id); want == nil || p.Seat().Frame().Tick == mover.Seat().Frame().Tick && want.X != s.X {
			t.Errorf("ship %d is %+v, want %+v", id, s, want)
		}
	}
}

func TestLostInputIsNoticed(t *testing.T) {
	b := newHarness(t, arena.Game, 1)
	p := b.join(arena.Game, false, netcodetest.Config{Delay: 30 * ms})
	r := rand.New(rand.NewPCG(1, 1))
	b.run(2*time.Second, func() { pilot(p, r) })
	n := 0
	b.server.Alter = func(e *netcode.Entry) {
		if n++; n == 3 {
			e.Cells = make([]int64, len(e.Cells))
		}
	}
	b.run(3*time.Second, func() { pilot(p, r) })
	if st := p.Seat().Stats(); n < 3 || st.InputsLost != 1 || st.InputsRepeated != 1 {
		t.Errorf("of %d entries one was replaced: %+v", n, st)
	}
}

// Hazards: row ids, mutated.
func TestDamagedSnapshotIsNotBuiltUpon(t *testing.T) {
	b := newHarness(t, arena.Game, 1)
	p := b.join(arena.Game, false, netcodetest.Config{Delay: 30 * ms})
	b.run(2*time.Second, nil)
	local := b.local()
	if _, err := p.Receive(local, []byte{0x93, 17, 0xc0, 1}); err == nil {
		t.Fatal("a truncated snapshot was accepted")
	}
	b.cut(p, 0)
	b.run(2*time.Second, nil)
	if st := p.Seat().Stats(); st.Errors != 1 || st.Resumes != 1 || st.Keyframes != 2 || st.HashMismatches != 0 {
		t.Errorf("%+v", st)
	}
}

func TestReceiveRefusals(t *testing.T) {
	welcome := netcode.Welcome{Version: 1, Player: 1, TickRate: 30, SnapshotRate: 30, AckEvery: 2}
	other := welcome
	other.Schema = netcode.AppendSchema(nil, tag.Game.Schema())
	newer := welcome
	newer.Version = 2
	for name, c := range map[string]struct {
		msg  []byte
		want error
	}{
		"snapshot first":  {[]byte{0x96, 17, 1, 0, 0, 0xc0, 0xc0}, ErrUnwelcome},
		"pong first":      {netcode.Pong{}.Append(nil), ErrUnwelcome},
		"another game":    {other.Append(nil), ErrSchema},
		"another version": {newer.Append(nil), ErrVersion},
		"more behind it":  {append(welcome.Append(nil), 0), netcode.ErrTrailing},
		"nothing":         {nil, ErrNoMessage},
		"text":            {[]byte("hello"), ErrNoMessage},
	} {
		m := NewMirror(arena.Game, true, 0)
		m.Seat().Hello(epoch, nil)
		if _, err := m.Receive(epoch, c.msg); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if m.Seat().Playing() {
			t.Errorf("%s: playing", name)
		}
	}
	m := NewMirror(arena.Game, true, 0)
	if err := m.Seat().Command(0, sim.Row{}); !errors.Is(err, ErrNotPlaying) {
		t.Errorf("a command without a seat: %v", err)
	}
	if _, err := m.Receive(epoch, []byte{0x91, 99}); err != nil {
		t.Errorf("a message of an unknown kind: %v", err)
	}
	if r, err := m.Receive(epoch, netcode.Bye{Code: netcode.CodeKicked, Reason: "no"}.Append(nil)); err != nil || r.Bye.Code != netcode.CodeKicked {
		t.Errorf("bye: %+v, %v", r, err)
	}
}

// A client that knows nothing of the game plays with the server's schema.
func TestSeatLearnsTheSchema(t *testing.T) {
	srv := clienttest.NewServer(arena.Game, 1)
	pipe := netcodetest.NewPipe(netcodetest.Config{Delay: 10 * ms})
	c := srv.Open(func(now time.Duration, msg []byte) { pipe.Down.Send(now, msg) })
	s := NewSeat(Config{})
	pipe.Up.Send(0, s.Hello(epoch, nil))
	for now := time.Duration(0); now < 3*time.Second; now += ms {
		for msg := range pipe.Up.Recv(now) {
			c.Receive(now, msg)
		}
		srv.Step(now)
		for msg := range pipe.Down.Recv(now) {
			if _, err := s.Receive(epoch+now, msg); err != nil {
				t.Fatal(err)
			}
		}
		if s.Schema() != nil {
			s.Set([]int64{1, int64(now / (200 * ms) % 2), 0}, false)
		}
		s.Advance(epoch + now)
		for {
			msg, ok := s.Next(epoch+now, nil)
			if !ok {
				break
			}
			pipe.Up.Send(now, msg)
		}
	}
	if len(srv.Errors) > 0 {
		t.Error(srv.Errors)
	}
	st := s.Stats()
	if s.Schema().Hash != arena.Game.Schema().Hash || st.Snapshots < 60 || st.InputsApplied < 5 || st.HashMismatches+st.InputsLost > 0 || st.HashChecks < 2 {
		t.Errorf("%+v", st)
	}
}

func TestWakeIsSoonEnoughAndNotTooOften(t *testing.T) {
	b := newHarness(t, arena.Game, 1)
	p := b.join(arena.Game, true, netcodetest.Config{Delay: 10 * ms})
	b.run(3*time.Second, nil)
	s, now, wakes, late := p.Seat(), b.local(), 0, time.Duration(0)
	for end := now + 900*ms; now < end; wakes++ {
		tick := s.Tick()
		s.Advance(now)
		for ok := true; ok; _, ok = s.Next(now, nil) {
		}
		if s.Tick() != tick {
			late = max(late, s.lead.Now(now, s.clock.Server(now))-s.matchTime(s.Tick()))
		}
		now += s.Wake(now)
	}
	if wakes < 27 || wakes > 60 || late > ms {
		t.Errorf("%d wakes in 27 ticks, one of them %v late", wakes, late)
	}
}

func TestSpectatorSeesAndSendsNothing(t *testing.T) {
	b := newHarness(t, arena.Game, 1)
	p := b.join(arena.Game, true, netcodetest.Config{Delay: 10 * ms})
	p.watches = true
	mover := b.join(arena.Game, false, netcodetest.Config{})
	r := rand.New(rand.NewPCG(1, 1))
	for range 2 {
		b.run(3*time.Second, func() {
			pilot(mover, r)
			p.Set(arena.Input{Thrust: 1})
		})
		st := p.Seat().Stats()
		if p.Seat().Player() != 0 || p.Seat().CanResume() || st.InputsSent > 0 || st.HashChecks < 2 || st.HashMismatches > 0 {
			t.Errorf("%+v", st)
		}
		if n, drawn := p.State().Ships.Len(), p.Interpolated(b.local()).Ships.Len(); n != 1 || drawn != 1 {
			t.Errorf("%d ships, %d drawn", n, drawn)
		}
		b.cut(p, 0)
	}
}
