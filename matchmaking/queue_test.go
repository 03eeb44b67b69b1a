package matchmaking_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"arbiter/matchmaking"
)

const asked = pair + "acceptance: {required: true, timeout: 15s}\ngive_up: 60s\n"

// queue makes a queue with single players added at 0, of one skill.
func queue(tb testing.TB, text string, c matchmaking.QueueConfig, players ...string) *matchmaking.Queue {
	tb.Helper()
	q, err := matchmaking.NewQueue(matcher(tb, text).Rules(), c)
	if err != nil {
		tb.Fatal(err)
	}
	for _, p := range players {
		if err := q.Add(0, single(p)); err != nil {
			tb.Fatal(err)
		}
	}
	q.Events()
	return q
}

func single(player string) matchmaking.Ticket {
	return matchmaking.Ticket{ID: matchmaking.TicketID("of " + player), Members: []matchmaking.Member{{Player: player}}, Attributes: matchmaking.Attributes{"skill": matchmaking.Number(100)}}
}

// story is the events in short: ticket, state, cause.
func story(q *matchmaking.Queue) []string {
	var out []string
	for _, e := range q.Events() {
		out = append(out, fmt.Sprintf("%s %s %s", e.Ticket, e.State, e.Cause))
	}
	return out
}

func expect(t *testing.T, q *matchmaking.Queue, want ...string) {
	t.Helper()
	if got := story(q); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func refused(t *testing.T, err error, code matchmaking.Code) {
	t.Helper()
	var p *matchmaking.Problem
	if !errors.As(err, &p) || p.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

func TestAccepted(t *testing.T) {
	q := queue(t, asked, matchmaking.QueueConfig{}, "ann", "bob")
	q.Advance(time.Second, nil)
	expect(t, q, "of ann proposed found", "of bob proposed found")
	for range 2 { // a second yes changes nothing
		if err := q.Accept(2*time.Second, "of ann", "ann"); err != nil {
			t.Fatal(err)
		}
	}
	if s, ok := q.Status(2*time.Second, "of ann"); !ok || s.State != matchmaking.Proposed || s.Until != 16*time.Second || len(s.Accepted) != 1 {
		t.Errorf("status %+v", s)
	}
	refused(t, q.Decline(2*time.Second, "of ann", "ann"), matchmaking.AnswerTwice)
	refused(t, q.Accept(2*time.Second, "of ann", "bob"), matchmaking.PlayerUnknown)
	if err := q.Accept(3*time.Second, "of bob", "bob"); err != nil {
		t.Fatal(err)
	}
	expect(t, q, "of ann proposed accepted", "of ann matched accepted", "of bob matched accepted")
	refused(t, q.Accept(3*time.Second, "of bob", "bob"), matchmaking.TicketUnknown)
	if err := q.Add(4*time.Second, single("ann")); err != nil {
		t.Errorf("a player who was matched can't queue again: %v", err)
	}
}

// TestDeclined: the ticket that declines leaves, the other keeps its age.
func TestDeclined(t *testing.T) {
	q := queue(t, asked, matchmaking.QueueConfig{}, "ann", "bob")
	q.Advance(time.Second, nil)
	q.Events()
	if err := q.Decline(5*time.Second, "of bob", "bob"); err != nil {
		t.Fatal(err)
	}
	expect(t, q, "of ann queued returned", "of bob cancelled declined")
	if s, _ := q.Status(6*time.Second, "of ann"); s.State != matchmaking.Queued || s.Age != 6*time.Second {
		t.Errorf("status %+v, want the age kept", s)
	}
}

// TestNoAnswer: at the timeout an answer is too late, and tickets without one leave.
func TestNoAnswer(t *testing.T) {
	q := queue(t, asked, matchmaking.QueueConfig{}, "ann", "bob")
	q.Advance(time.Second, nil)
	if err := q.Accept(16*time.Second-1, "of ann", "ann"); err != nil {
		t.Fatal(err)
	}
	q.Events()
	refused(t, q.Accept(16*time.Second, "of bob", "bob"), matchmaking.NotProposed)
	q.Advance(16*time.Second, nil)
	expect(t, q, "of ann queued returned", "of bob cancelled no_answer")
}

// TestCancelledWhileProposed: the others wait again.
func TestCancelledWhileProposed(t *testing.T) {
	q := queue(t, asked, matchmaking.QueueConfig{}, "ann", "bob")
	q.Advance(time.Second, nil)
	q.Events()
	if err := q.Cancel(2*time.Second, "of ann"); err != nil {
		t.Fatal(err)
	}
	expect(t, q, "of bob queued returned", "of ann cancelled cancelled")
	refused(t, q.Accept(2*time.Second, "of bob", "bob"), matchmaking.NotProposed)
	refused(t, q.Cancel(2*time.Second, "of ann"), matchmaking.TicketUnknown)
}

func TestExpired(t *testing.T) {
	q := queue(t, asked, matchmaking.QueueConfig{}, "ann")
	q.Advance(60*time.Second-1, nil)
	expect(t, q)
	q.Advance(60*time.Second, nil)
	expect(t, q, "of ann expired too_old")
}

func TestFullAndLate(t *testing.T) {
	q := queue(t, asked, matchmaking.QueueConfig{MaxTickets: 2}, "ann", "bob")
	refused(t, q.Add(0, single("cem")), matchmaking.QueueFull)
	q = queue(t, asked, matchmaking.QueueConfig{}, "ann")
	again := single("ann")
	refused(t, q.Add(0, again), matchmaking.TicketExists)
	again.ID = "other"
	refused(t, q.Add(0, again), matchmaking.PlayerQueued)
	early := single("dan")
	early.Created = time.Second
	refused(t, q.Add(0, early), matchmaking.CreatedLater)
}

// TestEstimate: there is no estimate before tickets were matched; then it is the
// median of similar tickets less the time waited.
func TestEstimate(t *testing.T) {
	q := queue(t, pair, matchmaking.QueueConfig{}, "ann")
	if s, _ := q.Status(0, "of ann"); s.Estimated {
		t.Errorf("estimated %v out of nothing", s.Estimate)
	}
	if err := q.Cancel(0, "of ann"); err != nil {
		t.Fatal(err)
	}
	now := time.Duration(0)
	for i := range 10 {
		for _, p := range []string{"a", "b"} {
			ticket := single(p)
			ticket.Created = now
			if err := q.Add(now, ticket); err != nil {
				t.Fatal(err)
			}
		}
		now += time.Duration(i+1) * time.Second
		q.Advance(now, nil)
	}
	ticket := single("ann")
	ticket.Created = now
	if err := q.Add(now, ticket); err != nil {
		t.Fatal(err)
	}
	if s, _ := q.Status(now+2*time.Second, "of ann"); !s.Estimated || s.Estimate != 4*time.Second {
		t.Errorf("estimate %v (%v), want the median 6 s of those that waited 2 s and more, less 2 s", s.Estimate, s.Estimated)
	}
	if s := q.Stats(); s.Matched != 20 || s.P50 != 5*time.Second || s.P99 != 10*time.Second || s.Tickets != 1 || s.Players != 1 {
		t.Errorf("stats %+v", s)
	}
	if x, err := q.Explain(now, "of ann"); err != nil || x.Reason != matchmaking.WaitsForPlayers {
		t.Errorf("explained %+v, %v", x, err)
	}
}
