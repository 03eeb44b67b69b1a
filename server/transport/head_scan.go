package transport

// headVerdict is what a scan of a request head found.
type headVerdict uint8

const (
	headMore      headVerdict = iota // not complete yet
	headComplete                     // ends at headScan.pos
	headBytes                        // over the byte limit
	headLines                        // over the line limit
	headMalformed                    // control character, bare CR or bare LF
	headJunk                         // not HTTP
	headTLS                          // a TLS record
	headPlain                        // HTTP where a TLS record is due
)

// maxMethod is longer than every registered HTTP method.
const maxMethod = 24

// headScan finds the end of a request head that arrives in pieces. Each byte
// is looked at once, so its verdict does not depend on the pieces.
type headScan struct {
	pos   int // bytes looked at
	line  int // where the current line began
	lines int
	named bool // the method was read
	cr    bool // the last byte was a carriage return
}

// scan looks at b, the whole head so far, from where the last scan stopped.
func (s *headScan) scan(b []byte, maxBytes, maxLines int) headVerdict {
	for s.pos < len(b) {
		if s.pos >= maxBytes {
			return headBytes
		}
		c := b[s.pos]
		if !s.named {
			switch {
			case s.pos == 0 && c == 0x16:
				return headTLS
			case c == ' ' && s.pos > 0:
				s.named = true
			case !tokenChar(c) || s.pos >= maxMethod:
				return headJunk
			}
			s.pos++
			continue
		}
		switch {
		case c == '\n' && s.cr:
			empty := s.pos-s.line == 1
			s.pos++
			s.line, s.cr = s.pos, false
			if empty {
				return headComplete
			}
			if s.lines++; s.lines > maxLines {
				return headLines
			}
			continue
		case s.cr || c == '\n' || c == 0x7f || c < ' ' && c != '\t' && c != '\r':
			return headMalformed
		}
		s.cr = c == '\r'
		s.pos++
	}
	if s.pos >= maxBytes {
		return headBytes
	}
	return headMore
}

// tokenChar reports whether c may stand in a method, header name or
// subprotocol (RFC 9110, 5.6.2).
func tokenChar(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return true
	}
	switch c {
	case '!', '#', '$', '%', '&', '\'', '*', '+', '-', '.', '^', '_', '`', '|', '~':
		return true
	}
	return false
}

func isToken[T string | []byte](s T) bool {
	for i := range len(s) {
		if !tokenChar(s[i]) {
			return false
		}
	}
	return len(s) > 0
}

// validProtocol accepts the empty string too: no subprotocol.
func validProtocol(s string) bool { return s == "" || isToken(s) }
