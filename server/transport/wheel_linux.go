package transport

// The wheel advances one slot per tick and goes round once in 25.6 s, which is
// beyond every default deadline but the doubled heartbeat. A timer further ahead
// is scheduled in the last slot, and again from there.
const (
	wheelTick  = 50e6 // nanoseconds
	wheelSlots = 512
)

// timer is an entry of a wheel, part of the connection it is for.
type timer struct {
	prev, next *timer
	conn       *epollConn
	at         int64 // the tick it fires at, if scheduled
}

// wheel is a hashed timing wheel (Varghese and Lauck, 1987): to schedule and
// to remove cost the same however many timers there are. It belongs to one
// loop. Entries fire up to one tick late, never early.
type wheel struct {
	slots [wheelSlots]*timer
	done  int64 // all ticks up to here have fired
	first int64 // no timer is scheduled before this tick
	count int
}

// schedule makes t fire at the time. A timer that would fire earlier already is
// left alone: when it fires it is scheduled again, and that costs less than moving
// it at every message.
func (w *wheel) schedule(t *timer, at int64) {
	tick := min(max((at+wheelTick-1)/wheelTick, w.done+1), w.done+wheelSlots-1)
	if t.scheduled() {
		if t.at <= tick {
			return
		}
		w.remove(t)
	}
	if w.count == 0 || tick < w.first {
		w.first = tick
	}
	t.at = tick
	head := &w.slots[tick%wheelSlots]
	t.next = *head
	if t.next != nil {
		t.next.prev = t
	}
	t.prev = t // marks a scheduled timer; only the first points at itself
	*head = t
	w.count++
}

func (t *timer) scheduled() bool { return t.prev != nil }

// remove removes t, if it is scheduled.
func (w *wheel) remove(t *timer) {
	if !t.scheduled() {
		return
	}
	if t.prev == t {
		w.slots[t.at%wheelSlots] = t.next
		if t.next != nil {
			t.next.prev = t.next
		}
	} else {
		t.prev.next = t.next
		if t.next != nil {
			t.next.prev = t.prev
		}
	}
	t.prev, t.next = nil, nil
	w.count--
}

// nextDue removes and returns a timer that is due, or returns nil if none is.
func (w *wheel) nextDue(now int64) *timer {
	for tick := now / wheelTick; w.done < tick; w.done++ {
		if w.count == 0 {
			w.done = tick
			break
		}
		if t := w.slots[(w.done+1)%wheelSlots]; t != nil {
			w.remove(t)
			return t
		}
	}
	return nil
}

// nextDeadline is when nextDue should be called next, or 0 if no timer is
// scheduled.
func (w *wheel) nextDeadline() int64 {
	if w.count == 0 {
		return 0
	}
	for w.first = max(w.first, w.done+1); w.slots[w.first%wheelSlots] == nil; w.first++ {
	}
	return w.first * wheelTick
}
