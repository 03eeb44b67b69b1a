package matchmakingtest

import (
	"time"

	"arbiter/matchmaking"
)

// Exists finds a legal new match among tickets by trying every way to put each
// ticket into a team or none, in every region. It is for at most about eight
// tickets.
func Exists(r matchmaking.Rules, now time.Duration, tickets []matchmaking.Ticket) (Match, bool) {
	regions := []string{""}
	for _, a := range r.Attributes {
		if a.Kind == matchmaking.LatencyKind {
			regions = a.Values
		}
	}
	names := TeamNames(r)
	m := Match{Rules: r, Now: now, Teams: map[string][]matchmaking.Ticket{}}
	var try func(rest []matchmaking.Ticket) bool
	try = func(rest []matchmaking.Ticket) bool {
		if len(rest) == 0 {
			return Check(m) == nil
		}
		if try(rest[1:]) {
			return true
		}
		for _, name := range names {
			was := m.Teams[name]
			m.Teams[name] = append(was[:len(was):len(was)], rest[0])
			if try(rest[1:]) {
				return true
			}
			m.Teams[name] = was
		}
		return false
	}
	for _, m.Region = range regions {
		if try(tickets) {
			return m, true
		}
	}
	return Match{}, false
}

// CanJoin finds a ticket that could join an open match by itself.
func CanJoin(r matchmaking.Rules, now time.Duration, open Match, tickets []matchmaking.Ticket) (matchmaking.TicketID, bool) {
	for _, t := range tickets {
		for _, name := range TeamNames(r) {
			m := Match{Rules: r, Now: now, Region: open.Region, Teams: map[string][]matchmaking.Ticket{}, Joining: map[matchmaking.TicketID]bool{t.ID: true}}
			for n, ts := range open.Teams {
				m.Teams[n] = append(m.Teams[n], ts...)
			}
			m.Teams[name] = append(m.Teams[name], t)
			if Check(m) == nil {
				return t.ID, true
			}
		}
	}
	return "", false
}
