package matchmaking

import (
	"math"
	"math/bits"
)

// fits says whether a ticket may join those placed, in whatever team. It
// stops at the first rule that forbids it.
func (l *lineup) fits(e *Entry) bool {
	if e.broken&l.rules.anyOf != 0 {
		return false
	}
	if l.region >= 0 && e.floats[l.region] > l.rules.latency {
		return false
	}
	for d, most := range l.rules.distance {
		if spread := max(l.high[d], e.high(d)) - min(l.low[d], e.low(d)); spread > most && !(l.open && spread <= l.before.spread[d]) {
			return false
		}
	}
	if l.texts != nil && len(l.rules.equal) > 0 && !l.agrees(e) {
		return false
	}
	for o, least := range l.rules.overlap {
		if n := bits.OnesCount64(l.common[o] & e.masks[o] & l.m.values[o]); n < least && !(l.open && n >= l.before.common[o]) {
			return false
		}
	}
	return true
}

func (l *lineup) agrees(e *Entry) bool {
	for n, held := range l.rules.equal {
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

// canSeat says whether a team has room and roles for a ticket, and the teams'
// parties can still oppose each other as the rules want.
func (l *lineup) canSeat(e *Entry, side int) bool {
	t := &l.teams[side]
	if t.size+e.size() > l.rules.most[side] {
		return false
	}
	if t.roleCheck != nil && !l.hasRoles(t, e) {
		return false
	}
	return l.open || l.rules.parties == math.MaxInt || l.opposable(e, side)
}

func (l *lineup) hasRoles(t *team, e *Entry) bool {
	l.countRoles(t, e, 1)
	ok := t.roleCheck.possible()
	l.countRoles(t, e, -1)
	return ok
}

// opposable looks ahead: a team's largest party may still grow to the room
// left, so a new match is hopeless only when that is not enough. An open one may
// leave a team empty; legal asks it.
func (l *lineup) opposable(e *Entry, side int) bool {
	largest, reach := 0, math.MaxInt
	for s := range l.teams {
		t := &l.teams[s]
		now, room := t.largest, l.rules.most[s]-t.size
		if s == side {
			now, room = max(now, e.size()), room-e.size()
		}
		largest = max(largest, now)
		if t.size > 0 || s == side || l.rules.least[s] > 0 {
			reach = min(reach, max(now, room))
		}
	}
	return largest-reach <= l.rules.parties
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
