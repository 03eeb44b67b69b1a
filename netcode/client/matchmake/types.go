package matchmake

import "time"

// State is the state of a ticket.
type State string

// The states. The last three are final.
const (
	Queued    State = "queued"
	Proposed  State = "proposed" // a match is found; its players are asked to accept
	Matched   State = "matched"
	Cancelled State = "cancelled"
	Expired   State = "expired"
)

// Ticket is a request for a match, as the server describes it.
type Ticket struct {
	ID      string   `json:"id"`
	Queue   string   `json:"queue"`
	Version uint64   `json:"version"` // grows with each change
	State   State    `json:"state"`
	Cause   string   `json:"cause"`  // what brought the state about, such as "found" or "declined"
	Player  string   `json:"player"` // who the cause is about; empty if nobody
	Players []string `json:"players"`
	Party   string   `json:"party"` // it was queued by; empty if by none
	// AgeSeconds is how long the ticket has waited; EstimateSeconds how much
	// longer it probably will, nil while that is unknown.
	AgeSeconds      float64   `json:"age_seconds"`
	EstimateSeconds *float64  `json:"estimate_seconds"`
	Proposal        *Proposal `json:"proposal"` // while it is Proposed
	Match           *Match    `json:"match"`    // once it is Matched
}

// Proposal is a match that its players have to agree to.
type Proposal struct {
	Accepted []string  `json:"accepted"` // who have agreed, of the ticket
	Players  int       `json:"players"`  // of the match
	Until    time.Time `json:"until"`    // by the server's clock
}

// Match is the match that a ticket led to.
type Match struct {
	ID      string  `json:"id"`
	Game    string  `json:"game"`
	Region  string  `json:"region"` // empty if no rule asks for one
	Teams   []Team  `json:"teams"`
	Quality Quality `json:"quality"`
	Seats   []Seat  `json:"seats"` // the player's own
}

// Team is the players who play together.
type Team struct {
	Name    string       `json:"name"`
	Players []TeamPlayer `json:"players"`
}

// TeamPlayer is a player of a team.
type TeamPlayer struct {
	Player string `json:"player"`
	Role   string `json:"role"` // empty if no rule gives roles
}

// Quality is how well a match's players suit each other.
type Quality struct {
	Spread  float64 `json:"spread"`  // highest − lowest of what the queue sorts by
	Gap     float64 `json:"gap"`     // of the teams' means
	Latency float64 `json:"latency"` // of the farthest player, in ms
}

// Seat is a player's right to play in a match: connect to URL with Token to use
// it.
type Seat struct {
	Match   string    `json:"match"`
	Game    string    `json:"game"`
	URL     string    `json:"url"` // ws:// or wss://
	Player  string    `json:"player"`
	Team    string    `json:"team"`
	Role    string    `json:"role"`
	Token   string    `json:"token"`   // admits the player once, and then to reconnect
	Expires time.Time `json:"expires"` // until when the first connection must come
}

// Explanation is why a ticket still waits.
type Explanation struct {
	// Reason is a stable name of what it waits for: next_pass (a match is found
	// and about to begin), players (fewer wait than a match needs), rule (one of
	// Blocking), rules_together (no single rule), pinned (for a free seat in a
	// certain match), answers (of players who are asked to accept).
	Reason     string      `json:"reason"`
	AgeSeconds float64     `json:"age_seconds"`
	Position   int         `json:"place"`      // in the queue, from 1
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
