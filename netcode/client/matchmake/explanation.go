package matchmake

// Explanation is why a ticket still waits.
type Explanation struct {
	// Reason is a stable name: next_pass (a match is there), players (fewer
	// wait than a match needs), rule (one of Blocking), rules_together, pinned
	// (for room in a certain match), answers (of players who are asked).
	Reason     string      `json:"reason"`
	AgeSeconds float64     `json:"age_seconds"`
	Place      int         `json:"place"`      // in the line, from 1
	Waiting    int         `json:"waiting"`    // players, this ticket's included
	Needed     int         `json:"needed"`     // players of a match, at this age
	Candidates int         `json:"candidates"` // players who could be in a match with this ticket
	Blocking   []string    `json:"blocking"`   // rules without which there would be a match
	Rules      []RuleState `json:"rules"`
	Next       *Expansion  `json:"next"` // nil when nothing loosens any more
}

// RuleState is one rule as it stands for a ticket.
type RuleState struct {
	Name     string     `json:"name"`
	Kind     string     `json:"kind"`
	Dropped  bool       `json:"dropped"`
	Bound    float64    `json:"bound"`   // in force
	Passing  int        `json:"passing"` // tickets that satisfy it together with this one
	Pairwise bool       `json:"pairwise"`
	Alone    int        `json:"failing_this_alone"`
	Next     *Expansion `json:"next"`
}

// Expansion is what changes at an age.
type Expansion struct {
	Rule      string  `json:"rule"`
	InSeconds float64 `json:"in_seconds"` // from now
	To        float64 `json:"to"`
	Drop      bool    `json:"drop"` // the rule holds no longer
}
