package matchmaking

import (
	"fmt"
	"time"
)

// Rules are what makes a match, as data. Package matchmaking/rules reads them
// from YAML and JSON; [NewMatcher] checks them.
//
// Everything that loosens over time loosens with the age of a match's oldest
// ticket: the rules in force for a match are those at that age.
type Rules struct {
	Name       string         // of the queue
	Game       string         // which game is started
	Parameters map[string]any // given to the game as they are
	Attributes []Attribute
	Teams      []Team
	Rules      []Rule
	Acceptance Acceptance
	// Backfill lets tickets join open matches that they are not pinned to.
	Backfill bool
	// HeadStart is the most a ticket may be put ahead in the line. Zero: none.
	HeadStart time.Duration
	// GiveUp is the age at which a ticket expires. Zero: never.
	GiveUp time.Duration
	// Every is the time between passes that the driver should keep. Zero: 1 s.
	Every time.Duration
	// Hold is how long a matched player's seat waits for him. Zero: 30 s.
	Hold time.Duration
	// Unclaimed is what becomes of a match one of whose seats lapses.
	Unclaimed Unclaimed
}

// Unclaimed says what becomes of a match when a matched player does not come.
type Unclaimed uint8

// What may become of it.
const (
	UnclaimedDefault  Unclaimed = iota // give back with Backfill, else dissolve
	UnclaimedGiveBack                  // the seat is free again; the match goes on
	UnclaimedDissolve                  // the match ends; those who came keep their age
)

// Acceptance says whether players are asked before a match is made.
type Acceptance struct {
	Required bool
	Timeout  time.Duration // to answer; positive if Required
}

// Attribute declares what tickets carry. Undeclared attributes are refused.
type Attribute struct {
	Name string
	Kind Kind
	// Default is used for a ticket without it; its zero Value: required.
	Default Value
	// Min and Max bound a number, both inclusive. Both zero: unbounded.
	Min, Max float64
	// Values are the members of a set (at most 64), the regions of a latency
	// (at most 32), or, if any, the strings allowed.
	Values []string
}

// Team declares a team, or several alike.
type Team struct {
	Name string
	// Count makes so many teams, called "name 1", "name 2", …  Zero: one,
	// called by its name.
	Count int
	// Min and Max are the players of each; Min may shrink and Max may grow
	// with age. Both inclusive.
	Min, Max Bound
}

// Rule is one constraint.
type Rule struct {
	Name      string
	Kind      RuleKind
	Attribute string // of all kinds but Parties and Formula
	// Max of Distance, Balance, Latency, Parties and Formula; may grow.
	Max Bound
	// Min of Overlap and Formula; may shrink.
	Min Bound
	// Party is how a party counts in a Distance. Zero: each of its players.
	Party PartyValue
	// Values are those that AnyOf allows.
	Values []string
	// Seats are the roles of a Roles rule; the players of a team have at most
	// so many of each.
	Seats []Seats
	// Teams are whose roles these are, by declared name. Empty: all teams.
	Teams []string
	// Formula is evaluated for a whole match. With a Formula, Bounded says
	// which of Min and Max count.
	Formula Formula
	Bounded struct{ Min, Max bool }
	// Drop is the age from which the rule no longer holds. Zero: never.
	Drop time.Duration
	// Priority weighs the rule where one of several legal matches is chosen.
	// Zero: 1. Tickets are sought by the Distance of the highest priority.
	Priority float64
}

// Seats are how many players of a team may have a role.
type Seats struct {
	Role  string // a value of the rule's attribute
	Count int
}

// RuleKind is what a rule asks.
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
	Roles                          // each player gets one of his roles
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
	EachMember    PartyValue = iota // every member by himself
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

// defaultHold is how long seats wait if the rules don't say.
const defaultHold = 30 * time.Second

// Claim is how long a seat waits for its player, and whether the match ends
// if he does not come.
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

// MostPlayers are those of a full match when nothing loosens any more.
func (r *Rules) MostPlayers() int {
	n := 0
	for _, t := range r.Teams {
		n += max(1, t.Count) * int(t.Max.Last())
	}
	return n
}

// LongestWait bounds the wait of a ticket for which enough players are there:
// when nothing loosens any more, the next pass matches it, if a legal match
// remains once those ahead of it in the line have theirs. The package's
// documentation says on what it rests.
func (r *Rules) LongestWait() time.Duration { return r.Settled() + r.Interval() }

// Settled is the age from which nothing loosens any more.
func (r *Rules) Settled() time.Duration {
	var at time.Duration
	for _, t := range r.Teams {
		at = max(at, t.Min.Settled(), t.Max.Settled())
	}
	for _, q := range r.Rules {
		at = max(at, q.settled())
	}
	return at
}

func (q *Rule) settled() time.Duration {
	return max(q.Max.Settled(), q.Min.Settled(), q.Drop)
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
