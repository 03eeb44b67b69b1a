package matchmaking_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"arbiter/matchmaking"
	"arbiter/matchmaking/rules"
	"arbiter/matchmaking/simulate"
)

// waitingEntries admits generated tickets that arrived within the last 30 s, like the
// simulator's.
func waitingEntries(tb testing.TB, m *matchmaking.Matcher, n int) []*matchmaking.Entry {
	tb.Helper()
	p, err := simulate.ParsePoisson(fmt.Sprintf("rate=%d", n/30+1))
	if err != nil {
		tb.Fatal(err)
	}
	arrivals := p.Arrivals(m.Rules())
	entries := make([]*matchmaking.Entry, n)
	for i := range entries {
		ticket, err := arrivals.Next()
		if err != nil {
			tb.Fatal(err)
		}
		if entries[i], err = m.Admit(ticket); err != nil {
			tb.Fatal(err)
		}
	}
	return entries
}

// BenchmarkPass is one full pass over n waiting tickets of 5v5 with skill,
// roles, latency and parties, all unmatched when it begins.
func BenchmarkPass(b *testing.B) {
	for _, n := range []int{1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000} {
		b.Run(fmt.Sprintf("tickets=%d", n), func(b *testing.B) {
			r, err := rules.Named("fives")
			if err != nil {
				b.Fatal(err)
			}
			m, err := matchmaking.NewMatcher(r, matchmaking.MatcherConfig{})
			if err != nil {
				b.Fatal(err)
			}
			before := heap()
			entries := waitingEntries(b, m, n)
			perTicket := float64(heap()-before) / float64(n)
			rosters := 0
			for b.Loop() {
				rosters = len(m.Pass(30*time.Second, entries, nil))
			}
			b.ReportMetric(perTicket, "B/ticket")
			b.ReportMetric(float64(heap()-before)/float64(n), "B/ticket-with-pass")
			b.ReportMetric(float64(rosters), "rosters")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/ticket")
			runtime.KeepAlive(entries)
			runtime.KeepAlive(m)
		})
	}
}

func heap() uint64 {
	runtime.GC()
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.HeapAlloc
}
