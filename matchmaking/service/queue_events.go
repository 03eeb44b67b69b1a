package service

import (
	"errors"
	"slices"
	"time"

	"arbiter/matchmaking"
)

// publishEvents publishes the queue's events as ticket updates, and asks the host
// to begin matches for its rosters.
func (q *queueWorker) publishEvents(now time.Duration) {
	for {
		events := q.queue.Events()
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
				q.startMatch(now, e.Roster, events[:n])
			} else {
				q.publishEvent(e)
			}
			events = events[n:]
		}
	}
}

// publishEvent publishes one event other than Matched.
func (q *queueWorker) publishEvent(e matchmaking.Event) {
	t := q.service.registry.ticket(e.Ticket)
	m := ticketUpdate{event: string(e.State), state: e.State, cause: e.Cause, player: e.Player}
	switch {
	case e.State == matchmaking.Queued:
		if t.requeueCause != "" { // it was in the queue before
			m.cause, t.requeueCause = t.requeueCause, ""
		}
		q.dissolved(e.Proposal)
		t.estimatedUntil = 0
		if t.spec.Match != "" {
			q.pinned[t.id()] = t
		}
	case e.State == matchmaking.Proposed && e.Cause == matchmaking.ByPass:
		m.proposal = q.proposed(e)
	case e.State == matchmaking.Proposed:
		q.accepted(e)
		return
	default:
		q.dissolved(e.Proposal)
		if t.cancelCause != "" {
			m.cause = t.cancelCause
		}
		q.finish(t, m)
		return
	}
	t.publish(m)
}

// proposed records a proposal at the event of its first ticket.
func (q *queueWorker) proposed(e matchmaking.Event) *proposal {
	a := q.proposals[e.Proposal]
	if a == nil {
		a = &openProposal{proposal{[]string{}, 0, q.service.wall(e.At + q.rules.Acceptance.Timeout)}, e.Roster.Tickets}
		for _, team := range e.Roster.Teams {
			a.players += len(team.Seats)
		}
		q.proposals[e.Proposal] = a
	}
	p := a.proposal
	return &p
}

// accepted publishes to all tickets of a proposal that one player has accepted.
func (q *queueWorker) accepted(e matchmaking.Event) {
	a := q.proposals[e.Proposal]
	a.accepted = append(slices.Clone(a.accepted), e.Player)
	p := a.proposal
	for _, id := range a.tickets {
		q.service.registry.ticket(id).publish(ticketUpdate{event: "accepted", state: matchmaking.Proposed, cause: e.Cause, player: e.Player, proposal: &p})
	}
}

func (q *queueWorker) dissolved(proposal uint64) { delete(q.proposals, proposal) }

// finish ends a ticket. Its players are freed before the update is published, so
// that whoever reads it can queue again.
func (q *queueWorker) finish(t *ticket, m ticketUpdate) {
	delete(q.pinned, t.id())
	q.outcomes[outcome{m.state, m.cause}]++
	q.service.registry.archive(t)
	t.publish(m)
}

// startMatch asks the host to begin or join a match. If the host refuses, the
// tickets wait again or are cancelled.
func (q *queueWorker) startMatch(now time.Duration, r *matchmaking.Roster, events []matchmaking.Event) {
	q.dissolved(events[0].Proposal)
	tickets := make([]*ticket, len(events))
	for i, e := range events {
		tickets[i] = q.service.registry.ticket(e.Ticket)
	}
	placement, err := q.requestMatch(r, tickets)
	if err != nil {
		q.refused++
		q.requeueOrCancel(now, r, tickets, err)
		return
	}
	if r.Match == "" {
		q.formed++
	}
	q.recordSeats(r, placement.Match, tickets)
	for i, t := range tickets {
		m := &startedMatch{id: placement.Match, game: q.rules.Game, region: r.Region, teams: r.Teams, spread: r.Spread, gap: r.Gap, latency: r.Latency}
		for _, g := range placement.Seats {
			if t.holds(g.Player) {
				m.seats = append(m.seats, g)
			}
		}
		q.finish(t, ticketUpdate{event: "matched", state: matchmaking.Matched, cause: events[i].Cause, player: events[i].Player, match: m})
	}
}

// requestMatch asks the host for the seats of a roster.
func (q *queueWorker) requestMatch(r *matchmaking.Roster, tickets []*ticket) (Placement, error) {
	hold, dissolve := q.rules.Claim()
	o := MatchRequest{Game: q.rules.Game, Parameters: q.rules.Parameters, Region: r.Region, Backfill: q.rules.Backfill, Hold: hold, Dissolve: dissolve}
	by := map[matchmaking.TicketID]*ticket{}
	for _, t := range tickets {
		by[t.id()] = t
	}
	for _, team := range r.Teams {
		for _, s := range team.Seats {
			t := by[s.Ticket]
			o.Seats = append(o.Seats, Seat{Player: s.Player, Name: t.names[s.Player], Team: team.Name, Role: s.Role, Attributes: q.attributesOf(t, s.Player),
				Granted: t.spec.Match == "" || t.owner.service})
		}
	}
	if r.Match != "" {
		return q.service.config.Host.Join(r.Match, o)
	}
	if o.Size = len(o.Seats); q.rules.Backfill {
		o.Size = q.rules.MostPlayers()
	}
	return q.service.config.Host.Begin(o)
}

// requeueOrCancel returns the tickets of a refused match to the queue, with their
// age, if another attempt may help; otherwise it cancels them. A ticket that was
// to join an open match may find another one, unless it is pinned to it.
func (q *queueWorker) requeueOrCancel(now time.Duration, r *matchmaking.Roster, tickets []*ticket, err error) {
	later := errors.Is(err, ErrNoRoom)
	q.service.config.Log.Warn("the host refused a match", "queue", q.rules.Name, "match", r.Match, "again", later, "error", err)
	if later && r.Match == "" {
		q.pausedUntil = now + 5*time.Second // no proposals meanwhile that the host would refuse
	}
	for _, t := range tickets {
		switch {
		case later || r.Match != "" && t.spec.Match == "":
			t.requeueCause = byNoRoom
			if q.queue.Add(now, t.spec) == nil {
				continue
			}
			t.requeueCause = ""
			fallthrough
		default:
			cause := byRefusal
			if r.Match != "" {
				cause = byGone
			}
			q.finish(t, ticketUpdate{event: "cancelled", state: matchmaking.Cancelled, cause: cause})
		}
	}
}

// attributesOf returns the attributes that a player brings into a match: their
// own, else the ticket's, else the rules' defaults.
func (q *queueWorker) attributesOf(t *ticket, player string) matchmaking.Attributes {
	out := matchmaking.Attributes{}
	take := func(from matchmaking.Attributes) {
		for name, v := range from {
			out[name] = v
		}
	}
	take(q.defaults)
	take(t.spec.Attributes)
	for _, m := range t.spec.Members {
		if m.Player == player {
			take(m.Attributes)
		}
	}
	return out
}
