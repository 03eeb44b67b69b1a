// Package matchmakingtest is for tests of the matcher: it checks rosters by a
// direct implementation of each rule, finds legal matches by brute force, and
// makes random rules and tickets. It shares no code with the matcher but its types.
package matchmakingtest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"arbiter/matchmaking"
)

// Match is a roster with its tickets, the input of [Check].
type Match struct {
	Rules  matchmaking.Rules
	Now    time.Duration
	Region string
	// Teams are the tickets of each team, by the names the matcher gives.
	Teams map[string][]matchmaking.Ticket
	// Roles are the players' roles; nil: Check looks for a possible assignment.
	Roles map[string]string
	// Joining are the tickets that join an open match; nil: it is a new match.
	Joining map[matchmaking.TicketID]bool
}

// slack is the rounding error by which sums of different order may differ.
const slack = 1e-6

// Check returns what is wrong with a match; nil is legal.
func Check(m Match) error {
	age := m.age()
	var errs []error
	errs = append(errs, m.checkTeams(age))
	for i := range m.Rules.Rules {
		q := &m.Rules.Rules[i]
		if q.Drop > 0 && age >= q.Drop {
			continue
		}
		if err := m.checkRule(q, age); err != nil {
			errs = append(errs, fmt.Errorf("rule %q at age %v: %w", q.Name, age, err))
		}
	}
	return errors.Join(errs...)
}

// age is the age of the oldest ticket of a roster.
func (m Match) age() time.Duration {
	var age time.Duration
	for _, t := range m.tickets() {
		if m.Joining == nil || m.Joining[t.ID] {
			age = max(age, m.Now-t.Created)
		}
	}
	return age
}

func (m Match) tickets() []matchmaking.Ticket {
	var all []matchmaking.Ticket
	for _, name := range TeamNames(m.Rules) {
		all = append(all, m.Teams[name]...)
	}
	return all
}

// before is the open match without the tickets that join.
func (m Match) before() Match {
	b := m
	b.Teams = map[string][]matchmaking.Ticket{}
	for name, ts := range m.Teams {
		for _, t := range ts {
			if !m.Joining[t.ID] {
				b.Teams[name] = append(b.Teams[name], t)
			}
		}
	}
	return b
}

// TeamNames are the names of all teams of a match.
func TeamNames(r matchmaking.Rules) []string {
	var names []string
	for _, t := range r.Teams {
		if t.Count < 2 {
			names = append(names, t.Name)
			continue
		}
		for i := 1; i <= t.Count; i++ {
			names = append(names, fmt.Sprintf("%s %d", t.Name, i))
		}
	}
	return names
}

// declared is the team's declaration for each name.
func declared(r matchmaking.Rules) map[string]matchmaking.Team {
	out := map[string]matchmaking.Team{}
	names := TeamNames(r)
	for _, t := range r.Teams {
		for range max(1, t.Count) {
			out[names[0]], names = t, names[1:]
		}
	}
	return out
}

func players(ts []matchmaking.Ticket) int {
	n := 0
	for _, t := range ts {
		n += len(t.Members)
	}
	return n
}

func (m Match) checkTeams(age time.Duration) error {
	seen := map[string]bool{}
	for _, t := range m.tickets() {
		for _, p := range t.Members {
			if seen[p.Player] {
				return fmt.Errorf("player %q is in the match twice", p.Player)
			}
			seen[p.Player] = true
		}
	}
	if len(seen) == 0 {
		return errors.New("nobody plays")
	}
	for name, team := range declared(m.Rules) {
		n := players(m.Teams[name])
		if least := int(team.Min.At(age)); n < least && m.Joining == nil {
			return fmt.Errorf("team %q has %d players, at least %d", name, n, least)
		}
		if most := int(team.Max.At(age)); n > most && m.joined(name) {
			return fmt.Errorf("team %q has %d players, at most %d", name, n, most)
		}
	}
	return nil
}

// value is a member's value: their own, else the ticket's, else the default.
func (m Match) value(t matchmaking.Ticket, member int, name string) matchmaking.Value {
	if v, ok := t.Members[member].Attributes[name]; ok {
		return v
	}
	if v, ok := t.Attributes[name]; ok {
		return v
	}
	for _, a := range m.Rules.Attributes {
		if a.Name == name {
			return a.Default
		}
	}
	return matchmaking.Value{}
}

// spread is highest − lowest of a Distance rule.
func (m Match) spread(q *matchmaking.Rule) float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, t := range m.tickets() {
		sum, most := 0.0, math.Inf(-1)
		for i := range t.Members {
			n := m.value(t, i, q.Attribute).Number()
			sum, most = sum+n, max(most, n)
			if q.Party == matchmaking.EachMember {
				lo, hi = min(lo, n), max(hi, n)
			}
		}
		switch q.Party {
		case matchmaking.MeanMember:
			mean := sum / float64(len(t.Members))
			lo, hi = min(lo, mean), max(hi, mean)
		case matchmaking.HighestMember:
			lo, hi = min(lo, most), max(hi, most)
		}
	}
	return max(0, hi-lo)
}

// gap is highest − lowest of the teams' means.
func (m Match) gap(attribute string) float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, ts := range m.Teams {
		sum := 0.0
		for _, t := range ts {
			for i := range t.Members {
				sum += m.value(t, i, attribute).Number()
			}
		}
		if n := players(ts); n > 0 {
			lo, hi = min(lo, sum/float64(n)), max(hi, sum/float64(n))
		}
	}
	return max(0, hi-lo)
}

// partyGap is the difference of the teams' largest parties.
func (m Match) partyGap() float64 {
	lo, hi := math.Inf(1), 0.0
	for _, ts := range m.Teams {
		most := 0
		for _, t := range ts {
			most = max(most, len(t.Members))
		}
		if most > 0 {
			lo, hi = min(lo, float64(most)), max(hi, float64(most))
		}
	}
	return max(0, hi-lo)
}

// common counts the values that all players have.
func (m Match) common(attribute string) int {
	counts := map[string]int{}
	n := 0
	for _, t := range m.tickets() {
		for i := range t.Members {
			n++
			set := m.value(t, i, attribute).Set()
			slices.Sort(set)
			for _, v := range slices.Compact(set) {
				counts[v]++
			}
		}
	}
	all := 0
	for _, c := range counts {
		if c == n {
			all++
		}
	}
	return all
}
