package match

import (
	"testing"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/netcode"
)

// BenchmarkTick is one step of an arena of 64 clients: everything but the
// system calls.
func BenchmarkTick(b *testing.B) {
	g, err := arena.New("arena", arena.Config{Drones: 36, Settings: game.Config{MaxPlayers: 64}})
	if err != nil {
		b.Fatal(err)
	}
	bed := newTestbed(b, g, 64)
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range bed.clients {
			s.post(envelope{kind: envelopeAck, acked: true, ack: bed.sim.Tick()}, nil)
		}
		bed.turn()
	}
	if sends, code := bed.conns[0].state(); sends == 0 || code != netcode.Code(0) {
		b.Fatalf("%d snapshots, closed with %v", sends, code)
	}
}
