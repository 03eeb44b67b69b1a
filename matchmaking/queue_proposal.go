package matchmaking

import (
	"fmt"
	"slices"
	"time"
)

// proposal is a roster under the accept check: its players are asked whether
// they are ready.
type proposal struct {
	roster   Roster
	until    time.Duration
	accepted map[string]bool // players
	missing  int             // answers
}

// propose starts the accept check of a roster.
func (q *Queue) propose(now time.Duration, r Roster) {
	q.last++
	p := &proposal{roster: r, until: now + q.matcher.rules.Acceptance.Timeout, accepted: map[string]bool{}}
	q.proposals[q.last] = p
	for _, id := range r.Tickets {
		h := q.tickets[id]
		q.removeWaiting(h)
		h.state, h.proposal = Proposed, q.last
		p.missing += h.entry.size()
		q.emit(Event{At: now, Ticket: id, State: Proposed, Cause: ByPass, Proposal: q.last, Roster: &p.roster})
	}
}

// Accept records that a player accepts the proposed match. When the last one
// accepts, the match is made. To accept again changes nothing. At or after the
// timeout it is refused with code NotProposed.
func (q *Queue) Accept(now time.Duration, id TicketID, player string) error {
	h, p, err := q.proposalFor(now, id, player)
	if err != nil || p.accepted[player] {
		return err
	}
	p.accepted[player] = true
	p.missing--
	if p.missing > 0 {
		q.emit(Event{At: now, Ticket: id, State: Proposed, Cause: ByAccept, Player: player, Proposal: h.proposal})
		return nil
	}
	number := h.proposal
	delete(q.proposals, number)
	for _, id := range p.roster.Tickets {
		q.leave(q.tickets[id], Event{At: now, Ticket: id, State: Matched, Cause: ByAccept, Player: player, Proposal: number, Roster: &p.roster})
	}
	return nil
}

// Decline records that a player declines: their ticket leaves, the others of the
// proposal wait again and keep their age.
func (q *Queue) Decline(now time.Duration, id TicketID, player string) error {
	h, p, err := q.proposalFor(now, id, player)
	if err != nil {
		return err
	}
	if p.accepted[player] {
		return &Problem{Code: AnswerTwice, Detail: fmt.Sprintf("player %q has already accepted", player), Remedy: "cancel the ticket to leave"}
	}
	number := h.proposal
	q.dissolve(now, number, h)
	q.leave(h, Event{At: now, Ticket: id, State: Cancelled, Cause: ByDecline, Player: player, Proposal: number})
	return nil
}

// proposalFor returns the proposal that a player may answer now.
func (q *Queue) proposalFor(now time.Duration, id TicketID, player string) (*queuedTicket, *proposal, error) {
	h := q.tickets[id]
	if h == nil {
		return nil, nil, unknownTicket(id)
	}
	if !slices.Contains(h.entry.players, player) {
		return nil, nil, &Problem{Code: PlayerUnknown, Detail: fmt.Sprintf("player %q is not in ticket %q", clip(player), id), Remedy: "answer for your own ticket"}
	}
	p := q.proposals[h.proposal]
	if p == nil || now >= p.until {
		return nil, nil, &Problem{Code: NotProposed, Detail: fmt.Sprintf("ticket %q has no open proposal: none was made, or it timed out", id), Remedy: "wait for the next proposal"}
	}
	return h, p, nil
}

// dissolve ends a proposal: all its tickets but those leaving wait again.
func (q *Queue) dissolve(now time.Duration, number uint64, leaving ...*queuedTicket) {
	p := q.proposals[number]
	if p == nil {
		return
	}
	delete(q.proposals, number)
	for _, id := range p.roster.Tickets {
		h := q.tickets[id]
		if slices.Contains(leaving, h) {
			continue
		}
		q.addWaiting(h)
		q.emit(Event{At: now, Ticket: id, State: Queued, Cause: ByReturn, Proposal: number})
	}
}

// expireProposals ends proposals whose time is over: tickets with a player who
// did not answer leave.
func (q *Queue) expireProposals(now time.Duration) {
	var over []uint64
	for number, p := range q.proposals {
		if now >= p.until {
			over = append(over, number)
		}
	}
	slices.Sort(over)
	for _, number := range over {
		p := q.proposals[number]
		var silent []*queuedTicket
		who := map[TicketID]string{}
		for _, id := range p.roster.Tickets {
			h := q.tickets[id]
			if i := slices.IndexFunc(h.entry.players, func(player string) bool { return !p.accepted[player] }); i >= 0 {
				silent = append(silent, h)
				who[id] = h.entry.players[i]
			}
		}
		q.dissolve(now, number, silent...)
		for _, h := range silent {
			id := h.entry.id
			q.leave(h, Event{At: now, Ticket: id, State: Cancelled, Cause: ByTimeout, Player: who[id], Proposal: number})
		}
	}
}
