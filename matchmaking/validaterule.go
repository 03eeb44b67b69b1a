package matchmaking

import (
	"fmt"
	"slices"
)

// kindOf is the attribute that a kind of rule reads; NoKind: none.
var kindOf = map[RuleKind]Kind{
	Distance: NumberKind, Balance: NumberKind, Equal: StringKind, AnyOf: StringKind,
	Overlap: SetKind, MaxLatency: LatencyKind, Parties: NoKind, Roles: SetKind, Numeric: NoKind,
}

func (r *Rules) checkRule(ps *Problems, where string, q *Rule) {
	wants, known := kindOf[q.Kind]
	if !known {
		ps.add(MissingField, where+".kind", "no kind", "write kind: distance, balance, equal, any_of, overlap, latency, parties, roles or formula")
		return
	}
	if wants != NoKind {
		a, ok := r.attribute(q.Attribute)
		switch {
		case !ok:
			ps.add(UnknownName, where+".attribute", fmt.Sprintf("attribute %q is not declared", clip(q.Attribute)), "declare it under attributes")
			return
		case a.Kind != wants:
			ps.add(BadValue, where+".attribute", fmt.Sprintf("attribute %q is a %v and kind %v needs a %v", a.Name, a.Kind, q.Kind, wants), "use another attribute")
			return
		}
		r.checkValues(ps, where, q, a)
	}
	if !finite(q.Priority) || q.Priority < 0 {
		ps.add(BadValue, where+".priority", fmt.Sprintf("%v is not a weight", q.Priority), "write a positive number; 1 is usual")
	}
	if q.Drop < 0 {
		ps.add(BadValue, where+".drop", fmt.Sprintf("%v is negative", q.Drop), "write an age such as 60s")
	}
	r.checkLimits(ps, where, q)
	if last := max(q.Max.Settled(), q.Min.Settled()); q.Drop > 0 && q.Drop <= last {
		ps.add(Contradiction, where+".drop", fmt.Sprintf("the rule is dropped at %v and still expands at %v", q.Drop, last), "drop it later, or remove the expansion")
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
		ps.add(Contradiction, where, fmt.Sprintf("%v compares teams, and there is one", q.Kind), "remove the rule, or add a team")
	}
	if q.Kind == MaxLatency && q.Max.Last() == 0 {
		ps.add(Contradiction, where+".max", "nobody is 0 ms away", "write a latency such as 80")
	}
}

func (r *Rules) checkFormula(ps *Problems, where string, q *Rule) {
	if q.Formula == nil {
		ps.add(MissingField, where+".formula", "no formula", "write one such as gap(\"skill\") / 100")
		return
	}
	if !q.Bounded.Min && !q.Bounded.Max {
		ps.add(MissingField, where, "the formula has no bound", "write min or max")
	}
	if q.Bounded.Max {
		checkLoosening(ps, where+".max", q.Max, 1)
	}
	if q.Bounded.Min {
		checkLoosening(ps, where+".min", q.Min, -1)
	}
	if q.Bounded.Min && q.Bounded.Max && q.Min.Last() > q.Max.Last() {
		ps.add(Contradiction, where, fmt.Sprintf("no number is at least %v and at most %v", q.Min.Last(), q.Max.Last()), "make min <= max")
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
		ps.add(BadValue, where, fmt.Sprintf("%v is not a number", low), "write another")
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
			ps.add(Contradiction, where+".values", "any of nothing: no ticket is allowed", "list the strings that are")
		}
		for _, v := range q.Values {
			if len(a.Values) > 0 && !slices.Contains(a.Values, v) {
				ps.add(Contradiction, where+".values", fmt.Sprintf("%q is allowed here, and attribute %q can't have it", clip(v), a.Name), "declare it there, or remove it here")
			}
		}
	case Overlap:
		if n := float64(len(a.Values)); q.Min.Last() > n {
			ps.add(Contradiction, where+".min", fmt.Sprintf("%v values in common are asked for, and attribute %q has %v", q.Min.Last(), a.Name, n), "ask for fewer")
		}
	case Roles:
		r.checkSeats(ps, where, q, a)
	}
}

func (r *Rules) checkSeats(ps *Problems, where string, q *Rule, a *Attribute) {
	if n := len(q.Seats); n == 0 || n > maxRoles {
		ps.add(BadValue, where+".seats", fmt.Sprintf("%d roles, 1 to %d are possible", n, maxRoles), "list each role with its count")
		return
	}
	sum := 0
	for i, s := range q.Seats {
		if !slices.Contains(a.Values, s.Role) {
			ps.add(UnknownName, where+".seats", fmt.Sprintf("role %q is not among the values of attribute %q", clip(s.Role), a.Name), "declare it there, or remove it here")
		}
		if s.Count < 1 || s.Count > maxPlayers {
			ps.add(BadValue, where+".seats", fmt.Sprintf("%d players of role %q", s.Count, clip(s.Role)), "write 1 or more")
			return
		}
		if slices.IndexFunc(q.Seats, func(o Seats) bool { return o.Role == s.Role }) != i {
			ps.add(NameTwice, where+".seats", fmt.Sprintf("role %q is there twice", s.Role), "add the counts")
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
			ps.add(Contradiction, where+".seats", fmt.Sprintf("team %q takes %v players and has roles for %d", t.Name, t.Max.Last(), sum), "add roles, or make the team smaller")
		}
	}
}

// of says whether a Roles rule is about a team.
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
		ps.add(Contradiction, where, fmt.Sprintf("rules %q and %q both bound the %v of a match", a.Name, b.Name, a.Kind), "keep one of them")
	case AnyOf:
		if a.Attribute == b.Attribute && !slices.ContainsFunc(a.Values, func(v string) bool { return slices.Contains(b.Values, v) }) {
			ps.add(Contradiction, where, fmt.Sprintf("rules %q and %q allow no value of %q in common", a.Name, b.Name, a.Attribute), "let them share a value")
		}
	case Roles:
		for _, t := range r.Teams {
			if a.of(t.Name) && b.of(t.Name) {
				ps.add(Contradiction, where, fmt.Sprintf("rules %q and %q both give team %q its roles", a.Name, b.Name, t.Name), "name different teams in them")
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
