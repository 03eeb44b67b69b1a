package replicate

import (
	"slices"
	"testing"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/netcodetest"
	"arbiter/netcode/view"
)

// With areas of interest, too, a tick allocates nothing in steady state; what is
// compared grows with rows, not with who sees them; and equal visible sets share.
func TestAreaAlloc(t *testing.T) {
	const players = 50
	s := newSea(players)
	for i := range players { // a second client for each, as a spectator of theirs would be
		f := s.r.NewFeed(game.PlayerID(i + 1))
		f.Connect(0, false, s.now)
		s.feeds = append(s.feeds, f)
	}
	for range 40 {
		s.step()
		s.send()
	}
	was, ticks := s.r.Stats(), uint64(0)
	if n := testing.AllocsPerRun(30, func() {
		s.step()
		s.send()
		ticks++
	}); n != 0 {
		t.Errorf("%v allocations per tick for %d clients", n, len(s.feeds))
	}
	is := s.r.Stats()
	if n := (is.Groups - was.Groups) / ticks; n < players*3/4 || n > players {
		t.Errorf("%d bodies a tick, want about one for each of %d places to look from", n, players)
	}
	if n := is.Shared - was.Shared; n < ticks*players {
		t.Errorf("%d bodies were shared in %d ticks, want one for each second client", n, ticks)
	}
	compared, seen := 0, 0
	for i := range s.r.encoder.caches[0].rows {
		if s.r.encoder.caches[0].rows[i].known {
			compared++
		}
	}
	for _, g := range s.r.groups.list[:s.r.groups.used] {
		rows := g.key.now.rows()
		seen += len(rows.table(players))
	}
	if s.r.encoder.open != 1 || compared > players*3/2 || seen < 10*players {
		t.Errorf("%d rows compared for %d seen, in %d caches; want each of %d once, and a few again for those who did not see them before", compared, seen, s.r.encoder.open, players)
	}
}

type (
	flash     struct{ X, Y float64 }
	flashShip struct {
		Player game.PlayerID
		X, Y   float64
	}
	flashState struct {
		Ships   game.Table[flashShip]
		Flashes game.Events[flash]
	}
	flashRules struct{}
)

func (s *flashShip) Position() (x, y float64) { return s.X, s.Y }

func (flashRules) Join(w *game.World[flashState], p game.Player) {
	w.State.Ships.Add(flashShip{Player: p.ID, X: 1000 * float64(p.ID)})
}
func (flashRules) Leave(*game.World[flashState], game.PlayerID) {}

// Step makes something happen beside each of the places 0, 50, 100 … and once
// nowhere in particular.
func (flashRules) Step(w *game.World[flashState], _ *game.Inputs[netcodetest.FleetInput]) {
	for x := range 60 {
		w.State.Flashes.EmitAt(flash{X: float64(50 * x)}, float64(50*x), 0)
	}
	w.State.Flashes.Emit(flash{X: -1})
}

func (flashRules) Eye(w *game.World[flashState], p game.PlayerID) (game.Area, bool) {
	for _, s := range w.State.Ships.All() {
		if s.Player == p {
			return game.Area{X: s.X, Y: s.Y, Radius: 120}, true
		}
	}
	return game.Area{}, false
}

// Events with a place are sent to those in whose area it lies, and to spectators; the
// others to everybody.
func TestEventsAreLimitedToTheArea(t *testing.T) {
	m := game.MustDefine[flashState, netcodetest.FleetInput]("flash", flashRules{}, game.Config{TickRate: 30}).New(1)
	r := New(m, Config{})
	feeds := map[game.PlayerID]*Feed{}
	views := map[game.PlayerID]*view.View{}
	for _, p := range []game.PlayerID{0, 1, 2} {
		feeds[p], views[p] = r.NewFeed(p), view.New(m.Schema(), p)
		feeds[p].Connect(0, false, 0)
		views[p].Connect(netcode.Fresh)
	}
	m.Step(&sim.TickInput{Joins: []game.Player{{ID: 1}, {ID: 2}}})
	r.CollectEvents()
	r.Capture()
	for p, want := range map[game.PlayerID][]float64{0: nil, 1: {900, 950, 1000, 1050, 1100, -1}, 2: {1900, 1950, 2000, 2050, 2100, -1}} {
		if d := r.Plan(feeds[p], SeatStatus{}, 0); d != Send {
			t.Fatalf("player %d: decision %v", p, d)
		}
		u, err := views[p].Apply(feeds[p].Append(nil))
		if err != nil {
			t.Fatal(err)
		}
		var got []float64
		for _, e := range u.Events {
			got = append(got, m.Schema().Events[0].Fields[0].Float(e.Row.Cells[0]))
		}
		if p == 0 && len(got) != 61 || p != 0 && !slices.Equal(got, want) {
			t.Errorf("player %d is sent %v, want %v", p, got, want)
		}
	}
}
