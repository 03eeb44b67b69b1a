package matchmaking

import (
	"math"
	"math/bits"
	"slices"
	"time"
)

// Roster is a match to be made, or players to join an open one (backfill).
type Roster struct {
	Match   string // the open match joined; "" is a new one
	Region  string // "" if no rule asks for one
	Teams   []RosterTeam
	Tickets []TicketID // the one with the highest priority first
	Age     time.Duration
	// Spread is highest − lowest of the number that the Distance rule of the
	// highest priority compares, 0 without such a rule. Gap is the distance of
	// the teams' means, of what teams are balanced by. Latency is the farthest
	// player's, in milliseconds. All include those seated in the match already.
	Spread, Gap, Latency float64
}

// RosterTeam lists who plays in one team; of an open match, who joins it.
type RosterTeam struct {
	Name  string
	Seats []Seat
}

// Seat is one player's place in a team.
type Seat struct {
	Player string
	Ticket TicketID
	Role   string // "" if no rule assigns roles
}

// roster converts a legal lineup, without the tickets seated before.
func (l *lineup) roster(match string) Roster {
	r := Roster{Match: match, Age: l.age, Latency: l.worst()}
	if l.region >= 0 {
		r.Region = l.m.regions[l.region]
	}
	if l.m.searchRule >= 0 {
		r.Spread = l.high[l.m.searchRule] - l.low[l.m.searchRule]
	}
	if len(l.m.weighed) > 0 {
		l.sum()
		r.Gap = l.gap(0)
	}
	r.Teams = make([]RosterTeam, len(l.teams))
	for s := range l.teams {
		r.Teams[s] = RosterTeam{Name: l.m.sides[s].name, Seats: l.seatTeam(s)}
	}
	joined := slices.Clone(l.picks[l.seated:])
	slices.SortFunc(joined, func(a, b pick) int { return comparePriority(a.e, b.e) })
	for _, p := range joined {
		r.Tickets = append(r.Tickets, p.e.id)
	}
	return r
}

// seatTeam returns the seats of one team, with roles assigned.
func (l *lineup) seatTeam(side int) []Seat {
	var seats []Seat
	var first int // the number of seats of seated tickets
	h := l.teams[side].roleCheck
	var sets []int
	for n, p := range l.picks {
		if p.side != side {
			continue
		}
		for i, player := range p.e.players {
			seats = append(seats, Seat{Player: player, Ticket: p.e.id})
			if h != nil {
				sets = append(sets, h.roles(l.m.set(p.e, i, h.slot)))
			}
		}
		if n < l.seated {
			first = len(seats)
		}
	}
	if h != nil {
		// Members with the fewest roles first: it shortens the augmenting paths.
		order := make([]int, len(sets))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return bits.OnesCount(uint(sets[a])) - bits.OnesCount(uint(sets[b])) })
		sorted := make([]int, len(sets))
		for i, at := range order {
			sorted[i] = sets[at]
		}
		for i, role := range h.assign(sorted) {
			seats[order[i]].Role = l.m.rules.Rules[l.m.roles[side]].Seats[role].Role
		}
	}
	return seats[first:]
}

// chooseRegion sets the region of a match without an effective latency rule:
// the one whose farthest player is nearest. A region to which a player's latency
// is unknown counts as infinitely far.
func (l *lineup) chooseRegion() {
	best := math.Inf(1)
	for r := range l.m.regions {
		worst := 0.0
		for _, p := range l.picks {
			worst = max(worst, p.e.floats[r])
		}
		if worst < best {
			best, l.region = worst, r
		}
	}
}
