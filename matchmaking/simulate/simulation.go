package simulate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"arbiter/matchmaking"
)

// Simulation runs one matcher over arrivals in virtual time.
type Simulation struct {
	Matcher  *matchmaking.Matcher
	Arrivals Arrivals
	Length   time.Duration // of virtual time
	// Progress is called about every 1/100 of the length with what was measured
	// so far. Nil: not called.
	Progress func(now time.Duration, m Measured)
	// Rosters is called with every roster as it is made. Nil: not called.
	Rosters func(now time.Duration, r matchmaking.Roster)
}

// state is the state of one run.
type state struct {
	*Simulation
	now     time.Duration
	next    matchmaking.Ticket
	more    bool
	waiting []*matchmaking.Entry
	byID    map[matchmaking.TicketID]*matchmaking.Entry
	matches *runningMatches
	count   *counts
}

// Run runs the simulation. It ends when the length has passed, when the arrivals
// have ended and no ticket waits, or when the context is done, with its error.
func (s *Simulation) Run(ctx context.Context) (Measured, error) {
	rules := s.Matcher.Rules()
	st := &state{Simulation: s, byID: map[matchmaking.TicketID]*matchmaking.Entry{}, matches: newMatches(rules), count: newCounts()}
	if err := st.read(); err != nil {
		return Measured{}, err
	}
	every := rules.Interval()
	began := time.Now()
	told := time.Duration(0)
	for st.now = every; st.now <= s.Length && (st.more || len(st.waiting) > 0); st.now += every {
		if err := ctx.Err(); err != nil {
			return st.measured(began), err
		}
		if err := st.arrive(); err != nil {
			return st.measured(began), err
		}
		st.expire(rules.GiveUp)
		st.pass()
		if s.Progress != nil && st.now-told >= s.Length/100 {
			told = st.now
			s.Progress(st.now, st.measured(began))
		}
	}
	return st.measured(began), nil
}

func (s *state) read() error {
	t, err := s.Arrivals.Next()
	s.next, s.more = t, err == nil
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// arrive admits the tickets that arrived since the last pass, and counts those
// that are refused.
func (s *state) arrive() error {
	for s.more && s.next.Created <= s.now {
		e, err := s.Matcher.Admit(s.next)
		switch {
		case err != nil:
			s.count.refuse(err)
		case s.byID[e.ID()] != nil:
			return fmt.Errorf("simulate: ticket %q arrives twice: give each its own id", e.ID())
		default:
			s.byID[e.ID()] = e
			s.waiting = append(s.waiting, e)
			s.count.tickets++
			s.count.players += len(e.Players())
		}
		if err := s.read(); err != nil {
			return err
		}
	}
	return nil
}

func (s *state) expire(giveUp time.Duration) {
	if giveUp == 0 {
		return
	}
	kept := s.waiting[:0]
	for _, e := range s.waiting {
		if s.now-e.Created() >= giveUp {
			delete(s.byID, e.ID())
			s.count.expired++
			continue
		}
		kept = append(kept, e)
	}
	s.waiting = kept
}

// pass makes one pass and removes the tickets of its rosters.
func (s *state) pass() {
	open := s.matches.open(s.now)
	began := time.Now()
	rosters := s.Matcher.Pass(s.now, s.waiting, open)
	s.count.passed(time.Since(began), len(s.waiting))
	for _, r := range rosters {
		s.count.roster(s.now, r, s.byID)
		s.matches.applyRoster(s.now, r, s.byID)
		for _, id := range r.Tickets {
			delete(s.byID, id)
		}
		if s.Rosters != nil {
			s.Rosters(s.now, r)
		}
	}
	if len(rosters) == 0 {
		return
	}
	kept := s.waiting[:0]
	for _, e := range s.waiting {
		if s.byID[e.ID()] == e {
			kept = append(kept, e)
		}
	}
	clear(s.waiting[len(kept):])
	s.waiting = kept
}
