package matchmaking

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"time"
)

// Entry is a ticket that [Matcher.Admit] has checked and prepared for passes. It
// belongs to that matcher; its exported methods may be called at any time.
type Entry struct {
	// Static.
	id        TicketID
	created   time.Duration
	headStart time.Duration
	match     string
	players   []string
	texts     []string // one for each string attribute
	// In one array, because memory access limits a pass over many tickets:
	//	the farthest member's latency by region, +Inf for unknown
	//	low and high by Distance rule
	//	numbers by player and attribute
	floats []float64
	// By Overlap rule the values that all members have; then sets by player
	// and attribute.
	masks     []uint64
	regions   uint8 // how many latencies come first in floats
	distances uint8
	overlaps  uint8
	broken    uint32 // by AnyOf rule: a bit, set if the ticket does not satisfy it

	// Owned by the running pass.
	at int32 // index in work.waiting
}

// ID is the ID of the ticket.
func (e *Entry) ID() TicketID { return e.id }

// Created is the time when the ticket's wait began.
func (e *Entry) Created() time.Duration { return e.created }

// Players returns the members, in the order of the ticket. Don't change them.
func (e *Entry) Players() []string { return e.players }

// Match returns the open match that the ticket is pinned to, or "".
func (e *Entry) Match() string { return e.match }

// size is the number of players.
func (e *Entry) size() int { return len(e.players) }

// priority is the creation time less the head start; the lowest is served first.
func (e *Entry) priority() time.Duration { return e.created - e.headStart }

