package load

import (
	"encoding/binary"
	"time"

	"arbiter/netcode"
)

// Colyseus makes clients of a Colyseus server (protocol 0.18, schema 5) that
// hosts the room of bench/peers/colyseus. Its messages begin with a code:
//
//	10 join    the server's, with the schema; the client answers with the code
//	13 data    the client's: a type and msgpack
//	14 state   the whole state, once
//	15 patch   then [80, tick, 4 bytes little end first], and for each row that
//	           changed [ff, its number, then 80|field and 4 bytes for each field]
type Colyseus struct {
	// Sample is that one client of so many reads whole patches: 0 is none.
	Sample int
}

const (
	colyseusJoin  = 10
	colyseusData  = 13
	colyseusState = 14
	colyseusPatch = 15
)

// Seat returns client number n.
func (g *Colyseus) Seat(n int) Seat {
	return &colyseus{input: newWander(n), whole: g.Sample > 0 && n%g.Sample == 0}
}

type colyseus struct {
	input wander
	whole bool
	state bool // the whole state has come
	tick  uint32
	ships int // that moved in the last patch; 0: it is not known how many there are
}

// Open implements [Seat]: the server speaks first.
func (c *colyseus) Open(b []byte) []byte { return b }

// Answer implements [Answering].
func (c *colyseus) Answer(b []byte) []byte { return append(b, colyseusJoin) }

// Message implements [Seat].
func (c *colyseus) Message(_ time.Duration, msg []byte, f *Faults) Said {
	switch {
	case len(msg) > 0 && msg[0] == colyseusJoin:
		return Asked
	case len(msg) > 0 && msg[0] == colyseusState:
		c.state = true
		return Seated
	case len(msg) < 6 || msg[0] != colyseusPatch || msg[1] != 0x80:
		f.Corrupted++
		return Nothing
	case !c.state:
		return Nothing // it belongs to what is still to come
	}
	tick := binary.LittleEndian.Uint32(msg[2:])
	if !count(c.tick, tick, f) {
		return Nothing
	}
	c.tick = tick
	if c.whole {
		c.read(msg[6:], f)
	}
	return Snapshot
}

// colyseusTable is the number of the table of ships: what follows it is about
// who has a row, not about a row.
const colyseusTable = 1

// read checks that a patch can be read and moves as many ships as the one
// before. After somebody came or left it begins anew.
func (c *colyseus) read(b []byte, f *Faults) {
	if len(b) > 0 && b[0]&0x80 != 0 && b[0] != 0xff {
		c.ships = 0
		return // the state's own field: the table is new
	}
	moved := 0
	for ; len(b) > 0; moved++ {
		number, rest, ok := colyseusRow(b)
		if number == colyseusTable {
			c.ships = 0
			return
		}
		if !ok {
			f.Corrupted++
			return
		}
		b = rest
	}
	f.Checks++
	if c.ships > 0 && moved != c.ships {
		f.Mismatched++ // everybody moves in every tick
	}
	c.ships = moved
}

// colyseusRow reads one row that changed, of three fields at most.
func colyseusRow(b []byte) (number int, rest []byte, ok bool) {
	switch {
	case len(b) > 1 && b[0] == 0xff && b[1] < 0x80:
		number, b = int(b[1]), b[2:]
	case len(b) > 2 && b[0] == 0xff && b[1] == 0xcc:
		number, b = int(b[2]), b[3:]
	case len(b) > 3 && b[0] == 0xff && b[1] == 0xcd:
		number, b = int(binary.LittleEndian.Uint16(b[2:])), b[4:]
	default:
		return 0, nil, false
	}
	fields := 0
	for ; fields < 3 && len(b) >= 5 && b[0]&^3 == 0x80; fields++ {
		b = b[5:]
	}
	return number, b, fields > 0
}

// Input implements [Seat]: another input than the last.
func (c *colyseus) Input(b []byte) []byte {
	if !c.state {
		return b
	}
	thrust, turn := c.input.next()
	b = append(b, colyseusData, 0xa5)
	b = netcode.AppendInt(append(b, "input\x82\xa6thrust"...), thrust)
	return netcode.AppendInt(append(b, "\xa4turn"...), turn)
}
