package transport

import (
	"net/netip"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// rig is a shard whose rounds are counted.
type rig struct {
	*shard
	rounds atomic.Int64
}

func newRig(t testing.TB, cfg Config, host Host) *rig {
	t.Helper()
	cfg.Kind, cfg.Shards = Epoll, 1
	full, err := cfg.filled()
	if err != nil {
		t.Fatal(err)
	}
	core := newCore(full, host)
	sh, err := newShard(core, core.stats.loops[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sh.release)
	return &rig{shard: sh}
}

// start runs the shard until stop or the end of the test.
func (r *rig) start(t testing.TB) (stop func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for !r.stopped {
			r.round()
			r.rounds.Add(1)
		}
	}()
	stop = func() {
		r.order(orderStop)
		take(t, done, "end of the loop")
	}
	t.Cleanup(stop)
	return stop
}

// socket returns both ends of a connection.
func socket(t testing.TB) (server, client int) {
	t.Helper()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(pair[1]) })
	return pair[0], pair[1]
}

// newcomer is a connection from nowhere, and its other end.
func (r *rig) newcomer(t testing.TB) (newcomer, int) {
	fd, client := socket(t)
	place, _ := r.core.caps.acquire(netip.Addr{}, false, 1)
	return newcomer{fd: fd, entry: place}, client
}

// nudge makes an event that brings nothing.
func (r *rig) nudge() {
	r.inMu.Lock()
	defer r.inMu.Unlock()
	r.signal()
}

// TestLateWaitHasNoEvents: a wait whose deadline has passed before it begins
// does not leave the events of the one before to be dispatched again.
//
// Hazards: stale event.
func TestLateWaitHasNoEvents(t *testing.T) {
	r := newRig(t, Config{}, newDouble())
	r.nudge()
	if r.wait(); r.n != 1 {
		t.Fatalf("%d events, want the signal", r.n)
	}
	r.busy = false
	if err := r.waker.SetReadDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	if r.wait(); r.n != 0 || r.busy || r.deadline != -1 {
		t.Errorf("%d events, busy %v, deadline %d after one in the past, want none, false, -1", r.n, r.busy, r.deadline)
	}
}

// TestWaker: it rings for each wait, whatever ended the one before, and not
// while the loop is up.
func TestWaker(t *testing.T) {
	r := newRig(t, Config{}, newDouble())
	var bell int
	_ = r.rc.Control(func(fd uintptr) { bell = int(fd) })
	rung := func() bool {
		p := []unix.PollFd{{Fd: int32(bell), Events: unix.POLLIN}}
		n, err := unix.Poll(p, 0)
		return err == nil && n > 0
	}
	event := func() { _, _ = unix.Write(r.wakeFd, []byte{1, 0, 0, 0, 0, 0, 0, 0}) }
	for i, lateness := range []bool{false, true, true, false} {
		if lateness {
			if err := r.waker.SetReadDeadline(time.Now().Add(time.Millisecond)); err != nil {
				t.Fatal(err)
			}
			if r.wait(); r.n != 0 || !r.armed {
				t.Fatalf("wait %d: %d events, armed %v; want a deadline that passed while armed", i, r.n, r.armed)
			}
		} else {
			r.disarm(bell)
		}
		r.armed = true
		if err := rearm(bell, r.epfd, &unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLONESHOT}); err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			event()
			if !rung() {
				t.Fatalf("wait %d: armed, and an event did not wake it", i)
			}
		}
		r.disarm(bell)
		event()
		if rung() {
			t.Fatalf("wait %d: an event rings though the loop is up", i)
		}
		if r.poll(uintptr(bell)); r.n != 1 {
			t.Fatalf("wait %d: %d events taken, want one", i, r.n)
		}
		if r.poll(uintptr(bell)) {
			t.Fatalf("wait %d: something to do though nothing happened", i)
		}
		event()
		if !rung() {
			t.Fatalf("wait %d: silent when armed again", i)
		}
		r.busy = false
		if r.wait(); r.n != 1 {
			t.Fatalf("wait %d: %d events at the end, want one", i, r.n)
		}
		r.busy, r.n = false, 0
	}
}

// TestIdleLoopRests: without anything to do there are no rounds, and with
// deadlines about one for each that differs.
//
// Hazards: idle flood.
func TestIdleLoopRests(t *testing.T) {
	r := newRig(t, Config{Limits: Limits{HeadTimeout: 300 * time.Millisecond}}, newDouble())
	r.start(t)
	if <-time.After(100 * time.Millisecond); r.rounds.Load() > 1 { // the eventfd can be written to: the first edge
		t.Errorf("%d rounds with nothing to do", r.rounds.Load())
	}
	for range 100 {
		n, _ := r.newcomer(t)
		if !r.adopt(n) {
			t.Fatal("not adopted")
		}
	}
	eventually(t, "all expired", func() bool { return r.core.stats.snapshot().Handshakes[string(dropTimeout)] == 100 })
	busy := r.rounds.Load()
	if busy > 150 {
		t.Errorf("%d rounds to take in and expire 100 connections", busy)
	}
	if <-time.After(100 * time.Millisecond); r.rounds.Load() > busy+5 {
		t.Errorf("%d rounds after all were gone", r.rounds.Load()-busy)
	}
}

