package transport

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	readBuffer    = 32 << 10 // bytes per shard, shared by its connections
	eventBatch    = 256      // events taken from epoll at once
	connsPerYield = 8        // connections attended to before others have the processor

	// gather is how long a loop that is busy lets events gather, as network
	// cards do that moderate their interrupts. What clients send is used at the
	// next tick, so it costs nothing to read it a little later, and much less to
	// wake up once for several of them.
	gather = time.Millisecond
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
	entry  *addressEntry
	back   *returned // from net/http; nil: new
}

// shard is one loop: an epoll instance and the connections registered with it.
// Its own methods run on its goroutine, save adopt, wake and order, which are
// safe for concurrent use.
//
// A loop with little to do waits in the runtime's poller, as any goroutine
// waits for a socket: a thread that blocks in epoll_wait instead has to be
// woken and handed a processor by the scheduler, which under load takes
// milliseconds. A loop with much to do sleeps a millisecond at a time, and must
// not be woken meanwhile. So the runtime's poller is given another epoll
// instance, the waker, which is armed for each wait and reports when this one has
// events.
type shard struct {
	core     *core
	counters *loopCounters
	epfd     int
	waker    *os.File // an epoll instance with epfd in it, for one event at a time
	rc       syscall.RawConn
	wakeFd   int
	pollFn   func(fd uintptr) bool // s.poll, made once

	// Owned by the loop.
	events   [eventBatch]unix.EpollEvent
	n        int   // events to dispatch
	attended int   // connections, since the loop began
	armed    bool  // the waker may have reported
	busy     bool  // events come faster than one in gather
	polled   int64 // when they were last asked for
	buf      []byte
	clear    []byte // TLS: room for what is deciphered
	wheel    wheel
	deadline int64 // deadline set on waker, 0 if none
	slots    []slot
	free     []uint32
	again    []*epollConn // stopped reading before the socket was empty
	spare    []*epollConn
	upgrader *upgrader
	stopped  bool

	inMu     sync.Mutex
	signaled bool         // guarded by inMu: the eventfd was written since runPosted
	away     bool         // guarded by inMu: takes no newcomers
	closed   bool         // guarded by inMu: takes nothing
	arrived  []newcomer   // guarded by inMu; bounded by the caps
	woken    []*epollConn // guarded by inMu; each at most once
	ordered  orders       // guarded by inMu
}

// slot holds a connection. Its generation grows whenever it is given
// up, so that events still under way for the last owner do not match.
type slot struct {
	conn *epollConn
	gen  uint32
}

func newShard(c *core, counters *loopCounters) (*shard, error) {
	s := &shard{core: c, counters: counters, epfd: -1, wakeFd: -1, buf: make([]byte, readBuffer), upgrader: newUpgrader(c)}
	s.pollFn = s.poll
	if err := s.open(); err != nil {
		s.release()
		return nil, fmt.Errorf("transport: set up epoll: %w", err)
	}
	return s, nil
}

func (s *shard) open() (err error) {
	if s.epfd, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return err
	}
	if s.wakeFd, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		return err
	}
	if err = s.register(s.wakeFd, wakeSlot, 0); err != nil {
		return err
	}
	waker, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return err
	}
	err = unix.SetNonblock(waker, true) // or os.NewFile leaves it to blocking calls
	s.waker = os.NewFile(uintptr(waker), "epoll")
	if err != nil {
		return err
	}
	if err = unix.EpollCtl(waker, unix.EPOLL_CTL_ADD, s.epfd, &unix.EpollEvent{}); err != nil {
		return err
	}
	if s.rc, err = s.waker.SyscallConn(); err != nil {
		return err
	}
	return s.waker.SetReadDeadline(time.Time{}) // fails if the poller refused it
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
	if s.waker != nil {
		_ = s.waker.Close()
	}
	for _, fd := range []*int{&s.epfd, &s.wakeFd} {
		if *fd >= 0 {
			_ = unix.Close(*fd)
			*fd = -1
		}
	}
}

