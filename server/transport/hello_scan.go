package transport

// What a ClientHello may take, in bytes, its record headers included. Browsers
// send 500 to 2,000.
const maxHello = 16 << 10

// helloScan finds the end of a TLS ClientHello that arrives in pieces and,
// perhaps, in several records (RFC 8446, 5.1):
//
//	16 03 vv nn nn   a record of n bytes of handshake
//	01 nn nn nn      ClientHello of n bytes, possibly cut by record headers
//
// Each byte is looked at once, so its verdict does not depend on the pieces.
// It judges only what has to be known before work is spent on a handshake;
// crypto/tls judges the rest.
type helloScan struct {
	pos    int    // bytes looked at
	record int    // bytes of the current record still to come
	at     uint8  // place in the current record's header, if record is 0
	size   uint16 // of the current record
	have   int    // bytes of the message, its own header included
	length int    // of the message, its own header not included
}

// scan looks at b, all bytes so far, from where the last scan stopped. It
// returns headMore, headComplete, headBytes if the hello is too long, headPlain
// if it is HTTP, and headJunk.
func (s *helloScan) scan(b []byte) headVerdict {
	for s.pos < len(b) {
		if s.pos >= maxHello {
			return headBytes
		}
		c := b[s.pos]
		if s.record == 0 {
			if v := s.header(c); v != headMore {
				return v
			}
			s.pos++
			continue
		}
		switch {
		case s.have == 0 && c != 1:
			return headJunk
		case s.have > 0 && s.have < 4:
			s.length = s.length<<8 | int(c)
		}
		s.pos++
		s.have++
		s.record--
		if s.have >= 4 {
			if s.length > maxHello {
				return headBytes
			}
			if s.have == 4+s.length {
				return headComplete
			}
		}
	}
	if s.pos >= maxHello {
		return headBytes
	}
	return headMore
}

// header takes one byte of a record's header.
func (s *helloScan) header(c byte) headVerdict {
	switch s.at {
	case 0:
		if s.pos == 0 && tokenChar(c) {
			return headPlain
		}
		if c != 0x16 {
			return headJunk
		}
	case 1:
		if c != 3 {
			return headJunk
		}
	case 3, 4:
		s.size = s.size<<8 | uint16(c)
	}
	if s.at++; s.at < 5 {
		return headMore
	}
	if s.size == 0 {
		return headJunk
	}
	s.record, s.at, s.size = int(s.size), 0, 0
	return headMore
}
