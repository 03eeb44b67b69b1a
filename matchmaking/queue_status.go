package matchmaking

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// waitHistory holds the last waits, for estimates and statistics.
type waitHistory struct {
	waits []pastWait
	next  int
	made  int
	total time.Duration // of all waits, also those no longer kept
}

type pastWait struct {
	key  float64
	wait time.Duration
}

const (
	remembered = 512 // waits that are kept
	similar    = 32  // waits of which an estimate is the median
	fewest     = 5   // waits without which there is no estimate
)

func (h *waitHistory) note(m *Matcher, e *Entry, now time.Duration) {
	p := pastWait{m.skill(e), max(0, now-e.created)}
	h.made++
	h.total += p.wait
	if len(h.waits) < remembered {
		h.waits = append(h.waits, p)
		return
	}
	h.waits[h.next] = p
	h.next = (h.next + 1) % remembered
}

// skill is the number that the search rule compares, 0 without such a rule.
func (m *Matcher) skill(e *Entry) float64 {
	if m.searchRule < 0 {
		return 0
	}
	return (e.low(m.searchRule) + e.high(m.searchRule)) / 2
}

// estimate is the median wait of tickets of similar skill, counted from a
// ticket's creation. For a ticket of some age it is the median of those that
// waited at least that long.
func (h *waitHistory) estimate(key float64, age time.Duration) (time.Duration, bool) {
	near := slices.Clone(h.waits)
	slices.SortStableFunc(near, func(a, b pastWait) int {
		return cmp.Compare(math.Abs(a.key-key), math.Abs(b.key-key))
	})
	near = near[:min(similar, len(near))]
	var waits []time.Duration
	for _, p := range near {
		if p.wait >= age {
			waits = append(waits, p.wait)
		}
	}
	if len(near) < fewest || len(waits) == 0 {
		return 0, false
	}
	slices.Sort(waits)
	return waits[len(waits)/2], true
}

// Stats describe a queue as it is, and the waits of its last 512 matched tickets.
type Stats struct {
	Tickets  int // waiting
	Players  int // waiting
	Proposed int // tickets
	Matched  int // tickets in rosters since the queue was made, proposed ones included
	// Waited is the sum of the waits of Matched.
	Waited time.Duration
	// P50, P95 and P99 are percentiles of the wait until a pass found the match; 0
	// before there is any.
	P50, P95, P99 time.Duration
}

// Stats returns the queue's statistics.
func (q *Queue) Stats() Stats {
	s := Stats{Tickets: len(q.waiting), Proposed: len(q.tickets) - len(q.waiting), Matched: q.history.made, Waited: q.history.total}
	for _, e := range q.waiting {
		s.Players += e.size()
	}
	waits := make([]time.Duration, len(q.history.waits))
	for i, p := range q.history.waits {
		waits[i] = p.wait
	}
	slices.Sort(waits)
	if n := len(waits); n > 0 {
		s.P50, s.P95, s.P99 = waits[(n-1)/2], waits[(n-1)*95/100], waits[(n-1)*99/100]
	}
	return s
}

// Status is the status of one ticket.
type Status struct {
	State    State
	Age      time.Duration
	Players  []string
	Proposal uint64        // 0: none
	Accepted []string      // players of the ticket
	Until    time.Duration // when the proposal times out
	// Estimate is the estimated remaining wait. Estimated is false if there is
	// none, because too few tickets were matched so far.
	Estimate  time.Duration
	Estimated bool
}

// Status returns the status of a ticket; ok is false if it is not in the queue.
func (q *Queue) Status(now time.Duration, id TicketID) (s Status, ok bool) {
	h := q.tickets[id]
	if h == nil {
		return Status{}, false
	}
	s = Status{State: h.state, Age: max(0, now-h.entry.created), Players: slices.Clone(h.entry.players), Proposal: h.proposal}
	if p := q.proposals[h.proposal]; p != nil {
		s.Until = p.until
		for _, player := range h.entry.players {
			if p.accepted[player] {
				s.Accepted = append(s.Accepted, player)
			}
		}
		return s, true
	}
	if total, known := q.history.estimate(q.matcher.skill(h.entry), s.Age); known {
		s.Estimate, s.Estimated = total-s.Age, true
	}
	return s, true
}

// Explain says why a ticket waits. See [Matcher.Explain]; the Reason of a
// proposed ticket is WaitsForAnswers.
func (q *Queue) Explain(now time.Duration, id TicketID) (Explanation, error) {
	h := q.tickets[id]
	if h == nil {
		return Explanation{}, unknownTicket(id)
	}
	if h.state == Proposed {
		return Explanation{Ticket: id, Reason: WaitsForAnswers, Age: max(0, now-h.entry.created)}, nil
	}
	return q.matcher.Explain(now, h.entry, q.waiting), nil
}
