package matchmaking_test

import (
	"fmt"
	"testing"
	"time"

	"arbiter/matchmaking"
	"arbiter/matchmaking/rules"
)

// hopeless are parties, one player for each role, all of the same: no match
// can be made of them.
func hopeless(tb testing.TB, n int, roles ...string) (*matchmaking.Matcher, []*matchmaking.Entry) {
	tb.Helper()
	r, err := rules.Named("fives")
	if err != nil {
		tb.Fatal(err)
	}
	m, err := matchmaking.NewMatcher(r, matchmaking.MatcherConfig{})
	if err != nil {
		tb.Fatal(err)
	}
	out := make([]*matchmaking.Entry, n)
	for i := range out {
		ticket := matchmaking.Ticket{ID: matchmaking.TicketID(fmt.Sprint("t", i))}
		for k, role := range roles {
			ticket.Members = append(ticket.Members, matchmaking.Member{Player: fmt.Sprint("p", i, ".", k), Attributes: matchmaking.Attributes{"role": matchmaking.Set(role)}})
		}
		ticket.Attributes = matchmaking.Attributes{
			"skill":   matchmaking.Number(float64(1000 + i*7919%1000)),
			"latency": matchmaking.Latency(map[string]float64{"eu": 20, "us": 30, "ap": 40}),
		}
		if out[i], err = m.Admit(ticket); err != nil {
			tb.Fatal(err)
		}
	}
	return m, out
}

// TestHopelessBounded: for parties that can't be matched a bounded number of
// candidates is examined, and a match of younger tickets is still found.
func TestHopelessBounded(t *testing.T) {
	t.Parallel()
	m, entries := hopeless(t, 5_000, "tank", "healer")
	if got := m.Pass(time.Hour, entries, nil); len(got) != 0 {
		t.Fatalf("%d rosters", len(got))
	}
	if n := m.PassStats().Fruitless; n < 1_000_000 || n > 2_500_000 {
		t.Errorf("%d candidates examined, want the bound of 2 million and few more", n)
	}
	for i := range 2 {
		e, err := m.Admit(matchmaking.Ticket{
			ID: matchmaking.TicketID(fmt.Sprint("z", i)), Created: 59 * time.Minute,
			Members: []matchmaking.Member{{Player: fmt.Sprint("z", i, "a")}, {Player: fmt.Sprint("z", i, "b")}, {Player: fmt.Sprint("z", i, "c")}},
			Attributes: matchmaking.Attributes{
				"skill": matchmaking.Number(1500), "role": matchmaking.Set("damage"), "latency": matchmaking.Latency(map[string]float64{"eu": 20}),
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, e)
	}
	if got := m.Pass(time.Hour, entries, nil); len(got) != 1 || len(got[0].Tickets) != 4 {
		t.Errorf("got %+v, want the match of both trios with two duos", got)
	}
}

// BenchmarkHopeless is a pass past the last expansion that finds no match: the worst
// case.
func BenchmarkHopeless(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		for name, roles := range map[string][]string{"solo": {"healer"}, "duo": {"tank", "healer"}} {
			b.Run(fmt.Sprintf("%s/tickets=%d", name, n), func(b *testing.B) {
				m, entries := hopeless(b, n, roles...)
				for b.Loop() {
					if got := m.Pass(time.Hour, entries, nil); len(got) != 0 {
						b.Fatalf("%d rosters", len(got))
					}
				}
				b.ReportMetric(float64(m.PassStats().Cut), "cut")
			})
		}
	}
}

// BenchmarkExplain is one explanation among many tickets.
func BenchmarkExplain(b *testing.B) {
	m, entries := hopeless(b, 100_000, "healer")
	for b.Loop() {
		if x := m.Explain(time.Hour, entries[5], entries); x.Reason != matchmaking.WaitsForRule || x.Blocking[0] != "roles" {
			b.Fatalf("%+v", x)
		}
	}
}