// comparePriority orders entries by priority, those of equal priority by ID.
func comparePriority(a, b *Entry) int {
	if c := cmp.Compare(a.priority(), b.priority()); c != 0 {
		return c
	}
	return cmp.Compare(a.id, b.id)
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

// Admit checks a ticket and prepares it for passes. Its error is a [*Problem]:
// what is wrong with the ticket, or which rule it breaks by itself at every age,
// so that it would never be matched.
func (m *Matcher) Admit(t Ticket) (*Entry, error) {
	if p := m.checkTicket(t); p != nil {
		return nil, p
	}
	e := &Entry{id: t.ID, created: t.Created, headStart: t.HeadStart, match: t.Match, at: -1}
	e.players = make([]string, len(t.Members))
	e.regions, e.distances, e.overlaps = uint8(len(m.regions)), uint8(len(m.distances)), uint8(len(m.overlaps))
	e.floats = make([]float64, len(m.regions)+2*len(m.distances)+len(t.Members)*len(m.numbers))
	e.masks = make([]uint64, len(m.overlaps)+len(t.Members)*len(m.sets))
	for i, member := range t.Members {
		e.players[i] = member.Player
		if p := m.readMember(e, t, i); p != nil {
			return nil, p
		}
	}
	m.summarize(e)
	if t.Match == "" {
		if p := m.ruleNeverMet(e); p != nil {
			return nil, p
		}
	}
	return e, nil
}

func (m *Matcher) checkTicket(t Ticket) *Problem {
	if t.ID == "" || len(t.ID) > maxText {
		return &Problem{Code: BadTicketID, Where: "id", Detail: fmt.Sprintf("%q is not an id of 1 to %d bytes", clip(string(t.ID)), maxText), Remedy: "choose another"}
	}
	if len(t.Members) == 0 {
		return &Problem{Code: NoMembers, Where: "members", Detail: "the ticket has no players", Remedy: "name one or more"}
	}
	largest := 0
	for _, team := range m.rules.Teams {
		largest = max(largest, int(team.Max.Last()))
	}
	if len(t.Members) > largest {
		return &Problem{Code: PartyTooLarge, Where: "members", Detail: fmt.Sprintf("the party has %d players, but no team has room for more than %d", len(t.Members), largest), Remedy: "split the party, or use another queue"}
	}
	for i, member := range t.Members {
		where := fmt.Sprintf("members[%d].player", i)
		if member.Player == "" || len(member.Player) > maxText {
			return &Problem{Code: BadPlayer, Where: where, Detail: fmt.Sprintf("%q is not a player id of 1 to %d bytes", clip(member.Player), maxText), Remedy: "name the player"}
		}
		if slices.ContainsFunc(t.Members[:i], func(o Member) bool { return o.Player == member.Player }) {
			return &Problem{Code: PlayerTwice, Where: where, Detail: fmt.Sprintf("player %q is in the ticket twice", member.Player), Remedy: "name each player once"}
		}
	}
	if t.HeadStart < 0 || t.HeadStart > m.rules.HeadStart {
		return &Problem{Code: HeadStartTooLong, Where: "head_start", Detail: fmt.Sprintf("%v is not between 0s and %v, which the rules allow", t.HeadStart, m.rules.HeadStart), Remedy: "shorten it"}
	}
	return m.checkNames(t)
}

// declared names the attributes that there are, for remedies.
func (m *Matcher) declared() string {
	var names []string
	for i := range m.rules.Attributes {
		names = append(names, m.rules.Attributes[i].Name)
	}
	if len(names) == 0 {
		return ""
	}
	return ", or did you mean one of " + strings.Join(names, ", ") + "?"
}

func (m *Matcher) checkNames(t Ticket) *Problem {
	check := func(where string, attrs Attributes) *Problem {
		var worst *Problem
		for name, v := range attrs {
			p := &Problem{Code: UnknownAttribute, Detail: "the rules declare no attribute of this name", Remedy: "remove it" + m.declared()}
			if a, ok := m.rules.attribute(name); ok {
				p = a.check(v)
			}
			if p != nil {
				p.Where = where + "attributes." + clip(name)
				if worst == nil || p.Where < worst.Where {
					worst = p // maps have no order; the answer must not vary
				}
			}
		}
		return worst
	}
	if p := check("", t.Attributes); p != nil {
		return p
	}
	for i, member := range t.Members {
		if p := check(fmt.Sprintf("members[%d].", i), member.Attributes); p != nil {
			return p
		}
	}
	return nil
}

// readMember copies one member's attributes into the entry: their own, else the
// ticket's, else the defaults.
func (m *Matcher) readMember(e *Entry, t Ticket, player int) *Problem {
	for i := range m.rules.Attributes {
		a := &m.rules.Attributes[i]
		v, ok := t.Members[player].Attributes[a.Name]
		if !ok {
			v, ok = t.Attributes[a.Name]
		}
		if !ok {
			v = a.Default
		}
		if v.kind == NoKind {
			return &Problem{Code: MissingAttribute, Where: fmt.Sprintf("members[%d].attributes.%s", player, a.Name), Detail: "is required, because it has no default", Remedy: "send a " + a.Kind.String()}
		}
		switch a.Kind {
		case NumberKind:
			e.floats[len(m.regions)+2*len(m.distances)+player*len(m.numbers)+slices.Index(m.numbers, i)] = v.number
		case SetKind:
			e.masks[len(m.overlaps)+player*len(m.sets)+slices.Index(m.sets, i)] = a.mask(v.set)
		case StringKind:
			if player == 0 {
				e.texts = append(e.texts, v.text)
			} else if first := e.texts[slices.Index(m.texts, i)]; first != v.text {
				return &Problem{Code: PartyDisagrees, Where: fmt.Sprintf("members[%d].attributes.%s", player, a.Name), Detail: fmt.Sprintf("is %q, but the first member's is %q", v.text, first), Remedy: "send one value for the whole party"}
			}
		case LatencyKind:
			e.raiseLatency(m.regions, v)
		}
	}
	return nil
}

// raiseLatency raises the entry's latency of each region to that of one member.
func (e *Entry) raiseLatency(regions []string, v Value) {
	for r, region := range regions {
		ms, ok := v.latency[region]
		if !ok {
			ms = math.Inf(1)
		}
		e.floats[r] = max(e.floats[r], ms)
	}
}

// summarize computes the parts of an entry that describe the whole ticket.
func (m *Matcher) summarize(e *Entry) {
	for d, i := range m.distances {
		q := &m.rules.Rules[i]
		e.floats[len(m.regions)+2*d], e.floats[len(m.regions)+2*d+1] = m.extent(e, m.slot(m.numbers, q.Attribute), q.Party)
	}
	for o, i := range m.overlaps {
		slot := m.slot(m.sets, m.rules.Rules[i].Attribute)
		e.masks[o] = ^uint64(0)
		for p := range e.players {
			e.masks[o] &= m.set(e, p, slot)
		}
	}
	for a, i := range m.anyOfs {
		q := &m.rules.Rules[i]
		if !slices.Contains(q.Values, e.texts[m.slot(m.texts, q.Attribute)]) {
			e.broken |= 1 << a
		}
	}
}

// extent is the lowest and the highest number of a ticket in a Distance rule.
func (m *Matcher) extent(e *Entry, slot int, by PartyValue) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	sum := 0.0
	for p := range e.players {
		n := m.number(e, p, slot)
		low, high, sum = min(low, n), max(high, n), sum+n
	}
	switch by {
	case MeanMember:
		mean := sum / float64(e.size())
		return mean, mean
	case HighestMember:
		return high, high
	}
	return low, high
}

