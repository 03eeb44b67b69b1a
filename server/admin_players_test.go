package server_test

import (
	"encoding/json"
	"testing"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/netcode"
	"arbiter/netcode/view"
	"arbiter/server"
	"arbiter/server/servertest"
)

type playersPage struct {
	Players []struct {
		Match, Subject, Name, Address string
		Player                        int
		Connected                     bool
		Inputs                        map[string]int
	}
}

func players(t *testing.T, s *servertest.Server) (page playersPage) {
	t.Helper()
	a := servertest.HTTP(t, "GET", s.Admin+"/v1/players", "")
	if err := json.Unmarshal([]byte(a.Body), &page); err != nil || a.Status != 200 {
		t.Fatalf("%d %s, %v", a.Status, a.Body, err)
	}
	return page
}

// What cheats send is counted for who sent it, and for nobody else, and goes on
// being counted after they come back.
func TestInputsAreCountedPerPlayer(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{Games: []game.Definition{arena.Game}})
	layout := netcode.NewInputLayout(arena.Game.Schema())
	send := func(c *servertest.Client, seq uint32, tick, view game.Tick) {
		w := netcode.NewInputWriter(layout)
		b, _ := w.Append(nil, nil, []netcode.Entry{{Seq: seq, Tick: tick, View: view, Cells: make([]int64, layout.Packing.Leaves())}})
		c.Send(b)
	}
	honest, cheat := s.Join("ann", "game", "arena"), s.Join("bob", "game", "arena")
	u := honest.Until("some state", func(u view.Update) bool { return u.Tick > 5 })
	send(honest, 1, u.Tick+8, u.Tick-1)
	honest.Until("ann's input is applied", func(u view.Update) bool { return u.AckSeq == 1 })
	u = cheat.Until("some state", func(u view.Update) bool { return u.Tick > 5 })
	send(cheat, 1, u.Tick+30, u.Tick+29) // looks at what it was not sent
	send(cheat, 2, 4_000_000_000, 0)     // for the far future
	send(cheat, 1, u.Tick, 0)            // again
	var bob map[string]int
	servertest.Eventually(t, "bob's are counted", func() bool {
		for _, p := range players(t, s).Players {
			if p.Subject == "bob" {
				bob = p.Inputs
			}
		}
		return bob["timetravel"] == 1 && bob["ahead"] == 1 && bob["replayed"] == 1
	})
	cheat.Drop()
	again := s.Join("bob", "game", "arena", "match", cheat.Welcome.MatchID) // a fresh client, which takes the seat over
	send(again, again.Welcome.SeqTaken+5, u.Tick, 0)                        // leaves some out
	if code, _ := again.End(); code != netcode.CodeMalformed {
		t.Errorf("closed with %v, want malformed", code)
	}
	for _, p := range players(t, s).Players {
		in := p.Inputs
		switch {
		case p.Subject == "ann" && (in["applied"] != 1 || in["timetravel"]+in["ahead"]+in["replayed"]+in["gaps"]+in["overflows"] != 0 || !p.Connected || p.Address == ""):
			t.Errorf("ann: %+v", p)
		case p.Subject == "bob" && (in["timetravel"] != 1 || in["ahead"] != 1 || in["replayed"] != 1 || in["gaps"] != 1 || p.Player != int(cheat.Welcome.Player)):
			t.Errorf("bob: %+v", p)
		}
	}
	servertest.Eventually(t, "the metrics have it", func() bool {
		return s.Metrics().Sum("arbiter_inputs_total", `result="view"`) == 1
	})
	if a := servertest.HTTP(t, "GET", s.Admin+"/v1/players?match=nonesuch", ""); a.Status != 404 {
		t.Errorf("of no match: %d %s", a.Status, a.Body)
	}
}
