// Package attack measures what honest players notice of attacks on their
// server, and whether it is as before when they are over.
package attack

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"arbiter/bench"
	"arbiter/bench/hostile"
	"arbiter/bench/report"
)

// Options of "arbiter bench attack".
type Options struct {
	bench.Common
	Attacks []string      `placeholder:"NAME" help:"Attacks to make. Default: all of slowloris, idle, churn, fragments, pings, frames, tokens, mute, tls."`
	Players int           `default:"200" help:"Honest players on the same server."`
	Rounds  int           `default:"5" help:"Pairs of measurements for each attack, without it and with it; the median counts."`
	For     time.Duration `default:"4s" help:"Duration of each measurement."`

	AttackerCommand []string `name:"attacker-command" hidden:"" help:"Command that starts the attackers."`
}

// Result is about one attack. Medians of the rounds; times are in milliseconds.
type Result struct {
	Attack   string        `json:"attack"`
	Ratio    float64       `json:"gap_p99_ratio"` // median of the rounds' ratios, with to without
	Without  float64       `json:"gap_p99_ms_without"`
	With     float64       `json:"gap_p99_ms_with"`
	Closed   uint64        `json:"honest_disconnects"`
	Spoiled  uint64        `json:"honest_spoiled"` // snapshots that were not what the server has
	Heap     float64       `json:"heap_grown_bytes"`
	RSS      float64       `json:"rss_grown_bytes"`
	Files    float64       `json:"descriptors_grown"`
	Routines float64       `json:"goroutines_grown"`
	Back     bool          `json:"back_to_base"` // in all rounds
	Tally    hostile.Tally `json:"attackers"`    // of the last round
	Rounds   []*Round      `json:"rounds"`
	Verdict  string        `json:"verdict"`
}

// bar is the most that the p99 of honest players' gaps may grow.
const bar = 1.2

// Run measures and reports.
func Run(ctx context.Context, s *bench.Session, o Options) (*report.Document, error) {
	if s.Quick {
		o.Rounds, o.For = 1, min(o.For, 1500*time.Millisecond)
	}
	if len(o.Attacks) == 0 {
		o.Attacks = hostile.Names()
	}
	for _, name := range o.Attacks {
		if !slices.Contains(hostile.Names(), name) {
			return nil, fmt.Errorf("bench: no attack %q: use some of %s", name, strings.Join(hostile.Names(), ", "))
		}
	}
	results := make([]*Result, len(o.Attacks))
	for i, name := range o.Attacks {
		results[i] = &Result{Attack: name, Back: true}
	}
	for n := range o.Rounds { // in turns, so that what changes on the machine meets all
		for _, r := range results {
			round, err := play(ctx, s, &o, r.Attack, n%2 == 1)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", r.Attack, err)
			}
			r.Rounds = append(r.Rounds, round)
			s.Say("%-10s %v", r.Attack, round)
		}
	}
	for _, r := range results {
		r.judge()
	}
	return document(s, &o, results), nil
}

// judge sums up the rounds.
func (r *Result) judge() {
	middle := func(of func(*Round) float64) float64 {
		var list []float64
		for _, n := range r.Rounds {
			list = append(list, of(n))
		}
		slices.Sort(list)
		return list[len(list)/2]
	}
	r.Ratio = middle((*Round).ratio)
	r.Without = middle(func(n *Round) float64 { return n.Without.Gap.P99 })
	r.With = middle(func(n *Round) float64 { return n.With.Gap.P99 })
	r.Heap = middle(func(n *Round) float64 { return n.After.Heap - n.Before.Heap })
	r.RSS = middle(func(n *Round) float64 { return n.After.RSS - n.Before.RSS })
	r.Files = middle(func(n *Round) float64 { return n.After.Files - n.Before.Files })
	r.Routines = middle(func(n *Round) float64 { return n.After.Routines - n.Before.Routines })
	for _, n := range r.Rounds {
		r.Closed += n.Without.Faults.Closed + n.With.Faults.Closed
		r.Spoiled += n.Without.Faults.Spoiled() + n.With.Faults.Spoiled()
		r.Back = r.Back && n.After.Within(n.Before)
		r.Tally = n.Attackers
	}
	switch {
	case r.Closed > 0:
		r.Verdict = fmt.Sprintf("%d honest players were cut off", r.Closed)
	case r.Spoiled > 0:
		r.Verdict = fmt.Sprintf("%d snapshots of honest players were spoiled", r.Spoiled)
	case r.Ratio > bar:
		r.Verdict = fmt.Sprintf("the p99 gap grew to %.2f ×", r.Ratio)
	case !r.Back:
		r.Verdict = "not back to its base afterwards"
	default:
		r.Verdict = "shrugged off"
	}
}
