package matchmaking

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Limits of rules and tickets.
const (
	maxText    = 64 // bytes of a name, an id or a string
	maxValues  = 64 // of a set
	maxRegions = 32
	maxRoles   = 8
	maxTeams   = 64
	maxPlayers = 1024 // of a match
	maxRules   = 32
	maxNumber  = 1e12 // beyond, sums of a match lose what rules compare
)

// Validate returns nil or [Problems]: everything that is wrong with the rules,
// each with its path.
func (r *Rules) Validate() error {
	var ps Problems
	if r.Name == "" || len(r.Name) > maxText {
		ps.add(MissingField, "name", fmt.Sprintf("the queue needs a name of 1 to %d bytes", maxText), "write name: such as ladder")
	}
	if r.Game == "" {
		ps.add(MissingField, "game", "no game is named", "write game: and the name of a game that the server hosts")
	}
	r.checkAttributes(&ps)
	r.checkTeams(&ps)
	if len(r.Rules) > maxRules {
		ps.add(BadValue, "rules", fmt.Sprintf("there are %d rules, but at most %d are allowed", len(r.Rules), maxRules), "combine some of them in a formula")
	}
	seen := map[string]int{}
	for i := range r.Rules {
		where := fmt.Sprintf("rules[%d]", i)
		r.checkName(&ps, where+".name", r.Rules[i].Name, seen, i)
		r.checkRule(&ps, where, &r.Rules[i])
	}
	r.checkTogether(&ps)
	r.checkTimes(&ps)
	return ps.err()
}

func (r *Rules) checkName(ps *Problems, where, name string, seen map[string]int, i int) {
	if name == "" || len(name) > maxText {
		ps.add(MissingField, where, fmt.Sprintf("%q is not a name of 1 to %d bytes", clip(name), maxText), "give it a name; players are shown it")
		return
	}
	if first, twice := seen[name]; twice {
		ps.add(NameTwice, where, fmt.Sprintf("%q is already the name of item %d", name, first), "rename one of the two")
		return
	}
	seen[name] = i
}

func (r *Rules) checkTimes(ps *Problems) {
	for _, t := range []struct {
		where string
		d     time.Duration
	}{{"head_start", r.HeadStart}, {"give_up", r.GiveUp}, {"every", r.Every}, {"hold", r.Hold}, {"acceptance.timeout", r.Acceptance.Timeout}} {
		if t.d < 0 {
			ps.add(BadValue, t.where, fmt.Sprintf("%v is negative", t.d), "write a time such as 30s")
		}
	}
	if r.Acceptance.Required && r.Acceptance.Timeout == 0 {
		ps.add(MissingField, "acceptance.timeout", "players are asked to accept, but there is no timeout", "write timeout: such as 15s")
	}
	if s := r.LastExpansion(); r.GiveUp > 0 && s >= r.GiveUp {
		ps.add(Contradiction, "give_up", fmt.Sprintf("tickets expire at %v, but the last expansion is at %v", r.GiveUp, s), "let tickets wait longer, or expand earlier")
	}
}

func (r *Rules) checkAttributes(ps *Problems) {
	seen := map[string]int{}
	latencies := 0
	for i, a := range r.Attributes {
		where := fmt.Sprintf("attributes[%d]", i)
		r.checkName(ps, where, a.Name, seen, i)
		switch a.Kind {
		case NumberKind:
			if !finite(a.Min) || !finite(a.Max) || a.Min > a.Max {
				ps.add(Contradiction, where, fmt.Sprintf("min %v and max %v are not a range", a.Min, a.Max), "make min <= max")
			}
		case SetKind, LatencyKind:
			most := maxValues
			if a.Kind == LatencyKind {
				most = maxRegions
				latencies++
			}
			if n := len(a.Values); n == 0 || n > most {
				ps.add(BadValue, where+".values", fmt.Sprintf("%d values are declared, but there must be 1 to %d", n, most), "list the values that tickets may have")
			}
		case StringKind:
		default:
			ps.add(MissingField, where+".type", "the attribute has no type", "write type: number, string, set or latency")
		}
		for j, v := range a.Values {
			if v == "" || len(v) > maxText || slices.Index(a.Values, v) != j {
				ps.add(BadValue, where+".values", fmt.Sprintf("%q is empty, longer than %d bytes or listed twice", clip(v), maxText), "remove it")
			}
		}
		if a.Default.kind != NoKind {
			if p := a.check(a.Default); p != nil {
				ps.add(BadValue, where+".default", p.Detail, p.Remedy)
			}
		}
	}
	if latencies > 1 {
		ps.add(Contradiction, "attributes", "there are two latencies, but a match has only one region", "keep one attribute of type latency")
	}
}

