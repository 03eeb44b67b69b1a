package workload

import (
	"testing"

	"arbiter/game"
	"arbiter/game/sim"
)

// TestEverybodyMoves checks that each ship's place and angle change in nearly
// every tick: a workload that stands still would measure nothing.
func TestEverybodyMoves(t *testing.T) {
	g, err := At(10, 0)
	if err != nil {
		t.Fatal(err)
	}
	m := g.NewSim(1)
	var in sim.TickInput
	for p := range 10 {
		in.Joins = append(in.Joins, game.Player{ID: game.PlayerID(p + 1)})
	}
	m.Step(&in)
	before := map[game.ID][]int64{}
	moved, turned, ticks := 0, 0, 200
	for n := range ticks {
		var in sim.TickInput
		for p := range 10 {
			cells := []int64{int64((n+p)%3) - 1, int64((n*7+p)%3) - 1}
			in.Inputs = append(in.Inputs, sim.PlayerInput{Player: game.PlayerID(p + 1), Seq: uint32(n + 1), Cells: cells})
		}
		m.Step(&in)
		var b sim.Block
		m.Rows(0).Capture(&b)
		for i, id := range b.IDs {
			row := b.Row(i)
			if was := before[id]; was != nil {
				if row[1] != was[1] || row[2] != was[2] {
					moved++
				}
				if row[3] != was[3] {
					turned++
				}
			}
			before[id] = append([]int64(nil), row...)
		}
	}
	if all := 10 * (ticks - 1); moved < all || turned < all/2 {
		t.Errorf("of %d, %d moved and %d turned", all, moved, turned)
	}
}

func TestAtRefusesOtherSizes(t *testing.T) {
	if _, err := At(3, 20); err == nil {
		t.Error("a game for 3 players")
	}
	if g, err := At(64, 60); err != nil || g.Config().TickRate != 60 || g.Config().MaxPlayers != 64 {
		t.Errorf("%v, %v", g, err)
	}
}
