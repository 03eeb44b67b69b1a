package service

import (
	"fmt"
	"maps"
	"time"

	"arbiter/matchmaking"
)

// maxRunning bounds the matches that a queue remembers; when more run, some
// get no backfill.
const maxRunning = 16_384

// running is a match begun for this queue.
type running struct {
	region string
	seats  map[string]*seated // by player
}

// seated is a player of a running match.
type seated struct {
	attributes matchmaking.Attributes
	created    time.Duration // when his wait began
	age        time.Duration // when he was matched
}

// remember notes who was seated by a roster.
func (l *line) remember(r *matchmaking.Roster, match string, tickets []*ticket) {
	m := l.matches[match]
	if m == nil {
		for id := range l.matches {
			if len(l.matches) < maxRunning {
				break
			}
			delete(l.matches, id)
		}
		m = &running{r.Region, map[string]*seated{}}
		l.matches[match] = m
	}
	now := l.service.clock()
	for _, t := range tickets {
		for _, member := range t.spec.Members {
			m.seats[member.Player] = &seated{l.carried(t, member.Player), t.spec.Created, now - t.spec.Created}
		}
	}
}

// Note tells the queues what became of a match. It does not wait.
func (s *Service) Note(n News) {
	for _, l := range s.order {
		c := command{func(time.Duration) { l.news(n) }, make(chan struct{})}
		if p := l.send(l.commands, c); p != nil && p.Code != "draining" {
			s.config.Log.Warn("news of a match are lost", "queue", l.rules.Name, "match", n.Match, "problem", p.Code)
		}
	}
}

// news gives those who came to a dissolved match their age back.
func (l *line) news(n News) {
	m := l.matches[n.Match]
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
				l.service.desk.lend(l.rules.Name, player, s.age, time.Now())
			}
		}
	}
	if n.Dissolved || n.Ended {
		delete(l.matches, n.Match)
	}
}

// openMatches are the host's matches that tickets may join: those that this
// queue began and that want players, and those that tickets name. Tickets
// whose match is gone are cancelled.
func (l *line) openMatches(now time.Duration) []matchmaking.OpenMatch {
	if !l.rules.Backfill && len(l.pinned) == 0 {
		return nil
	}
	named := map[string]bool{}
	for _, t := range l.pinned {
		named[t.spec.Match] = true
	}
	var open []matchmaking.OpenMatch
	for _, o := range l.service.config.Host.Open(l.rules.Game) {
		wants := l.rules.Backfill && l.matches[o.ID] != nil && o.Wanted > 0
		if (wants || named[o.ID]) && o.Free > 0 {
			open = append(open, l.openMatch(o, wants))
		}
		delete(named, o.ID)
	}
	for _, t := range maps.Clone(l.pinned) {
		if named[t.spec.Match] {
			t.leaves = byGone
			_ = l.queue.Cancel(now, t.id()) // proposed tickets are none of pinned
		}
	}
	return open
}

func (l *line) openMatch(o OpenMatch, wants bool) matchmaking.OpenMatch {
	out := matchmaking.OpenMatch{ID: o.ID, PinnedOnly: !wants, Room: o.Free}
	if wants {
		out.Room = min(o.Free, o.Wanted)
	}
	var like matchmaking.Attributes
	m := l.matches[o.ID]
	if m != nil {
		out.Region = m.region
		for _, s := range m.seats {
			like = s.attributes
			break
		}
	}
	teams, sizes := l.rules.TeamNames(), map[string]int{}
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
			s.Team = smallest(sizes, teams) // he plays, so he takes a place
			sizes[s.Team]++
		}
		var known *seated
		if m != nil {
			known = m.seats[s.Player]
		}
		if e := l.entry(i, s, known, like); e != nil {
			out.Seated = append(out.Seated, matchmaking.Seated{Entry: e, Team: s.Team})
		}
	}
	return out
}

// entry is a player of an open match as the matcher knows him. Somebody who
// came without this queue is one who hinders nobody.
func (l *line) entry(i int, s Seat, known *seated, like matchmaking.Attributes) *matchmaking.Entry {
	spec := matchmaking.Ticket{ID: matchmaking.TicketID(fmt.Sprint("seat-", i)), Match: "open"}
	attributes := l.neutral(like)
	if known != nil {
		attributes, spec.Created = maps.Clone(known.attributes), known.created
	}
	for _, r := range l.rules.Rules {
		if r.Kind == matchmaking.Roles && s.Role != "" {
			attributes[r.Attribute] = matchmaking.Set(s.Role)
		}
	}
	spec.Members = []matchmaking.Member{{Player: s.Player, Attributes: attributes}}
	e, err := l.queue.Matcher().Admit(spec)
	if err != nil {
		l.service.config.Log.Warn("a player of an open match is not counted", "queue", l.rules.Name, "player", s.Player, "error", err)
		return nil
	}
	return e
}

// neutral are the attributes of somebody unknown: in the middle, reaching
// everything; strings are those of the others in the match.
func (l *line) neutral(like matchmaking.Attributes) matchmaking.Attributes {
	out := matchmaking.Attributes{}
	for i := range l.rules.Attributes {
		a := &l.rules.Attributes[i]
		if out[a.Name] = a.Easy(0); a.Kind == matchmaking.StringKind && like != nil {
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