func (s *shard) run() {
	defer s.release()
	for !s.stopped {
		s.round()
	}
}

// round waits, and does what there is to do then.
func (s *shard) round() {
	now := s.wait()
	for _, ev := range s.events[:s.n] {
		s.dispatch(ev, now)
		now = s.share(now)
	}
	now = s.readAgain(now)
	now = s.runPosted(now)
	s.fire(now)
}

// share is called between two connections. It lets others have the processor
// now and then, since matches wait for their ticks, and returns what time it is
// after that.
func (s *shard) share(now int64) int64 {
	if s.attended++; s.attended%connsPerYield != 0 {
		return now
	}
	runtime.Gosched()
	return s.core.clock.now()
}

// wait returns when there are events, or something else is to be done.
func (s *shard) wait() (now int64) {
	if s.busy || len(s.again) > 0 {
		s.rest()
		s.pollEvents()
		s.busy = s.n > 0
		if s.busy || len(s.again) > 0 {
			return s.polled
		}
	}
	began := s.core.clock.now()
	s.setDeadline()
	s.n = 0 // if the deadline has passed already, Read fails before it asks for events
	late := errors.Is(s.rc.Read(s.pollFn), os.ErrDeadlineExceeded)
	if late {
		s.deadline = -1 // has to be set again, or every wait fails
	}
	s.polled = s.core.clock.now()
	s.busy = !late && s.polled-began < int64(gather) // also if the waker fails: the loop rests, then
	return s.polled
}

// rest lets events gather, and others have the processor in any case: the
// loop's work is never done while it is behind, and matches wait for their ticks.
func (s *shard) rest() {
	now := s.core.clock.now()
	if left := s.polled + int64(gather) - now; left > 0 && s.n < eventBatch && len(s.again) == 0 {
		time.Sleep(time.Duration(left))
	} else {
		runtime.Gosched()
	}
	s.polled = s.core.clock.now()
}

// pollEvents reads the events that there are, without blocking.
func (s *shard) pollEvents() {
	s.n = pollNow(s.epfd, s.events[:])
}

// poll reads events without blocking. If there are none, it has the runtime call
// it again when there are some.
func (s *shard) poll(waker uintptr) bool {
	if s.armed {
		s.disarm(int(waker))
	}
	if s.pollEvents(); s.n > 0 {
		return true
	}
	s.armed = true
	return rearm(int(waker), s.epfd, &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLONESHOT}) != nil
}

// disarm reads the waker's event, or every further event would wake the loop
// again. If there is none, since a deadline ended the wait, the waker is disarmed;
// and an event that came just before that is read too, or the waker would report
// nothing after it is armed the next time.
func (s *shard) disarm(waker int) {
	var event [1]unix.EpollEvent
	if pollNow(waker, event[:]) == 0 {
		_ = rearm(waker, s.epfd, &unix.EpollEvent{}) // if it fails, so will poll
		pollNow(waker, event[:])
	}
	s.armed = false
}

func (s *shard) dispatch(ev unix.EpollEvent, now int64) {
	at, gen := uint32(ev.Fd), uint32(ev.Pad)
	if at == wakeSlot {
		return // runPosted follows; an edge-triggered eventfd need not be read
	}
	if int(at) >= len(s.slots) || s.slots[at].conn == nil || s.slots[at].gen != gen {
		s.counters.stale.Add(1)
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
		s.wheel.schedule(&c.timer, c.due())
	}
}

func (s *shard) readAgain(now int64) int64 {
	list := s.again
	s.again = s.spare[:0]
	for i, c := range list {
		list[i] = nil
		c.listed = false
		if c.phase != phaseGone {
			s.pull(c, true, now)
			now = s.share(now)
		}
	}
	s.spare = list[:0]
	return now
}
