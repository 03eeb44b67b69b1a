package core

import (
	"testing"
	"time"

	"arbiter/game/arena"
	"arbiter/netcode/netcodetest"
)

// A game of 128 ticks a second, in which the input changes with each, stays
// within what servers accept.
func TestInputsShareMessagesAtHighRates(t *testing.T) {
	fast, err := arena.Game.WithRates(128, 64)
	if err != nil {
		t.Fatal(err)
	}
	b := newHarness(t, fast, 1)
	p := b.join(fast, true, netcodetest.Config{Delay: 15 * ms})
	b.run(2*time.Second, nil)
	spin := func() { p.Set(arena.Input{Turn: int8(p.Seat().Tick()%3) - 1}) }
	b.run(time.Second, spin)
	before, sent, late := p.Seat().Stats(), p.pipe.Up.Stats().Sent, p.peer.Buffer.Stats().Late
	b.run(5*time.Second, spin)
	messages := p.pipe.Up.Stats().Sent - sent
	st := p.Seat().Stats()
	if entries := st.InputsSent - before.InputsSent; entries < 500 || messages > 5*90 {
		t.Errorf("%d entries in %d messages: %+v, tick %d of %d", entries, messages, st, p.Seat().Tick(), b.server.Sim.Tick())
	}
	if st.Corrections > before.Corrections || st.InputsLost > 0 || p.peer.Buffer.Stats().Late > late || late > 30 {
		t.Errorf("%+v, server %+v", st, p.peer.Buffer.Stats())
	}
}
