package service

import (
	"errors"
	"net/http"
	"time"

	"arbiter/matchmaking"
	"arbiter/server/httpapi"
)

// Host runs the matches. Its methods are called by the queue workers, which wait
// for them: they must be quick, and safe for concurrent use.
//
// After an error that wraps [ErrNoRoom] the tickets wait again and keep their
// age; any other error cancels them.
type Host interface {
	// Begin begins a match with a seat reserved for each player.
	Begin(o MatchRequest) (Placement, error)
	// Join reserves seats in a match that runs.
	Join(match string, o MatchRequest) (Placement, error)
	// Release frees a reserved seat that its player has not taken.
	Release(match, player string)
	// Open returns the running matches of a game, including full ones.
	Open(game string) []OpenMatch
}

// ErrNoRoom is returned by a Host that has no room now but may have later.
var ErrNoRoom = errors.New("service: the host has no room now: ask again later")

// MatchRequest describes the seats that the host is asked for.
type MatchRequest struct {
	Game       string
	Parameters map[string]any // of the rules
	Region     string         // "" if no rule asks for one
	Seats      []Seat
	Size       int           // the most players that the match may ever have
	Backfill   bool          // of the rules: the match may ask for more players later
	Hold       time.Duration // how long each seat is reserved
	Dissolve   bool          // end the match if a player does not come within Hold
}

// Seat is one player's place in a team.
type Seat struct {
	Player, Name, Team, Role string
	Attributes               matchmaking.Attributes
	// Granted: matchmaking chose the match for the player, or a service did. Otherwise
	// the player named it, and Join has to check whether they may come into it.
	Granted bool
}

// Placement is what the host answers: the seats in any order.
type Placement struct {
	Match string
	Seats []httpapi.SeatGrant
}

// OpenMatch is a running match that tickets may join.
type OpenMatch struct {
	ID string
	// Wanted is how many players the match asks for (backfill), Free how many
	// seats are free. A ticket that names the match may have any free seat.
	Wanted, Free int
	// InvitedOnly: the match is private, or takes only those whom others choose. The
	// tickets of players may not name it unless they are in Seated.
	InvitedOnly bool
	Seated      []Seat // players in the match or with a reserved seat; attributes are not needed
}

// MatchUpdate reports what became of a match that was begun for a queue.
type MatchUpdate struct {
	Match string
	// Dissolved: the match ended because the players Absent did not come.
	Dissolved bool
	// Absent are the players who did not take their seats in time.
	Absent []string
	// Ended: the match is over, for whatever reason.
	Ended bool
}

// Identity is who makes a request.
type Identity struct {
	Player  string // 1 to 64 bytes; of a service its name
	Name    string // what others see, at most 64 bytes
	Service bool   // may act for any player
	// Reach maps the URL of a seat to the one by which this client reaches the
	// host. Nil: no change.
	Reach func(url string) string
}

// Authenticator identifies who makes a request. An error that is a *[httpapi.Problem]
// is answered as it is, any other as token_invalid.
type Authenticator func(r *http.Request) (Identity, error)
