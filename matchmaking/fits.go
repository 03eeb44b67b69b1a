package matchmaking

import (
	"math"
	"math/bits"
)

// fits says whether a ticket may join those placed, in whatever team. It
// stops at the first rule that forbids it.
func (l *lineup) fits(e *Entry) bool {
	if e.broken&l.f.anyOf != 0 {
		return false
	}
	if l.region >= 0 && e.floats[l.region] > l.f.latency {
		return false
	}
	for d, most := range l.f.distance {
		if spread := max(l.high[d], e.high(d)) - min(l.low[d], e.low(d)); spread > most && !(l.open && spread <= l.before.spread[d]) {
			return false
		}
	}
	if l.texts != nil && len(l.f.equal) > 0 && !l.agrees(e) {
		return false
	}
	for o, least := range l.f.overlap {
		if n := bits.OnesCount64(l.common[o] & e.masks[o] & l.m.values[o]); n < least && !(l.open && n >= l.before.common[o]) {
			return false
		}
	}
	return true
}

func (l *lineup) agrees(e *Entry) bool {
	for n, held := range l.f.equal {
		if !held {
			continue
		}
		slot := l.m.equalSlots[n]
		if e.texts[slot] != l.texts[slot] || l.open && l.before.mixed[n] {
			return false
		}
	}
	return true
}

// seats says whether a team has room and roles for a ticket, and the teams'
// parties can still oppose each other as the rules want.
func (l *lineup) seats(e *Entry, side int) bool {
	t := &l.teams[side]
	if t.size+e.size() > l.f.most[side] {
		return false
	}
	if t.hall != nil && !l.hasRoles(t, e) {
		return false
	}
	return l.open || l.f.parties == math.MaxInt || l.opposable(e, side)
}

func (l *lineup) hasRoles(t *team, e *Entry) bool {
	l.count(t, e, 1)
	ok := t.hall.holds()
	l.count(t, e, -1)
	return ok
}

// opposable looks ahead: a team's largest party may still grow to the room
// left, so a new match is hopeless only when that is not enough. An open one may
// leave a team empty; legal asks it.
func (l *lineup) opposable(e *Entry, side int) bool {
	largest, reach := 0, math.MaxInt
	for s := range l.teams {
		t := &l.teams[s]
		now, room := t.largest, l.f.most[s]-t.size
		if s == side {
			now, room = max(now, e.size()), room-e.size()
		}
		largest = max(largest, now)
		if t.size > 0 || s == side || l.f.least[s] > 0 {
			reach = min(reach, max(now, room))
		}
	}
	return largest-reach <= l.f.parties
}

// allowed is how far beyond the rules the match may stay: an open match as
// far as it is, a new one not at all.
func (l *lineup) allowed() *breach {
	if l.open {
		return &l.before
	}
	return &noBreach
}

var noBreach breach
