package load

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"

	"arbiter/netcode"

	"github.com/vmihailenco/msgpack/v5"
)

// Peers makes clients of the servers that Arbiter is compared with, which send
// {"tick":N,"ships":[…]} in every tick and are sent {"seq":N,"thrust":T,"turn":T},
// as JSON or as msgpack.
type Peers struct {
	JSON bool
	// Sample is that one client of so many reads the whole state: 0 is none.
	Sample int
}

// Seat returns client number n.
func (p *Peers) Seat(n int) Seat {
	return &peer{game: p, input: newWander(n), whole: p.Sample > 0 && n%p.Sample == 0}
}

type peer struct {
	game  *Peers
	whole bool
	tick  uint32
	input wander
	state struct {
		Tick  uint32 `json:"tick" msgpack:"tick"`
		Ships []struct {
			ID    int     `json:"id" msgpack:"id"`
			X     float64 `json:"x" msgpack:"x"`
			Y     float64 `json:"y" msgpack:"y"`
			Angle float64 `json:"angle" msgpack:"angle"`
		} `json:"ships" msgpack:"ships"`
	}
}

// Open implements [Seat]: the first input.
func (p *peer) Open(b []byte) []byte { return p.Input(b) }

// Message implements [Seat].
func (p *peer) Message(_ time.Duration, msg []byte, f *Faults) Said {
	tick := p.tickOf(msg)
	first := p.tick == 0
	if tick == 0 {
		f.Corrupted++
		return Nothing
	}
	if !count(p.tick, tick, f) {
		return Nothing
	}
	p.tick = tick
	if p.whole {
		p.read(msg, f)
	}
	if first {
		return Seated
	}
	return Snapshot
}

// read is what a real client does with a state.
func (p *peer) read(msg []byte, f *Faults) {
	var err error
	x, y, n := 0.0, 0.0, len(p.state.Ships)
	if n > 0 {
		x, y = p.state.Ships[0].X, p.state.Ships[0].Y
	}
	p.state.Ships = p.state.Ships[:0]
	if p.game.JSON {
		err = json.Unmarshal(msg, &p.state)
	} else {
		err = msgpack.Unmarshal(msg, &p.state)
	}
	f.Checks++
	if err != nil || len(p.state.Ships) == 0 {
		f.Corrupted++
	} else if n > 0 && x == p.state.Ships[0].X && y == p.state.Ships[0].Y {
		f.Mismatched++ // everybody moves in every tick
	}
}

// tickOf reads the first field only.
func (p *peer) tickOf(msg []byte) uint32 {
	if p.game.JSON {
		text, ok := bytes.CutPrefix(msg, []byte(`{"tick":`))
		end := bytes.IndexByte(text, ',')
		if !ok || end < 0 {
			return 0
		}
		n, err := strconv.ParseUint(string(text[:end]), 10, 32)
		if err != nil {
			return 0
		}
		return uint32(n)
	}
	text, ok := bytes.CutPrefix(msg, []byte("\x82\xa4tick"))
	if !ok {
		return 0
	}
	r := netcode.NewReader(text)
	return uint32(r.UintTo(1<<32 - 1))
}

// Input implements [Seat]: another input than the last.
func (p *peer) Input(b []byte) []byte {
	thrust, turn := p.input.next()
	if p.game.JSON {
		b = strconv.AppendUint(append(b, `{"seq":`...), uint64(p.input.seq), 10)
		b = strconv.AppendInt(append(b, `,"thrust":`...), thrust, 10)
		b = strconv.AppendInt(append(b, `,"turn":`...), turn, 10)
		return append(b, '}')
	}
	b = netcode.AppendUint(append(b, "\x83\xa3seq"...), uint64(p.input.seq))
	b = netcode.AppendInt(append(b, "\xa6thrust"...), thrust)
	return netcode.AppendInt(append(b, "\xa4turn"...), turn)
}

// wander is what a player does who does something else in every tick.
type wander struct{ rng, seq uint32 }

func newWander(n int) wander { return wander{rng: uint32(n)*2654435761 + 1} }

func (w *wander) next() (thrust, turn int64) {
	w.rng = w.rng*1664525 + 1013904223
	w.seq++
	return int64(w.rng>>16)%3 - 1, int64(w.seq)%3 - 1
}
