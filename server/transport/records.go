package transport

// records follows the record boundaries of a TLS stream (RFC 8446, 5.1), so
// that crypto/tls is given one record at a time. Left to itself it takes what
// there is, keeps a buffer as large, and has to be asked once more whether
// another record lies in it.
type records struct {
	have uint8    // bytes of the header
	size [2]uint8 // the end of the header: bytes that follow
	left int      // bytes of the record still to come, once the header is complete
}

// boundary reports whether the next byte begins a record.
func (r *records) boundary() bool { return r.have == 0 }

// want is how many bytes the header or, behind it, the record still lacks.
func (r *records) want() int {
	if r.have < 5 {
		return 5 - int(r.have)
	}
	return r.left
}

// advance takes note of bytes that crypto/tls is given.
func (r *records) advance(b []byte) {
	for len(b) > 0 {
		if r.have < 5 {
			if r.have >= 3 {
				r.size[r.have-3] = b[0]
			}
			b = b[1:]
			if r.have++; r.have == 5 {
				r.left = int(r.size[0])<<8 | int(r.size[1])
			}
		} else {
			n := min(len(b), r.left)
			b = b[n:]
			r.left -= n
		}
		if r.have == 5 && r.left == 0 {
			r.have = 0
		}
	}
}

// one is the part of b that ends with the current record.
func (r *records) one(b []byte) []byte {
	look := *r
	n := 0
	for {
		k := min(look.want(), len(b)-n)
		if k == 0 {
			return b[:n]
		}
		look.advance(b[n : n+k])
		if n += k; look.boundary() {
			return b[:n]
		}
	}
}
