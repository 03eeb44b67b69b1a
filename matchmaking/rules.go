package matchmaking

import (
	"fmt"
	"time"
)

// Rules are the rules of one queue, as data: the teams of a match and the
// constraints between its players. Package matchmaking/rules reads them from
// YAML and JSON; [NewMatcher] checks them.
//
// Whatever relaxes over time does so with the age of a match's oldest ticket:
// the effective rules of a match are those at that age.
type Rules struct {
	Name       string         // of the queue
	Game       string         // the game that is started
	Parameters map[string]any // passed to the game unchanged
	Attributes []Attribute
	Teams      []Team
	Rules      []Rule
	Acceptance Acceptance
	// Backfill allows tickets to join open matches that they are not pinned to.
	Backfill bool
	// HeadStart is the largest priority credit ([Ticket.HeadStart]) that a
	// ticket may have. Zero: none.
	HeadStart time.Duration
	// GiveUp is the age at which a ticket expires. Zero: never.
	GiveUp time.Duration
	// Every is the time between passes that the caller should keep. Zero: 1 s.
	Every time.Duration
	// Hold is how long a matched player's seat is reserved. Zero: 30 s.
	Hold time.Duration
	// Unclaimed is what happens to a match when a reserved seat is not taken
	// within Hold.
	Unclaimed Unclaimed
}

// Unclaimed says what happens to a match when a matched player does not come.
type Unclaimed uint8

// The possible outcomes.
const (
	UnclaimedDefault  Unclaimed = iota // UnclaimedGiveBack with Backfill, else UnclaimedDissolve
	UnclaimedGiveBack                  // the seat becomes free; the match goes on
	UnclaimedDissolve                  // the match ends; the players who came get their age credited
)

// Acceptance configures the accept check (ready check): whether players are
// asked before a match is made.
type Acceptance struct {
	Required bool
	Timeout  time.Duration // to answer; positive if Required
}

// Attribute declares a value that tickets carry. Undeclared ones are refused.
type Attribute struct {
	Name string
	Kind Kind
	// Default is used for a ticket without the attribute. The zero Value: none,
	// the attribute is required.
	Default Value
	// Min and Max bound a number, both inclusive. Both zero: unbounded.
	Min, Max float64
	// Values are the members of a set (at most 64), the regions of a latency
	// (at most 32), or, if any, the strings allowed.
	Values []string
}

// Team declares a team, or several of the same kind.
type Team struct {
	Name string
	// Count is the number of such teams, called "name 1", "name 2", …  Zero: one
	// team, called Name.
	Count int
	// Min and Max bound the players of each, inclusive; Min may shrink and Max
	// may grow with age.
	Min, Max Bound
}

// Rule is one constraint on a match.
type Rule struct {
	Name      string
	Kind      RuleKind
	Attribute string // of all kinds but Parties and Formula
	// Max is read by Distance, Balance, MaxLatency, Parties and Numeric; it may
	// grow with age.
	Max Bound
	// Min is read by Overlap and Numeric; it may shrink with age.
	Min Bound
	// Party is how a party counts in a Distance rule. Zero: each of its players.
	Party PartyValue
	// Values are the strings that AnyOf allows.
	Values []string
	// Seats are the roles of a Roles rule, with the most players of a team that
	// may have each.
	Seats []Seats
	// Teams are the declared names of the teams that a Roles rule applies to.
	// Empty: all teams.
	Teams []string
	// Formula is evaluated for a whole match by a Numeric rule; Bounded says
	// which of Min and Max apply to it.
	Formula Formula
	Bounded struct{ Min, Max bool }
	// Drop is the age from which the rule no longer applies. Zero: never.
	Drop time.Duration
	// Priority is the rule's weight where one of several legal matches is
	// chosen. Zero: 1. The Distance rule of the highest priority also decides
	// which candidates are the nearest.
	Priority float64
}

// Seats is how many players of a team may have a role.
type Seats struct {
	Role  string // a value of the rule's attribute
	Count int
}

// RuleKind is the kind of constraint that a rule is.
type RuleKind uint8

