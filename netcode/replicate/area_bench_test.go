package replicate

import (
	"fmt"
	"math"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode/netcodetest"
)

// seaShip is a player's ship on a sea so large that each sees about twenty.
type seaShip struct {
	Player game.PlayerID
	X, Y   float64 `net:"step=1/8,linear"`
	Angle  float64 `net:"step=tau/256,wrap"`
	VX, VY float64 `net:"step=1/8,owner"`
}

func (s *seaShip) Position() (x, y float64) { return s.X, s.Y }

type seaState struct{ Ships game.Table[seaShip] }

// seaRules know where a player's ship is without looking for it, so that the
// benchmark is of the replication: nobody leaves, and ship n is player n's.
type seaRules struct{ side float64 }

func (r seaRules) Join(w *game.World[seaState], p game.Player) {
	w.State.Ships.Add(seaShip{Player: p.ID, X: w.Rand.Float64() * r.side, Y: w.Rand.Float64() * r.side, Angle: w.Rand.Float64()})
}
func (seaRules) Leave(*game.World[seaState], game.PlayerID) {}
func (r seaRules) Step(w *game.World[seaState], _ *game.Inputs[netcodetest.FleetInput]) {
	for id, s := range w.State.Ships.All() {
		s.Angle += 0.05
		if (uint32(w.Tick())+uint32(id))%3 == 0 { // pulls
			s.VX, s.VY = 4*math.Cos(s.Angle), 4*math.Sin(s.Angle)
		}
		s.X, s.Y = min(max(s.X+s.VX, 0), r.side), min(max(s.Y+s.VY, 0), r.side)
	}
}

const seaRadius = 320

func (seaRules) Eye(w *game.World[seaState], p game.PlayerID) (game.Area, bool) {
	s := w.State.Ships.Get(game.ID(p))
	if s == nil {
		return game.Area{}, false
	}
	return game.Area{X: s.X, Y: s.Y, Radius: seaRadius}, true
}

// sea is a match on it, whose players acknowledge everything at once.
type sea struct {
	sim   sim.Sim
	r     *Replicator
	feeds []*Feed
	now   time.Duration
	in    sim.TickInput
	buf   []byte
	bytes int
}

func newSea(players int) *sea {
	side := math.Sqrt(float64(players) * math.Pi * seaRadius * seaRadius / 20)
	g := game.MustDefine[seaState, netcodetest.FleetInput]("sea", seaRules{side}, game.Config{TickRate: 20, MaxPlayers: players})
	s := &sea{sim: g.New(1)}
	s.r = New(s.sim, Config{})
	for i := range players {
		id := game.PlayerID(i + 1)
		s.in.Joins = append(s.in.Joins, game.Player{ID: id})
		f := s.r.NewFeed(id)
		f.Connect(0, false, 0)
		s.feeds = append(s.feeds, f)
	}
	for range 100 {
		s.step()
		s.send()
	}
	return s
}

func (s *sea) step() {
	s.now += time.Second / 20
	s.sim.Step(&s.in)
	s.in.Reset()
	s.r.CollectEvents()
}

func (s *sea) send() {
	s.r.Capture()
	for _, f := range s.feeds {
		f.Ack(f.NewestSent(), s.now)
		if s.r.Plan(f, SeatStatus{}, s.now) == Send {
			s.buf = f.Append(s.buf[:0])
			f.Sent(len(s.buf), s.now)
			s.bytes += len(s.buf)
		}
	}
}

// BenchmarkArea is one tick of a match with areas of interest, from capture to
// the last snapshot's bytes, at constant density: what a player sees does not
// depend on how many players there are, so neither should what they cost.
func BenchmarkArea(b *testing.B) {
	for _, players := range []int{125, 250, 500, 1000} {
		b.Run(fmt.Sprint(players), func(b *testing.B) {
			s := newSea(players)
			s.bytes = 0
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				b.StopTimer()
				s.step()
				b.StartTimer()
				s.send()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*players), "ns/client")
			b.ReportMetric(float64(s.bytes)/float64(b.N*players), "bytes/snapshot")
		})
	}
}
