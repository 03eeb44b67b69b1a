package core

import (
	"math/rand/v2"
	"testing"
	"time"

	"arbiter/game/arena"
	"arbiter/netcode/client/clienttest"
)

// BenchmarkTick measures what one server tick costs a client in a match of 16:
// a snapshot applied, its own tick, and with rendering a frame drawn.
func BenchmarkTick(b *testing.B) {
	for _, c := range []struct {
		name          string
		predict, draw bool
	}{{"plain", false, false}, {"predict", true, false}, {"predict+draw", true, true}} {
		b.Run(c.name, func(b *testing.B) {
			srv, now, busy := clienttest.NewServer(arena.Game, 1), time.Duration(0), time.Duration(0)
			r := rand.New(rand.NewPCG(1, 1))
			var clients []*Mirror[arena.State, arena.Input]
			var conns []*clienttest.Conn
			inbox := make([][][]byte, 16)
			for i := range inbox {
				m := NewMirror(arena.Game, c.predict && i == 0, 0)
				conn := srv.Open(func(_ time.Duration, msg []byte) { inbox[i] = append(inbox[i], msg) })
				conn.Receive(0, m.Seat().Hello(epoch, nil))
				clients, conns = append(clients, m), append(conns, conn)
			}
			out := make([]byte, 0, 4096)
			for n := 0; n < b.N; {
				now += ms
				srv.Step(now)
				for i, m := range clients {
					if r.IntN(200) == 0 {
						m.Set(arena.Input{Thrust: 1, Turn: int8(r.IntN(3) - 1), Fire: r.IntN(2) == 0})
					}
					at := time.Now()
					for _, msg := range inbox[i] {
						if _, err := m.Receive(epoch+now, msg); err != nil {
							b.Fatal(err)
						}
					}
					m.Seat().Advance(epoch + now)
					if i == 0 && c.draw && len(inbox[i]) > 0 {
						m.Interpolated(epoch + now)
					}
					if i == 0 {
						busy += time.Since(at)
						n += len(inbox[i])
					}
					inbox[i] = inbox[i][:0]
					for ok := true; ok; {
						if out, ok = m.Seat().Next(epoch+now, out[:0]); ok {
							conns[i].Receive(now, out)
						}
					}
				}
			}
			b.ReportMetric(float64(busy.Nanoseconds())/float64(b.N), "ns/snapshot")
		})
	}
}
