//go:build !race

package match

import (
	"testing"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/netcode"
)

// A match of the arena with 100 clients, which all send inputs and acks, makes
// its steps without allocating: from the bytes of a message to those of a
// snapshot.
func TestTickAllocatesNothing(t *testing.T) {
	g, err := arena.New("arena", arena.Config{Settings: game.Config{MaxPlayers: 100}})
	if err != nil {
		t.Fatal(err)
	}
	b := newTestbed(t, g, 100)
	w := make([]netcode.InputWriter, len(b.clients))
	for i := range w {
		w[i] = netcode.NewInputWriter(b.game.layout)
	}
	var seq uint32
	entry := netcode.Entry{Cells: make([]int64, b.game.layout.Packing.Leaves())}
	buf := make([]byte, 0, 256)
	turn := func() {
		seq++
		entry.Seq, entry.Tick = seq, b.sim.Tick()+1
		entry.Cells[1] = int64(seq%3) - 1
		ack := netcode.Ack{Tick: b.sim.Tick()}
		for i, s := range b.clients {
			buf, _ = w[i].Append(buf[:0], &ack, []netcode.Entry{entry})
			s.Message(buf)
		}
		b.turn()
	}
	for range 200 { // buffers grow to their size, ships get lost and come back
		turn()
	}
	sends, _ := b.conns[0].state()
	if n := testing.AllocsPerRun(200, turn); n != 0 {
		t.Errorf("%v allocations per tick", n)
	}
	after, code := b.conns[0].state()
	if after-sends < 150 || code != 0 {
		t.Errorf("%d snapshots in 200 ticks, closed with %d; want nearly all sent", after-sends, code)
	}
	if pooled := b.engine.output.pooled.Load(); pooled < 200 {
		t.Errorf("only %d tasks went to the worker pool", pooled)
	}
}
