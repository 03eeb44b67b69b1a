package netcode

import "arbiter/game"

// eventLog keeps the last events of a match, encoded, until every client they
// are for has been sent them. It is one bounded queue for all: each feed
// remembers only the tick up to which it was served. When it is full the
// oldest events go; a connected client that had not been sent them is too slow
// to keep and is closed so.
type eventLog struct {
	entries [maxEvents]loggedEvent
	first   uint32 // number of the oldest entry
	next    uint32 // number of the next entry
	gone    game.Tick
	block   game.Block
}

const (
	maxEvents = 1024 // of all kinds and players
)

type loggedEvent struct {
	tick  game.Tick
	to    game.PlayerID // 0: everyone
	kind  uint8
	items int
	data  []byte // the fields' values
}

// take logs what the last step of sim emitted.
func (l *eventLog) take(sim game.Sim) {
	s := sim.Schema()
	for kind := range s.Events {
		posted := sim.Posted(kind)
		if posted.Len() == 0 {
			continue
		}
		posted.Capture(&l.block)
		for i := range posted.Len() {
			e := l.slot()
			e.tick, e.to, e.kind = sim.Tick(), posted.To(i), uint8(kind)
			e.items, e.data = len(s.Events[kind].Fields), e.data[:0]
			cells := l.block.Row(i)
			for k := range s.Events[kind].Fields {
				e.data = appendCell(e.data, &s.Events[kind].Fields[k], cells[k], l.block.Texts)
			}
		}
	}
}

func (l *eventLog) slot() *loggedEvent {
	if l.next-l.first == maxEvents {
		l.gone = l.entries[l.first%maxEvents].tick
		l.first++
	}
	l.next++
	return &l.entries[(l.next-1)%maxEvents]
}

// lost reports whether events after tick since may have gone unserved.
func (l *eventLog) lost(since game.Tick) bool { return l.gone != 0 && since.Before(l.gone) }

// after returns the number of the first entry later than tick since.
func (l *eventLog) after(since game.Tick) uint32 {
	n := l.next
	for n != l.first && since.Before(l.entries[(n-1)%maxEvents].tick) {
		n--
	}
	return n
}

// any reports whether an event later than since is for p.
func (l *eventLog) any(since game.Tick, p game.PlayerID) bool {
	for n := l.after(since); n != l.next; n++ {
		if e := &l.entries[n%maxEvents]; e.to == 0 || e.to == p {
			return true
		}
	}
	return false
}

// append appends the events later than since that are for p as one flat array
// of (kind, age in ticks, fields…), or nil if there are none.
func (l *eventLog) append(b []byte, since, now game.Tick, p game.PlayerID) []byte {
	from, items := l.after(since), 0
	for n := from; n != l.next; n++ {
		if e := &l.entries[n%maxEvents]; e.to == 0 || e.to == p {
			items += 2 + e.items
		}
	}
	if items == 0 {
		return AppendNil(b)
	}
	b = AppendArray(b, items)
	for n := from; n != l.next; n++ {
		e := &l.entries[n%maxEvents]
		if e.to != 0 && e.to != p {
			continue
		}
		b = AppendInt(b, int64(e.kind))
		b = AppendInt(b, int64(now.Sub(e.tick)))
		b = append(b, e.data...)
	}
	return b
}
