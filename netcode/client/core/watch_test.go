package core

import (
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/netcode/netcodetest"
)

// Whoever follows the callbacks has the same rows as the state.
func TestWatchesTellEveryChange(t *testing.T) {
	b := newHarness(t, arena.Game, 11)
	p := b.join(arena.Game, true, netcodetest.Config{Seed: 2, Delay: 30 * ms, Jitter: 10 * ms})
	other := b.join(arena.Game, false, netcodetest.Config{Delay: 5 * ms})
	rows := map[game.ID]arena.Bullet{}
	added, changed, removed := 0, 0, 0
	bullets := func(s *arena.State) *game.Table[arena.Bullet] { return &s.Bullets }
	r := rand.New(rand.NewPCG(1, 1))
	fire := func() {
		if r.IntN(50) == 0 {
			other.Set(arena.Input{Fire: r.IntN(3) > 0, Turn: int8(r.IntN(3) - 1)})
		}
	}
	b.run(2*time.Second, fire)
	OnRemoved(p.Mirror, bullets, func(id game.ID, last *arena.Bullet) {
		if was, there := rows[id]; !there || *last != was {
			t.Errorf("removed %d: was %+v, last %+v", id, was, *last)
		}
		delete(rows, id)
		removed++
	})
	OnAdded(p.Mirror, bullets, func(id game.ID, row *arena.Bullet) {
		if _, there := rows[id]; there {
			t.Errorf("added %d twice", id)
		}
		rows[id] = *row
		added++
	})
	OnChanged(p.Mirror, bullets, func(id game.ID, was, is *arena.Bullet) {
		if rows[id] != *was || *was == *is {
			t.Errorf("changed %d: had %+v, from %+v to %+v", id, rows[id], *was, *is)
		}
		rows[id] = *is
		changed++
	})
	check := func() {
		if p.Seat().Frame() == nil || added == 0 {
			return
		}
		want := map[game.ID]arena.Bullet{}
		for id, row := range p.State().Bullets.All() {
			want[id] = *row
		}
		if !maps.Equal(rows, want) {
			t.Fatalf("at %v followed %v, want %v", b.now, rows, want)
		}
	}
	b.run(5*time.Second, func() { fire(); check() })
	b.cut(p, 8*time.Second)
	b.run(12*time.Second, func() { fire(); check() })
	for len(rows) == 0 {
		b.run(ms, fire)
	}
	gone := len(rows)
	b.cut(p, 0)
	p.Seat().Leave() // a new seat: all that was is gone, all that is appears
	removed, added = 0, 0
	b.run(time.Second, func() { fire(); check() })
	if removed < gone || gone == 0 {
		t.Errorf("with a new seat %d of %d were removed", removed, gone)
	}
	removed, added = removed+20, added+20
	if st := p.Seat().Stats(); added < 20 || changed < 100 || removed < 20 || st.Keyframes < 2 {
		t.Errorf("%d added, %d changed, %d removed, %+v", added, changed, removed, st)
	}
}

func TestValuesAndEventsAreTold(t *testing.T) {
	b := newHarness(t, arena.Game, 11)
	p := b.join(arena.Game, false, netcodetest.Config{Delay: 30 * ms})
	fields, events := []arena.Field{}, map[arena.Hit][]game.Tick{}
	OnValue(p.Mirror, func(s *arena.State) *game.Value[arena.Field] { return &s.Field }, func(was, is *arena.Field) {
		if n := len(fields); n > 0 && fields[n-1] != *was || *was == *is {
			t.Errorf("field from %+v to %+v", *was, *is)
		}
		fields = append(fields, *is)
	})
	OnEvent(p.Mirror, func(s *arena.State) *game.Events[arena.Hit] { return &s.Hits }, func(tick game.Tick, e *arena.Hit) {
		events[*e] = append(events[*e], tick)
	})
	var explosions, server int
	OnEvent(p.Mirror, func(s *arena.State) *game.Events[arena.Explosion] { return &s.Explosions }, func(game.Tick, *arena.Explosion) {
		explosions++
	})
	b.run(time.Second, nil)
	var others []*arenaPlayer
	for range 6 {
		others = append(others, b.join(arena.Game, false, netcodetest.Config{}))
	}
	r, seen := rand.New(rand.NewPCG(1, 1)), game.Tick(0)
	b.run(60*time.Second, func() {
		for _, o := range others {
			pilot(o, r)
		}
		if tick := b.server.Sim.Tick(); tick != seen && p.Seat().Frame() != nil {
			seen = tick
			server += b.server.Sim.Posted(2).Len()
		}
	})
	if len(fields) < 2 || server == 0 || explosions < server-1 || explosions > server {
		t.Errorf("%d sizes of the field, %d explosions of %d", len(fields), explosions, server)
	}
}

func TestWatchOfSomethingElsePanics(t *testing.T) {
	m := NewMirror(arena.Game, false, 0)
	for name, f := range map[string]func(){
		"table":    func() { OnAdded(m, func(*arena.State) *game.Table[arena.Ship] { return nil }, nil) },
		"value":    func() { OnValue(m, func(*arena.State) *game.Value[arena.Field] { return nil }, nil) },
		"events":   func() { OnEvent(m, func(*arena.State) *game.Events[arena.Hit] { return nil }, nil) },
		"commands": func() { Command(m, func(*arena.State) *game.Commands[arena.Rename] { return nil }, arena.Rename{}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}
