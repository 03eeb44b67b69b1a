package wasm_test

import (
	"encoding/binary"
	"fmt"

	"arbiter/game"
	"arbiter/game/sim"
)

// This file is the host's half of the layout, written from the doc of
// package main.

var order = binary.LittleEndian

func words(b []byte, n ...int) []byte {
	for _, v := range n {
		b = order.AppendUint32(b, uint32(v))
	}
	return b
}

func pad(b []byte) []byte { return append(b, make([]byte, -len(b)&7)...) }

func appendCells(b []byte, cells []int64) []byte {
	for _, c := range cells {
		b = order.AppendUint64(b, uint64(c))
	}
	return b
}

func textBytes(texts []string) []byte {
	var b []byte
	for _, s := range texts {
		b = append(words(b, len(s)), s...)
	}
	return pad(b)
}

func appendLoad(b []byte, held []int64, blocks []sim.Block) []byte {
	b = appendCells(b, held)
	for i := range blocks {
		x := &blocks[i]
		texts := textBytes(x.Texts)
		b = words(b, len(x.IDs), int(x.Last), len(x.Texts), len(texts))
		b = appendCells(b, x.Cells)
		for _, id := range x.IDs {
			b = words(b, int(id))
		}
		b = append(pad(b), texts...)
	}
	return b
}

func appendStep(b []byte, in *sim.TickInput) []byte {
	b = words(b, len(in.Leaves), len(in.Joins), len(in.Inputs), len(in.Commands))
	for _, p := range in.Leaves {
		b = words(b, int(p), 0)
	}
	for _, p := range in.Joins {
		b = words(b, int(p.ID), len(p.Name), len(p.Team), 0)
		b = pad(append(append(b, p.Name...), p.Team...))
	}
	for _, p := range in.Inputs {
		b = appendCells(words(b, int(p.Player), int(p.Seq), int(p.View), 0), p.Cells)
	}
	for _, c := range in.Commands {
		texts := textBytes(c.Row.Texts)
		b = words(b, int(c.Player), c.Kind, len(c.Row.Texts), len(texts))
		b = append(appendCells(b, c.Row.Cells), texts...)
	}
	return b
}

// parseState reads a state message; the widths are the schema's.
func parseState(s *sim.Schema, msg []byte) (game.Tick, []sim.Block, error) {
	if len(msg) < 8 || int(order.Uint32(msg)) != len(msg)-8 {
		return 0, nil, fmt.Errorf("a message of %d bytes with a wrong size", len(msg))
	}
	tick, at := game.Tick(order.Uint32(msg[4:])), 8
	word := func() int {
		at += 4
		return int(order.Uint32(msg[at-4:]))
	}
	blocks := make([]sim.Block, len(s.Tables))
	for i := range blocks {
		b := &blocks[i]
		rows, last, texts, size := word(), word(), word(), word()
		b.Width, b.Last = len(s.Tables[i].Fields), game.ID(last)
		for range rows * b.Width {
			b.Cells = append(b.Cells, int64(order.Uint64(msg[at:])))
			at += 8
		}
		for range rows {
			b.IDs = append(b.IDs, game.ID(word()))
		}
		at += -at & 7
		end := at + size
		for range texts {
			n := word()
			b.Texts = append(b.Texts, string(msg[at:at+n]))
			at += n
		}
		if at += -at & 7; at != end {
			return 0, nil, fmt.Errorf("texts of %s end at %d, not at %d", s.Tables[i].Name, at, end)
		}
	}
	if at != len(msg) {
		return 0, nil, fmt.Errorf("%d bytes behind the state", len(msg)-at)
	}
	return tick, blocks, nil
}
