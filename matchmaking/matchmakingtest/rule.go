package matchmakingtest

import (
	"fmt"
	"math"
	"slices"
	"time"

	"arbiter/matchmaking"
)

// checkRule checks one effective rule. An open match may be beyond it already;
// tickets that join must not make it worse.
func (m Match) checkRule(q *matchmaking.Rule, age time.Duration) error {
	most, least := q.Max.At(age), q.Min.At(age)
	was := func(of func(Match) float64) float64 {
		if m.Joining == nil || players(m.before().tickets()) == 0 {
			return math.Inf(-1)
		}
		return of(m.before())
	}
	within := func(of func(Match) float64) error {
		if x := of(m); x > max(most, was(of))+slack {
			return fmt.Errorf("%v, at most %v", x, most)
		}
		return nil
	}
	switch q.Kind {
	case matchmaking.Distance:
		return within(func(m Match) float64 { return m.spread(q) })
	case matchmaking.Balance:
		return within(func(m Match) float64 { return m.gap(q.Attribute) })
	case matchmaking.Parties:
		return within(Match.partyGap)
	case matchmaking.Overlap:
		if n := float64(m.common(q.Attribute)); n < least && n < -was(func(m Match) float64 { return -float64(m.common(q.Attribute)) }) {
			return fmt.Errorf("%v in common, at least %v", n, least)
		}
	case matchmaking.Equal:
		return m.checkEqual(q.Attribute)
	case matchmaking.AnyOf:
		for _, t := range m.coming() {
			if s := m.value(t, 0, q.Attribute).Text(); !slices.Contains(q.Values, s) {
				return fmt.Errorf("ticket %q has %q", t.ID, s)
			}
		}
	case matchmaking.MaxLatency:
		return m.checkReach(q.Attribute, most)
	case matchmaking.Roles:
		return m.checkRoles(q)
	case matchmaking.Numeric:
		x, err := q.Formula.Value(m.view(age))
		if err != nil {
			return err
		}
		if q.Bounded.Max && x > most+slack || q.Bounded.Min && x < least-slack {
			return fmt.Errorf("the formula is %v", x)
		}
	}
	return nil
}

// coming are the tickets of a roster.
func (m Match) coming() []matchmaking.Ticket {
	if m.Joining == nil {
		return m.tickets()
	}
	return slices.DeleteFunc(m.tickets(), func(t matchmaking.Ticket) bool { return !m.Joining[t.ID] })
}

func (m Match) checkEqual(attribute string) error {
	first := ""
	for i, t := range m.tickets() {
		for j := range t.Members {
			s := m.value(t, j, attribute).Text()
			if i+j == 0 {
				first = s
			}
			if s != first {
				return fmt.Errorf("%q and %q", first, s)
			}
		}
	}
	return nil
}

func (m Match) checkReach(attribute string, most float64) error {
	for _, t := range m.coming() {
		for i, member := range t.Members {
			if ms, ok := m.value(t, i, attribute).Latency(m.Region); !ok || ms > most {
				return fmt.Errorf("player %q is %v ms from region %q (known: %v), at most %v", member.Player, ms, m.Region, ok, most)
			}
		}
	}
	return nil
}

// checkRoles checks the assigned roles, or whether an assignment is possible.
func (m Match) checkRoles(q *matchmaking.Rule) error {
	for name, team := range declared(m.Rules) {
		if len(q.Teams) > 0 && !slices.Contains(q.Teams, team.Name) || !m.joined(name) {
			continue
		}
		left := map[string]int{}
		for _, s := range q.Seats {
			left[s.Role] = s.Count
		}
		var wants [][]string
		for _, t := range m.Teams[name] {
			for i, member := range t.Members {
				set := m.value(t, i, q.Attribute).Set()
				if m.Roles == nil {
					wants = append(wants, set)
					continue
				}
				role := m.Roles[member.Player]
				if left[role]--; left[role] < 0 || !slices.Contains(set, role) {
					return fmt.Errorf("team %q: player %q with %v plays %q, of which there are too many or none", name, member.Player, set, role)
				}
			}
		}
		if m.Roles == nil && !assign(wants, left) {
			return fmt.Errorf("team %q: no way to give roles to %v", name, wants)
		}
	}
	return nil
}

// joined reports whether a roster adds players to a team.
func (m Match) joined(team string) bool {
	return m.Joining == nil || slices.ContainsFunc(m.Teams[team], func(t matchmaking.Ticket) bool { return m.Joining[t.ID] })
}

// assign looks for an assignment of roles by brute force.
func assign(wants [][]string, left map[string]int) bool {
	if len(wants) == 0 {
		return true
	}
	for _, role := range wants[0] {
		if left[role] == 0 {
			continue
		}
		left[role]--
		ok := assign(wants[1:], left)
		left[role]++
		if ok {
			return true
		}
	}
	return false
}

// view converts the match for formulas.
func (m Match) view(age time.Duration) *matchmaking.View {
	v := &matchmaking.View{Age: age.Seconds()}
	for _, a := range m.Rules.Attributes {
		if a.Kind == matchmaking.NumberKind {
			v.Names = append(v.Names, a.Name)
		}
		if a.Kind != matchmaking.LatencyKind {
			continue
		}
		for _, t := range m.tickets() {
			for i := range t.Members {
				if ms, ok := m.value(t, i, a.Name).Latency(m.Region); ok {
					v.Latency = max(v.Latency, ms)
				}
			}
		}
	}
	v.Numbers = make([][]float64, len(v.Names))
	for _, name := range TeamNames(m.Rules) {
		team := matchmaking.TeamView{Name: name, Means: make([]float64, len(v.Names))}
		for _, t := range m.Teams[name] {
			team.Players += len(t.Members)
			team.Largest = max(team.Largest, len(t.Members))
			if len(t.Members) > 1 {
				v.Parties++
			}
			for i := range t.Members {
				for n, a := range v.Names {
					x := m.value(t, i, a).Number()
					v.Numbers[n] = append(v.Numbers[n], x)
					team.Means[n] += x
				}
			}
		}
		for n := range team.Means {
			team.Means[n] /= float64(max(1, team.Players))
		}
		v.Players += team.Players
		v.Teams = append(v.Teams, team)
	}
	return v
}