// The kinds of rules.
const (
	Distance   RuleKind = iota + 1 // highest − lowest number in the match <= Max
	Balance                        // highest − lowest of the teams' means <= Max
	Equal                          // all have the same string
	AnyOf                          // each string is among Values
	Overlap                        // the sets of all have >= Min values in common
	MaxLatency                     // some region is within Max ms of every player
	Parties                        // the teams' largest parties differ by <= Max
	Roles                          // each player gets one of their roles
	Numeric                        // Min <= Formula <= Max
)

var ruleKindNames = []string{"", "distance", "balance", "equal", "any_of", "overlap", "latency", "parties", "roles", "formula"}

func (k RuleKind) String() string { return ruleKindNames[k] }

// RuleKindOf is the reverse of String; 0 for an unknown name.
func RuleKindOf(name string) RuleKind {
	for k, n := range ruleKindNames {
		if k > 0 && n == name {
			return RuleKind(k)
		}
	}
	return 0
}

// PartyValue is how a party's members count in a Distance.
type PartyValue uint8

// The ways a party counts.
const (
	EachMember    PartyValue = iota // every member separately
	MeanMember                      // the mean of the members, once
	HighestMember                   // the highest member, once
)

var partyValueNames = []string{"each", "mean", "highest"}

func (p PartyValue) String() string { return partyValueNames[p] }

// PartyValueOf is the reverse of String.
func PartyValueOf(name string) (PartyValue, bool) {
	for p, n := range partyValueNames {
		if n == name {
			return PartyValue(p), true
		}
	}
	return 0, false
}

// defaultEvery is the time between passes if the rules don't say.
const defaultEvery = time.Second

// Interval is the time between passes: Every, or 1 s.
func (r *Rules) Interval() time.Duration {
	if r.Every > 0 {
		return r.Every
	}
	return defaultEvery
}

// defaultHold is how long seats are reserved if the rules don't say.
const defaultHold = 30 * time.Second

// Claim is how long a seat is reserved for its player, and whether the match
// ends if they do not come.
func (r *Rules) Claim() (hold time.Duration, dissolve bool) {
	hold = r.Hold
	if hold == 0 {
		hold = defaultHold
	}
	return hold, r.Unclaimed == UnclaimedDissolve || r.Unclaimed == UnclaimedDefault && !r.Backfill
}

// TeamNames are the names of a match's teams, in the order of Teams.
func (r *Rules) TeamNames() []string {
	var names []string
	for _, t := range r.Teams {
		if t.Count < 2 {
			names = append(names, t.Name)
			continue
		}
		for i := range t.Count {
			names = append(names, fmt.Sprintf("%s %d", t.Name, i+1))
		}
	}
	return names
}

// MostPlayers is the number of players of a full match after the last expansion.
func (r *Rules) MostPlayers() int {
	n := 0
	for _, t := range r.Teams {
		n += max(1, t.Count) * int(t.Max.Last())
	}
	return n
}

// LongestWait is the bound on the wait of a ticket for which enough compatible
// players wait: the last expansion and one pass. It holds if a legal match
// remains for the ticket after those of higher priority got theirs; see
// "Priority and fairness" in the documentation of the package.
func (r *Rules) LongestWait() time.Duration { return r.LastExpansion() + r.Interval() }

// LastExpansion is the age of the last expansion: no rule changes after it.
func (r *Rules) LastExpansion() time.Duration {
	var at time.Duration
	for _, t := range r.Teams {
		at = max(at, t.Min.LastExpansion(), t.Max.LastExpansion())
	}
	for _, q := range r.Rules {
		at = max(at, q.lastExpansion())
	}
	return at
}

func (q *Rule) lastExpansion() time.Duration {
	return max(q.Max.LastExpansion(), q.Min.LastExpansion(), q.Drop)
}

func (q *Rule) weight() float64 {
	if q.Priority > 0 {
		return q.Priority
	}
	return 1
}

// dropped says whether the rule no longer holds at an age.
func (q *Rule) dropped(age time.Duration) bool { return q.Drop > 0 && age >= q.Drop }

func (r *Rules) attribute(name string) (*Attribute, bool) {
	for i := range r.Attributes {
		if r.Attributes[i].Name == name {
			return &r.Attributes[i], true
		}
	}
	return nil, false
}
