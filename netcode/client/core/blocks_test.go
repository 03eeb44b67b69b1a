package core

import (
	"slices"
	"testing"

	"arbiter/game"
	"arbiter/game/sim"
)

// rowsOf makes a block of (id, owner, value) rows whose text is the id's.
func rowsOf(rows ...[3]int64) *sim.Block {
	b := &sim.Block{}
	b.Resize(3, 0)
	for _, r := range rows {
		b.IDs = append(b.IDs, game.ID(r[0]))
		b.Texts = append(b.Texts, string(rune('a'+r[0])))
		b.Cells = append(b.Cells, r[1], r[2], int64(len(b.Texts)-1))
		b.Last = max(b.Last, game.ID(r[0]))
	}
	return b
}

func TestReplaceOwnMergesByID(t *testing.T) {
	s := &sim.RowSchema{Owner: 0, Fields: []sim.Field{{Kind: sim.Int}, {Kind: sim.Int}, {Kind: sim.Text}}}
	others := rowsOf([3]int64{1, 7, 10}, [3]int64{2, 9, 20}, [3]int64{4, 7, 40}, [3]int64{6, 9, 60}, [3]int64{8, 9, 80})
	own := rowsOf([3]int64{1, 7, 11}, [3]int64{3, 7, 31}, [3]int64{6, 7, 61}, [3]int64{9, 7, 91})
	var got sim.Block
	replaceOwn(s, others, own, &got, 7)
	// 1 is replaced, 4 is gone, 3 and 9 are guessed, and 6 was guessed but is another's
	if !slices.Equal(got.IDs, []game.ID{1, 2, 3, 6, 8, 9}) || got.Last != 9 {
		t.Fatalf("ids %v, last %d", got.IDs, got.Last)
	}
	var values []int64
	var texts string
	for i := range got.IDs {
		values = append(values, got.Row(i)[1])
		texts += text(&got, got.Row(i)[2])
	}
	if !slices.Equal(values, []int64{11, 20, 31, 60, 80, 91}) || texts != "bcdgij" {
		t.Errorf("values %v, texts %q", values, texts)
	}
	copyOwn(s, others, &got, 9)
	if !slices.Equal(got.IDs, []game.ID{2, 6, 8}) || text(&got, got.Row(1)[2]) != "g" {
		t.Errorf("of 9: %+v", got)
	}
	if copyOwn(s, others, &got, 0); len(got.IDs) != 0 {
		t.Errorf("a spectator owns %v", got.IDs)
	}
}
