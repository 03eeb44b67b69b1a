package transport

import (
	"io"
	"net/netip"
	"os"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

var epoll = variant{name: "epoll", kind: Epoll}

// TestIdleGoroutines: connections cost the epoll transport no goroutine.
//
// Hazards: idle flood.
func TestIdleGoroutines(t *testing.T) {
	host := newDouble()
	s := epoll.start(t, Config{Limits: Limits{MaxPerAddress: -1, AuthTimeout: time.Hour}}, host, nil)
	dial(t, s).upgrade()
	before := runtime.NumGoroutine()
	for range 500 {
		dial(t, s).upgrade()
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("500 idle connections brought %d goroutines", after-before)
	}
	if n := s.Stats().Open; n != 501 {
		t.Errorf("%d connections open, want 501", n)
	}
}

// TestStaleEvent: an event for a descriptor that was closed and reused does not
// reach the new connection, even if slot and descriptor number are the same.
//
// Hazards: stale event.
func TestStaleEvent(t *testing.T) {
	cfg, err := Config{Kind: Epoll, Shards: 1}.filled()
	if err != nil {
		t.Fatal(err)
	}
	core := newCore(cfg, newDouble())
	sh, err := newShard(core, core.stats.loops[0])
	if err != nil {
		t.Fatal(err)
	}
	defer sh.release()
	add := func() (*epollConn, int) {
		pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		place, _ := core.caps.acquire(netip.Addr{}, false, 1)
		sh.add(newcomer{fd: pair[0], entry: place})
		return sh.slots[0].conn, pair[1]
	}
	first, peer1 := add()
	stale := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLHUP, Fd: int32(first.slot), Pad: int32(first.gen)}
	fd := first.fd
	first.eof(io.EOF, 1)
	_ = unix.Close(peer1)
	sh.dispatch(stale, 1) // nobody has the slot
	second, peer2 := add()
	defer unix.Close(peer2)
	if second.slot != first.slot || second.fd != fd {
		t.Fatalf("slot %d and descriptor %d were not reused: %d, %d", first.slot, fd, second.slot, second.fd)
	}
	_ = unix.Shutdown(peer2, unix.SHUT_WR)
	sh.dispatch(stale, 1) // somebody else has it
	if second.phase != phaseHead {
		t.Error("the stale event reached the new connection")
	}
	if n := core.stats.snapshot().StaleEvents; n != 2 {
		t.Errorf("%d stale events counted, want 2", n)
	}
	sh.dispatch(unix.EpollEvent{Events: unix.EPOLLIN, Fd: stale.Fd, Pad: int32(second.gen)}, 1)
	if second.phase != phaseGone {
		t.Error("its own event did not reach the new connection")
	}
}

// TestOutOfDescriptors: peers that cannot be served learn it at once, and
// service comes back with the descriptors.
//
// Hazards: descriptors.
func TestOutOfDescriptors(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		s := v.start(t, Config{}, newDouble(), nil)
		dial(t, s).upgrade() // the accept loop runs and has its reserve
		client, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(client)
		_ = unix.SetsockoptTimeval(client, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: int64(patience / time.Second)})

		var limit unix.Rlimit
		if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
			t.Fatal(err)
		}
		low := limit
		low.Cur = uint64(client) + 32
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &low); err != nil {
			t.Fatal(err)
		}
		var filler []int
		for {
			fd, err := unix.FcntlInt(uintptr(client), unix.F_DUPFD_CLOEXEC, 0)
			if err != nil {
				break
			}
			filler = append(filler, fd)
		}
		restore := func() {
			for _, fd := range filler {
				_ = unix.Close(fd)
			}
			_ = unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
			filler = nil
		}
		defer restore()

		addr := netip.MustParseAddrPort(s.Addr().String())
		if err := unix.Connect(client, &unix.SockaddrInet4{Port: int(addr.Port()), Addr: addr.Addr().As4()}); err != nil {
			t.Fatal(err)
		}
		if n, err := unix.Read(client, make([]byte, 1)); n > 0 || err == unix.EAGAIN {
			t.Errorf("the peer that could not be served read %d, %v", n, err)
		}
		restore()
		eventually(t, "service again", func() bool { // shedding may still be going on
			p := dial(t, s)
			p.send([]byte(goodHead), false)
			return p.response() != nil
		})
		if st := s.Stats(); st.AcceptErrors == 0 || st.AcceptShed == 0 {
			t.Errorf("%d failures and %d shed counted", st.AcceptErrors, st.AcceptShed)
		}
	})
}

// TestDescriptors: nothing is left open after Close.
//
// Hazards: churn.
func TestDescriptors(t *testing.T) {
	count := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	before := count()
	for _, v := range variants() {
		s, err := Listen(v.config(t, Config{}), newDouble(), nil)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- s.Serve(t.Context()) }()
		p := dial(t, s).upgrade()
		h := dial(t, s)
		h.send([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), false)
		h.response()
		s.Close()
		take(t, done, "end of Serve")
		_, _ = p.Close(), h.Close()
	}
	eventually(t, "all descriptors closed", func() bool { return count() <= before })
}

// TestSocketOptions: accepted sockets have what the listener was given.
//
// Hazards: half open, socket options.
func TestSocketOptions(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{Limits: Limits{SendBuffer: 48 << 10, UserTimeout: 7 * time.Second}}, host, nil)
		dial(t, s).upgrade()
		se := take(t, host.sessions, "session")
		read := func(fd int) {
			for _, o := range []struct {
				name             string
				level, opt, want int
			}{
				{"SO_SNDBUF", unix.SOL_SOCKET, unix.SO_SNDBUF, 2 * 48 << 10}, // the kernel doubles it
				{"TCP_NODELAY", unix.IPPROTO_TCP, unix.TCP_NODELAY, 1},
				{"TCP_USER_TIMEOUT", unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, 7000},
			} {
				if got, err := unix.GetsockoptInt(fd, o.level, o.opt); err != nil || got != o.want {
					t.Errorf("%s is %d, %v, want %d", o.name, got, err, o.want)
				}
			}
		}
		switch l := se.conn.link.(type) {
		case *epollConn:
			se.conn.outMu.Lock()
			read(l.fd)
			se.conn.outMu.Unlock()
		case *netConn:
			rc, err := l.tcp.SyscallConn()
			if err != nil {
				t.Fatal(err)
			}
			_ = rc.Control(func(fd uintptr) { read(int(fd)) })
		}
	})
}
