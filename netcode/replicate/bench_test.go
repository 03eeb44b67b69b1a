package replicate

import (
	"math"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
)

// fleet is 100 moving ships of which nine in ten change in every tick.
type fleetShip struct {
	X, Y   float64 `net:"step=1/64,linear"`
	Angle  float64 `net:"step=tau/256,wrap"`
	HP     int8
	VX, VY float64 `net:"-"`
}
type fleetState struct{ Ships game.Table[fleetShip] }
type fleetInput struct{ Go bool }
type fleetRules struct{}

const fleetSize = 100

func (fleetRules) Start(w *game.World[fleetState]) {
	for range fleetSize {
		a := w.Rand.Float64() * 2 * math.Pi
		w.State.Ships.Add(fleetShip{X: w.Rand.Float64() * 2000, Y: w.Rand.Float64() * 2000, HP: 100,
			VX: 4 * math.Cos(a), VY: 4 * math.Sin(a)})
	}
}
func (fleetRules) Join(*game.World[fleetState], game.Player)    {}
func (fleetRules) Leave(*game.World[fleetState], game.PlayerID) {}
func (fleetRules) Step(w *game.World[fleetState], _ *game.Inputs[fleetInput]) {
	for id, s := range w.State.Ships.All() {
		if id%10 == 0 {
			continue // at rest
		}
		if r := w.Rand.IntN(100); r < 40 { // thrusts
			s.VX += 0.2 * math.Cos(s.Angle)
			s.VY += 0.2 * math.Sin(s.Angle)
		} else if r < 80 { // turns
			s.Angle += 0.12
		} else if r < 85 {
			s.HP -= 5
		}
		s.X += s.VX
		s.Y += s.VY
	}
}

// fleetEncoder runs the fleet for some ticks and returns what encoding the next
// one against the tick before it takes.
func fleetEncoder(t testing.TB) (r *Replicator, encode func() *netcode.Body) {
	g := game.MustDefine[fleetState, fleetInput]("fleet", fleetRules{}, game.Config{TickRate: 30})
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
	for i := range fleetSize {
		if a, b := now.Tables[0].Row(i), old.Tables[0].Row(i); a[0] != b[0] || a[1] != b[1] {
			moved++
		}
	}
	if moved != fleetSize*9/10 {
		t.Fatalf("%d of %d ships moved", moved, fleetSize)
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
	g := game.MustDefine[fleetState, fleetInput]("fleet", fleetRules{}, game.Config{TickRate: 30})
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