// TestBusyLoopRests: events that come faster than once in gather are gathered,
// and a loop whose waker is broken looks once in gather, rather than never or
// all the time.
func TestBusyLoopRests(t *testing.T) {
	for _, broken := range []bool{false, true} {
		r := newRig(t, Config{}, newDouble())
		if broken {
			_ = r.rc.Control(func(bell uintptr) {
				if err := unix.EpollCtl(int(bell), unix.EPOLL_CTL_DEL, r.epfd, nil); err != nil {
					t.Error(err)
				}
			})
		}
		stop := r.start(t)
		began := time.Now()
		seen := func() bool {
			r.inMu.Lock()
			defer r.inMu.Unlock()
			return !r.signaled
		}
		for signals := 0; signals < 100; {
			if seen() {
				r.nudge()
				signals++
			}
			runtime.Gosched()
		}
		eventually(t, "all signals seen", seen)
		if !broken {
			stop()
		}
		took := time.Since(began)
		if rounds := r.rounds.Load(); rounds > 2*int64(took/gather)+10 {
			t.Errorf("%d rounds in %v (waker broken: %v), want at most two in %v", rounds, took, broken, gather)
		}
	}
}

// TestNothingIsMissed has events come at any moment of a loop's change between
// waiting and resting, one at a time, so that no other covers for one missed.
func TestNothingIsMissed(t *testing.T) {
	for range 4 {
		r := newRig(t, Config{Limits: Limits{HeadTimeout: time.Hour}}, newDouble())
		r.start(t)
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for i := range 400 {
				n, client := r.newcomer(t)
				if !r.adopt(n) {
					t.Fatal("not adopted")
				}
				if i%3 > 0 {
					<-time.After(time.Duration(i%40) * 50 * time.Microsecond)
				}
				if _, err := unix.Write(client, []byte("junk\r\n\r\n")); err != nil && err != unix.EPIPE {
					t.Fatal(err)
				}
				p := []unix.PollFd{{Fd: int32(client), Events: unix.POLLRDHUP}}
				if n, err := unix.Poll(p, int(patience/time.Millisecond)); n != 1 && err != unix.EINTR {
					t.Fatalf("connection %d is not answered: %v", i, err)
				}
				_ = unix.Shutdown(client, unix.SHUT_RDWR)
			}
		})
	}
}

// TestStopInAnyState: the loop ends soon whatever it does, and says so to all.
func TestStopInAnyState(t *testing.T) {
	for _, state := range []struct {
		name string
		set  func(r *rig)
	}{
		{"waiting", func(*rig) {}},
		{"resting", func(r *rig) { r.busy, r.polled = true, r.core.clock.now() }},
		{"behind", func(r *rig) { r.busy, r.n = true, eventBatch }},
		{"late", func(r *rig) { r.deadline, r.armed = -1, true }},
	} {
		t.Run(state.name, func(t *testing.T) {
			r := newRig(t, Config{}, newDouble())
			n, client := r.newcomer(t)
			r.add(n)
			state.set(r)
			r.n = 0
			stop := r.start(t)
			stop()
			if n, err := unix.Read(client, make([]byte, 1)); n != 0 || err == unix.EAGAIN {
				t.Errorf("the peer reads %d, %v after the end, want the end", n, err)
			}
			if r.adopt(newcomer{}) {
				t.Error("a newcomer was adopted after the end")
			}
		})
	}
}

// TestLoopShares: who waits for the processor has it before a full batch is done.
func TestLoopShares(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var others atomic.Int64
	var seen []int64
	host := newDouble()
	host.upgrade = func(*Request) (any, *Refusal) {
		seen = append(seen, others.Load())
		return nil, nil
	}
	r := newRig(t, Config{Limits: Limits{MaxPerAddress: -1}}, host)
	for range 4 * connsPerYield {
		n, client := r.newcomer(t)
		r.add(n)
		if _, err := unix.Write(client, []byte(goodHead)); err != nil {
			t.Fatal(err)
		}
	}
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-quit:
				return
			default:
				others.Add(1)
				runtime.Gosched()
			}
		}
	}()
	for len(seen) < 4*connsPerYield {
		r.round()
	}
	close(quit)
	<-done
	if first, last := seen[0], seen[len(seen)-1]; last-first < 3 {
		t.Errorf("others ran %d times while %d connections were attended to, want 3 at least", last-first, 4*connsPerYield)
	}
}

// TestOpenHalfway: a shard that lacks a descriptor leaves none open and closes
// none that is not its own.
//
// Hazards: descriptors.
func TestOpenHalfway(t *testing.T) {
	cfg, err := Config{Kind: Epoll, Shards: 1}.filled()
	if err != nil {
		t.Fatal(err)
	}
	core := newCore(cfg, newDouble())
	first, err := newShard(core, core.stats.loops[0]) // the runtime's poller has what it needs
	if err != nil {
		t.Fatal(err)
	}
	first.release()
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	spare, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer spare.Close()
	var filler []int
	defer func() {
		for _, fd := range filler {
			if err := unix.Close(fd); err != nil {
				t.Errorf("descriptor %d was closed by somebody else: %v", fd, err)
			}
		}
		_ = unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
	}()
	low := limit
	fill := func() (n int) {
		for n < 32 {
			fd, err := unix.FcntlInt(spare.Fd(), unix.F_DUPFD_CLOEXEC, 0)
			if err != nil {
				return n
			}
			filler = append(filler, fd)
			n++
		}
		return n
	}
	fill()
	low.Cur = uint64(filler[len(filler)-1]) + 1 // below it there is no gap now
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &low); err != nil {
		t.Fatal(err)
	}
	for free := range 4 {
		for range free {
			last := len(filler) - 1
			_ = unix.Close(filler[last])
			filler = filler[:last]
		}
		sh, err := newShard(core, core.stats.loops[0])
		if (err == nil) != (free == 3) {
			t.Errorf("with %d descriptors: %v", free, err)
		}
		if err == nil {
			sh.release()
			sh.release() // closes nothing twice
		}
		if got := fill(); got != free {
			t.Errorf("%d descriptors free after, want %d", got, free)
		}
	}
}
