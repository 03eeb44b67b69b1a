package simulate

import (
	"math/rand/v2"
	"strconv"
	"time"

	"arbiter/matchmaking"
)

// runningMatches are the running matches, where the rules allow backfill: each
// lasts 12 minutes, and each party stays 15 minutes on average, so that seats become
// free.
type runningMatches struct {
	backfill bool
	seats    int
	chance   *rand.Rand
	running  []*runningMatch
	n        int
	asked    time.Duration
}

type runningMatch struct {
	id      string
	region  string
	ends    time.Duration
	seated  []matchmaking.Seated
	players int
}

const (
	matchLasts = 12 * time.Minute
	partyStays = 15 * time.Minute
)

func newMatches(r matchmaking.Rules) *runningMatches {
	return &runningMatches{backfill: r.Backfill, seats: r.MostPlayers(), chance: rand.New(rand.NewPCG(7, 7))} // #nosec G404 -- a simulation, which its seed must repeat
}

// open ends matches, lets parties leave, and returns the matches with free seats.
func (m *runningMatches) open(now time.Duration) []matchmaking.OpenMatch {
	leave := float64(now-m.asked) / float64(partyStays)
	m.asked = now
	var out []matchmaking.OpenMatch
	kept := m.running[:0]
	for _, r := range m.running {
		if now >= r.ends {
			continue
		}
		kept = append(kept, r)
		stay := r.seated[:0]
		for _, s := range r.seated {
			if m.chance.Float64() < leave {
				r.players -= len(s.Entry.Players())
				continue
			}
			stay = append(stay, s)
		}
		r.seated = stay
		if r.players > 0 && r.players < m.seats && r.ends-now > matchLasts/4 {
			out = append(out, matchmaking.OpenMatch{ID: r.id, Region: r.region, Seated: r.seated})
		}
	}
	m.running = kept
	return out
}

// applyRoster starts a roster's match, or adds its players to the one they join.
func (m *runningMatches) applyRoster(now time.Duration, r matchmaking.Roster, byID map[matchmaking.TicketID]*matchmaking.Entry) {
	if !m.backfill {
		return
	}
	var to *runningMatch
	for _, o := range m.running {
		if o.id == r.Match {
			to = o
		}
	}
	if to == nil {
		m.n++
		to = &runningMatch{id: "m" + strconv.Itoa(m.n), region: r.Region, ends: now + matchLasts}
		m.running = append(m.running, to)
	}
	for _, team := range r.Teams {
		var last matchmaking.TicketID
		for _, seat := range team.Seats {
			to.players++
			if seat.Ticket != last {
				last = seat.Ticket
				to.seated = append(to.seated, matchmaking.Seated{Entry: byID[last], Team: team.Name})
			}
		}
	}
}
