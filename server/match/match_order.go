package match

import (
	"fmt"
	"time"

	"arbiter/game"
)

// How long a seat is held for somebody who has not come yet.
const (
	defaultHold = 30 * time.Second
	minHold     = time.Second
	maxHold     = 10 * time.Minute
)

// Unclaimed says what becomes of an ordered match whose seats are not all
// claimed in time.
type Unclaimed uint8

// The two ways.
const (
	GiveBack Unclaimed = iota // the seat is free again
	Dissolve                  // the match is called off
)

// Reservation is a seat kept for somebody.
type Reservation struct {
	Subject    string // as in their tokens; 1 to 128 bytes
	Name       string // what others see; empty: as their token says
	Team, Role string // at most 64 bytes each; may be empty
	Attributes game.Attributes
}

// Order says what match to begin, and for whom.
type Order struct {
	Game       string
	Parameters game.Attributes // for the rules
	Seats      []Reservation   // may be empty

	// Owner is the player whom the match counts for, see Config.MaxMatchesPerPlayer;
	// empty: nobody, as for the matches of back ends and of matchmaking.
	Owner string

	Private  bool // not listed; entered by a reservation, a code, or a token for this very match
	Closed   bool // entered by a reservation only
	Backfill bool // players are wanted for seats that are free
	Size     int  // seats there are; 0: as many as the game allows, or fewer

	Hold      time.Duration // how long Seats are kept, 1 s to 10 min, in whole seconds; 0: 30 s
	Unclaimed Unclaimed     // what becomes of the match if one of Seats is not claimed by then
}

// filled returns the order with its defaults, checked against its game.
func (o Order) filled(g *Game) (Order, error) {
	if o.Size == 0 {
		o.Size = g.config.MaxPlayers
	}
	if o.Size < 1 || o.Size > g.config.MaxPlayers {
		return o, &OrderError{"size", fmt.Sprintf("a match of %s has 1 to %d seats, not %d", g.name, g.config.MaxPlayers, o.Size)}
	}
	if o.Unclaimed > Dissolve {
		return o, &OrderError{"unclaimed", fmt.Sprintf("%d is neither GiveBack nor Dissolve", o.Unclaimed)}
	}
	var err error
	if o.Hold, err = holdOf(o.Hold); err != nil {
		return o, err
	}
	if err := checkSeats(o.Seats); err != nil {
		return o, err
	}
	setup := o.setup()
	if err := setup.Check(o.Size); err != nil {
		return o, &OrderError{"seats or parameters", err.Error()}
	}
	return o, nil
}

// anyMatch is the order of a match that begins because somebody plays and no
// other match has a free seat.
func anyMatch(g *Game, owner string) Order {
	return Order{Game: g.name, Size: g.config.MaxPlayers, Owner: owner}
}

func holdOf(hold time.Duration) (time.Duration, error) {
	if hold == 0 {
		hold = defaultHold
	}
	if hold < minHold || hold > maxHold {
		return 0, &OrderError{"hold", fmt.Sprintf("seats are kept for %v to %v, not %v", minHold, maxHold, hold)}
	}
	return hold, nil
}

// checkSeats refuses what only the whole list shows. What a token cannot say
// is refused when it is minted.
func checkSeats(seats []Reservation) error {
	seen := make(map[string]bool, len(seats))
	for i := range seats {
		if s := seats[i].Subject; seen[s] {
			return &OrderError{fmt.Sprintf("seats[%d]", i), fmt.Sprintf("player %q has a seat in this list already", s)}
		} else {
			seen[s] = true
		}
	}
	return nil
}

// setup is what the rules are told of the order.
func (o *Order) setup() game.Setup {
	s := game.Setup{Parameters: o.Parameters}
	for i := range o.Seats {
		s.Roster = append(s.Roster, o.Seats[i].player())
	}
	return s
}

// player is what the rules are told of somebody before they come.
func (r *Reservation) player() game.Player {
	return game.Player{Name: cutName(r.Name), Team: r.Team, Role: r.Role, Attributes: r.Attributes}
}
