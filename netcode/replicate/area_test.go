package replicate

import (
	"testing"

	"arbiter/game"
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
