package netcode

import (
	"math"
	"time"
)

// Sizes of what renewing a token sends, in bytes.
const (
	MaxToken   = 2048
	MaxRefusal = 64
)

// Renew brings a new token in the place of the one the connection was made
// with, so that the session may outlive it. A client sends it only to a server
// whose [Welcome] said how long the token lasts; older servers would close. The
// server answers with [Renewed]:
//
//	[6, token]
//	 92 06 d9 …
type Renew struct {
	Token string // as in the upgrade, at most MaxToken bytes
}

// Append appends the message. A longer token is cut, and refused then.
func (m Renew) Append(b []byte) []byte {
	return AppendStr(append(b, 0x92, byte(KindRenew)), cutText(m.Token, MaxToken))
}

// ParseRenew parses what a client sent.
func ParseRenew(b []byte) (Renew, error) {
	var m items
	m.open(b, KindRenew, maxItems)
	r := Renew{Token: string(m.need().Str(MaxToken))}
	if err := m.close(); err != nil {
		return Renew{}, err
	}
	return r, nil
}

// Renewed answers a [Renew], and is sent to nobody who did not send one:
//
//	[20, left, refusal]
//	 93 14 ce … c0
//
// refusal may be missing or nil, which is empty.
type Renewed struct {
	Left    time.Duration // until the session ends, milliseconds on the wire, 0…49 days
	Refusal string        // why the token was not taken, such as "token-expired"; empty = it was
}

// Append appends the message.
func (m Renewed) Append(b []byte) []byte {
	b = appendMillis(append(b, 0x93, byte(KindRenewed)), m.Left)
	if m.Refusal == "" {
		return AppendNil(b)
	}
	return AppendStr(b, cutText(m.Refusal, MaxRefusal))
}

// ParseRenewed parses what the server sent.
func ParseRenewed(b []byte) (Renewed, error) {
	var m items
	m.open(b, KindRenewed, maxItems)
	r := Renewed{Left: readUnits(m.need(), time.Millisecond)}
	if m.next() {
		r.Refusal = string(m.Str(MaxRefusal))
	}
	if err := m.close(); err != nil {
		return Renewed{}, err
	}
	return r, nil
}

func appendMillis(b []byte, d time.Duration) []byte {
	return AppendUint(b, uint64(min(max(d.Milliseconds(), 0), math.MaxUint32)))
}