func (r *Rules) checkTeams(ps *Problems) {
	if len(r.Teams) == 0 {
		ps.add(MissingField, "teams", "there is no team", "declare at least one, with name and players")
	}
	seen := map[string]int{}
	teams, players := 0, 0
	for i, t := range r.Teams {
		where := fmt.Sprintf("teams[%d]", i)
		r.checkName(ps, where+".name", t.Name, seen, i)
		if t.Count < 0 {
			ps.add(BadValue, where+".count", fmt.Sprintf("%d is not a number of teams", t.Count), "write 1 or more")
			continue
		}
		checkBound(ps, where+".min", t.Min, -1, true)
		checkBound(ps, where+".max", t.Max, 1, true)
		if t.Min.From > t.Max.From {
			ps.add(Contradiction, where, fmt.Sprintf("the team needs %v players but has room for %v", t.Min.From, t.Max.From), "make min <= max")
		}
		if t.Max.Last() < 1 {
			ps.add(Contradiction, where+".max", "the team never has room for a player", "write 1 or more")
		}
		teams += max(1, t.Count)
		players += max(1, t.Count) * int(min(t.Max.Last(), maxPlayers+1))
		if teams > maxTeams || players > maxPlayers {
			ps.add(BadValue, "teams", fmt.Sprintf("a match has more than %d teams or %d players", maxTeams, maxPlayers), "make the match smaller")
			return
		}
	}
}

// checkBound checks the numbers of a bound, and that it only loosens with age:
// in direction 1 it may grow, in direction -1 shrink.
func checkBound(ps *Problems, where string, b Bound, direction float64, whole bool) {
	last, lastAt := b.From, time.Duration(-1)
	for at, v := range b.all {
		if !finite(v) || v < 0 || v > maxNumber || whole && v != float64(int64(v)) {
			ps.add(BadValue, where, fmt.Sprintf("%v is not a %snumber from 0 to %g", v, map[bool]string{true: "whole "}[whole], float64(maxNumber)), "write another number")
			return
		}
		if at <= lastAt {
			ps.add(Contradiction, where, fmt.Sprintf("the step at %v is listed after the one at %v", at, max(0, lastAt)), "order steps by age, the first after 0s")
			return
		}
		if (v-last)*direction < 0 {
			ps.add(Contradiction, where, fmt.Sprintf("changes from %v to %v, which is stricter", last, v), "make every step looser: a ticket must not lose a possible match by waiting")
			return
		}
		last, lastAt = v, at
	}
	if b.Over < 0 || b.After < 0 || b.Over > 0 && len(b.Steps) > 0 {
		ps.add(Contradiction, where, "has both steps and a linear expansion, or a negative time", "keep one of the two, with times of 0s or more")
	}
	if b.Over > 0 && whole {
		ps.add(BadValue, where, "a number of players can't expand linearly", "write steps")
	}
}

// clip shortens what errors quote.
func clip(s string) string {
	if len(s) > maxText {
		return strings.ToValidUTF8(s[:maxText], "") + "…"
	}
	return s
}

// kindOf is the attribute that a kind of rule reads; NoKind: none.
var kindOf = map[RuleKind]Kind{
	Distance: NumberKind, Balance: NumberKind, Equal: StringKind, AnyOf: StringKind,
	Overlap: SetKind, MaxLatency: LatencyKind, Parties: NoKind, Roles: SetKind, Numeric: NoKind,
}

