package load

import (
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"

	"arbiter/bench/wheel"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"
)

// stage is how far a connection has come.
type stage uint8

const (
	dialing  stage = iota
	securing       // a handshake has the descriptor
	upgrading
	greeting // upgraded, not yet seated
	playing
)

// client is one connection.
type client struct {
	loop   *loop
	seat   Seat
	tls    *tls.Conn // nil: plain
	fd     int
	number int
	slot   int32
	spoke  int
	stage  stage
	gone   bool
	begun  time.Duration // when it was dialled
	last   time.Duration // when the last snapshot came; 0 before the first
	part   []byte        // the beginning of what is not yet whole
	held   []byte        // what the kernel has not yet taken
}

// portsPerSource is how many connections are made from one loopback address.
const portsPerSource = 20000

func (l *loop) balance() {
	for l.here < l.goal && l.dialing < l.fleet.config.Dialing && !l.quit {
		if err := l.dial(); err != nil {
			l.fault(err)
			l.fleet.ended.Add(1)
			return
		}
	}
	for i := len(l.clients) - 1; i >= 0 && l.here > l.goal; i-- {
		if c := l.clients[i]; c != nil {
			c.write(seal(ws.OpClose, append(l.out[:room], 0x03, 0xe8), l.mask))
			c.drop()
		}
	}
}

// dial begins a connection.
func (l *loop) dial() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("bench: socket: %w: raise the limit of open files (ulimit -n)", err)
	}
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
	n := int(l.fleet.number.Add(1)) - 1
	server := l.fleet.config.Server
	if server.Addr().IsLoopback() && n >= portsPerSource {
		from := netip.AddrFrom4([4]byte{127, 0, byte(n / portsPerSource / 250), byte(n/portsPerSource%250 + 2)})
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1)
		_ = unix.Bind(fd, &unix.SockaddrInet4{Addr: from.As4()})
	}
	err = unix.Connect(fd, &unix.SockaddrInet4{Addr: server.Addr().As4(), Port: int(server.Port())})
	if err != nil && err != unix.EINPROGRESS {
		_ = unix.Close(fd)
		return fmt.Errorf("bench: connect to %v: %w", server, err)
	}
	c := &client{loop: l, fd: fd, number: n, seat: l.fleet.config.Seat(n), begun: l.now()}
	if k := len(l.free); k > 0 {
		c.slot, l.free = l.free[k-1], l.free[:k-1]
		l.clients[c.slot] = c
	} else {
		c.slot = int32(len(l.clients))
		l.clients = append(l.clients, c)
	}
	l.here++
	l.dialing++
	return wheel.Watch(l.epoll, fd, unix.EPOLLIN|unix.EPOLLOUT|unix.EPOLLRDHUP|unix.EPOLLET, c.slot)
}

// ready takes an event of the connection.
func (c *client) ready(events uint32) {
	if c.stage == securing {
		return // what comes meanwhile is read afterwards
	}
	if c.stage == dialing && events&unix.EPOLLOUT != 0 {
		if e, err := unix.GetsockoptInt(c.fd, unix.SOL_SOCKET, unix.SO_ERROR); err != nil || e != 0 {
			c.fail(fmt.Errorf("bench: connect: %w", unix.Errno(e)))
			return
		}
		if c.loop.fleet.config.TLS != nil {
			c.secure()
		} else {
			c.upgrade()
		}
	} else if events&unix.EPOLLOUT != 0 && len(c.held) > 0 {
		held := c.held
		c.held = nil
		c.put(held)
	}
	if events&^unix.EPOLLOUT != 0 {
		c.read()
	}
}

// upgrade asks for a WebSocket.
func (c *client) upgrade() {
	c.stage = upgrading
	o := &c.loop.fleet.config
	c.write(upgradeRequest(nil, o.Server.String(), o.Path(c.number), o.Protocol, o.Token(c.number)))
}

// read takes everything that has arrived.
func (c *client) read() {
	l := c.loop
	for !c.gone {
		b := l.in
		k := copy(b, c.part)
		n, err := c.receive(b[k:])
		switch {
		case err == unix.EAGAIN || err == unix.EINTR:
			return
		case err != nil:
			c.fail(fmt.Errorf("bench: a client reads: %w", err))
			return
		case n == 0:
			c.fail(fmt.Errorf("bench: the server closed a connection"))
			return
		}
		full := k+n == len(b)
		rest := c.handleMessages(b[:k+n])
		if c.gone {
			return
		}
		c.part = append(c.part[:0], rest...)
		if len(rest) == 0 && cap(c.part) > 4<<10 {
			c.part = nil
		}
		if !full && c.tls == nil { // TLS may have more that no event tells of
			return
		}
		if len(c.part) == len(b) {
			l.in = make([]byte, 2*len(b))
		}
	}
}

// handleMessages handles the whole messages in b and returns what follows them.
func (c *client) handleMessages(b []byte) []byte {
	now := c.loop.now()
	if c.stage == upgrading {
		n, err := readAnswer(b)
		if err != nil {
			c.fail(err)
		}
		if n == 0 {
			return b
		}
		b = b[n:]
		c.stage = greeting
		hello := c.seat.Open(c.loop.out[:room])
		if _, waits := c.seat.(Answering); len(hello) == room && !waits {
			c.seated() // it has nothing to wait for
		}
		c.say(hello)
	}
	for !c.gone {
		op, payload, n, err := readFrame(b)
		if err != nil {
			c.loop.books.Faults.Corrupted++
			c.fail(err)
		}
		if n == 0 {
			break
		}
		b = b[n:]
		c.frame(now, op, payload)
	}
	return b
}

func (c *client) frame(now time.Duration, op ws.OpCode, payload []byte) {
	l := c.loop
	switch op {
	case ws.OpBinary, ws.OpText:
		switch c.seat.Message(now, payload, &l.books.Faults) {
		case Seated:
			c.seated()
		case Snapshot:
			c.snapshot(now, len(payload))
		case Asked:
			c.say(c.seat.(Answering).Answer(l.out[:room]))
		}
	case ws.OpPing:
		c.send(ws.OpPong, append(l.out[:room], payload...))
	case ws.OpClose:
		code := 1005
		if len(payload) >= 2 {
			code = int(binary.BigEndian.Uint16(payload))
		}
		c.fail(fmt.Errorf("bench: the server closed a connection: %d %.100s", code, payload[min(2, len(payload)):]))
	}
}

func (c *client) seated() {
	if c.stage == playing {
		return
	}
	c.stage = playing
	l := c.loop
	l.dialing--
	c.spoke = l.wheel.Add(c)
	l.fleet.seated.Add(1)
	l.balance()
}

func (c *client) snapshot(now time.Duration, bytes int) {
	l := c.loop
	b := l.books
	b.Snapshots++
	b.SnapshotBytes += uint64(bytes)
	if p, ok := c.seat.(*player); ok && p.view != nil {
		b.Sampled++
	}
	if c.last == 0 {
		b.Joins.Add(now - c.begun)
		c.last = now
		if l.fleet.config.Churn {
			c.write(seal(ws.OpClose, append(l.out[:room], 0x03, 0xe8), l.mask))
			c.drop()
			l.balance()
		}
		return
	}
	gap := now - c.last
	c.last = now
	b.Gaps.Add(gap)
	if gap > l.fleet.config.Tick*3/2 {
		b.Faults.Late++
	}
}
