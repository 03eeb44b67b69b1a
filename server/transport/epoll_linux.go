package transport

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// epollEngine is the transport on raw sockets.
type epollEngine struct {
	core   *core
	file   *os.File // the listener again: net's own SyscallConn refuses to Read
	rc     syscall.RawConn
	shards []*shard
	last   int // owned by the accept loop: the shard that gets the next connection

	acceptFn  func(fd uintptr) bool // e.acceptSome, made once
	acceptErr error                 // owned by the accept loop
	running   atomic.Bool
	back      atomic.Uint32 // connections taken back from net/http
}

func newEpollEngine(c *core, ln *net.TCPListener) (engine, error) {
	file, err := ln.File()
	if err != nil {
		return nil, fmt.Errorf("transport: duplicate the listener: %w", err)
	}
	rc, err := file.SyscallConn()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	e := &epollEngine{core: c, file: file, rc: rc}
	e.acceptFn = e.acceptSome
	for _, counters := range c.stats.loops {
		sh, err := newShard(c, counters)
		if err != nil {
			for _, sh := range e.shards {
				sh.release()
			}
			_ = file.Close()
			return nil, err
		}
		e.shards = append(e.shards, sh)
	}
	return e, nil
}

func (e *epollEngine) run(wg *sync.WaitGroup) {
	e.running.Store(true)
	if e.core.gate != nil {
		e.core.gate.wg = wg
	}
	for _, sh := range e.shards {
		wg.Go(sh.run)
	}
}

func (e *epollEngine) unlisten() { _ = e.file.Close() }

func (e *epollEngine) goAway() {
	for _, sh := range e.shards {
		sh.order(orderAway)
	}
}

func (e *epollEngine) stop() {
	for _, sh := range e.shards {
		if e.running.Load() {
			sh.order(orderStop)
		} else {
			sh.release()
		}
	}
}

// acceptBatch is how many connections are taken before the accept loop looks
// whether it is to stop.
const acceptBatch = 64

func (e *epollEngine) accept() error {
	e.acceptErr = nil
	if err := e.rc.Read(e.acceptFn); err != nil {
		return err
	}
	return e.acceptErr
}

// acceptSome is called with the listener's descriptor, and again once it is
// readable if it returns false. Options of the listener that connections
// inherit (buffer, no delay, user timeout) are not set again.
func (e *epollEngine) acceptSome(listener uintptr) bool {
	for i := range acceptBatch {
		fd, sa, err := unix.Accept4(int(listener), unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		switch err {
		case nil:
			e.admit(fd, sa)
		case unix.EAGAIN:
			return i > 0
		case unix.EINTR:
		default:
			e.acceptErr = err
			return true
		}
	}
	return true
}

func (e *epollEngine) admit(fd int, sa unix.Sockaddr) {
	remote := addrPort(sa)
	p, reason := e.core.admit(remote.Addr())
	if p == nil {
		_, _ = unix.Write(fd, e.core.capAnswer(reason))
		_ = unix.Close(fd)
		return
	}
	e.last = (e.last + 1) % len(e.shards)
	if !e.shards[e.last].adopt(newcomer{fd: fd, remote: remote, entry: p}) {
		e.core.caps.release(p)
		_ = unix.Close(fd)
	}
}

// readmit takes the descriptor out of the net.Conn, as a duplicate: the other
// one is closed with the net.Conn, and here is none that may be collected.
func (e *epollEngine) readmit(r *returned) error {
	rc, err := r.socket.SyscallConn()
	if err != nil {
		return err
	}
	fd := -1
	ctlErr := rc.Control(func(old uintptr) { fd, err = unix.FcntlInt(old, unix.F_DUPFD_CLOEXEC, 0) })
	if err := errors.Join(ctlErr, err); err != nil {
		return err
	}
	sh := e.shards[e.back.Add(1)%uint32(len(e.shards))]
	if !sh.adopt(newcomer{fd: fd, remote: r.remote, entry: r.entry, back: r}) {
		_ = unix.Close(fd)
		return ErrServerClosed
	}
	return r.socket.Close()
}

func addrPort(sa unix.Sockaddr) netip.AddrPort {
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr).Unmap(), uint16(a.Port))
	default:
		return netip.AddrPort{}
	}
}
