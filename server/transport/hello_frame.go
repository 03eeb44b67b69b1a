package transport

// helloPiece is the content of the records that a ClientHello is given to
// crypto/tls in, in bytes. It keeps the buffer that a record was read into, at
// its largest, as long as the connection; and for most clients no later record
// is longer than their hello, of about 1,800 bytes, was.
const helloPiece = 480

// reframe cuts a complete ClientHello into records of its own. Where records
// end is no part of what the two sides agree on (RFC 8446, 5.1 and 4.4.1). What
// comes behind the hello is left as it is.
func reframe(b []byte, s *helloScan) []byte {
	if s.record != 0 {
		return b // more in the last record: crypto/tls will refuse it
	}
	message := make([]byte, 0, s.have)
	for at := 0; at < s.pos; {
		size := int(b[at+3])<<8 | int(b[at+4])
		message = append(message, b[at+5:at+5+size]...)
		at += 5 + size
	}
	framed := make([]byte, 0, len(b)+5*(1+len(message)/helloPiece))
	for len(message) > 0 {
		n := min(len(message), helloPiece)
		framed = append(framed, b[0], b[1], b[2], byte(n>>8), byte(n))
		framed = append(framed, message[:n]...)
		message = message[n:]
	}
	return append(framed, b[s.pos:]...)
}
