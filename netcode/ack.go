package netcode

import (
	"math"

	"arbiter/game"
)

// Ack tells the server the newest snapshot the client has applied:
//
//	[3, tick]
//	 92 03 cd 04 d2
//
// It is sent when no [InputWriter] message carried the same in time.
type Ack struct {
	Tick game.Tick
}

// Append appends the message.
func (a Ack) Append(b []byte) []byte {
	return AppendUint(append(b, 0x92, byte(KindAck)), uint64(a.Tick))
}

// ParseAck parses what a client sent. It does not allocate.
func ParseAck(b []byte) (Ack, error) {
	var m items
	m.open(b, KindAck, maxItems)
	a := Ack{Tick: game.Tick(m.need().UintTo(math.MaxUint32))}
	if err := m.close(); err != nil {
		return Ack{}, err
	}
	return a, nil
}
