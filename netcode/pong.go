package netcode

import (
	"math"
	"time"

	"arbiter/game"
)

// Pong answers a [Ping], so that the client learns the round trip and how far
// the match is:
//
//	[18, clientTime, tick, sinceTick]
//	 94 12 ce … cd … cd …
type Pong struct {
	ClientTime int64         // of the Ping
	Tick       game.Tick     // last step completed when the server answered
	SinceTick  time.Duration // since that step was due; microseconds on the wire, 0…71 min
}

// Append appends the message.
func (p Pong) Append(b []byte) []byte {
	b = AppendInt(append(b, 0x94, byte(KindPong)), p.ClientTime)
	b = AppendUint(b, uint64(p.Tick))
	return appendMicros(b, p.SinceTick)
}

// ParsePong parses what the server sent.
func ParsePong(b []byte) (Pong, error) {
	var m items
	m.open(b, KindPong, maxItems)
	p := Pong{
		ClientTime: m.need().Int(),
		Tick:       game.Tick(m.need().UintTo(math.MaxUint32)),
		SinceTick:  readUnits(m.need(), time.Microsecond),
	}
	if err := m.close(); err != nil {
		return Pong{}, err
	}
	return p, nil
}

func appendMicros(b []byte, d time.Duration) []byte {
	return AppendUint(b, uint64(min(max(d.Microseconds(), 0), math.MaxUint32)))
}

// readUnits reads a duration of whole units.
func readUnits(r *Reader, unit time.Duration) time.Duration {
	return time.Duration(r.UintTo(math.MaxUint32)) * unit
}