func (r *Rules) checkRule(ps *Problems, where string, q *Rule) {
	wants, known := kindOf[q.Kind]
	if !known {
		ps.add(MissingField, where+".kind", "the rule has no kind", "write kind: distance, balance, equal, any_of, overlap, latency, parties, roles or formula")
		return
	}
	if wants != NoKind {
		a, ok := r.attribute(q.Attribute)
		switch {
		case !ok:
			ps.add(UnknownName, where+".attribute", fmt.Sprintf("attribute %q is not declared", clip(q.Attribute)), "declare it under attributes")
			return
		case a.Kind != wants:
			ps.add(BadValue, where+".attribute", fmt.Sprintf("attribute %q is a %v, but kind %v needs a %v", a.Name, a.Kind, q.Kind, wants), "use another attribute")
			return
		}
		r.checkValues(ps, where, q, a)
	}
	if !finite(q.Priority) || q.Priority < 0 {
		ps.add(BadValue, where+".priority", fmt.Sprintf("%v is not a weight", q.Priority), "write a positive number; the default is 1")
	}
	if q.Drop < 0 {
		ps.add(BadValue, where+".drop", fmt.Sprintf("%v is negative", q.Drop), "write an age such as 60s")
	}
	r.checkLimits(ps, where, q)
	if last := max(q.Max.LastExpansion(), q.Min.LastExpansion()); q.Drop > 0 && q.Drop <= last {
		ps.add(Contradiction, where+".drop", fmt.Sprintf("the rule is dropped at %v, but still expands at %v", q.Drop, last), "drop it later, or remove the expansion")
	}
}

func (r *Rules) checkLimits(ps *Problems, where string, q *Rule) {
	switch q.Kind {
	case Distance, Balance, MaxLatency, Parties:
		checkBound(ps, where+".max", q.Max, 1, q.Kind == Parties)
	case Overlap:
		checkBound(ps, where+".min", q.Min, -1, true)
	case Numeric:
		r.checkFormula(ps, where, q)
	}
	if (q.Kind == Balance || q.Kind == Parties) && r.teamCount() < 2 {
		ps.add(Contradiction, where, fmt.Sprintf("kind %v compares teams, but there is only one", q.Kind), "remove the rule, or add a team")
	}
	if q.Kind == MaxLatency && q.Max.Last() == 0 {
		ps.add(Contradiction, where+".max", "no player has a latency of 0 ms", "write a latency such as 80")
	}
}

func (r *Rules) checkFormula(ps *Problems, where string, q *Rule) {
	if q.Formula == nil {
		ps.add(MissingField, where+".formula", "the rule has no formula", "write one such as gap(\"skill\") / 100")
		return
	}
	if !q.Bounded.Min && !q.Bounded.Max {
		ps.add(MissingField, where, "the formula has neither min nor max", "write at least one of them")
	}
	if q.Bounded.Max {
		checkLoosening(ps, where+".max", q.Max, 1)
	}
	if q.Bounded.Min {
		checkLoosening(ps, where+".min", q.Min, -1)
	}
	if q.Bounded.Min && q.Bounded.Max && q.Min.Last() > q.Max.Last() {
		ps.add(Contradiction, where, fmt.Sprintf("no number is both at least %v and at most %v", q.Min.Last(), q.Max.Last()), "make min <= max")
	}
	if _, err := q.Formula.Value(SampleView(r)); err != nil {
		ps.add(BadValue, where+".formula", err.Error(), "correct the formula")
	}
}

// checkLoosening is checkBound for bounds that may be negative.
func checkLoosening(ps *Problems, where string, b Bound, direction float64) {
	low := b.From
	for _, v := range b.all {
		low = min(low, v)
	}
	if !finite(low) {
		ps.add(BadValue, where, fmt.Sprintf("%v is not a finite number", low), "write another number")
		return
	}
	shifted := Bound{From: b.From - low, To: b.To - low, After: b.After, Over: b.Over}
	for _, s := range b.Steps {
		shifted.Steps = append(shifted.Steps, Step{s.After, s.To - low})
	}
	checkBound(ps, where, shifted, direction, false)
}

