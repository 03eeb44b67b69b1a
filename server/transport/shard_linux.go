package transport

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	readBuffer = 32 << 10 // bytes per shard, shared by its connections
	eventBatch = 256      // events taken from epoll at once
)

// wakeSlot marks the eventfd in epoll's data; no connection has it.
const wakeSlot = ^uint32(0)

type orders uint8

const (
	orderAway orders = 1 << iota
	orderStop
)

type newcomer struct {
	fd     int
	remote netip.AddrPort
	place  *place
	back   *returned // from net/http; nil: new
}

// shard is one loop: an epoll instance and the connections registered with it.
// Its own methods run on its goroutine, save adopt, wake and order, which are
// safe for concurrent use.
//
// The epoll descriptor is itself registered with the runtime's poller, and the
// loop waits there, as any goroutine waits for a socket. A thread that blocks
// in epoll_wait instead has to be woken and handed a processor by the
// scheduler, which under load takes milliseconds.
type shard struct {
	core   *core
	lane   *lane
	file   *os.File // the epoll instance
	rc     syscall.RawConn
	epfd   int
	wakeFd int
	pollFn func(fd uintptr) bool // s.poll, made once

	// Owned by the loop.
	events   [eventBatch]unix.EpollEvent
	n        int // events to dispatch
	buf      []byte
	clear    []byte // TLS: room for what is deciphered
	wheel    wheel
	alarm    int64 // deadline set on file, 0 if none
	slots    []slot
	free     []uint32
	again    []*epollConn // stopped reading before the socket was empty
	spare    []*epollConn
	upgrader *upgrader
	stopped  bool

	inMu     sync.Mutex
	signaled bool         // guarded by inMu: the eventfd was written since takeIn
	away     bool         // guarded by inMu: takes no newcomers
	closed   bool         // guarded by inMu: takes nothing
	arrived  []newcomer   // guarded by inMu; bounded by the caps
	woken    []*epollConn // guarded by inMu; each at most once
	ordered  orders       // guarded by inMu
}

// slot is a place for a connection. Its generation grows whenever it is given
// up, so that events still under way for the last owner do not match.
type slot struct {
	conn *epollConn
	gen  uint32
}

func newShard(c *core, ln *lane) (*shard, error) {
	epfd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("transport: create epoll: %w", err)
	}
	wakeFd, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		_ = unix.Close(epfd)
		return nil, fmt.Errorf("transport: create eventfd: %w", err)
	}
	sh := &shard{core: c, lane: ln, epfd: epfd, wakeFd: wakeFd, buf: make([]byte, readBuffer), upgrader: newUpgrader(c)}
	sh.pollFn = sh.poll
	err = unix.SetNonblock(epfd, true) // or os.NewFile leaves it to blocking calls
	sh.file = os.NewFile(uintptr(epfd), "epoll")
	if err == nil {
		sh.rc, err = sh.file.SyscallConn()
	}
	if err == nil {
		err = sh.file.SetReadDeadline(time.Time{}) // fails if the poller refused it
	}
	if err == nil {
		err = sh.register(wakeFd, wakeSlot, 0)
	}
	if err != nil {
		sh.release()
		return nil, fmt.Errorf("transport: set up epoll: %w", err)
	}
	return sh, nil
}

// register asks for every edge of fd, once and for all.
func (s *shard) register(fd int, slot, gen uint32) error {
	return unix.EpollCtl(s.epfd, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{
		Events: unix.EPOLLIN | unix.EPOLLOUT | unix.EPOLLRDHUP | unix.EPOLLET&0xffffffff,
		Fd:     int32(slot),
		Pad:    int32(gen),
	})
}

func (s *shard) release() {
	_ = s.file.Close()
	_ = unix.Close(s.wakeFd)
}

func (s *shard) run() {
	defer s.release()
	for !s.stopped {
		s.setAlarm()
		s.n = 0
		err := s.rc.Read(s.pollFn)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			s.alarm = -1 // has to be set again, or every wait fails
		}
		now := s.core.clock.now()
		for _, ev := range s.events[:s.n] {
			s.dispatch(ev, now)
		}
		s.readAgain(now)
		s.takeIn(now)
		s.fire(now)
	}
}

// poll takes events without blocking. The runtime calls it again when the
// epoll instance is readable.
func (s *shard) poll(fd uintptr) bool {
	n, err := unix.EpollWait(int(fd), s.events[:], 0)
	if err == nil {
		s.n = n
	}
	return s.n > 0 || err == unix.EINTR || len(s.again) > 0
}

func (s *shard) dispatch(ev unix.EpollEvent, now int64) {
	at, gen := uint32(ev.Fd), uint32(ev.Pad)
	if at == wakeSlot {
		return // takeIn follows; an edge-triggered eventfd need not be read
	}
	if int(at) >= len(s.slots) || s.slots[at].conn == nil || s.slots[at].gen != gen {
		s.lane.stale.Add(1)
		return
	}
	c := s.slots[at].conn
	if ev.Events&unix.EPOLLOUT != 0 && c.waiting.Load() > 0 {
		c.flush()
	}
	const gone = unix.EPOLLRDHUP | unix.EPOLLHUP | unix.EPOLLERR
	if ev.Events&(unix.EPOLLIN|gone) != 0 {
		s.pull(c, ev.Events&gone != 0, now)
	}
}

// pull reads, and lists the connection for another turn if it had more.
func (s *shard) pull(c *epollConn, more bool, now int64) {
	if c.read(more, now) && !c.listed {
		c.listed = true
		s.again = append(s.again, c)
	}
	if c.phase != phaseGone {
		s.wheel.hang(&c.timer, c.due())
	}
}

func (s *shard) readAgain(now int64) {
	list := s.again
	s.again = s.spare[:0]
	for i, c := range list {
		list[i] = nil
		c.listed = false
		if c.phase != phaseGone {
			s.pull(c, true, now)
		}
	}
	s.spare = list[:0]
}