// ruleNeverMet finds a rule that the ticket by itself breaks at every age.
func (m *Matcher) ruleNeverMet(e *Entry) *Problem {
	settled := m.lastExpansion
	broken := func(i int, detail string) *Problem {
		return &Problem{Code: NeverMatches, Where: m.rules.Rules[i].Name, Detail: detail, Remedy: "waiting does not help: change the party, or use another queue"}
	}
	for d, i := range m.distances {
		q := &m.rules.Rules[i]
		if spread := e.high(d) - e.low(d); !q.dropped(settled) && spread > q.Max.Last() {
			return broken(i, fmt.Sprintf("the party's %s differs by %v, but a match allows at most %v", q.Attribute, spread, q.Max.Last()))
		}
	}
	for o, i := range m.overlaps {
		q := &m.rules.Rules[i]
		if n := bits.OnesCount64(e.masks[o]); !q.dropped(settled) && n < int(q.Min.Last()) {
			return broken(i, fmt.Sprintf("the members have %[2]d values of %[1]s in common, but a match needs at least %[3]v", q.Attribute, n, q.Min.Last()))
		}
	}
	for a, i := range m.anyOfs {
		q := &m.rules.Rules[i]
		if e.broken&(1<<a) != 0 && !q.dropped(settled) {
			return broken(i, fmt.Sprintf("%s is %q, but only %v are allowed", q.Attribute, e.texts[m.slot(m.texts, q.Attribute)], q.Values))
		}
	}
	if m.latencyRule >= 0 {
		q := &m.rules.Rules[m.latencyRule]
		if best := slices.Min(e.latency()); !q.dropped(settled) && best > q.Max.Last() {
			return broken(m.latencyRule, fmt.Sprintf("the nearest region is %v ms away, but at most %v ms are allowed", best, q.Max.Last()))
		}
	}
	return m.neverSeatable(e)
}

// neverSeatable finds a party that no team can ever take, by size or roles.
func (m *Matcher) neverSeatable(e *Entry) *Problem {
	l, f := m.emptyLineup, m.lastRules
	l.start(f, noRegion)
	rule := -1
	for s := range m.sides {
		if l.canSeat(e, s) {
			return nil
		}
		if e.size() <= f.most[s] {
			rule = m.roles[s]
		}
	}
	if rule < 0 {
		return &Problem{Code: PartyTooLarge, Where: "members", Detail: fmt.Sprintf("no team has room for a party of %d", e.size()), Remedy: "split the party"}
	}
	return &Problem{Code: NeverMatches, Where: m.rules.Rules[rule].Name, Detail: "no team has enough seats for the roles of the members", Remedy: "let members choose more roles"}
}