func (r *Rules) checkValues(ps *Problems, where string, q *Rule, a *Attribute) {
	switch q.Kind {
	case AnyOf:
		if len(q.Values) == 0 {
			ps.add(Contradiction, where+".values", "no value is listed, so no ticket is allowed", "list the strings that are allowed")
		}
		for _, v := range q.Values {
			if len(a.Values) > 0 && !slices.Contains(a.Values, v) {
				ps.add(Contradiction, where+".values", fmt.Sprintf("%q is allowed here, but is not a value of attribute %q", clip(v), a.Name), "declare it there, or remove it here")
			}
		}
	case Overlap:
		if n := float64(len(a.Values)); q.Min.Last() > n {
			ps.add(Contradiction, where+".min", fmt.Sprintf("%v values in common are required, but attribute %q has only %v", q.Min.Last(), a.Name, n), "require fewer")
		}
	case Roles:
		r.checkSeats(ps, where, q, a)
	}
}

func (r *Rules) checkSeats(ps *Problems, where string, q *Rule, a *Attribute) {
	if n := len(q.Seats); n == 0 || n > maxRoles {
		ps.add(BadValue, where+".seats", fmt.Sprintf("there are %d roles, but there must be 1 to %d", n, maxRoles), "list each role with its count")
		return
	}
	sum := 0
	for i, s := range q.Seats {
		if !slices.Contains(a.Values, s.Role) {
			ps.add(UnknownName, where+".seats", fmt.Sprintf("role %q is not among the values of attribute %q", clip(s.Role), a.Name), "declare it there, or remove it here")
		}
		if s.Count < 1 || s.Count > maxPlayers {
			ps.add(BadValue, where+".seats", fmt.Sprintf("role %[2]q has %[1]d seats", s.Count, clip(s.Role)), fmt.Sprintf("write 1 to %d", maxPlayers))
			return
		}
		if slices.IndexFunc(q.Seats, func(o Seats) bool { return o.Role == s.Role }) != i {
			ps.add(NameTwice, where+".seats", fmt.Sprintf("role %q is listed twice", s.Role), "add the counts")
		}
		sum += s.Count
	}
	for _, name := range q.Teams {
		if !slices.ContainsFunc(r.Teams, func(t Team) bool { return t.Name == name }) {
			ps.add(UnknownName, where+".teams", fmt.Sprintf("there is no team %q", clip(name)), "use the declared name")
		}
	}
	for _, t := range r.Teams {
		if q.of(t.Name) && t.Max.Last() > float64(sum) {
			ps.add(Contradiction, where+".seats", fmt.Sprintf("team %q has room for %v players, but roles for %d", t.Name, t.Max.Last(), sum), "add roles, or make the team smaller")
		}
	}
}

// of reports whether a Roles rule applies to a team.
func (q *Rule) of(team string) bool { return len(q.Teams) == 0 || slices.Contains(q.Teams, team) }

// checkTogether finds rules that contradict each other.
func (r *Rules) checkTogether(ps *Problems) {
	for i := range r.Rules {
		for j := range r.Rules[:i] {
			r.checkPair(ps, fmt.Sprintf("rules[%d]", i), &r.Rules[j], &r.Rules[i])
		}
	}
}

func (r *Rules) checkPair(ps *Problems, where string, a, b *Rule) {
	if a.Kind != b.Kind {
		return
	}
	switch a.Kind {
	case MaxLatency, Parties:
		ps.add(Contradiction, where, fmt.Sprintf("rules %q and %q are both of kind %v, of which a match can have one", a.Name, b.Name, a.Kind), "keep one of them")
	case AnyOf:
		if a.Attribute == b.Attribute && !slices.ContainsFunc(a.Values, func(v string) bool { return slices.Contains(b.Values, v) }) {
			ps.add(Contradiction, where, fmt.Sprintf("rules %q and %q allow no value of %q in common", a.Name, b.Name, a.Attribute), "let them share a value")
		}
	case Roles:
		for _, t := range r.Teams {
			if a.of(t.Name) && b.of(t.Name) {
				ps.add(Contradiction, where, fmt.Sprintf("rules %q and %q both assign roles to team %q", a.Name, b.Name, t.Name), "name different teams in them")
			}
		}
	}
}

func (r *Rules) teamCount() int {
	n := 0
	for _, t := range r.Teams {
		n += max(1, t.Count)
	}
	return n
}
