package netcode

import (
	"encoding/binary"
	"math"

	"arbiter/game"
)

// Version of the protocol this package speaks.
const Version = 1

// ResumeID is the secret of session resumption, by which a client gets its seat
// back after its connection dropped. The zero ResumeID is none.
type ResumeID [16]byte

// Hello is the client's first message:
//
//	[1, version, schemaHash, resumeID, lastTick, flags]
//	 96  01 01   c4 08 …     c4 10 …   ce …      01
//
// schemaHash is 8 bytes of binary, big end first, or nil; resumeID 16 bytes of
// binary or nil; lastTick an integer or nil; flags bit 0 is NeedSchema, nil is 0.
type Hello struct {
	Version    int       // 1…65535
	SchemaHash uint64    // [sim.Schema] the client has; 0 = none
	Resume     ResumeID  // seat to take up again; zero = a new one
	LastTick   game.Tick // newest state the client still has, with Resume; 0 = none
	NeedSchema bool      // send the schema even if the hash is right
}

const flagNeedSchema = 1

// Append appends the message.
func (h Hello) Append(b []byte) []byte {
	b = append(AppendArray(b, 6), byte(KindHello))
	b = AppendUint(b, uint64(h.Version))
	b = appendHash(b, h.SchemaHash)
	if h.Resume == (ResumeID{}) {
		b = AppendNil(b)
	} else {
		b = AppendBin(b, h.Resume[:])
	}
	if h.LastTick == 0 {
		b = AppendNil(b)
	} else {
		b = AppendUint(b, uint64(h.LastTick))
	}
	return appendFlag(b, h.NeedSchema)
}

// ParseHello parses what a client sent. Of a hello of another Version only the
// version is read, so that the server can answer that it doesn't speak it.
func ParseHello(b []byte) (Hello, error) {
	var m items
	m.open(b, KindHello, maxItems)
	h := Hello{Version: int(m.need().UintTo(math.MaxUint16))}
	if h.Version == Version {
		h.SchemaHash = readHash(&m)
		if m.next() {
			h.Resume = readResumeID(&m.Reader)
		}
		if m.next() {
			h.LastTick = game.Tick(m.UintTo(math.MaxUint32))
		}
		if m.next() {
			h.NeedSchema = m.Uint()&flagNeedSchema != 0
		}
	}
	if err := m.close(); err != nil {
		return Hello{}, err
	}
	return h, nil
}

// appendHash appends 8 bytes of binary: JavaScript has no 64-bit numbers.
func appendHash(b []byte, h uint64) []byte {
	if h == 0 {
		return AppendNil(b)
	}
	return binary.BigEndian.AppendUint64(append(b, 0xc4, 8), h)
}

func readHash(m *items) uint64 {
	if !m.next() {
		return 0
	}
	start := m.pos
	if p := m.Bin(8); len(p) == 8 {
		return binary.BigEndian.Uint64(p)
	}
	m.failAt(start, ErrRange)
	return 0
}

func readResumeID(r *Reader) (id ResumeID) {
	start := r.pos
	if copy(id[:], r.Bin(len(id))) != len(id) {
		r.failAt(start, ErrRange)
		return ResumeID{}
	}
	return id
}
