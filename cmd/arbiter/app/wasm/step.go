package wasm

import (
	"fmt"
	"math"

	"arbiter/game"
	"arbiter/game/sim"
)

// stepReader reads steps into memory that it uses again.
type stepReader struct {
	in    sim.TickInput
	cells []int64
}

// read returns what reaches the match in one tick, valid until the next call.
func (t *stepReader) read(s *sim.Schema, b []byte) (*sim.TickInput, error) {
	t.in.Reset()
	t.cells = t.cells[:0]
	if len(b) == 0 {
		return &t.in, nil
	}
	r := reader{b: b, size: len(b), what: "step"}
	leaves, joins, inputs, commands := r.count(8), r.count(16), r.count(16), r.count(16)
	for range leaves {
		t.in.Leaves = append(t.in.Leaves, r.player())
		r.word()
	}
	for range joins {
		p := game.Player{ID: r.player()}
		name, team := r.count(1), r.count(1)
		r.word()
		p.Name, p.Team = string(r.bytes(name)), string(r.bytes(team))
		r.bytes(-(name + team) & 7)
		t.in.Joins = append(t.in.Joins, p)
	}
	for range inputs {
		in := sim.PlayerInput{Player: r.player(), Seq: r.word(), View: game.Tick(r.word())}
		r.word()
		in.Cells = t.row(&r, &s.Input)
		t.in.Inputs = append(t.in.Inputs, in)
	}
	for range commands {
		c := sim.PlayerCommand{Player: r.player(), Kind: int(r.word())}
		texts, size := r.count(4), r.count(1)
		if uint(c.Kind) >= uint(len(s.Commands)) {
			r.fail(fmt.Sprintf("command %d; the game has %d kinds", c.Kind, len(s.Commands)))
			break
		}
		c.Row.Cells = t.row(&r, &s.Commands[c.Kind])
		c.Row.Texts = r.texts(nil, texts, size)
		t.in.Commands = append(t.in.Commands, c)
	}
	return &t.in, r.end()
}

// row reads the cells of a row. Growth of t.cells leaves those read before
// where they are.
func (t *stepReader) row(r *reader, s *sim.RowSchema) []int64 {
	start := len(t.cells)
	t.cells = r.cells(t.cells, len(s.Fields))
	return t.cells[start:len(t.cells):len(t.cells)]
}

func (r *reader) player() game.PlayerID {
	n := r.word()
	if n > math.MaxUint16 {
		r.fail(fmt.Sprintf("player %d; numbers end at %d", n, math.MaxUint16))
	}
	return game.PlayerID(n)
}
