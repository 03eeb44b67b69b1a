package matchmaking_test

import (
	"testing"

	"arbiter/matchmaking"
	"arbiter/matchmaking/rules"
	"arbiter/matchmaking/simulate"
)

// BenchmarkAdmit is one ticket checked and made ready.
func BenchmarkAdmit(b *testing.B) {
	r, err := rules.Named("fives")
	if err != nil {
		b.Fatal(err)
	}
	m, err := matchmaking.NewMatcher(r, matchmaking.MatcherConfig{})
	if err != nil {
		b.Fatal(err)
	}
	p, err := simulate.ParsePoisson("rate=1000")
	if err != nil {
		b.Fatal(err)
	}
	arrivals := p.Arrivals(r)
	tickets := make([]matchmaking.Ticket, 1000)
	for i := range tickets {
		tickets[i], _ = arrivals.Next()
	}
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Admit(tickets[i%len(tickets)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
