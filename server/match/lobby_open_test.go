package match

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"arbiter/netcode"
)

// TestOpenMatches has players come to and leave a few matches at random, and
// checks that the fullest match is the one that a look at all rosters finds.
func TestOpenMatches(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var v openMatches
	var matches []*Match
	for i := range 12 {
		m := &Match{id: fmt.Sprintf("m%02d", (i*7)%12), roster: newRoster(1+i%4, 1)}
		m.roster.private, m.roster.reservedOnly = i == 3, i == 5
		m.roster.advertise(m, &v)
		matches = append(matches, m)
	}
	fullest := func() (best *Match) {
		most := -1
		for _, m := range matches {
			c := m.roster.occupancy()
			if n := c.players + c.reserved; c.open && (n > most || n == most && m.id < best.id) {
				best, most = m, n
			}
		}
		return best
	}
	nobody := 0
	for step := range 20000 {
		m, who := matches[rnd.IntN(len(matches))], fmt.Sprint("p", rnd.IntN(6))
		switch n := rnd.IntN(100); {
		case n < 45:
			enter(m.roster, &Claims{Subject: who}, 0)
		case n < 65:
			m.roster.remove(who, netcode.CodeTokenUsed)
		case n < 85:
			_ = m.roster.reserve(granted(Reservation{Subject: who}, Reservation{Subject: "q" + who}), []string{"a", "b"}, time.Duration(step)+50)
		case n < 90:
			m.roster.release(who)
		case n < 98:
			m.roster.removeExpired(time.Duration(step))
		case n < 99:
			m.roster.closeIfEmpty()
		case step > 15000:
			m.roster.close(netcode.CodeDrain)
		}
		got, want := v.fullest(), fullest()
		if got != want {
			t.Fatalf("step %d: the fullest match is %v, want %v", step, labelOf(got), labelOf(want))
		}
		if got == nil {
			nobody++
		}
	}
	for _, m := range matches {
		m.roster.close(netcode.CodeMatchFinished)
	}
	if m := v.fullest(); m != nil || len(v.heap) != 0 {
		t.Errorf("%v is open after all rosters were closed", labelOf(m))
	}
	t.Logf("nowhere to go after %d steps", nobody)
}

func labelOf(m *Match) string {
	if m == nil {
		return "none"
	}
	return m.id
}
