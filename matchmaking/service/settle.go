package service

import (
	"errors"
	"slices"
	"time"

	"arbiter/matchmaking"
)

// settle publishes what the queue did, and has matches begun for its rosters.
func (l *line) settle(now time.Duration) {
	for {
		events := l.queue.Events()
		if len(events) == 0 {
			return
		}
		for len(events) > 0 {
			n := 1
			if e := events[0]; e.State == matchmaking.Matched {
				n = slices.IndexFunc(events, func(o matchmaking.Event) bool { return o.Roster != e.Roster })
				if n < 0 {
					n = len(events)
				}
				l.place(now, e.Roster, events[:n])
			} else {
				l.follow(e)
			}
			events = events[n:]
		}
	}
}

// follow publishes one event that makes no match.
func (l *line) follow(e matchmaking.Event) {
	t := l.service.desk.ticket(e.Ticket)
	m := moment{event: string(e.State), state: e.State, cause: e.Cause, player: e.Player}
	switch {
	case e.State == matchmaking.Queued:
		if t.back != "" { // it was here already
			m.cause, t.back = t.back, ""
		}
		l.dissolved(e.Proposal)
		t.until = 0
		if t.spec.Match != "" {
			l.pinned[t.id()] = t
		}
	case e.State == matchmaking.Proposed && e.Cause == matchmaking.ByPass:
		m.proposal = l.proposed(e)
	case e.State == matchmaking.Proposed:
		l.accepted(e)
		return
	default:
		l.dissolved(e.Proposal)
		if t.leaves != "" {
			m.cause = t.leaves
		}
		l.leave(t, m)
		return
	}
	t.tell(m)
}

// proposed notes a proposal at its first ticket.
func (l *line) proposed(e matchmaking.Event) *proposal {
	a := l.proposals[e.Proposal]
	if a == nil {
		a = &asking{proposal{[]string{}, 0, l.service.wall(e.At + l.rules.Acceptance.Timeout)}, e.Roster.Tickets}
		for _, team := range e.Roster.Teams {
			a.players += len(team.Seats)
		}
		l.proposals[e.Proposal] = a
	}
	p := a.proposal
	return &p
}

// accepted tells all who are asked of one player's yes.
func (l *line) accepted(e matchmaking.Event) {
	a := l.proposals[e.Proposal]
	a.accepted = append(slices.Clone(a.accepted), e.Player)
	p := a.proposal
	for _, id := range a.tickets {
		l.service.desk.ticket(id).tell(moment{event: "accepted", state: matchmaking.Proposed, cause: e.Cause, player: e.Player, proposal: &p})
	}
}

func (l *line) dissolved(proposal uint64) { delete(l.proposals, proposal) }

// leave ends a ticket: its players are free before anybody is told.
func (l *line) leave(t *ticket, m moment) {
	delete(l.pinned, t.id())
	l.outcomes[outcome{m.state, m.cause}]++
	l.service.desk.leave(t)
	t.tell(m)
}

// place has a match begun or joined. If that can't be, the tickets go back or
// are cancelled.
func (l *line) place(now time.Duration, r *matchmaking.Roster, events []matchmaking.Event) {
	l.dissolved(events[0].Proposal)
	tickets := make([]*ticket, len(events))
	for i, e := range events {
		tickets[i] = l.service.desk.ticket(e.Ticket)
	}
	placement, err := l.order(r, tickets)
	if err != nil {
		l.refused++
		l.unplaced(now, r, tickets, err)
		return
	}
	if r.Match == "" {
		l.formed++
	}
	l.remember(r, placement.Match, tickets)
	for i, t := range tickets {
		m := &placed{id: placement.Match, game: l.rules.Game, region: r.Region, teams: r.Teams, spread: r.Spread, gap: r.Gap, latency: r.Latency}
		for _, g := range placement.Seats {
			if t.holds(g.Player) {
				m.seats = append(m.seats, g)
			}
		}
		l.leave(t, moment{event: "matched", state: matchmaking.Matched, cause: events[i].Cause, player: events[i].Player, match: m})
	}
}

// order asks the host.
func (l *line) order(r *matchmaking.Roster, tickets []*ticket) (Placement, error) {
	hold, dissolve := l.rules.Claim()
	o := Order{Game: l.rules.Game, Parameters: l.rules.Parameters, Region: r.Region, Backfill: l.rules.Backfill, Hold: hold, Dissolve: dissolve}
	by := map[matchmaking.TicketID]*ticket{}
	for _, t := range tickets {
		by[t.id()] = t
	}
	for _, team := range r.Teams {
		for _, s := range team.Seats {
			t := by[s.Ticket]
			o.Seats = append(o.Seats, Seat{Player: s.Player, Name: t.names[s.Player], Team: team.Name, Role: s.Role, Attributes: l.carried(t, s.Player)})
		}
	}
	if r.Match != "" {
		return l.service.config.Host.Join(r.Match, o)
	}
	if o.Size = len(o.Seats); l.rules.Backfill {
		o.Size = l.rules.MostPlayers()
	}
	return l.service.config.Host.Begin(o)
}

// unplaced deals with the tickets of a match that could not be begun: they go
// back with their age kept if asking again may help. Those who join a match
// may find another one; who wanted this very match can't.
func (l *line) unplaced(now time.Duration, r *matchmaking.Roster, tickets []*ticket, err error) {
	later := errors.Is(err, ErrNoRoom)
	l.service.config.Log.Warn("the host refused a match", "queue", l.rules.Name, "match", r.Match, "again", later, "error", err)
	if later && r.Match == "" {
		l.calm = now + 5*time.Second // nobody is asked in vain meanwhile
	}
	for _, t := range tickets {
		switch {
		case later || r.Match != "" && t.spec.Match == "":
			t.back = byNoRoom
			if l.queue.Add(now, t.spec) == nil {
				continue
			}
			t.back = ""
			fallthrough
		default:
			cause := byRefusal
			if r.Match != "" {
				cause = byGone
			}
			l.leave(t, moment{event: "cancelled", state: matchmaking.Cancelled, cause: cause})
		}
	}
}

// carried is what a player brings into a match: his own attributes, else the
// ticket's, else the rules' defaults.
func (l *line) carried(t *ticket, player string) matchmaking.Attributes {
	out := matchmaking.Attributes{}
	take := func(from matchmaking.Attributes) {
		for name, v := range from {
			out[name] = v
		}
	}
	take(l.defaults)
	take(t.spec.Attributes)
	for _, m := range t.spec.Members {
		if m.Player == player {
			take(m.Attributes)
		}
	}
	return out
}
