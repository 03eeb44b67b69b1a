package transport

import (
	"net"
	"sync"
	"testing"
	"time"

	"arbiter/server/transport/transporttest"
)

// stalled starts a server whose callbacks block at the message "stall" until the gate
// is closed: on epoll that stops the loop, on net.Conn each connection that said it.
// All peers have said it when it returns.
func stalled(t *testing.T, v variant, n int, answering bool, limits Limits) (s *Server, host *double, peers []*peer, sessions []*session, release func()) {
	t.Helper()
	gate := make(chan struct{})
	release = sync.OnceFunc(func() { close(gate) })
	reached := make(chan struct{}, n)
	host = newDouble()
	host.message = func(se *session, payload []byte) {
		if string(payload) == "stall" {
			reached <- struct{}{}
			<-gate
		}
		se.messages <- string(payload)
	}
	limits.MaxPerAddress = -1
	s = v.start(t, Config{Shards: 1, Limits: limits}, host, nil)
	t.Cleanup(release) // before the server is closed, which waits for its callbacks
	for range n {
		p := dial(t, s).upgrade()
		_ = p.SetDeadline(time.Now().Add(time.Minute)) // there are many
		p.send(transporttest.Frame(0x82, "hello"), false)
		se := take(t, host.sessions, "session")
		take(t, se.messages, "hello")
		peers, sessions = append(peers, p), append(sessions, se)
		if answering {
			go p.answer() // until the connection ends
		}
	}
	for _, p := range peers {
		p.send(transporttest.Frame(0x82, "stall"), false)
	}
	need := n
	if v.kind == Epoll {
		need = 1
	}
	for range need {
		take(t, reached, "stalled callback")
	}
	return s, host, peers, sessions, release
}

// answer answers pings until the connection ends.
func (p *peer) answer() {
	for {
		op, _, err := p.frame()
		if err != nil {
			return
		}
		if op == 9 {
			_, _ = p.Write(transporttest.Frame(0x8a, "")) // an error ends the next frame too
		}
	}
}

// A server that stood still for three heartbeats reads what arrived meanwhile before
// it calls anybody late. There are more connections than a loop takes events at once.
//
// Hazards: stalled server.
func TestStallReadsWhatArrived(t *testing.T) {
	const heartbeat = 500 * time.Millisecond
	onEachAtOnce(t, func(t *testing.T, v variant) {
		n := eventBatchOf(v) + 50
		s, _, peers, sessions, release := stalled(t, v, n, true, Limits{Heartbeat: heartbeat})
		for _, p := range peers {
			p.send(transporttest.Frame(0x82, "after"), false)
		}
		<-time.After(3 * heartbeat)
		release()
		for i, se := range sessions {
			for _, want := range []string{"stall", "after"} {
				if m := take(t, se.messages, "message"); m != want {
					t.Fatalf("peer %d: message %q, want %q", i, m, want)
				}
			}
		}
		if n := s.Stats().Closes[CloseKey{Code: CodeHeartbeat}]; n != 0 {
			t.Errorf("%d peers were called silent for what the server had yet to read", n)
		}
	})
}

// eventBatchOf is how many connections a loop takes events of at once.
func eventBatchOf(v variant) int {
	if v.kind == Epoll && !v.tls {
		return 256
	}
	return 4
}

// A ping that the server sent, or meant to send, before it stood still is sent again:
// the peer has a whole heartbeat to answer.
//
// Hazards: stalled server.
func TestStallPingsAgain(t *testing.T) {
	const heartbeat = 300 * time.Millisecond
	onEachAtOnce(t, func(t *testing.T, v variant) {
		s, _, peers, sessions, release := stalled(t, v, 3, false, Limits{Heartbeat: heartbeat})
		<-time.After(3*heartbeat + time.Duration(stallAfter))
		release()
		for i, p := range peers {
			if op, _, err := p.frame(); op != 9 || err != nil {
				t.Fatalf("peer %d: opcode %x, %v, want a ping", i, op, err)
			}
			p.send(append(transporttest.Frame(0x8a, ""), transporttest.Frame(0x82, "alive")...), false)
			take(t, sessions[i].messages, "stall")
			if m := take(t, sessions[i].messages, "message"); m != "alive" {
				t.Errorf("peer %d: message %q", i, m)
			}
		}
		if n := s.Stats().Closes[CloseKey{Code: CodeHeartbeat}]; n != 0 {
			t.Errorf("%d peers were called silent", n)
		}
	})
}

// Deadlines that passed while the server stood still are put off, once: the hello, the
// rest of a message, the end of a head may be on their way.
//
// Hazards: stalled server.
func TestStallPutsDeadlinesOff(t *testing.T) {
	l := Limits{}
	l.fill()
	sec := int64(time.Second)
	for _, row := range []struct {
		name string
		conn func(c *Conn)
		late int64 // when it is judged
		keep bool
	}{
		{"head", func(c *Conn) { c.phase = phaseHead; c.heard = sec }, sec + int64(l.HeadTimeout) + 4*sec, true},
		{"head, in time", func(c *Conn) { c.phase = phaseHead; c.heard = sec }, sec + int64(l.HeadTimeout) + stallAfter/2, false},
		{"hello", func(c *Conn) { c.phase = phaseOpen; c.heard, c.opened = sec, sec }, sec + int64(l.AuthTimeout) + 4*sec, true},
		{"message", func(c *Conn) { c.phase = phaseOpen; c.spoke = true; c.heard, c.begun = sec, sec }, sec + int64(l.MessageTimeout) + 4*sec, true},
		{"pong", func(c *Conn) { c.phase = phaseOpen; c.spoke, c.pinged = true, true; c.heard, c.pingedAt = sec, 16*sec }, 16*sec + int64(l.Heartbeat) + 4*sec, true},
		{"close", func(c *Conn) { c.phase = phaseClosing; c.closeBy = sec }, 5 * sec, true},
	} {
		s := variant{kind: Net}.start(t, Config{}, newDouble(), nil)
		link := looseEnd{}
		c := &Conn{core: s.core, counters: s.core.stats.loops[0], link: link, entry: &s.core.caps.proxied}
		c.parser.rules = &s.core.frames
		s.core.caps.total++
		row.conn(c)
		c.expire(row.late)
		kept := c.phase != phaseGone && (c.state.Load() == outOpen || row.name == "close")
		if kept != row.keep {
			t.Errorf("%s: kept %v, want %v", row.name, kept, row.keep)
		}
		if !kept {
			continue
		}
		if due := c.due(); due <= row.late || due > row.late+int64(l.Heartbeat) {
			t.Errorf("%s: due %v after it was judged, want up to a second or a heartbeat", row.name, time.Duration(due-row.late))
		}
		c.expire(c.due() + 10*sec) // the second time it is the peer
		if c.phase == phaseOpen || c.phase == phaseHead {
			t.Errorf("%s: put off again and again", row.name)
		}
		if c.phase != phaseGone {
			c.end(errLinger)
		}
	}
}

// looseEnd is a link whose peer takes everything and says nothing.
type looseEnd struct{}

func (looseEnd) write(p []byte) (int, error) { return len(p), nil }
func (looseEnd) drain()                      {}
func (looseEnd) finish()                     {}
func (looseEnd) wake()                       {}
func (looseEnd) close(bool)                  {}
func (looseEnd) detach() (net.Conn, error)   { return nil, net.ErrClosed }
func (looseEnd) shake([]byte)                {}
func (looseEnd) plain() []byte               { return nil }
