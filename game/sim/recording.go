package sim

import (
	"encoding/binary"
	"hash/crc32"
)

// A recording is a match as its seed, what reached it, and what came of it. It
// is a stream, complete up to its last whole chunk if the writer died:
//
//	magic    "ARBR", then a version byte, 4
//	chunk    header
//	chunk    ticks …
//	chunk    end
//
// A chunk is
//
//	length   uvarint, of kind and body; 1 to maxChunk
//	kind     1 byte: 1 header, 2 ticks, 3 end
//	body
//	crc      CRC-32C of all the above, the header's of the magic too, 4 bytes, little endian
//
// and its body, by kind (text is a uvarint length and bytes):
//
//	header   game text | schema hash 8 bytes | seed 8 bytes | tick rate uvarint |
//	         snapshot rate uvarint | ticks that World.At reaches back uvarint |
//	         setup: attributes, count | name text, team text, role text, attributes …
//	ticks    number of the first one uvarint | ticks up to the end of the body
//	end      number of the last tick uvarint | its state hash 8 bytes
//
// A tick is
//
//	flags    1 byte: 1 leaves, 2 joins, 4 inputs, 8 commands, 16 suspicions, 32 away,
//	         64 back, 128 held follow, in this order
//	hash     lower half of the state hash after it, 4 bytes, little endian
//	leaves   count | player …
//	joins    count | player, name text, team text, role text, attributes …
//	inputs   count | player, seq, view, count, cell … …
//	commands count | player, kind, count, cell …, count, text … …
//	suspicions count | player, kind 1 byte, count …
//	away     count | player …
//	back     count | player …
//	held     count | player, count, cell … …
//
// and attributes are
//
//	count | name text, text text, number 8 bytes …
//
// with every number a uvarint but cells and kind, which are varints. View is 0
// for no claim, else 1 + the tick's number − the tick seen. A tick without
// input takes 5 bytes. Half a hash will do: a state that has left the recorded
// one differs in every tick from there.
//
// Version 3 had neither away, back nor held; version 2 had no suspicions; version 1
// had no setup either, and neither role nor attributes. All of them are still read.
// The headers' checksums of 1 and 2 did not cover the magic.

const (
	magic    = "ARBR"
	version  = 4
	maxChunk = 1 << 20 // bytes of a chunk's kind and body

	chunkHeader = 1
	chunkTicks  = 2
	chunkEnd    = 3

	hasLeaves     = 1
	hasJoins      = 2
	hasInputs     = 4
	hasCommands   = 8
	hasSuspicions = 16
	hasAway       = 32 // since version 4, like what follows
	hasBack       = 64
	hasHeld       = 128
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func appendTick(b []byte, tick Tick, in *TickInput, hash uint64) []byte {
	at := len(b)
	b = binary.LittleEndian.AppendUint32(append(b, 0), uint32(hash))
	list := func(flag byte, n int) bool {
		if n > 0 {
			b[at] |= flag
			b = binary.AppendUvarint(b, uint64(n))
		}
		return n > 0
	}
	if list(hasLeaves, len(in.Leaves)) {
		for _, p := range in.Leaves {
			b = binary.AppendUvarint(b, uint64(p))
		}
	}
	if list(hasJoins, len(in.Joins)) {
		for _, p := range in.Joins {
			b = binary.AppendUvarint(b, uint64(p.ID))
			b = appendText(appendText(b, p.Name), p.Team)
			b = appendAttributes(appendText(b, p.Role), p.Attributes)
		}
	}
	if list(hasInputs, len(in.Inputs)) {
		for i := range in.Inputs {
			b = appendInput(b, tick, &in.Inputs[i])
		}
	}
	if list(hasCommands, len(in.Commands)) {
		for i := range in.Commands {
			b = appendCommand(b, &in.Commands[i])
		}
	}
	if list(hasSuspicions, len(in.Suspicions)) {
		for _, s := range in.Suspicions {
			b = append(binary.AppendUvarint(b, uint64(s.Player)), byte(s.Kind))
			b = binary.AppendUvarint(b, uint64(s.Count))
		}
	}
	for flag, players := range [...][]PlayerID{in.Away, in.Back} {
		if list(hasAway<<flag, len(players)) {
			for _, p := range players {
				b = binary.AppendUvarint(b, uint64(p))
			}
		}
	}
	if list(hasHeld, len(in.Held)) {
		for i := range in.Held {
			b = binary.AppendUvarint(b, uint64(in.Held[i].Player))
			b = appendCells(b, in.Held[i].Cells)
		}
	}
	return b
}

func appendInput(b []byte, tick Tick, p *PlayerInput) []byte {
	b = binary.AppendUvarint(b, uint64(p.Player))
	b = binary.AppendUvarint(b, uint64(p.Seq))
	view := uint64(0)
	if p.View != 0 {
		view = 1 + uint64(tick-p.View)
	}
	b = binary.AppendUvarint(b, view)
	return appendCells(b, p.Cells)
}

func appendCommand(b []byte, c *PlayerCommand) []byte {
	b = binary.AppendUvarint(b, uint64(c.Player))
	b = binary.AppendVarint(b, int64(c.Kind))
	b = appendCells(b, c.Row.Cells)
	b = binary.AppendUvarint(b, uint64(len(c.Row.Texts)))
	for _, s := range c.Row.Texts {
		b = appendText(b, s)
	}
	return b
}

func appendCells(b []byte, cells []int64) []byte {
	b = binary.AppendUvarint(b, uint64(len(cells)))
	for _, c := range cells {
		b = binary.AppendVarint(b, c)
	}
	return b
}
