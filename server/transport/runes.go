package transport

import "unicode/utf8"

// runes checks text that comes in pieces for UTF-8. It finds a wrong byte as
// soon as it is there, wherever the pieces end.
type runes struct {
	begun [utf8.UTFMax]byte // the beginning of a rune that is not complete
	n     uint8
}

// add reports whether everything so far is UTF-8, or its beginning. With last
// no rune may be left incomplete.
func (r *runes) add(b []byte, last bool) bool {
	for r.n > 0 && len(b) > 0 {
		r.begun[r.n] = b[0]
		r.n++
		b = b[1:]
		if utf8.FullRune(r.begun[:r.n]) {
			if !utf8.Valid(r.begun[:r.n]) {
				return false
			}
			r.n = 0
		}
	}
	whole := len(b)
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if at := len(b) - i; utf8.RuneStart(b[at]) {
			if !utf8.FullRune(b[at:]) {
				whole = at
			}
			break
		}
	}
	if !utf8.Valid(b[:whole]) {
		return false
	}
	if whole < len(b) {
		r.n = uint8(copy(r.begun[:], b[whole:]))
	}
	return !last || r.n == 0
}
