package bots

import (
	"fmt"
	"slices"
	"time"
)

// MatchReport is what matchmaking did for bots that queued.
type MatchReport struct {
	Queue      string  `json:"queue"`
	Matched    int     `json:"matched"`   // bots with a seat
	Unmatched  int     `json:"unmatched"` // bots that still waited in the end, or failed to queue
	Matches    int     `json:"matches"`
	Judged     int     `json:"judged"`  // matches whose players were all bots
	Partial    bool    `json:"partial"` // the rules were not known: only teams and seats were judged
	Parties    int     `json:"parties"`
	Requeued   int     `json:"came_back"` // bots that waited in vain and queued again with other attributes
	WaitP50    float64 `json:"wait_p50_s"`
	WaitP95    float64 `json:"wait_p95_s"`
	WaitMost   float64 `json:"wait_max_s"`
	Spread     float64 `json:"spread_mean"`     // of the matches, in what the queue sorts by
	Latency    float64 `json:"latency_mean_ms"` // of the matches' farthest players
	Violations int     `json:"violations"`
	// ViolationSamples are the first few, as sentences.
	ViolationSamples []string `json:"violation_samples"`
	// StillWaiting says how a ticket stood that was not matched in time.
	StillWaiting string `json:"still_waiting,omitempty"`
}

// tally fills a report in from those who got seats, and what was wrong.
func (m *MatchReport) tally(j *judge) {
	m.Matched, m.Judged, m.Violations, m.ViolationSamples = len(j.seated), j.judged, j.violations, j.wrong
	if m.ViolationSamples == nil {
		m.ViolationSamples = []string{}
	}
	var waits []time.Duration
	seen, rosters := map[string]bool{}, map[string]bool{}
	for _, p := range j.seated {
		waits = append(waits, p.age)
		seen[p.seat.Match] = true
		if key := rosterOf(p.ticket.Match); !rosters[key] {
			rosters[key] = true
			m.Spread += p.ticket.Match.Quality.Spread
			m.Latency += p.ticket.Match.Quality.Latency
		}
	}
	m.Matches = len(seen)
	m.Spread, m.Latency = tenths(m.Spread/float64(max(1, len(rosters)))), tenths(m.Latency/float64(max(1, len(rosters))))
	slices.Sort(waits)
	at := func(share float64) float64 {
		if len(waits) == 0 {
			return 0
		}
		return tenths(waits[int(share*float64(len(waits)-1))].Seconds())
	}
	m.WaitP50, m.WaitP95, m.WaitMost = at(0.5), at(0.95), at(1)
}

func tenths(x float64) float64 { return float64(int(x*10+0.5)) / 10 }

// verdict is nil if every bot got a match and every match fits the rules.
func (m *MatchReport) verdict() error {
	switch {
	case m == nil:
		return nil
	case m.Violations > 0:
		return fmt.Errorf("bots: %d violations of the rules of queue %s: %s", m.Violations, m.Queue, m.ViolationSamples[0])
	case m.Unmatched > 0:
		return fmt.Errorf("bots: %d of %d bots got no match: give more time with --wait, or a number of bots that fills the queue's teams exactly", m.Unmatched, m.Unmatched+m.Matched)
	}
	return nil
}

func (m *MatchReport) rows() []row {
	if m == nil {
		return nil
	}
	by := "the queue's rules"
	if m.Partial {
		by = "their teams only, because the rules are unknown (give --rules)"
	}
	return []row{
		{"queue", "%s: %d bots in %d matches, %d parties, %d unmatched, %d queued again with other attributes", []any{m.Queue, m.Matched, m.Matches, m.Parties, m.Unmatched, m.Requeued}},
		{"wait", "p50 %.1f s, p95 %.1f s, longest %.1f s", []any{m.WaitP50, m.WaitP95, m.WaitMost}},
		{"quality", "mean spread %.1f, mean latency of the farthest player %.1f ms", []any{m.Spread, m.Latency}},
		{"checked", "%d matches by %s, %d violations", []any{m.Judged, by, m.Violations}},
	}
}

func (m *MatchReport) samples() []string {
	if m == nil {
		return nil
	}
	if m.StillWaiting == "" {
		return m.ViolationSamples
	}
	return append(slices.Clone(m.ViolationSamples), m.StillWaiting)
}
