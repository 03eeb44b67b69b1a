package matchmake

import "time"

// State is where a ticket stands.
type State string

// The states. The last three are final.
const (
	Queued    State = "queued"
	Proposed  State = "proposed" // a match is found; the players are asked
	Matched   State = "matched"
	Cancelled State = "cancelled"
	Expired   State = "expired"
)

// Ticket is what the server says of one.
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
	// longer it probably will, nil while nobody knows.
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

// Match is what a ticket got.
type Match struct {
	ID      string  `json:"id"`
	Game    string  `json:"game"`
	Region  string  `json:"region"` // empty if no rule asks for one
	Teams   []Team  `json:"teams"`
	Quality Quality `json:"quality"`
	Seats   []Seat  `json:"seats"` // the player's own
}

// Team is who plays together.
type Team struct {
	Name    string   `json:"name"`
	Players []Placed `json:"players"`
}

// Placed is a player's place in a team.
type Placed struct {
	Player string `json:"player"`
	Role   string `json:"role"` // empty if no rule gives roles
}

// Quality is how well a match's players suit each other.
type Quality struct {
	Spread  float64 `json:"spread"`  // highest − lowest of what the queue sorts by
	Gap     float64 `json:"gap"`     // of the teams' means
	Latency float64 `json:"latency"` // of the farthest player, in ms
}

// Seat is a player's place in a match, to be taken by connecting to URL with
// Token.
type Seat struct {
	Match   string    `json:"match"`
	Game    string    `json:"game"`
	URL     string    `json:"url"` // ws:// or wss://
	Player  string    `json:"player"`
	Team    string    `json:"team"`
	Role    string    `json:"role"`
	Token   string    `json:"token"`   // takes the seat once, then serves for coming back
	Expires time.Time `json:"expires"` // until when the seat can be taken
}
