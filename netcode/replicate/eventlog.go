package replicate

import (
	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/internal/delta"
)

// eventLog keeps the last events of a match, encoded, as long as a feed may
// have to send them, again or for the first time. It is one bounded queue for
// all: each feed remembers only the tick up to which it was sent them. Its room
// grows when what is in it is still needed. Beyond maxEvents the oldest events go, but
// none of the last keep ticks, in which a client that keeps up may not have been sent
// any; so the log is bounded by what rules may emit in those. A connected client that
// had not been sent what goes is too slow to keep and is closed so.
type eventLog struct {
	keep    int           // ticks whose events stay in any case
	ring    []loggedEvent // entry n stands at n%len(ring)
	first   uint32        // number of the oldest entry
	next    uint32        // number of the next entry
	dropped game.Tick     // tick of the newest entry that was dropped
	block   sim.Block
}

const (
	maxEvents   = 1024 // of all kinds and players, older than keep ticks; a power of 2
	firstEvents = 8    // that there is room for at first
)

type loggedEvent struct {
	tick  game.Tick
	to    game.PlayerID // 0: everyone
	place sim.Place     // if it is known, only those see it whose area of interest it lies in
	kind  uint8
	items int
	data  []byte // the fields' values
}

// collect keeps what the last step of sim emitted. When there is no more room,
// neededAfter says up to which tick nobody needs events any more.
func (l *eventLog) collect(sim sim.Sim, neededAfter func() game.Tick) {
	s := sim.Schema()
	for kind := range s.Events {
		posted := sim.Posted(kind)
		if posted.Len() == 0 {
			continue
		}
		posted.Capture(&l.block)
		for i := range posted.Len() {
			if int(l.next-l.first) == len(l.ring) {
				l.makeRoom(neededAfter(), sim.Tick())
			}
			l.next++
			e := l.entry(l.next - 1)
			e.tick, e.to, e.place, e.kind = sim.Tick(), posted.To(i), posted.Place(i), uint8(kind)
			e.items, e.data = len(s.Events[kind].Fields), e.data[:0]
			cells := l.block.Row(i)
			for k := range s.Events[kind].Fields {
				e.data = delta.AppendCell(e.data, &s.Events[kind].Fields[k], cells[k], l.block.Texts)
			}
		}
	}
}

func (l *eventLog) entry(n uint32) *loggedEvent { return &l.ring[n&uint32(len(l.ring)-1)] }

// makeRoom drops the entries up to tick unneeded; if that is less than half of
// them it doubles the room, or, if it has grown to the limit, drops the oldest unless
// it is of the last ticks.
func (l *eventLog) makeRoom(unneeded, now game.Tick) {
	for l.first != l.next && !unneeded.Before(l.entry(l.first).tick) {
		l.drop()
	}
	switch n := len(l.ring); {
	case 2*int(l.next-l.first) < n:
	case n < maxEvents || int(l.next-l.first) == n && now.Sub(l.entry(l.first).tick) < l.keep:
		old := *l
		l.ring = make([]loggedEvent, max(firstEvents, 2*n))
		for i := range n { // all of them, for their memory
			*l.entry(old.first + uint32(i)) = *old.entry(old.first + uint32(i))
		}
	case int(l.next-l.first) == n:
		l.drop()
	}
}

func (l *eventLog) drop() {
	l.dropped = l.entry(l.first).tick
	l.first++
}

// lost reports whether events after tick since may no longer be there.
func (l *eventLog) lost(since game.Tick) bool { return l.dropped != 0 && since.Before(l.dropped) }

// any reports whether there is an event later than since.
func (l *eventLog) any(since game.Tick) bool {
	return l.next != l.first && since.Before(l.entry(l.next-1).tick)
}

// after encodes the events later than since that are for p, who sees what is in an
// area if they are bounded to it, as one flat run of (kind, age in ticks, fields…).
func (l *eventLog) after(since, now game.Tick, p game.PlayerID, area game.Area, bounded bool, w *sectionWriter) netcode.FlatRun {
	w.open()
	for n := l.firstAfter(since); n != l.next; n++ {
		e := l.entry(n)
		if e.to != 0 && e.to != p || bounded && e.place.Known && !inside(area, e.place) {
			continue
		}
		w.b = netcode.AppendInt(w.b, int64(e.kind))
		w.b = netcode.AppendInt(w.b, int64(now.Sub(e.tick)))
		w.b = append(w.b, e.data...)
		w.items += 2 + e.items
	}
	return w.run()
}

// firstAfter returns the number of the first entry later than tick since.
func (l *eventLog) firstAfter(since game.Tick) uint32 {
	n := l.next
	for n != l.first && since.Before(l.entry(n-1).tick) {
		n--
	}
	return n
}

// inside reports whether a place lies in an area, as rows do.
func inside(a game.Area, p sim.Place) bool {
	dx, dy := p.X-a.X, p.Y-a.Y
	return float64(dx*dx)+float64(dy*dy) <= a.Radius*a.Radius
}
