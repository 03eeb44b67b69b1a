package transport

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"os"
	"runtime"
	"testing"
	"time"
)

// serverWithGate is a server whose gate has room for limit handshakes, and whose
// deadline is never reached.
func serverWithGate(t *testing.T, v variant, limit int) *Server {
	return v.start(t, Config{
		Security: Security{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, ProxyProtocol: true},
		Limits:   Limits{Handshakes: limit, HeadTimeout: time.Hour},
	}, newDouble(), nil)
}

// comes dials as a client of its own address.
func comes(t *testing.T, s *Server, client int) *peer {
	p := dial(t, s)
	_, _ = fmt.Fprintf(p.tcp, "PROXY TCP4 192.0.2.%d 198.51.100.1 4660 443\r\n", client)
	return p
}

// stall begins a handshake and does not go on. It returns when waiting handshakes wait
// for their clients and queued ones are queued in the gate.
func stall(t *testing.T, s *Server, client, waiting, queued int) *peer {
	t.Helper()
	p := comes(t, s, client)
	_, _ = p.tcp.Write(clientHello(t, &tls.Config{ServerName: "game.example"}))
	gateHas(t, s, waiting, queued)
	return p
}

// gateHas waits for the gate to have this many that wait for their clients and
// that queue, and no others under way: one whose client knows already that it is
// over may still count. On net.Conn nothing goes through it.
func gateHas(t *testing.T, s *Server, waiting, queued int) {
	t.Helper()
	if s.core.cfg.Kind == Net {
		return
	}
	g := s.core.gate
	eventually(t, fmt.Sprintf("%d handshakes wait, %d queue", waiting, queued), func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		w, q := 0, 0
		for n, level := range g.ranks.by {
			w += n * level.Len()
		}
		for _, c := range g.queued {
			q += len(c.queue)
		}
		if g.busy > g.limit {
			t.Errorf("%d goroutines, want at most %d", g.busy, g.limit)
		}
		return w == waiting && q == queued && g.busy == w
	})
}

// open reports whether the server has not ended the connection.
func (p *peer) open() bool {
	_ = p.tcp.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	_, err := io.Copy(io.Discard, p.tcp)
	_ = p.tcp.SetReadDeadline(time.Now().Add(patience))
	return errors.Is(err, os.ErrDeadlineExceeded)
}

// TestStallsYield: however many handshakes a few addresses leave, a client of
// another gets through, and those who came first for the most are ended.
//
// Hazards: stalled handshakes.
func TestStallsYield(t *testing.T) {
	onTLS(t, func(t *testing.T, v variant) {
		s := serverWithGate(t, v, 4)
		other := stall(t, s, 2, 1, 0)
		greedy := []*peer{stall(t, s, 1, 2, 0), stall(t, s, 1, 3, 0), stall(t, s, 1, 4, 0), stall(t, s, 1, 4, 1), stall(t, s, 1, 4, 2)}
		for i := range 4 {
			comes(t, s, 3+i).upgrade()
			gateHas(t, s, max(3, min(4, 5-i)), max(0, 1-i))
		}
		yielded := 0
		if v.kind == Epoll {
			yielded = 3 // then the gate has room
		}
		if n := s.Stats().Handshakes["tls_crowd"]; n != uint64(yielded) {
			t.Errorf("%d gave way, want %d", n, yielded)
		}
		for i, p := range greedy {
			if p.open() != (i >= yielded) {
				t.Errorf("of %d who began handshakes from one address, that number %d is connected is %v", len(greedy), i, i < yielded)
			}
		}
		if !other.open() {
			t.Error("who stalled once gave way to another who had as many")
		}
	})
}

// gated is what has a gate.
func gated(t *testing.T) variant {
	v := variant{name: "epoll-tls", kind: Epoll, tls: true}
	if runtime.GOOS != "linux" {
		t.Log("handshakes run where connections are read: there is no gate")
		v.kind = Net
	}
	return v
}

// TestEqualsQueue: where every address has as many, no handshake is ended for another, and those
// who queue are served in turn.
//
// Hazards: stalled handshakes.
func TestEqualsQueue(t *testing.T) {
	s := serverWithGate(t, gated(t), 2)
	one, two := stall(t, s, 1, 1, 0), stall(t, s, 2, 2, 0)
	again := []*peer{stall(t, s, 1, 2, 1), stall(t, s, 1, 2, 2), stall(t, s, 1, 2, 3)}
	late := comes(t, s, 3)
	shaken := make(chan error, 1)
	go func() { shaken <- late.Conn.(*tls.Conn).Handshake() }()
	gateHas(t, s, 2, 4)
	if n := s.Stats().Handshakes["tls_crowd"]; n != 0 {
		t.Errorf("%d gave way to their equals", n)
	}
	one.reset() // the first who queues is of the same address
	gateHas(t, s, 2, 3)
	again[0].reset() // then it is the latecomer's turn, and again the others'
	if err := take(t, shaken, "handshake"); err != nil {
		t.Fatal(err)
	}
	late.upgrade()
	gateHas(t, s, 2, 1)
	two.reset()
	gateHas(t, s, 2, 0)
	for _, p := range again[1:] {
		p.reset()
	}
	eventually(t, "gate empty", func() bool {
		s.core.gate.mu.Lock()
		defer s.core.gate.mu.Unlock()
		return s.core.gate.busy == 0 || s.core.cfg.Kind == Net
	})
	s.core.caps.mu.Lock()
	defer s.core.caps.mu.Unlock()
	for key, p := range s.core.caps.each {
		s.core.gate.mu.Lock()
		if p.handshakes != nil {
			t.Errorf("%v is still remembered by the gate", key)
		}
		s.core.gate.mu.Unlock()
	}
}

// TestRanks compares the order with a count of everything.
func TestRanks(t *testing.T) {
	var r waitRanks
	random := rand.New(rand.NewPCG(1, 2))
	addresses := make([]addressHandshakes, 5)
	var waiting []*handshakeInput
	for step := range 5000 {
		if n := len(waiting); n > 0 && random.IntN(40) < n {
			i := random.IntN(n)
			r.remove(waiting[i])
			r.remove(waiting[i]) // changes nothing
			waiting = append(waiting[:i], waiting[i+1:]...)
		} else {
			b := &handshakeInput{handshakes: &addresses[random.IntN(len(addresses))]}
			r.add(b)
			waiting = append(waiting, b)
		}
		count, most := map[*addressHandshakes]int{}, 0
		for _, b := range waiting {
			count[b.handshakes]++
			most = max(most, count[b.handshakes])
		}
		if r.top != most {
			t.Fatalf("step %d: the most is %d, want %d", step, r.top, most)
		}
		if most == 0 {
			continue
		}
		first := r.first()
		if count[first.handshakes] != most {
			t.Fatalf("step %d: %d wait of the address whose handshake ends, want %d", step, count[first.handshakes], most)
		}
		for _, b := range waiting {
			if b.handshakes == first.handshakes {
				if b != first {
					t.Fatalf("step %d: it is not the oldest that ends", step)
				}
				break
			}
		}
	}
}
