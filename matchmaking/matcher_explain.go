package matchmaking

import (
	"math"
	"time"
)

// Reason is why a ticket waits. Its values are stable names of the API.
type Reason string

// The reasons of a wait.
const (
	WaitsForPass    Reason = "next_pass"      // a match is possible and will be made by the next pass
	WaitsForPlayers Reason = "players"        // fewer players wait than a match needs
	WaitsForRule    Reason = "rule"           // without any one of Blocking there would be a match
	WaitsForRules   Reason = "rules_together" // several rules block it together, none of them alone
	WaitsForMatch   Reason = "pinned"         // the match it is pinned to has no room
	WaitsForAnswers Reason = "answers"        // a match is proposed, and players have yet to accept
)

// Explanation tells a ticket's players why they wait.
type Explanation struct {
	Ticket   TicketID      `json:"ticket"`
	Reason   Reason        `json:"reason"`
	Age      time.Duration `json:"age_ns"`
	Position int           `json:"place"`   // in the queue, from 1
	Waiting  int           `json:"waiting"` // players, this ticket's included
	Needed   int           `json:"needed"`  // players of a match at this age
	// Candidates is the number of compatible players: those of other tickets
	// that could be in one match with this one. Blocking are the names of the
	// rules without any one of which it would have a match.
	Candidates int         `json:"candidates"`
	Blocking   []string    `json:"blocking,omitempty"`
	Rules      []RuleState `json:"rules"`
	// Next is the next expansion of a rule; nil when none comes any more.
	Next *Expansion `json:"next,omitempty"`
	// LastExpansion is the age of the last expansion.
	LastExpansion time.Duration `json:"settled_ns"`
}

// RuleState is one rule as it applies to a ticket at its age.
type RuleState struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Dropped bool   `json:"dropped,omitempty"`
	// Bound is the effective bound: Max, or Min of an overlap.
	Bound float64 `json:"bound"`
	// Passing is the number of tickets that satisfy this rule together with the
	// ticket; Alone is the number of those that fail this rule only. Rules about
	// whole teams (Pairwise false) can't be checked for two tickets, and count
	// all.
	Pairwise bool       `json:"pairwise"`
	Passing  int        `json:"passing"`
	Alone    int        `json:"failing_this_alone"`
	Next     *Expansion `json:"next,omitempty"`
}

// Expansion is a rule relaxation to come: what changes, and when.
type Expansion struct {
	Rule string        `json:"rule"`
	In   time.Duration `json:"in_ns"` // from now
	To   float64       `json:"to"`
	Drop bool          `json:"drop,omitempty"` // the rule no longer applies; To is 0
}

// Explain says why a ticket waits among others; waiting includes it. It costs
// about as much as a pass.
func (m *Matcher) Explain(now time.Duration, e *Entry, waiting []*Entry) Explanation {
	x := m.explainer()
	w := &x.work
	w.begin(now, waiting)
	age := w.age(e)
	out := Explanation{Ticket: e.id, Age: age, Position: int(e.at) + 1, LastExpansion: m.lastExpansion}
	for _, o := range w.waiting {
		out.Waiting += o.size()
	}
	full := x.effectiveRules(age, nil)
	out.Needed = full.needed
	out.Rules = x.states(e, age, &out.Candidates)
	out.Next = x.nextOf(age, out.Rules)
	if e.match != "" {
		out.Reason = WaitsForMatch
		return out
	}
	w.removePinned()
	w.buildIndex(x)
	out.Reason, out.Blocking = x.reason(e, age, out)
	return out
}

// explainer returns a matcher of the same rules whose search index holds every
// ticket in every region, so that it can also search without some of the rules.
func (m *Matcher) explainer() *Matcher {
	if m.explaining == nil {
		x := *m
		x.work = work{}
		x.partitionRules, x.regionless, x.maxLatency = nil, true, math.Inf(1)
		x.work.init(&x)
		m.explaining = &x
	}
	return m.explaining
}

