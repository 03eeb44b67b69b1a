package bots

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"arbiter/matchmaking"
	"arbiter/matchmaking/matchmakingtest"
	"arbiter/netcode/client/matchmake"
)

// judge checks the matches that bots were given against the queue's rules.
type judge struct {
	rules  matchmaking.Rules
	seated []seated

	judged, open int      // matches judged by the rules; those with players that are not bots
	wrong        []string // at most violationSamples
	violations   int
}

const violationSamples = 10

func (j *judge) blame(format string, args ...any) {
	j.violations++
	if len(j.wrong) < violationSamples {
		j.wrong = append(j.wrong, fmt.Sprintf(format, args...))
	}
}

// run judges everything.
func (j *judge) run() {
	seats := map[string]string{} // player → match
	parties := map[int]seated{}
	matches := map[string][]seated{}
	for _, p := range j.seated {
		if other, twice := seats[p.seat.Player]; twice {
			j.blame("player %s is in matches %s and %s", p.seat.Player, other, p.seat.Match)
		}
		seats[p.seat.Player] = p.seat.Match
		if first, known := parties[p.party]; known && p.party >= 0 && (first.seat.Match != p.seat.Match || first.seat.Team != p.seat.Team) {
			j.blame("a party was split: %s is in match %s, %s, and %s in %s, %s", first.seat.Player, first.seat.Match, first.seat.Team, p.seat.Player, p.seat.Match, p.seat.Team)
		}
		parties[p.party] = p
		j.seat(p)
		matches[p.seat.Match] = append(matches[p.seat.Match], p)
	}
	for _, id := range slices.Sorted(maps.Keys(matches)) {
		j.match(id, matches[id])
	}
}

// seat compares a seat with the match document that came with it.
func (j *judge) seat(p seated) {
	m := p.ticket.Match
	var at []string
	for _, team := range m.Teams {
		for _, who := range team.Players {
			if who.Player != p.seat.Player {
				continue
			}
			at = append(at, team.Name)
			if team.Name != p.seat.Team || who.Role != p.seat.Role {
				j.blame("player %s has a seat in team %q as %q, and the match says %q as %q", who.Player, p.seat.Team, p.seat.Role, team.Name, who.Role)
			}
		}
	}
	if len(at) != 1 || m.ID != p.seat.Match {
		j.blame("player %s has a seat in match %s; its ticket's match %s names it %d times", p.seat.Player, p.seat.Match, m.ID, len(at))
	}
}

// match checks who was put together: first those it began with, then those who
// joined, in the order they came.
func (j *judge) match(id string, all []seated) {
	waves := map[string][]seated{}
	for _, p := range all {
		key := rosterOf(p.ticket.Match)
		waves[key] = append(waves[key], p)
	}
	began := func(key string) time.Time {
		return slices.MinFunc(waves[key], func(a, b seated) int { return a.at.Compare(b.at) }).at
	}
	keys := slices.SortedFunc(maps.Keys(waves), func(a, b string) int { return began(a).Compare(began(b)) })
	present := matchmakingtest.Match{Rules: j.rules, Now: wellLater, Teams: map[string][]matchmaking.Ticket{}, Roles: map[string]string{}}
	for n, key := range keys {
		wave := waves[key]
		if len(wave) != strings.Count(key, "\n") {
			j.open++ // others play too, of whom nothing is known
			return
		}
		joining := addWave(&present, wave)
		if n > 0 {
			present.Joining = joining
		}
		if err := matchmakingtest.Check(present); err != nil {
			j.blame("match %s, region %q: %v", id, present.Region, strings.ReplaceAll(err.Error(), "\n", "; "))
		}
	}
	j.judged++
}

// wellLater is now, for tickets that count their ages back from it.
const wellLater = 1000 * time.Hour

// addWave puts the tickets of bots that got their seats together into a match,
// and returns their ids.
func addWave(m *matchmakingtest.Match, wave []seated) map[matchmaking.TicketID]bool {
	m.Region = wave[0].ticket.Match.Region
	tickets := map[string]*matchmaking.Ticket{}
	teams := map[string]string{}
	slices.SortFunc(wave, func(a, b seated) int { return cmp.Compare(a.seat.Player, b.seat.Player) })
	for _, p := range wave {
		t := tickets[p.ticket.ID]
		if t == nil {
			t = &matchmaking.Ticket{ID: matchmaking.TicketID(p.ticket.ID), Created: wellLater - p.age}
			tickets[p.ticket.ID], teams[p.ticket.ID] = t, p.seat.Team
		}
		t.Members = append(t.Members, matchmaking.Member{Player: p.seat.Player, Attributes: p.attributes})
		if p.seat.Role != "" {
			m.Roles[p.seat.Player] = p.seat.Role
		}
	}
	joining := map[matchmaking.TicketID]bool{}
	for _, id := range slices.Sorted(maps.Keys(tickets)) {
		joining[tickets[id].ID] = true
		m.Teams[teams[id]] = append(m.Teams[teams[id]], *tickets[id])
	}
	return joining
}

// rosterOf names who got seats together, one player a line.
func rosterOf(m *matchmake.Match) string {
	var names []string
	for _, team := range m.Teams {
		for _, p := range team.Players {
			names = append(names, p.Player+"\n")
		}
	}
	slices.Sort(names)
	return strings.Join(names, "")
}
