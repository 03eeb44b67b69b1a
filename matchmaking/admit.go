package matchmaking

import (
	"fmt"
	"math"
	"slices"
)

// Admit checks a ticket and makes it ready for passes. Its error is a
// [*Problem]: what is wrong with the ticket, or which rule it breaks by itself
// at every age, so that it would wait for ever.
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
		return &Problem{Code: BadTicketID, Where: "id", Detail: fmt.Sprintf("%q is no id of 1 to %d bytes", clip(string(t.ID)), maxText), Remedy: "choose another"}
	}
	if len(t.Members) == 0 {
		return &Problem{Code: NoMembers, Where: "members", Detail: "a ticket without players", Remedy: "name one or more"}
	}
	largest := 0
	for _, team := range m.rules.Teams {
		largest = max(largest, int(team.Max.Last()))
	}
	if len(t.Members) > largest {
		return &Problem{Code: PartyTooLarge, Where: "members", Detail: fmt.Sprintf("a party of %d, and no team takes more than %d", len(t.Members), largest), Remedy: "split the party, or use another queue"}
	}
	for i, member := range t.Members {
		where := fmt.Sprintf("members[%d].player", i)
		if member.Player == "" || len(member.Player) > maxText {
			return &Problem{Code: BadPlayer, Where: where, Detail: fmt.Sprintf("%q is no player of 1 to %d bytes", clip(member.Player), maxText), Remedy: "name the player"}
		}
		if slices.ContainsFunc(t.Members[:i], func(o Member) bool { return o.Player == member.Player }) {
			return &Problem{Code: PlayerTwice, Where: where, Detail: fmt.Sprintf("player %q is in the ticket twice", member.Player), Remedy: "name each player once"}
		}
	}
	if t.HeadStart < 0 || t.HeadStart > m.rules.HeadStart {
		return &Problem{Code: HeadStartTooLong, Where: "head_start", Detail: fmt.Sprintf("%v, and the rules allow %v", t.HeadStart, m.rules.HeadStart), Remedy: "shorten it"}
	}
	return m.checkNames(t)
}

func (m *Matcher) checkNames(t Ticket) *Problem {
	check := func(where string, attrs Attributes) *Problem {
		var worst *Problem
		for name, v := range attrs {
			p := &Problem{Code: UnknownAttribute, Detail: "the rules declare no attribute of this name", Remedy: "remove it"}
			if a, ok := m.rules.attribute(name); ok {
				p = a.check(v)
			}
			if p != nil {
				p.Where = where + "attributes." + clip(name)
				if worst == nil || p.Where < worst.Where {
					worst = p // maps have no order, answers do
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

// readMember reads one member's attributes.
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
			return &Problem{Code: MissingAttribute, Where: fmt.Sprintf("members[%d].attributes.%s", player, a.Name), Detail: "required, and has no default", Remedy: "send a " + a.Kind.String()}
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
				return &Problem{Code: PartyDisagrees, Where: fmt.Sprintf("members[%d].attributes.%s", player, a.Name), Detail: fmt.Sprintf("%q, and the first member has %q", v.text, first), Remedy: "send one for the whole party"}
			}
		case LatencyKind:
			e.raiseLatency(m.regions, v)
		}
	}
	return nil
}

// raiseLatency keeps the farthest member's latency for each region.
func (e *Entry) raiseLatency(regions []string, v Value) {
	for r, region := range regions {
		ms, ok := v.latency[region]
		if !ok {
			ms = math.Inf(1)
		}
		e.floats[r] = max(e.floats[r], ms)
	}
}
