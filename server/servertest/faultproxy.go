package servertest

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Faults say which fault injection a [Proxy] does to each of its connections, in
// both directions unless it says otherwise. The zero Faults are none.
type Faults struct {
	Latency time.Duration // bytes are this long on the way
	Rate    int           // bytes a second; 0: no limit
	Slice   int           // most bytes of one write; 0: as they come

	// After every StallEvery nothing moves for Stall.
	StallEvery, Stall time.Duration

	Reset     time.Duration // the age at which both ends are reset; 0: never
	HalfClose time.Duration // the age at which the server hears no more, as if the client had shut down its side; 0: never
}

// Proxy does fault injection: it carries TCP connections of loopback to a server, as
// a bad network would, until it is healed. It is safe for concurrent use.
type Proxy struct {
	// Counts of what was done.
	Resets, HalfCloses, Stalls, Writes atomic.Int64

	faults Faults
	target string
	ln     net.Listener
	healed chan struct{} // closed by the first Heal
	heal   sync.Once
	work   sync.WaitGroup

	mu    sync.Mutex
	conns map[*net.TCPConn]struct{} // guarded by mu; nil once the proxy is closed
}

// ProxyTo starts one in front of an address, until the test ends.
func ProxyTo(t testing.TB, target string, f Faults) *Proxy {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{faults: f, target: target, ln: ln, healed: make(chan struct{}), conns: map[*net.TCPConn]struct{}{}}
	p.work.Go(p.accept)
	t.Cleanup(p.close)
	return p
}

// Dial connects to the proxy, whatever the address: a dialer for clients.
func (p *Proxy) Dial(ctx context.Context, network, _ string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, network, p.ln.Addr().String())
}

// Heal ends all faults. Connections stay.
func (p *Proxy) Heal() { p.heal.Do(func() { close(p.healed) }) }

// close ends every connection and waits for what served them.
func (p *Proxy) close() {
	p.Heal()
	_ = p.ln.Close()
	p.mu.Lock()
	for c := range p.conns {
		_ = c.Close()
	}
	p.conns = nil
	p.mu.Unlock()
	p.work.Wait()
}

func (p *Proxy) accept() {
	for {
		near, err := p.ln.Accept()
		if err != nil {
			return
		}
		far, err := net.DialTimeout("tcp", p.target, Patience)
		if err != nil {
			_ = near.Close()
			continue
		}
		client, server := near.(*net.TCPConn), far.(*net.TCPConn)
		if !p.register(client, server) {
			return
		}
		p.work.Go(func() { p.serve(client, server) })
	}
}

func (p *Proxy) register(conns ...*net.TCPConn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		if p.conns == nil {
			_ = c.Close()
			continue
		}
		p.conns[c] = struct{}{}
	}
	return p.conns != nil
}

// serve carries one connection until both directions have ended.
func (p *Proxy) serve(client, server *net.TCPConn) {
	over := make(chan struct{})
	p.work.Go(func() { p.age(p.faults.Reset, over, func() { p.reset(client, server) }) })
	p.work.Go(func() { p.age(p.faults.HalfClose, over, func() { p.halfClose(server) }) })
	var ways sync.WaitGroup
	ways.Go(func() { p.carry(client, server) })
	ways.Go(func() { p.carry(server, client) })
	ways.Wait()
	close(over)
	p.mu.Lock()
	delete(p.conns, client)
	delete(p.conns, server)
	p.mu.Unlock()
	_, _ = client.Close(), server.Close()
}

// age does something to a connection that has become so old.
func (p *Proxy) age(limit time.Duration, over chan struct{}, do func()) {
	if limit == 0 {
		return
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-timer.C:
		do()
	case <-over:
	case <-p.healed:
	}
}

func (p *Proxy) reset(conns ...*net.TCPConn) {
	p.Resets.Add(1)
	for _, c := range conns {
		_ = c.SetLinger(0) // has Close send RST, not FIN
		_ = c.Close()
	}
}

func (p *Proxy) halfClose(server *net.TCPConn) {
	p.HalfCloses.Add(1)
	_ = server.CloseWrite()
}

// chunk is bytes on their way; none mean that they have ended.
type chunk struct {
	bytes []byte
	due   time.Time
}

// carryRoom is how many chunks of up to carrySize bytes are on their way. When
// they are, the sender waits.
const (
	carryRoom = 64
	carrySize = 16 << 10
)

// carry is one direction.
func (p *Proxy) carry(from, to *net.TCPConn) {
	way := make(chan chunk, carryRoom)
	broken := make(chan struct{})
	var writing sync.WaitGroup
	writing.Go(func() {
		defer close(broken)
		if p.write(to, way) != nil {
			_ = from.CloseRead() // nobody takes it any more
		}
	})
	defer writing.Wait()
	defer close(way)
	buf := make([]byte, carrySize)
	for {
		n, err := from.Read(buf)
		c := chunk{append([]byte(nil), buf[:n]...), time.Now().Add(p.faults.Latency)}
		if n > 0 {
			select {
			case way <- c:
			case <-broken:
				return
			}
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				_ = to.Close()
			}
			return
		}
	}
}

// write hands the chunks on as late and as piecemeal as the faults want.
func (p *Proxy) write(to *net.TCPConn, way <-chan chunk) error {
	stallAt := time.Now().Add(p.faults.StallEvery)
	for c := range way {
		p.pause(time.Until(c.due))
		for b := c.bytes; len(b) > 0; {
			if p.faults.Stall > 0 && !time.Now().Before(stallAt) && p.pause(p.faults.Stall) {
				p.Stalls.Add(1)
				stallAt = time.Now().Add(p.faults.StallEvery)
			}
			n := len(b)
			if p.faults.Slice > 0 && !p.isHealed() {
				n = min(n, p.faults.Slice)
			}
			if _, err := to.Write(b[:n]); err != nil {
				return err
			}
			p.Writes.Add(1)
			b = b[n:]
			if p.faults.Rate > 0 {
				p.pause(time.Duration(n) * time.Second / time.Duration(p.faults.Rate))
			}
		}
	}
	return to.CloseWrite()
}

func (p *Proxy) isHealed() bool {
	select {
	case <-p.healed:
		return true
	default:
		return false
	}
}

// pause waits unless the proxy is healed, and reports whether it did.
func (p *Proxy) pause(d time.Duration) bool {
	if p.isHealed() {
		return false
	}
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.healed:
		return false
	}
}
