package transport

import (
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// adopt hands the shard a socket, or reports false if the server is going away.
func (s *shard) adopt(n newcomer) bool {
	s.inMu.Lock()
	defer s.inMu.Unlock()
	if s.away {
		return false
	}
	s.arrived = append(s.arrived, n)
	s.signal()
	return true
}

// wake has the loop call a connection's handleWake.
func (s *shard) wake(c *epollConn) {
	if c.waking.Swap(true) {
		return
	}
	s.inMu.Lock()
	defer s.inMu.Unlock()
	if !s.closed {
		s.woken = append(s.woken, c)
		s.signal()
	}
}

func (s *shard) order(o orders) {
	s.inMu.Lock()
	defer s.inMu.Unlock()
	if !s.closed {
		s.ordered |= o
		s.away = true
		s.signal()
	}
}

// signal makes the loop call runPosted. inMu is held.
func (s *shard) signal() {
	if !s.signaled {
		s.signaled = true
		_, _ = unix.Write(s.wakeFd, []byte{1, 0, 0, 0, 0, 0, 0, 0})
	}
}

// runPosted does what other goroutines asked for: it adds new connections, wakes
// those that were woken and follows orders.
func (s *shard) runPosted(now int64) int64 {
	s.inMu.Lock()
	if !s.signaled {
		s.inMu.Unlock()
		return now
	}
	s.signaled = false
	arrived, woken, ordered := s.arrived, s.woken, s.ordered
	s.arrived, s.woken, s.ordered = nil, nil, 0
	s.closed = ordered&orderStop != 0
	s.inMu.Unlock()

	for _, n := range arrived {
		s.add(n)
		now = s.share(now)
	}
	for _, c := range woken {
		c.waking.Store(false)
		c.handleWake(now)
		switch {
		case c.phase == phaseGone:
		case c.sec != nil:
			s.pull(c, true, now) // left unread, perhaps, during the handshake
		default:
			s.wheel.schedule(&c.timer, c.due())
		}
		now = s.share(now)
	}
	if ordered != 0 {
		s.obey(ordered, now)
	}
	return now
}

func (s *shard) obey(o orders, now int64) {
	for _, sl := range s.slots {
		c := sl.conn
		switch {
		case c == nil:
		case o&orderStop != 0:
			c.eof(ErrServerClosed, now)
		case c.phase <= phaseHead:
			c.eof(ErrServerClosed, now)
		default:
			c.Close(CodeGoingAway, "server is going away")
		}
	}
	s.stopped = o&orderStop != 0
}

// add registers a socket. What it already brought makes the first edge.
func (s *shard) add(n newcomer) {
	c := &epollConn{shard: s, fd: n.fd}
	c.remote, c.entry = n.remote, n.entry
	c.timer.conn = c
	c.init(s.core, s.counters, c, s.upgrader)
	if last := len(s.free) - 1; last >= 0 {
		c.slot = s.free[last]
		s.free = s.free[:last]
	} else {
		c.slot = uint32(len(s.slots))
		s.slots = append(s.slots, slot{})
	}
	sl := &s.slots[c.slot]
	sl.conn, c.gen = c, sl.gen
	if err := s.register(n.fd, c.slot, c.gen); err != nil {
		c.eof(os.NewSyscallError("epoll_ctl", err), c.heard)
		return
	}
	if n.back != nil {
		c.resume(n.back, c.heard)
	}
	if c.phase != phaseGone {
		s.wheel.schedule(&c.timer, c.due())
	}
}

// forget gives up the slot of a connection whose descriptor is gone.
func (s *shard) forget(c *epollConn) {
	s.wheel.remove(&c.timer)
	sl := &s.slots[c.slot]
	sl.conn = nil
	sl.gen++
	s.free = append(s.free, c.slot)
}

// fire acts on the deadlines that have passed. What has arrived is read first: when
// the process was stopped for a while, there are more events than were taken at once,
// and peers whose bytes lie unread are not late.
func (s *shard) fire(now int64) {
	for t := s.wheel.nextDue(now); t != nil; t = s.wheel.nextDue(now) {
		s.expire(t.conn, now)
		s.share(now)
	}
}

// expire judges a connection whose timer fired.
func (s *shard) expire(c *epollConn, now int64) {
	at := c.due()
	if now >= at && c.read(true, now) {
		if !c.listed {
			c.listed = true
			s.again = append(s.again, c)
		}
		at = now + wheelTick // it has more to say: judged when that is read
	} else {
		c.expire(now)
		at = c.due()
	}
	if c.phase != phaseGone {
		s.wheel.schedule(&c.timer, at)
	}
}

// setDeadline has the next wait end in time for the next deadline.
func (s *shard) setDeadline() {
	at := s.wheel.nextDeadline()
	if at == s.deadline {
		return
	}
	s.deadline = at
	var deadline time.Time
	if at != 0 {
		deadline = s.core.clock.start.Add(time.Duration(at))
	}
	_ = s.waker.SetReadDeadline(deadline) // works, as it did in open
}
