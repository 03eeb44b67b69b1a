package simulate

import (
	"errors"
	"time"

	"arbiter/matchmaking"
)

// Measured is what a run measured.
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
	// Wait is of tickets, in seconds. Skill, Gap and Latency are of new
	// matches: the spread of what tickets are sought by, the distance of the
	// teams' means, and the farthest player's milliseconds.
	Wait    Spread `json:"wait_s"`
	Skill   Spread `json:"skill_spread"`
	Gap     Spread `json:"team_gap"`
	Latency Spread `json:"latency_ms"`
	Size    Spread `json:"match_players"`

	Longest     int     `json:"longest_queue"` // tickets
	Passes      int     `json:"passes"`
	PassMean    float64 `json:"pass_mean_ms"`
	PassMax     float64 `json:"pass_max_ms"`
	TicketsPerS float64 `json:"tickets_per_s"` // of real time, all included

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
