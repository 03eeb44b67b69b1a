package echo

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"sync"
	"testing"

	"arbiter/server/transport"
	"arbiter/server/transport/transporttest"
)

// row is a stream of a client and what RFC 6455 wants in answer. Rows are
// numbered as the sections of the Autobahn test suite are.
type row struct {
	name   string
	stream [][]byte // frames, or pieces of them
	want   []answer // in order, before the close frame
	code   int      // of the server's close frame
}

type answer struct {
	op      byte
	payload string
}

const noCode = 1005 // a close frame without a code

// echoed is a row whose one message comes back; the client closes.
func echoed(name string, op byte, payload string, frames ...[]byte) row {
	return row{name, append(frames, transporttest.CloseFrame(1000, "")), []answer{{op, payload}}, 1000}
}

// refused is a row that ends with a code.
func refused(name string, code int, frames ...[]byte) row {
	return row{name: name, stream: frames, code: code}
}

// after adds answers that come before the end.
func (r row) after(want ...answer) row {
	r.want = want
	return r
}

func rows() []row {
	var all []row
	for _, section := range [][]row{framing(), pings(), reservedBits(), opcodes(), fragmentation(), utf8Rows(), closes(), limits(), autoFragmentation()} {
		all = append(all, section...)
	}
	return all
}

// variant is one way to be served.
type variant struct {
	name   string
	config transport.Config
	dial   func(addr string) (net.Conn, error)
}

func plain(addr string) (net.Conn, error) { return net.Dial("tcp", addr) }

// onEach runs a test on every variant at once.
func onEach(t *testing.T, f func(t *testing.T, dial func() (net.Conn, error))) {
	for _, v := range variants(t) {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			s, err := Listen(v.config)
			if err != nil {
				t.Fatal(err)
			}
			done := make(chan error, 1)
			go func() { done <- s.Serve(context.Background()) }()
			defer func() {
				s.Close()
				if err := <-done; err != nil {
					t.Errorf("Serve: %v", err)
				}
			}()
			f(t, func() (net.Conn, error) { return v.dial(s.Addr().String()) })
		})
	}
}

// bytewiseMost is the longest stream that is also sent byte by byte.
const bytewiseMost = 1 << 10

// atOnce is how many rows are under way: a row mostly waits.
const atOnce = 8

// TestConformance sends every row in one write, frame by frame, and byte by
// byte: the answers are the same.
//
// Hazards: broken frame, close reason, close handshake, splits, declared length.
func TestConformance(t *testing.T) {
	all := rows()
	onEach(t, func(t *testing.T, dial func() (net.Conn, error)) {
		work := make(chan row)
		var workers sync.WaitGroup
		for range atOnce {
			workers.Go(func() {
				for r := range work {
					for way, pieces := range r.ways() {
						if err := r.run(dial, pieces); err != nil {
							t.Errorf("%s, %s: %v", r.name, way, err)
						}
					}
				}
			})
		}
		for _, r := range all {
			work <- r
		}
		close(work)
		workers.Wait()
	})
}

// ways are the writes a row is sent in.
func (r row) ways() map[string][][]byte {
	whole := bytes.Join(r.stream, nil)
	ways := map[string][][]byte{"in one write": {whole}}
	if n := len(r.stream); n > 1 && n < 1000 {
		ways["in its pieces"] = r.stream
	}
	if len(whole) <= bytewiseMost {
		var single [][]byte
		for i := range whole {
			single = append(single, whole[i:i+1])
		}
		ways["byte by byte"] = single
	}
	return ways
}

func (r row) run(dial func() (net.Conn, error), pieces [][]byte) error {
	p, err := connect(dial)
	if err != nil {
		return err
	}
	sent := make(chan struct{})
	go func() { // what is long comes back before it was sent
		defer close(sent)
		for _, b := range pieces {
			if _, err := p.Write(b); err != nil {
				return // the server may have closed already
			}
		}
	}()
	defer func() { _ = p.Close(); <-sent }()
	for i, want := range r.want {
		op, payload, err := transporttest.ReadFrame(p.br)
		if err != nil {
			return fmt.Errorf("answer %d: %w", i, err)
		}
		if op != want.op || string(payload) != want.payload {
			return fmt.Errorf("answer %d: opcode %d with %d bytes %.40q, want opcode %d with %d bytes %.40q",
				i, op, len(payload), payload, want.op, len(want.payload), want.payload)
		}
	}
	op, payload, err := transporttest.ReadFrame(p.br)
	switch {
	case err != nil:
		return fmt.Errorf("close frame: %w", err)
	case op != closing:
		return fmt.Errorf("opcode %d with %.40q, want a close frame", op, payload)
	case len(payload) == 1:
		return fmt.Errorf("a close frame with one byte")
	}
	code := noCode
	if len(payload) >= 2 {
		code = int(binary.BigEndian.Uint16(payload))
	}
	if code != r.code {
		return fmt.Errorf("closed with %d %q, want %d", code, payload[min(2, len(payload)):], r.code)
	}
	return p.end()
}
