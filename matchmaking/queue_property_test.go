package matchmaking_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"arbiter/matchmaking"
	"arbiter/matchmaking/matchmakingtest"
)

// model is a simple model of a queue: events are applied to it, and impossible ones
// are errors.
type model struct {
	rules   matchmaking.Rules
	tickets map[matchmaking.TicketID]matchmaking.Ticket
	state   map[matchmaking.TicketID]matchmaking.State
	players map[string]matchmaking.TicketID
	left    map[matchmaking.TicketID]matchmaking.State
	saved   map[matchmaking.TicketID]bool // by the store
	made    map[matchmaking.State]int
}

func newModel(r matchmaking.Rules) *model {
	return &model{
		rules: r, tickets: map[matchmaking.TicketID]matchmaking.Ticket{}, state: map[matchmaking.TicketID]matchmaking.State{},
		players: map[string]matchmaking.TicketID{}, left: map[matchmaking.TicketID]matchmaking.State{},
		saved: map[matchmaking.TicketID]bool{}, made: map[matchmaking.State]int{},
	}
}

func (m *model) Save(t matchmaking.Ticket)           { m.saved[t.ID] = true }
func (m *model) Forget(id matchmaking.TicketID)      { delete(m.saved, id) }
func (m *model) active(id matchmaking.TicketID) bool { return m.state[id] != "" }

// apply checks one event against what was before it.
func (m *model) apply(tb testing.TB, now time.Duration, e matchmaking.Event) error {
	was := m.state[e.Ticket]
	if e.At != now {
		return fmt.Errorf("%+v at %v", e, now)
	}
	switch {
	case e.State == matchmaking.Queued && e.Cause == matchmaking.ByAdd:
		if was != "" || m.left[e.Ticket] != "" {
			return fmt.Errorf("ticket %q is added and was %q", e.Ticket, was)
		}
	case was == "":
		return fmt.Errorf("%+v, and the ticket is not here", e)
	case e.State == matchmaking.Queued && was != matchmaking.Proposed:
		return fmt.Errorf("%+v, and it was %q", e, was)
	case e.State == matchmaking.Proposed && e.Cause == matchmaking.ByPass && was != matchmaking.Queued:
		return fmt.Errorf("%+v, and it was %q: in two rosters", e, was)
	case e.State == matchmaking.Matched && m.rules.Acceptance.Required && e.Roster.Match == "" && was != matchmaking.Proposed:
		return fmt.Errorf("%+v, and nobody was asked", e)
	}
	if e.Cause == matchmaking.ByPass && e.Roster.Match == "" {
		if err := matchmakingtest.Check(judge(tb, m.rules, now, *e.Roster, m.tickets)); err != nil {
			return err
		}
	}
	m.state[e.Ticket] = e.State
	m.made[e.State]++
	if e.State != matchmaking.Queued && e.State != matchmaking.Proposed {
		m.left[e.Ticket] = e.State
		delete(m.state, e.Ticket)
		for _, p := range m.tickets[e.Ticket].Members {
			delete(m.players, p.Player)
		}
	}
	return nil
}

// TestQueueSequences runs random operations on a queue beside the model.
func TestQueueSequences(t *testing.T) {
	t.Parallel()
	sequences := uint64(10_000)
	if testing.Short() {
		sequences = 1_000
	}
	made := map[matchmaking.State]int{}
	refused := map[matchmaking.Code]int{}
	for seed := range sequences {
		s := newSequence(t, seed)
		for range 25 {
			s.step()
		}
		s.end()
		for state, n := range s.model.made {
			made[state] += n
		}
		for code, n := range s.refused {
			refused[code] += n
		}
	}
	t.Log(made, refused)
	for _, state := range []matchmaking.State{matchmaking.Queued, matchmaking.Proposed, matchmaking.Matched, matchmaking.Cancelled, matchmaking.Expired} {
		if made[state] < 100 {
			t.Errorf("%d events %q: the test tests too little", made[state], state)
		}
	}
	for _, code := range []matchmaking.Code{matchmaking.PlayerQueued, matchmaking.TicketExists, matchmaking.TicketUnknown, matchmaking.NotProposed, matchmaking.PlayerUnknown, matchmaking.AnswerTwice, matchmaking.NeverMatches} {
		if refused[code] == 0 {
			t.Errorf("nothing was refused with %q: the test tests too little", code)
		}
	}
}

type sequence struct {
	t       *testing.T
	seed    uint64
	chance  *rand.Rand
	queue   *matchmaking.Queue
	model   *model
	now     time.Duration
	n       int
	ids     []matchmaking.TicketID
	refused map[matchmaking.Code]int
}

