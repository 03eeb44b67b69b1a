package transport

// The wheel turns one slot per tick and goes round once in 25.6 s, which holds
// every default deadline but the doubled heartbeat; what lies further ahead is
// hung in the last slot and hung again from there.
const (
	wheelTick  = 50e6 // nanoseconds
	wheelSlots = 512
)

// timer is an entry of a wheel, part of the connection it is for.
type timer struct {
	prev, next *timer
	conn       *epollConn
	at         int64 // the tick it fires at, if hung
}

// wheel is a hashed timing wheel (Varghese and Lauck, 1987): hanging and
// taking off cost the same whatever the number of entries. It belongs to one
// loop. Entries fire up to one tick late, never early.
type wheel struct {
	slots [wheelSlots]*timer
	done  int64 // all ticks up to here have fired
	first int64 // no entry hangs before this tick
	count int
}

// hang makes t fire at the time. An entry that would fire earlier already is
// left alone: it is judged again when it fires, and that costs less than moving
// it at every message.
func (w *wheel) hang(t *timer, at int64) {
	tick := min(max((at+wheelTick-1)/wheelTick, w.done+1), w.done+wheelSlots-1)
	if t.hung() {
		if t.at <= tick {
			return
		}
		w.take(t)
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
	t.prev = t // marks a hung entry; only the first points at itself
	*head = t
	w.count++
}

func (t *timer) hung() bool { return t.prev != nil }

// take removes t, if it is hung.
func (w *wheel) take(t *timer) {
	if !t.hung() {
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

// turn returns an entry that is due, taken off, or nil once there is none.
func (w *wheel) turn(now int64) *timer {
	for tick := now / wheelTick; w.done < tick; w.done++ {
		if w.count == 0 {
			w.done = tick
			break
		}
		if t := w.slots[(w.done+1)%wheelSlots]; t != nil {
			w.take(t)
			return t
		}
	}
	return nil
}

// nextAt is when turn should be called next, or 0 if nothing hangs.
func (w *wheel) nextAt() int64 {
	if w.count == 0 {
		return 0
	}
	for w.first = max(w.first, w.done+1); w.slots[w.first%wheelSlots] == nil; w.first++ {
	}
	return w.first * wheelTick
}
