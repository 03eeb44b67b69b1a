package netcode

import (
	"math"
	"unicode/utf8"
)

// MaxReason is how long a reason may be, in bytes: as long as in a close frame.
const MaxReason = 123

// Bye is the last message before the server closes the connection. It says
// the same as the close frame, which browsers don't show to every program:
//
//	[19, code, reason]
//	 93 13 cd 10 68 a5 …
type Bye struct {
	Code   Code
	Reason string // for people, at most MaxReason bytes of UTF-8
}

// Append appends the message. A longer reason is cut.
func (m Bye) Append(b []byte) []byte {
	b = AppendUint(append(b, 0x93, byte(KindBye)), uint64(m.Code))
	return AppendStr(b, cutText(m.Reason, MaxReason))
}

// ParseBye parses what the server sent. A missing reason is empty.
func ParseBye(b []byte) (Bye, error) {
	var m items
	m.open(b, KindBye, maxItems)
	bye := Bye{Code: Code(m.need().UintTo(math.MaxUint16))}
	if m.next() {
		bye.Reason = string(m.Str(MaxReason))
	}
	if err := m.close(); err != nil {
		return Bye{}, err
	}
	return bye, nil
}

// cutText shortens s to at most n bytes without splitting a character.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
