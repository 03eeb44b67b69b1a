package service

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"arbiter/matchmaking"
	"arbiter/server/httpapi"
)

// maxRunningMatches bounds the matches that a queue keeps for backfill; of more
// than that, some get none.
const maxRunningMatches = 16_384

// runningMatch is a match that was begun for this queue.
type runningMatch struct {
	region string
	seats  map[string]*seatedPlayer // by player
}

// seatedPlayer is a player of a running match.
type seatedPlayer struct {
	attributes matchmaking.Attributes
	created    time.Duration // when the wait began
	age        time.Duration // of the ticket when it was matched
}

// recordSeats records who was seated by a roster.
func (q *queueWorker) recordSeats(r *matchmaking.Roster, match string, tickets []*ticket) {
	m := q.matches[match]
	if m == nil {
		for id := range q.matches {
			if len(q.matches) < maxRunningMatches {
				break
			}
			delete(q.matches, id)
		}
		m = &runningMatch{r.Region, map[string]*seatedPlayer{}}
		q.matches[match] = m
	}
	now := q.service.clock()
	for _, t := range tickets {
		for _, member := range t.spec.Members {
			m.seats[member.Player] = &seatedPlayer{q.attributesOf(t, member.Player), t.spec.Created, now - t.spec.Created}
		}
	}
}

// UpdateMatch reports what became of a match. It does not wait for the queues.
func (s *Service) UpdateMatch(n MatchUpdate) {
	for _, worker := range s.inOrder {
		c := command{func(time.Duration) { worker.applyMatchUpdate(n) }, make(chan struct{})}
		if err := worker.enqueue(worker.commands, c); err != nil && !errors.Is(err, httpapi.Draining) {
			s.config.Log.Warn("an update of a match is lost", "queue", worker.rules.Name, "match", n.Match, "error", err)
		}
	}
}

// applyMatchUpdate grants an age credit to those who came to a dissolved match,
// and forgets matches that ended.
func (q *queueWorker) applyMatchUpdate(n MatchUpdate) {
	m := q.matches[n.Match]
	if m == nil {
		return
	}
	absent := map[string]bool{}
	for _, player := range n.Absent {
		absent[player] = true
		if !n.Dissolved {
			delete(m.seats, player)
		}
	}
	if n.Dissolved {
		for player, s := range m.seats {
			if !absent[player] {
				q.service.registry.grantCredit(q.rules.Name, player, s.age, time.Now())
			}
		}
	}
	if n.Dissolved || n.Ended {
		delete(q.matches, n.Match)
	}
}

// openMatches returns the host's matches that tickets may join: those that this
// queue began and that ask for players, and those that tickets are pinned to.
// Tickets whose match has ended are cancelled.
func (q *queueWorker) openMatches(now time.Duration) []matchmaking.OpenMatch {
	if !q.rules.Backfill && len(q.pinned) == 0 {
		return nil
	}
	named := map[string]bool{}
	for _, t := range q.pinned {
		named[t.spec.Match] = true
	}
	var open []matchmaking.OpenMatch
	for _, o := range q.service.config.Host.Open(q.rules.Game) {
		wants := q.rules.Backfill && q.matches[o.ID] != nil && o.Wanted > 0
		if (wants || named[o.ID]) && o.Free > 0 {
			open = append(open, q.openMatch(o, wants))
		}
		delete(named, o.ID)
	}
	for _, t := range maps.Clone(q.pinned) {
		if named[t.spec.Match] {
			t.cancelCause = byGone
			_ = q.queue.Cancel(now, t.id()) // it is there: pinned tickets are never proposed
		}
	}
	return open
}

func (q *queueWorker) openMatch(o OpenMatch, wants bool) matchmaking.OpenMatch {
	out := matchmaking.OpenMatch{ID: o.ID, PinnedOnly: !wants, Room: o.Free}
	if wants {
		out.Room = min(o.Free, o.Wanted)
	}
	var like matchmaking.Attributes
	m := q.matches[o.ID]
	if m != nil {
		out.Region = m.region
		for _, s := range m.seats {
			like = s.attributes
			break
		}
	}
	teams, sizes := q.rules.TeamNames(), map[string]int{}
	for _, name := range teams {
		sizes[name] = 0
	}
	for _, s := range o.Seated {
		if _, known := sizes[s.Team]; known {
			sizes[s.Team]++
		}
	}
	for i, s := range o.Seated {
		if _, known := sizes[s.Team]; !known {
			s.Team = smallest(sizes, teams) // a player of no known team still takes a seat
			sizes[s.Team]++
		}
		var known *seatedPlayer
		if m != nil {
			known = m.seats[s.Player]
		}
		if e := q.seatedEntry(i, s, known, like); e != nil {
			out.Seated = append(out.Seated, matchmaking.Seated{Entry: e, Team: s.Team})
		}
	}
	return out
}

// seatedEntry is the matcher's entry of a player of an open match. A player who
// came without this queue has attributes that are compatible with most others.
func (q *queueWorker) seatedEntry(i int, s Seat, known *seatedPlayer, like matchmaking.Attributes) *matchmaking.Entry {
	spec := matchmaking.Ticket{ID: matchmaking.TicketID(fmt.Sprint("seat-", i)), Match: "open"}
	attributes := q.neutralAttributes(like)
	if known != nil {
		attributes, spec.Created = maps.Clone(known.attributes), known.created
	}
	for _, r := range q.rules.Rules {
		if r.Kind == matchmaking.Roles && s.Role != "" {
			attributes[r.Attribute] = matchmaking.Set(s.Role)
		}
	}
	spec.Members = []matchmaking.Member{{Player: s.Player, Attributes: attributes}}
	e, err := q.queue.Matcher().Admit(spec)
	if err != nil {
		q.service.config.Log.Warn("a player of an open match is not counted", "queue", q.rules.Name, "player", s.Player, "error", err)
		return nil
	}
	return e
}

// neutralAttributes are the attributes assumed of an unknown player: neutral
// values, but the strings of another player in the match.
func (q *queueWorker) neutralAttributes(like matchmaking.Attributes) matchmaking.Attributes {
	out := matchmaking.Attributes{}
	for i := range q.rules.Attributes {
		a := &q.rules.Attributes[i]
		if out[a.Name] = a.Neutral(0); a.Kind == matchmaking.StringKind && like != nil {
			out[a.Name] = like[a.Name]
		}
	}
	return out
}

func smallest(sizes map[string]int, names []string) string {
	best := names[0]
	for _, name := range names {
		if sizes[name] < sizes[best] {
			best = name
		}
	}
	return best
}
