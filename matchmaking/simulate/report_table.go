package simulate

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// table prints the result as a table, one column for each matcher.
func table(w io.Writer, result Result) error {
	fmt.Fprintf(w, "rules %s, arrivals %s, %v h of virtual time\n", result.Rules, result.Arrivals, result.Hours)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	row := func(name string, of func(m Measured) string) {
		fmt.Fprint(t, name)
		for _, m := range result.Runs {
			fmt.Fprint(t, "\t", of(m))
		}
		fmt.Fprintln(t)
	}
	spread := func(name string, of func(m Measured) Spread) {
		row(name, func(m Measured) string {
			s := of(m)
			return fmt.Sprintf("%.1f mean, %.1f / %.1f / %.1f", s.Mean, s.P50, s.P95, s.P99)
		})
	}
	row("", func(m Measured) string { return m.Matcher })
	row("tickets (players)", func(m Measured) string { return fmt.Sprintf("%d (%d)", m.Tickets, m.Players) })
	row("refused", func(m Measured) string {
		n := 0
		for _, c := range m.Refused {
			n += c
		}
		return fmt.Sprint(n)
	})
	row("matched", func(m Measured) string { return fmt.Sprintf("%.2f %%", 100*m.Share) })
	row("expired, still waiting at the end", func(m Measured) string { return fmt.Sprintf("%d, %d", m.Expired, m.Waiting) })
	row("new matches, tickets backfilled", func(m Measured) string { return fmt.Sprintf("%d, %d", m.Matches, m.Joined) })
	spread("wait s, p50 / p95 / p99", func(m Measured) Spread { return m.Wait })
	spread("skill spread", func(m Measured) Spread { return m.Skill })
	spread("gap between team means", func(m Measured) Spread { return m.Gap })
	spread("farthest player's latency ms", func(m Measured) Spread { return m.Latency })
	spread("players per match", func(m Measured) Spread { return m.Size })
	row("longest queue, tickets", func(m Measured) string { return fmt.Sprint(m.Longest) })
	row("pass ms, mean / max", func(m Measured) string { return fmt.Sprintf("%.2f / %.2f", m.PassMean, m.PassMax) })
	row("tickets per second of real time", func(m Measured) string { return fmt.Sprintf("%.0f", m.TicketsPerS) })
	return t.Flush()
}
