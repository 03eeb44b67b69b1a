package match

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/netcode"
)

// story is what a testbed's match has told so far, one word for each event.
func story(b *testbed) string {
	var words []string
	for seq := uint64(0); ; {
		e, ok, _ := b.engine.events.Next(seq)
		if !ok {
			return strings.Join(words, " ")
		}
		seq = e.Seq
		word := string(e.Kind)
		switch {
		case e.Kind == Wants:
			word += fmt.Sprint(":", e.Wanted)
		case e.Subject != "" || e.Why != "":
			word += ":" + e.Subject + e.Why
		}
		words = append(words, word)
	}
}

// expecting is a match that waits for Ann and Bob for ten seconds.
func expecting(t *testing.T, o Order) *testbed {
	t.Helper()
	o.Seats = []Reservation{{Subject: "ann", Team: "red", Role: "tank"}, {Subject: "bob", Team: "blue"}}
	b := orderedTestbed(t, arena.Game, o)
	b.roster.reserveOrdered(o.Seats, []string{"t1", "t2"}, 10*time.Second)
	return b
}

// run turns the loop until that time.
func (b *testbed) runUntil(at time.Duration) {
	for b.ended == nil && b.schedule.due(b.schedule.next) <= at {
		b.turn()
	}
}

func TestUnclaimedSeatsAreGivenBack(t *testing.T) {
	b := expecting(t, Order{Size: 4, Backfill: true})
	b.join("ann")
	b.runUntil(10 * time.Second)
	if got := story(b); got != "began claimed:ann wants:2" && got != "began wants:2 claimed:ann" {
		t.Errorf("before: %s", got)
	}
	b.runUntil(12 * time.Second)
	if got := story(b); !strings.HasSuffix(got, "lapsed:bob wants:3") || b.ended != nil {
		t.Errorf("after: %s, ended %v", got, b.ended)
	}
	if c := b.roster.occupancy(); c.players != 1 || c.reserved != 0 || c.free != 3 {
		t.Errorf("%+v", c)
	}
	if p := b.seats[0].who; p.Team != "red" || p.Role != "tank" {
		t.Errorf("the rules were told %+v", p)
	}
}

func TestUnclaimedSeatsDissolve(t *testing.T) {
	b := expecting(t, Order{Size: 2, Unclaimed: Dissolve})
	b.runUntil(9 * time.Second)
	b.join("ann")
	b.runUntil(15 * time.Second)
	if b.ended == nil || b.ended.why != "dissolved" || b.ended.code != netcode.CodeMatchFinished {
		t.Fatalf("%+v", b.ended)
	}
	b.close()
	if _, code := b.conns[0].state(); code != netcode.CodeMatchFinished {
		t.Errorf("those who came are sent away with %v", code)
	}
	if got := story(b); !strings.HasSuffix(got, "lapsed:bob wants:1 ended:dissolved") && !strings.HasSuffix(got, "lapsed:bob ended:dissolved") {
		t.Error(got)
	}
}

// A seat that was reserved later does not dissolve a match that plays.
func TestLaterReservationsDoNotDissolve(t *testing.T) {
	b := expecting(t, Order{Size: 3, Unclaimed: Dissolve})
	b.join("ann")
	b.join("bob")
	if err := b.roster.reserve(granted(Reservation{Subject: "cat"}), []string{"t3"}, 5*time.Second); err != nil {
		t.Fatal(err)
	}
	b.runUntil(15 * time.Second)
	if got := story(b); b.ended != nil || !strings.Contains(got, "lapsed:cat") {
		t.Errorf("ended %+v after %s", b.ended, got)
	}
}

func TestThoseExpectedKeepAMatchOpen(t *testing.T) {
	b := expecting(t, Order{Size: 2})
	b.engine.config.EmptyClose = 2 * time.Second
	b.runUntil(9 * time.Second)
	if b.ended != nil {
		t.Fatalf("ended %+v before anybody could come", b.ended)
	}
	b.runUntil(20 * time.Second)
	if b.ended == nil || b.ended.why != "empty" {
		t.Errorf("ended %+v though nobody came", b.ended)
	}
}

func TestResultsNameThosePlayed(t *testing.T) {
	b := expecting(t, Order{Size: 2, Parameters: game.Attributes{{Name: "rounds", Number: 1}, {Name: "seconds", Number: 5}}})
	b.join("ann")
	b.runUntil(4 * time.Second)
	b.join("bob")
	b.runUntil(8 * time.Second)
	if b.ended == nil || b.ended.why != "finished" {
		t.Fatalf("%+v", b.ended)
	}
	var result *Result
	for seq := uint64(0); result == nil; {
		e, ok, _ := b.engine.events.Next(seq)
		if !ok {
			t.Fatal(story(b))
		}
		seq, result = e.Seq, e.Result
	}
	want := []PlayerScore{{Subject: "bob", Number: 2, Team: "blue"}, {Subject: "ann", Number: 1, Team: "red", Role: "tank"}}
	if result.Reason != "1 round was played" || len(result.Scores) != 2 || result.Scores[0] != want[0] || result.Scores[1] != want[1] {
		t.Errorf("%+v", result)
	}
}

// Those who left are known to the result too, as far as they are remembered.
func TestResultsNameThoseWhoLeft(t *testing.T) {
	b := newTestbed(t, arena.Game, 1)
	b.recordDeparture(b.seats[0])
	b.seats = nil
	for i := range maxDeparted {
		got := b.result(&game.Result{Scores: []game.Score{{Player: 1, Points: 7}}})
		if want := (PlayerScore{Subject: "aa", Number: 1, Points: 7}); got.Scores[0] != want {
			t.Fatalf("after %d others: %+v", i, got.Scores[0])
		}
		b.recordDeparture(&seat{subject: "x", who: game.Player{ID: game.PlayerID(i + 2)}})
	}
	if got := b.scoreOf(1); got != (PlayerScore{Number: 1}) || len(b.departed) != maxDeparted {
		t.Errorf("%+v of %d", got, len(b.departed))
	}
}
