package matchmaking

import (
	"math"
	"slices"
	"time"
)

// Entry is a ticket made ready for passes by [Matcher.Admit]. It belongs to
// that matcher; its exported methods may be called at any time.
type Entry struct {
	// Static.
	id        TicketID
	created   time.Duration
	headStart time.Duration
	match     string
	players   []string
	texts     []string // one for each string attribute
	// In one array, because a pass over many tickets waits for memory:
	// latencies by region, of the farthest player, +Inf for unknown; low and
	// high of each Distance; each player's numbers.
	floats []float64
	// What all members have in common of each Overlap; each player's sets.
	masks     []uint64
	regions   uint8 // how many latencies come first in floats
	distances uint8
	overlaps  uint8
	broken    uint32 // bits of AnyOf rules that the ticket does not satisfy

	// Owned by the running pass.
	at int32 // index among the pass's entries, in the order of the line
}

// ID is the ticket's.
func (e *Entry) ID() TicketID { return e.id }

// Created is when the ticket's wait began.
func (e *Entry) Created() time.Duration { return e.created }

// Players are the members, as in the ticket. Don't change them.
func (e *Entry) Players() []string { return e.players }

// Match is the open match the ticket is pinned to, or "".
func (e *Entry) Match() string { return e.match }

// size is the number of players.
func (e *Entry) size() int { return len(e.players) }

// priority orders the line: the oldest first, put ahead by its head start.
func (e *Entry) priority() time.Duration { return e.created - e.headStart }

// comparePriority orders entries by their place in the line; ids settle ties.
func comparePriority(a, b *Entry) int {
	switch ra, rb := a.priority(), b.priority(); {
	case ra < rb:
		return -1
	case ra > rb:
		return 1
	case a.id < b.id:
		return -1
	case a.id > b.id:
		return 1
	}
	return 0
}

// number returns a player's value of a number attribute.
func (m *Matcher) number(e *Entry, player, slot int) float64 {
	return e.floats[int(e.regions)+2*int(e.distances)+player*len(m.numbers)+slot]
}

func (m *Matcher) set(e *Entry, player, slot int) uint64 {
	return e.masks[int(e.overlaps)+player*len(m.sets)+slot]
}

func (e *Entry) latency() []float64 { return e.floats[:e.regions] }

func (e *Entry) low(distance int) float64 { return e.floats[int(e.regions)+2*distance] }

func (e *Entry) high(distance int) float64 { return e.floats[int(e.regions)+2*distance+1] }

// Attributes returns what a member carried, without attributes that no rule
// declares; latency is that of the party's farthest member.
func (m *Matcher) Attributes(e *Entry, player int) Attributes {
	attrs := make(Attributes, len(m.rules.Attributes))
	for slot, i := range m.numbers {
		attrs[m.rules.Attributes[i].Name] = Number(m.number(e, player, slot))
	}
	for slot, i := range m.sets {
		a, bits := &m.rules.Attributes[i], m.set(e, player, slot)
		set := []string{}
		for j, v := range a.Values {
			if bits&(1<<j) != 0 {
				set = append(set, v)
			}
		}
		attrs[a.Name] = Set(set...)
	}
	for slot, i := range m.texts {
		attrs[m.rules.Attributes[i].Name] = Text(e.texts[slot])
	}
	if i := slices.IndexFunc(m.rules.Attributes, func(a Attribute) bool { return a.Kind == LatencyKind }); i >= 0 {
		ms := map[string]float64{}
		for r, n := range e.latency() {
			if !math.IsInf(n, 1) {
				ms[m.regions[r]] = n
			}
		}
		attrs[m.rules.Attributes[i].Name] = Latency(ms)
	}
	return attrs
}
