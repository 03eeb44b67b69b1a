package core

import (
	"testing"
	"time"

	"arbiter/game/arena"
	"arbiter/netcode"
	"arbiter/netcode/client/clienttest"
)

// transcript is what a server says to a client that only listens.
func transcript(n int) (msgs [][]byte) {
	srv := clienttest.NewServer(arena.Game, 1)
	c := srv.Open(func(_ time.Duration, msg []byte) { msgs = append(msgs, msg) })
	c.Receive(0, netcode.Hello{Version: netcode.Version}.Append(nil))
	for now := ms; len(msgs) < n; now += ms {
		if now%(5*ms) == 0 && msgs != nil {
			c.Receive(now, netcode.Ping{ClientTime: now.Microseconds()}.Append(nil))
		}
		srv.Step(now)
	}
	return msgs
}

// Whatever arrives, the client does not panic and goes on.
func FuzzReceive(f *testing.F) {
	msgs := transcript(12)
	for _, m := range msgs {
		f.Add(m, m)
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		m := NewMirror(arena.Game, true, 0)
		now := epoch
		m.Seat().Hello(now, nil)
		out := make([]byte, 0, 256)
		for _, msg := range [][]byte{a, msgs[0], msgs[1], b, msgs[2], a, b} {
			now += 40 * ms
			_, err := m.Receive(now, msg)
			if err != nil {
				m.Seat().Disconnected()
				m.Seat().Hello(now, nil)
			}
			m.Set(arena.Input{Turn: 1, Fire: now%2 == 0})
			m.Seat().Advance(now)
			for ok := true; ok; out, ok = m.Seat().Next(now, out[:0]) {
			}
			m.State()
			m.Predicted()
			m.Interpolated(now)
			if w := m.Seat().Wake(now); w <= 0 || w > time.Minute {
				t.Fatalf("wake after %v", w)
			}
			m.Seat().Stats()
		}
	})
}
