package server_test

import (
	"context"
	"slices"
	"testing"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/view"
	"arbiter/server"
	"arbiter/server/servertest"
	"arbiter/server/transport"
)

// wary rules add up what they are told: how often in a pilot's score, and the kinds
// in their kills.
type wary struct{}

func (wary) Join(w *game.World[arena.State], p game.Player) {
	w.State.Pilots.Add(arena.Pilot{Player: p.ID})
}

func (wary) Leave(w *game.World[arena.State], p game.PlayerID) {}

func (wary) Suspect(w *game.World[arena.State], p game.PlayerID, kind game.Suspicion, n int) {
	_, pilot := w.State.Pilots.Find(func(x *arena.Pilot) bool { return x.Player == p })
	pilot.Score += n
	pilot.Kills |= 1 << kind
}

func (wary) Step(w *game.World[arena.State], in *game.Inputs[arena.Input]) {}

// What a cheat sends reaches the rules under their name and nobody else's, and
// the recording, which replays as it was.
func TestCheatsReachTheRules(t *testing.T) {
	t.Parallel()
	def := game.MustDefine[arena.State, arena.Input]("wary", wary{}, game.Config{})
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		dir := t.TempDir()
		s := servertest.Start(t, server.Config{Transport: kind, Games: []game.Definition{def}, RecordDir: dir})
		layout := netcode.NewInputLayout(def.Schema())
		send := func(c *servertest.Client, seq uint32, tick, view game.Tick) {
			w := netcode.NewInputWriter(layout)
			b, _ := w.Append(nil, nil, []netcode.Entry{{Seq: seq, Tick: tick, View: view, Cells: make([]int64, layout.Packing.Leaves())}})
			c.Send(b)
		}
		honest, cheat := s.Join("ann", "game", "wary"), s.Join("bob", "game", "wary")
		u := honest.Until("some state", func(u view.Update) bool { return u.Tick > 5 })
		send(honest, 1, u.Tick+8, u.Tick-1)
		send(honest, 2, u.Tick+9, u.Tick-1)
		u = cheat.Until("some state", func(u view.Update) bool { return u.Tick > 5 })
		send(cheat, 1, u.Tick+30, u.Tick+29) // looks at what it was not sent
		send(cheat, 2, u.Tick+30, 0)         // twice in a tick
		send(cheat, 3, 4_000_000_000, 0)     // for the far future
		send(cheat, 3, 4_000_000_000, 0)     // again
		send(cheat, 9, u.Tick+31, 0)         // leaves some out
		if code, _ := cheat.End(); code != netcode.CodeMalformed {
			t.Errorf("closed with %v, want malformed", code)
		}
		table, all := pilotTable(t, def.Schema()), 0
		for _, k := range sim.Suspicions {
			all |= 1 << k
		}
		told := func(p game.PlayerID) (score, kinds int64) {
			pilots := &honest.View.Frame().Tables[table]
			for i := range pilots.IDs {
				if c := pilots.Row(i); c[0] == int64(p) {
					return c[2], c[3]
				}
			}
			return 0, 0
		}
		honest.Until("the rules know", func(view.Update) bool {
			score, kinds := told(cheat.Welcome.Player)
			return score == 5 && kinds == int64(all)
		})
		if score, _ := told(honest.Welcome.Player); score != 0 {
			t.Errorf("ann is suspected %d times", score)
		}
		if err := s.Shutdown(context.Background()); err != nil {
			t.Fatal(err)
		}
		f := onlyRecording(t, dir)
		sum, err := sim.Replay(f, func(string) (game.Definition, error) { return def, nil }, nil)
		if err != nil || sum.Suspicions < 2 || sum.Suspicions > 5 {
			t.Errorf("replay: %+v, %v; want suspicions and no difference", sum, err)
		}
	})
}

// pilotTable is where the pilots stand, of whom told reads the columns.
func pilotTable(t *testing.T, s *sim.Schema) int {
	i := slices.IndexFunc(s.Tables, func(r sim.RowSchema) bool { return r.Name == "Pilots" })
	if f := s.Tables[i].Fields; f[0].Path != "Player" || f[2].Path != "Score" || f[3].Path != "Kills" {
		t.Fatal("the columns of pilots have moved")
	}
	return i
}
