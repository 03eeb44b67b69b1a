package floor

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"net/netip"
	"runtime"
	"sync"
	"time"

	"arbiter/bench/wheel"

	"golang.org/x/sys/unix"
)

// Serve serves until ctx ends.
func Serve(ctx context.Context, c Config) error {
	if err := c.fill(); err != nil {
		return err
	}
	at, err := netip.ParseAddrPort(c.Addr)
	if err != nil || !at.Addr().Is4() {
		return fmt.Errorf("bench: floor address %q: use an IPv4 address and port such as 127.0.0.1:9000", c.Addr)
	}
	runtime.GOMAXPROCS(c.Loops + 1)
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	defer group.Wait()
	defer cancel()
	late := newLateness(c.Admin)
	for range c.Loops {
		l := &loop{late: late, wheel: wheel.Wheel[*conn]{Interval: c.interval(), Group: c.Group}, out: frame(c.Bytes), began: time.Now()}
		if err := l.listen(at); err != nil {
			return err
		}
		group.Go(func() { l.run(ctx) })
	}
	return late.serve(ctx)
}

// frame is the prebuilt message.
func frame(n int) []byte {
	b := []byte{0x82, byte(n)}
	if n > 125 {
		b = []byte{0x82, 126, byte(n >> 8), byte(n)}
	}
	return append(b, make([]byte, n)...)
}

type loop struct {
	epoll, listener int
	wheel           wheel.Wheel[*conn]
	conns           []*conn // by descriptor
	out             []byte
	in              [16 << 10]byte
	events          [512]unix.EpollEvent
	began           time.Time
	late            *lateness
}

type conn struct {
	fd, spoke int
	upgraded  bool
	seated    bool
	sent      uint32
}

func (l *loop) listen(at netip.AddrPort) (err error) {
	if l.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return err
	}
	if l.listener, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0); err != nil {
		return err
	}
	_ = unix.SetsockoptInt(l.listener, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1)
	_ = unix.SetsockoptInt(l.listener, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
	if err := unix.Bind(l.listener, &unix.SockaddrInet4{Addr: at.Addr().As4(), Port: int(at.Port())}); err != nil {
		return fmt.Errorf("bench: floor: %v: %w: choose another address", at, err)
	}
	if err := unix.Listen(l.listener, 4096); err != nil {
		return err
	}
	return wheel.Watch(l.epoll, l.listener, unix.EPOLLIN, int32(l.listener))
}

func (l *loop) now() time.Duration { return time.Since(l.began) }

func (l *loop) run(ctx context.Context) {
	runtime.LockOSThread()
	defer l.close()
	for ctx.Err() == nil {
		now := l.now()
		n, err := wheel.Poll(l.epoll, l.events[:], min(l.wheel.Next(now)-now, 20*time.Millisecond))
		if err != nil {
			return
		}
		for i := range n {
			if fd := int(l.events[i].Fd); fd == l.listener {
				l.accept()
			} else if c := l.conns[fd]; c != nil {
				l.read(c)
			}
			if i%64 == 63 {
				l.send()
			}
		}
		l.send()
	}
}

func (l *loop) accept() {
	for {
		fd, _, err := unix.Accept4(l.listener, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		if err != nil {
			return
		}
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
		for len(l.conns) <= fd {
			l.conns = append(l.conns, nil)
		}
		l.conns[fd] = &conn{fd: fd}
		if wheel.Watch(l.epoll, fd, unix.EPOLLIN|unix.EPOLLRDHUP|unix.EPOLLET, int32(fd)) != nil {
			l.drop(l.conns[fd])
		}
	}
}

const answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

func (l *loop) read(c *conn) {
	n, err := wheel.Read(c.fd, l.in[:])
	switch {
	case err == unix.EAGAIN || err == unix.EINTR:
	case n <= 0, l.in[0] == 0x88:
		l.drop(c)
	case !c.upgraded:
		c.upgraded = bytes.HasSuffix(l.in[:n], []byte("\r\n\r\n")) // small requests come in one piece
		_, _ = wheel.Write(c.fd, []byte(answer))
	case !c.seated:
		c.seated = true
		c.spoke = l.wheel.Add(c)
	}
}

func (l *loop) send() {
	for {
		now := l.now()
		due, at := l.wheel.Due(now)
		if at < 0 {
			return
		}
		l.late.Observe((now - at).Seconds())
		head := 2
		if l.out[1] == 126 {
			head = 4
		}
		for _, c := range due {
			c.sent++
			binary.BigEndian.PutUint32(l.out[head:], c.sent)
			_, _ = wheel.Write(c.fd, l.out) // what the kernel does not take is lost, and counted as that
		}
	}
}

func (l *loop) drop(c *conn) {
	if c.seated {
		l.wheel.Remove(c.spoke, c)
	}
	l.conns[c.fd] = nil
	_ = unix.Close(c.fd)
}

func (l *loop) close() {
	for _, c := range l.conns {
		if c != nil {
			_ = unix.Close(c.fd)
		}
	}
	_ = unix.Close(l.listener)
	_ = unix.Close(l.epoll)
}
