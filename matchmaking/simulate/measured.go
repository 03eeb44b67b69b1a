package simulate

import (
	"errors"
	"math"
	"time"

	"arbiter/matchmaking"
)

// Measured is the result of a run.
type Measured struct {
	Matcher string         `json:"matcher"`
	Tickets int            `json:"tickets"` // admitted
	Players int            `json:"players"`
	Refused map[string]int `json:"refused,omitempty"` // by problem code
	Matched int            `json:"matched"`           // tickets
	Share   float64        `json:"share_matched"`     // of tickets admitted
	Expired int            `json:"expired"`
	Waiting int            `json:"waiting"` // tickets, at the end
	Matches int            `json:"matches"` // new ones
	Joined  int            `json:"joined"`  // tickets that joined open matches
	// Wait is of matched tickets, in seconds. Skill, Gap, Latency and Size are of
	// new matches, see [matchmaking.Roster].
	Wait    Spread `json:"wait_s"`
	Skill   Spread `json:"skill_spread"`
	Gap     Spread `json:"team_gap"`
	Latency Spread `json:"latency_ms"`
	Size    Spread `json:"match_players"`

	Longest     int     `json:"longest_queue"` // tickets
	Passes      int     `json:"passes"`
	PassMean    float64 `json:"pass_mean_ms"`
	PassMax     float64 `json:"pass_max_ms"`
	TicketsPerS float64 `json:"tickets_per_s"` // of real time of the whole run

	WaitCurve  []Point `json:"wait_curve"`
	SkillCurve []Point `json:"skill_curve"`
	GapCurve   []Point `json:"gap_curve"`
	QueueCurve []Point `json:"queue_curve"` // X seconds, Share tickets
}

type counts struct {
	tickets, players, matched, expired, matches, joined int
	refused                                             map[string]int
	wait, skill, gap, latency, size                     *histogram
	longest, passes                                     int
	spent, slowest                                      time.Duration
	queue                                               []int
}

func newCounts() *counts {
	return &counts{refused: map[string]int{}, wait: newHistogram(0.1), skill: newHistogram(1), gap: newHistogram(0.5), latency: newHistogram(1), size: newHistogram(1)}
}

func (c *counts) refuse(err error) {
	code := "unknown"
	var p *matchmaking.Problem
	if errors.As(err, &p) {
		code = string(p.Code)
	}
	c.refused[code]++
}

func (c *counts) passed(spent time.Duration, waiting int) {
	c.passes++
	c.spent += spent
	c.slowest = max(c.slowest, spent)
	c.longest = max(c.longest, waiting)
	c.queue = append(c.queue, waiting)
}

func (c *counts) roster(now time.Duration, r matchmaking.Roster, byID map[matchmaking.TicketID]*matchmaking.Entry) {
	for _, id := range r.Tickets {
		c.wait.add((now - byID[id].Created()).Seconds())
		c.matched++
	}
	if r.Match != "" {
		c.joined += len(r.Tickets)
		return
	}
	c.matches++
	players := 0
	for _, t := range r.Teams {
		players += len(t.Seats)
	}
	c.size.add(float64(players))
	c.skill.add(r.Spread)
	c.gap.add(r.Gap)
	c.latency.add(r.Latency)
}

func (s *state) measured(began time.Time) Measured {
	c := s.count
	m := Measured{
		Tickets: c.tickets, Players: c.players, Refused: c.refused, Matched: c.matched, Expired: c.expired, Waiting: len(s.waiting),
		Matches: c.matches, Joined: c.joined,
		Wait: c.wait.spread(), Skill: c.skill.spread(), Gap: c.gap.spread(), Latency: c.latency.spread(), Size: c.size.spread(),
		Longest: c.longest, Passes: c.passes, PassMax: ms(c.slowest),
		WaitCurve: c.wait.curve(), SkillCurve: c.skill.curve(), GapCurve: c.gap.curve(),
	}
	if c.tickets > 0 {
		m.Share = round(float64(c.matched) / float64(c.tickets))
	}
	if c.passes > 0 {
		m.PassMean = ms(c.spent / time.Duration(c.passes))
	}
	if real := time.Since(began).Seconds(); real > 0 {
		m.TicketsPerS = round(float64(c.tickets) / real)
	}
	step := max(1, len(c.queue)/300)
	every := s.Matcher.Rules()
	for i := 0; i < len(c.queue); i += step {
		m.QueueCurve = append(m.QueueCurve, Point{float64(i+1) * every.Interval().Seconds(), float64(c.queue[i])})
	}
	return m
}

func ms(d time.Duration) float64 { return round(d.Seconds() * 1000) }

// histogram counts values in buckets of equal width, so that its memory does not
// grow with their number. Values beyond the last bucket are counted in it.
type histogram struct {
	width  float64
	counts []int
	n      int
	sum    float64
	most   float64
}

const maxBuckets = 1 << 16

func newHistogram(width float64) *histogram { return &histogram{width: width} }

func (t *histogram) add(x float64) {
	i := min(maxBuckets-1, max(0, int(x/t.width)))
	for len(t.counts) <= i {
		t.counts = append(t.counts, 0)
	}
	t.counts[i]++
	t.n++
	t.sum += x
	t.most = max(t.most, x)
}

func (t *histogram) mean() float64 {
	if t.n == 0 {
		return 0
	}
	return t.sum / float64(t.n)
}

// quantile is the upper edge of the bucket in which a share of the values ends.
func (t *histogram) quantile(share float64) float64 {
	rank := int(math.Ceil(share * float64(t.n)))
	seen := 0
	for i, c := range t.counts {
		if seen += c; c > 0 && seen >= rank {
			return min(t.most, float64(i+1)*t.width)
		}
	}
	return 0
}

// Spread summarizes a distribution.
type Spread struct {
	Mean float64 `json:"mean"`
	P50  float64 `json:"p50"`
	P95  float64 `json:"p95"`
	P99  float64 `json:"p99"`
	Max  float64 `json:"max"`
}

func (t *histogram) spread() Spread {
	return Spread{round(t.mean()), round(t.quantile(0.5)), round(t.quantile(0.95)), round(t.quantile(0.99)), round(t.most)}
}

func round(x float64) float64 { return math.Round(x*1000) / 1000 }

// Point is one point of a curve: that share of the values is at most X.
type Point struct {
	X     float64 `json:"x"`
	Share float64 `json:"share"`
}

// curve is the cumulative distribution in at most about 400 points.
func (t *histogram) curve() []Point {
	var out []Point
	step := max(1, len(t.counts)/400)
	seen := 0
	for i, c := range t.counts {
		seen += c
		if i%step == step-1 || i == len(t.counts)-1 {
			out = append(out, Point{round(float64(i+1) * t.width), round(float64(seen) / float64(t.n))})
		}
	}
	return out
}
