package replicate

import (
	"testing"
	"time"

	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/netcodetest"
)

// fleetEncoder runs the fleet for some ticks and returns what encoding the next
// one against the tick before it takes.
func fleetEncoder(t testing.TB) (r *Replicator, encode func() *netcode.Body) {
	g := netcodetest.Fleet
	m := g.New(1)
	r = New(m, Config{})
	for range 30 {
		m.Step(&sim.TickInput{})
		r.frames.hold(r.Capture())
	}
	var b netcode.Body
	at := bodyKey{now: visibleFrame{r.now, 0}, base: visibleFrame{r.Frame(r.newest - 1), 0}, prev: visibleFrame{r.Frame(r.newest - 2), 0}}
	return r, func() *netcode.Body {
		r.encoder.reset()
		r.encoder.encode(&b, &at, false)
		return &b
	}
}

func BenchmarkEncode100(b *testing.B) {
	_, encode := fleetEncoder(b)
	b.ReportAllocs()
	var n int
	for b.Loop() {
		n = len(encode().Update.Bytes)
	}
	b.ReportMetric(float64(n), "bytes/snapshot")
}

func BenchmarkCapture100(b *testing.B) {
	r, _ := fleetEncoder(b)
	b.ReportAllocs()
	for b.Loop() {
		r.Capture()
	}
}

// The size of a snapshot of 100 entities of which 90 move, with fresh baselines.
func TestSnapshotSizeAlloc(t *testing.T) {
	r, encode := fleetEncoder(t)
	moved := 0
	now, old := r.Frame(r.newest), r.Frame(r.newest-1)
	for i := range netcodetest.FleetSize {
		if a, b := now.Tables[0].Row(i), old.Tables[0].Row(i); a[0] != b[0] || a[1] != b[1] {
			moved++
		}
	}
	if moved != netcodetest.FleetSize*9/10 {
		t.Fatalf("%d of %d ships moved", moved, netcodetest.FleetSize)
	}
	if n := len(encode().Update.Bytes); n > 300 || n < 90 {
		t.Errorf("%d bytes for %d moved ships, want at most 300", n, moved)
	}
	if n := testing.AllocsPerRun(100, func() { encode() }); n != 0 {
		t.Errorf("%v allocations to encode", n)
	}
}

// In steady state planning, writing and acknowledging a tick allocates
// nothing, and receivers with the same baseline share one encoding.
func TestTickAlloc(t *testing.T) {
	g := netcodetest.Fleet
	m := g.New(1)
	r := New(m, Config{})
	feeds := make([]*Feed, 64)
	for i := range feeds {
		feeds[i] = r.NewFeed(0)
		feeds[i].Connect(0, false, 0)
	}
	var in sim.TickInput
	var buf []byte
	now := time.Duration(0)
	sent := 0
	tick := func() {
		now += time.Second / 30
		m.Step(&in)
		r.CollectEvents()
		r.Capture()
		for _, f := range feeds {
			f.Ack(f.NewestSent(), now)
			if r.Plan(f, SeatStatus{}, now) == Send {
				buf = f.Append(buf[:0])
				f.Sent(len(buf), now)
				sent++
			}
		}
	}
	for range 200 {
		tick()
	}
	before, was := r.Stats(), sent
	if n := testing.AllocsPerRun(100, tick); n != 0 {
		t.Errorf("%v allocations per tick for 64 clients", n)
	}
	after := r.Stats()
	if ticks := uint64(101); after.Groups-before.Groups != ticks || sent-was != 64*101 {
		t.Errorf("%d encodings in %d ticks for %d snapshots, want one a tick", after.Groups-before.Groups, ticks, sent-was)
	}
}

func BenchmarkTick64Clients(b *testing.B) {
	r, _ := fleetEncoder(b)
	feeds := make([]*Feed, 64)
	for i := range feeds {
		feeds[i] = r.NewFeed(0)
		feeds[i].Connect(0, false, 0)
	}
	var buf []byte
	now := time.Duration(0)
	var in sim.TickInput
	b.ReportAllocs()
	for b.Loop() {
		now += time.Second / 30
		b.StopTimer()
		r.sim.Step(&in)
		b.StartTimer()
		r.Capture()
		for _, f := range feeds {
			f.Ack(f.NewestSent(), now)
			if r.Plan(f, SeatStatus{}, now) == Send {
				buf = f.Append(buf[:0])
				f.Sent(len(buf), now)
			}
		}
	}
}
