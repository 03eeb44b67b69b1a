package load

import (
	"encoding/binary"
	"time"
)

// Plain makes clients of the floor: messages of fixed sizes that mean nothing.
// A server's message begins with its number, 4 bytes, big end first, from 1.
type Plain struct {
	InputBytes int // of a client's message, payload
}

// Seat returns a client.
func (p *Plain) Seat(int) Seat { return &plain{bytes: p.InputBytes} }

type plain struct {
	bytes int
	last  uint32
}

// Open implements [Seat]. The first message says nothing but that the client
// is there.
func (p *plain) Open(b []byte) []byte { return append(b, make([]byte, p.bytes)...) }

// Message implements [Seat].
func (p *plain) Message(_ time.Duration, msg []byte, f *Faults) Said {
	if len(msg) < 4 {
		f.Corrupted++
		return Nothing
	}
	n := binary.BigEndian.Uint32(msg)
	first := p.last == 0
	if !count(p.last, n, f) {
		return Nothing
	}
	p.last = n
	if first {
		return Seated
	}
	return Snapshot
}

// Input implements [Seat].
func (p *plain) Input(b []byte) []byte {
	if p.last == 0 {
		return b
	}
	for range p.bytes {
		b = append(b, byte(p.last))
	}
	return b
}
