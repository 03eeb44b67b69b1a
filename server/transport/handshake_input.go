package transport

import (
	"container/list"
	"io"
	"sync"
)

// handshakeInputBytes is how much may wait for a handshake before its connection is
// left unread. One more read, of up to readBuffer bytes, can come on top.
const handshakeInputBytes = 16 << 10

// handshakeInput carries what a loop reads to a handshake that runs elsewhere. It lives
// as long as the handshake. It is safe for concurrent use.
type handshakeInput struct {
	gate *handshakeGate
	more chan struct{} // holds one token if bytes came since the last read
	gone chan struct{} // closed when the handshake is to end

	// Guarded by gate.mu.
	owner      *secure            // does not change
	handshakes *addressHandshakes // does not change
	wait       *list.Element
	yielded    bool // ended for another handshake, and no longer counted

	mu     sync.Mutex
	buf    []byte // guarded by mu
	ended  error  // guarded by mu: why the handshake is to end
	fin    bool   // guarded by mu: the peer sends no more
	paused bool   // guarded by mu: the loop left the socket unread
}

func newHandshakeInput(g *handshakeGate) *handshakeInput {
	return &handshakeInput{gate: g, more: make(chan struct{}, 1), gone: make(chan struct{})}
}

// add brings bytes. Called by the loop.
func (b *handshakeInput) add(p []byte) {
	b.mu.Lock()
	b.buf = append(b.buf, p...)
	b.mu.Unlock()
	select {
	case b.more <- struct{}{}:
	default:
	}
}

// full reports whether the loop is to leave the socket unread. Called by it.
func (b *handshakeInput) full() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.paused = len(b.buf) >= handshakeInputBytes
	return b.paused
}

// finish says that the peer sends no more: what came still counts. Called by
// the loop.
func (b *handshakeInput) finish() {
	b.mu.Lock()
	b.fin = true
	b.mu.Unlock()
	select {
	case b.more <- struct{}{}:
	default:
	}
}

// end fails the handshake, unless it is over. Called by the loop when the
// connection is gone, and by the gate.
func (b *handshakeInput) end(why error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended == nil {
		b.ended = why
		close(b.gone)
	}
}

// failed names the reason for which the handshake failed: the one given to end, if it
// was ended, or dropShake.
func (b *handshakeInput) failed() error {
	if b == nil { // on net.Conn
		return dropShake
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended != nil {
		return b.ended
	}
	return dropShake
}

// rest returns the bytes that the handshake did not read, and whether nothing
// follows them. Called by the loop, after the handshake.
func (b *handshakeInput) rest() (rest []byte, fin bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf, b.fin
}

// read waits for bytes, without a processor meanwhile. resume says that the
// socket was left unread and is to be read again. It ends with a record.
func (b *handshakeInput) read(p []byte, r *records) (n int, resume bool, err error) {
	for {
		b.mu.Lock()
		n, ended, fin := copy(p, r.one(b.buf)), b.ended, b.fin
		b.buf = b.buf[n:]
		if n > 0 && b.paused && len(b.buf) < handshakeInputBytes {
			b.paused, resume = false, true
		}
		b.mu.Unlock()
		if ended != nil {
			return 0, false, ended
		}
		if n > 0 {
			return n, resume, nil
		}
		if fin {
			return 0, false, io.EOF
		}
		b.gate.await(b)
	}
}