func (m *Matcher) reason(e *Entry, age time.Duration, out Explanation) (Reason, []string) {
	if m.possible(e, m.effectiveRules(age, nil)) {
		return WaitsForPass, nil
	}
	if out.Waiting < out.Needed {
		return WaitsForPlayers, nil
	}
	var blocking []string
	for i := range m.rules.Rules {
		q := &m.rules.Rules[i]
		if !q.dropped(age) && m.possible(e, m.effectiveRules(age, func(rule int) bool { return rule == i })) {
			blocking = append(blocking, q.Name)
		}
	}
	if len(blocking) == 0 {
		return WaitsForRules, nil
	}
	return WaitsForRule, blocking
}

// possible reports whether the ticket has a match under these rules.
func (m *Matcher) possible(e *Entry, rules *effectiveRules) bool {
	for _, region := range m.regionsFor(e, rules) {
		m.work.budget.left = stepsEach
		if m.fillGreedily(e, rules, region, 1) || m.search(e, rules, region) {
			return true
		}
	}
	return false
}

// states checks each rule for each pair of the ticket and another one.
func (m *Matcher) states(e *Entry, age time.Duration, candidates *int) []RuleState {
	out := make([]RuleState, len(m.rules.Rules))
	alone := make([]*effectiveRules, len(out))
	for i := range out {
		q := &m.rules.Rules[i]
		out[i] = RuleState{Name: q.Name, Kind: q.Kind.String(), Dropped: q.dropped(age), Bound: q.Max.At(age)}
		if q.Kind == Overlap {
			out[i].Bound = q.Min.At(age)
		}
		out[i].Pairwise = q.Kind != Balance && q.Kind != Numeric && q.Kind != Parties && q.Kind != Roles
		out[i].Next = q.next(age)
		alone[i] = m.effectiveRules(age, func(rule int) bool { return rule != i })
	}
	for _, c := range m.work.waiting {
		if c == e || c.match != "" {
			continue
		}
		fails, failed := 0, 0
		for i := range out {
			if out[i].Pairwise && !m.together(e, c, alone[i]) {
				fails, failed = fails+1, i
				continue
			}
			out[i].Passing++
		}
		switch fails {
		case 0:
			*candidates += c.size()
		case 1:
			out[failed].Alone++
		}
	}
	return out
}

// together reports whether two tickets may be in one match.
func (m *Matcher) together(e, c *Entry, rules *effectiveRules) bool {
	l := m.work.lineup
	for _, region := range m.regionsFor(e, rules) {
		l.start(rules, region)
		if !l.fits(e) {
			continue
		}
		l.add(e, 0)
		if l.fits(c) {
			return true
		}
	}
	return false
}

// next is the rule's next expansion; nil: none.
func (q *Rule) next(age time.Duration) *Expansion {
	b := q.Max
	if q.Kind == Overlap || q.Kind == Numeric && !q.Bounded.Max {
		b = q.Min
	}
	if at, to, ok := b.Next(age); ok {
		return &Expansion{Rule: q.Name, In: at - age, To: to}
	}
	if q.Drop > age {
		return &Expansion{Rule: q.Name, In: q.Drop - age, Drop: true}
	}
	return nil
}

// nextOf is the soonest of the rules' and the teams' expansions.
func (m *Matcher) nextOf(age time.Duration, states []RuleState) *Expansion {
	var soonest *Expansion
	take := func(x *Expansion) {
		if x != nil && (soonest == nil || x.In < soonest.In) {
			soonest = x
		}
	}
	for _, s := range states {
		take(s.Next)
	}
	for _, t := range m.rules.Teams {
		if at, to, ok := t.Min.Next(age); ok {
			take(&Expansion{Rule: "minimum size of team " + t.Name, In: at - age, To: to})
		}
		if at, to, ok := t.Max.Next(age); ok {
			take(&Expansion{Rule: "maximum size of team " + t.Name, In: at - age, To: to})
		}
	}
	return soonest
}