func newSequence(t *testing.T, seed uint64) *sequence {
	c := rand.New(rand.NewPCG(seed, 3))
	r := matchmakingtest.RandomRules(c)
	r.GiveUp = 90 * time.Second
	if c.IntN(2) == 0 {
		r.Acceptance = matchmaking.Acceptance{Required: true, Timeout: 10 * time.Second}
	}
	s := &sequence{t: t, seed: seed, chance: c, model: newModel(r), now: time.Hour, refused: map[matchmaking.Code]int{}}
	q, err := matchmaking.NewQueue(r, matchmaking.QueueConfig{Store: s.model})
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	s.queue = q
	return s
}

func (s *sequence) step() {
	switch s.chance.IntN(8) {
	case 0, 1, 2:
		s.add()
	case 3:
		s.refuse(s.queue.Cancel(s.now, s.someone()))
	case 4:
		s.now += time.Duration(s.chance.IntN(12)) * time.Second
		s.queue.Advance(s.now, []matchmaking.OpenMatch{{ID: "open", Region: "eu", PinnedOnly: s.chance.IntN(2) == 0}})
	case 5, 6:
		id := s.someone()
		for _, member := range s.model.tickets[id].Members {
			s.refuse(s.queue.Accept(s.now, id, member.Player))
		}
	case 7:
		id := s.someone()
		s.refuse(s.queue.Decline(s.now, id, fmt.Sprintf("%s.%d", id, s.chance.IntN(2))))
	}
	s.follow()
}

// someone is a ticket that is here, mostly.
func (s *sequence) someone() matchmaking.TicketID {
	if len(s.ids) == 0 {
		return "nobody"
	}
	return s.ids[s.chance.IntN(len(s.ids))]
}

func (s *sequence) add() {
	s.n++
	ticket := matchmakingtest.RandomTicket(s.chance, fmt.Sprintf("t%d", s.n), s.now, 3)
	switch s.chance.IntN(12) {
	case 0:
		ticket.Match = "open"
	case 1:
		ticket.ID = s.someone()
	case 2:
		ticket.Members[0].Player = string(s.someone()) + ".0"
	}
	err := s.queue.Add(s.now, ticket)
	if s.refuse(err) {
		return
	}
	if s.model.active(ticket.ID) {
		s.t.Fatalf("seed %d: ticket %q was added twice", s.seed, ticket.ID)
	}
	for _, member := range ticket.Members {
		if other, ok := s.model.players[member.Player]; ok {
			s.t.Fatalf("seed %d: player %q is in tickets %q and %q", s.seed, member.Player, other, ticket.ID)
		}
		s.model.players[member.Player] = ticket.ID
	}
	delete(s.model.left, ticket.ID) // an id may be used again
	s.model.tickets[ticket.ID] = ticket
	s.ids = append(s.ids, ticket.ID)
}

// refuse counts a refusal; every one has a code and a remedy.
func (s *sequence) refuse(err error) bool {
	if err == nil {
		return false
	}
	var p *matchmaking.Problem
	if !errors.As(err, &p) || p.Code == "" || p.Detail == "" || p.Remedy == "" {
		s.t.Fatalf("seed %d: %v is no whole problem", s.seed, err)
	}
	s.refused[p.Code]++
	return true
}

// follow applies the events and compares the queue with the model.
func (s *sequence) follow() {
	s.t.Helper()
	for _, e := range s.queue.Events() {
		if err := s.model.apply(s.t, s.now, e); err != nil {
			s.t.Fatalf("seed %d: %v", s.seed, err)
		}
	}
	waiting, proposed := 0, 0
	for id, state := range s.model.state {
		status, ok := s.queue.Status(s.now, id)
		if !ok || status.State != state {
			s.t.Fatalf("seed %d: ticket %q is %q (%v), and by the events %q", s.seed, id, status.State, ok, state)
		}
		if !s.model.saved[id] {
			s.t.Fatalf("seed %d: the store does not know %q", s.seed, id)
		}
		if state == matchmaking.Queued {
			waiting++
		} else {
			proposed++
		}
	}
	if st := s.queue.Stats(); st.Tickets != waiting || st.Proposed != proposed || len(s.model.saved) != waiting+proposed {
		s.t.Fatalf("seed %d: %d wait and %d are proposed, by the events %d and %d, saved %d", s.seed, st.Tickets, st.Proposed, waiting, proposed, len(s.model.saved))
	}
}

// end lets time pass: no ticket is lost, and none waits beyond GiveUp.
func (s *sequence) end() {
	s.now += 2 * time.Minute
	s.queue.Advance(s.now, nil)
	s.follow()
	s.now += time.Second
	s.queue.Close(s.now)
	s.follow()
	for id := range s.model.tickets {
		if s.model.left[id] == "" {
			s.t.Fatalf("seed %d: ticket %q is lost", s.seed, id)
		}
	}
}
