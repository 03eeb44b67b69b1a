package load

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"arbiter/bench/machine"
	"arbiter/bench/wheel"

	"golang.org/x/sys/unix"
)

// loop is one thread of clients. Everything but the calls belongs to its
// goroutine.
type loop struct {
	// static
	fleet  *Fleet
	cpus   machine.CPUs
	epoll  int
	wake   int // eventfd
	epoch  time.Time
	calls  chan func()
	over   chan struct{}  // closed when the loop takes no more calls
	done   chan struct{}  // closed when nothing of it is left
	shakes sync.WaitGroup // TLS handshakes under way

	// of the loop
	quit    bool
	goal    int // clients to have
	here    int // clients there are, those being made included
	dialing int
	clients []*client // by slot
	free    []int32
	wheel   wheel.Wheel[*client]
	books   *Books
	begun   time.Duration
	used    time.Duration // thread time at begun
	waited  time.Duration
	in, out []byte
	mask    uint32
	events  [512]unix.EpollEvent
}

const wakeSlot = -1

func newLoop(f *Fleet, i int) (*loop, error) {
	l := &loop{
		fleet: f, epoch: time.Now(), calls: make(chan func(), 16), over: make(chan struct{}), done: make(chan struct{}),
		in: make([]byte, 64<<10), out: make([]byte, room, 4<<10), mask: 0x9e3779b9, books: &Books{},
	}
	if len(f.config.CPUs) > 0 {
		l.cpus = f.config.CPUs[i : i+1]
	}
	l.wheel.Interval = f.config.Input
	var err error
	if l.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, fmt.Errorf("bench: epoll: %w", err)
	}
	if l.wake, err = unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC); err == nil {
		err = wheel.Watch(l.epoll, l.wake, unix.EPOLLIN, wakeSlot)
	}
	if err != nil {
		_ = unix.Close(l.epoll)
		return nil, fmt.Errorf("bench: eventfd: %w", err)
	}
	return l, nil
}

// call runs f on the loop and waits for it.
func (l *loop) call(f func()) {
	answered := make(chan struct{})
	l.post(func() { f(); close(answered) })
	select {
	case <-answered:
	case <-l.done:
	}
}

// post runs f on the loop, and reports whether there still is one.
func (l *loop) post(f func()) bool {
	select {
	case l.calls <- f:
		one := [8]byte{1}
		_, _ = unix.Write(l.wake, one[:])
		return true
	case <-l.over:
		return false
	}
}

func (l *loop) now() time.Duration { return time.Since(l.epoch) }

// run is the loop: poll, read, say what is due.
func (l *loop) run() {
	runtime.LockOSThread() // never unlocked: the thread ends with its pinning
	defer close(l.done)
	defer l.close()
	if err := machine.PinThread(l.cpus); err != nil {
		l.fault(err)
	}
	l.begin()
	for !l.quit {
		now := l.now()
		n, err := wheel.Poll(l.epoll, l.events[:], min(l.wheel.Next(now)-now, 20*time.Millisecond))
		if err != nil {
			l.fault(err)
			return
		}
		began := l.now()
		for i := range n {
			l.event(&l.events[i])
			if i%64 == 63 {
				l.speak()
			}
		}
		l.speak()
		if n > 0 {
			l.books.Turns.Add(l.now() - began)
			l.rest(now)
		}
	}
}

// gather is the least time between two looks at what came. A client is somewhere
// else in the world: that its thread has to be woken for every message is no
// part of what a server costs, but on one machine the server's write would do
// it, and pay for it. Arrival is read as late as this at most.
const gather = 400 * time.Microsecond

// rest sleeps until gather after the last look, or somebody has to speak.
func (l *loop) rest(last time.Duration) {
	now := l.now()
	if left := min(last+gather, l.wheel.Next(now)) - now; left > 0 {
		wheel.Sleep(left)
	}
}

func (l *loop) event(e *unix.EpollEvent) {
	if e.Fd != wakeSlot {
		if c := l.clients[e.Fd]; c != nil {
			c.ready(e.Events)
		}
		return
	}
	var b [8]byte
	_, _ = unix.Read(l.wake, b[:])
	for len(l.calls) > 0 {
		(<-l.calls)()
	}
}

// breath is how long clients speak before others are heard again. A loop that
// is given less of its processor than its clients need is late for ever; it
// must still hear that it is to end.
const breath = 10 * time.Millisecond

// speak lets every client say what it has to whose moment has come.
func (l *loop) speak() {
	for now, until := l.now(), l.now()+breath; now < until; now = l.now() {
		due, at := l.wheel.Due(now)
		if at < 0 {
			return
		}
		for _, c := range due {
			l.books.Lateness.Add(now - at)
			c.input()
			now = l.now()
		}
	}
}

func (l *loop) fault(err error) {
	if len(l.books.Errors) < 20 {
		l.books.Errors = append(l.books.Errors, err.Error())
	}
}

func (l *loop) close() {
	for _, c := range l.clients {
		if c != nil && c.stage == securing {
			_ = unix.Shutdown(c.fd, unix.SHUT_RDWR)
		}
	}
	close(l.over)
	l.shakes.Wait()
	for l.quit = true; len(l.calls) > 0; {
		(<-l.calls)()
	}
	for _, c := range l.clients {
		if c != nil {
			_ = unix.Close(c.fd)
			if c.stage == playing {
				l.fleet.seated.Add(-1)
			}
		}
	}
	_ = unix.Close(l.wake)
	_ = unix.Close(l.epoll)
}

func (l *loop) begin() {
	l.books = &Books{}
	l.begun, l.used, l.waited = l.now(), machine.ThreadTime(), waited()
}

func (l *loop) end() *Books {
	b := l.books
	b.Span = l.now() - l.begun
	b.Busy = (machine.ThreadTime() - l.used).Seconds() / b.Span.Seconds()
	b.Waited = (waited() - l.waited).Seconds() / b.Span.Seconds()
	for _, c := range l.clients {
		if c != nil && c.stage == playing {
			b.Clients++
		}
	}
	l.begin()
	return b
}

// waited is how long the calling thread was ready to run but did not.
func waited() time.Duration {
	b, _ := os.ReadFile("/proc/thread-self/schedstat")
	if f := strings.Fields(string(b)); len(f) == 3 {
		ns, _ := strconv.ParseInt(f[1], 10, 64)
		return time.Duration(ns)
	}
	return 0
}
