// Package soak lets a server live through what a long day brings: players who
// come and go, connections that are cut and stalled, and attacks, one after the
// other. What it holds must stay flat, and nothing may be lost, repeated or
// wrong.
package soak

import (
	"context"
	"fmt"
	"time"

	"arbiter/bench"
	"arbiter/bench/hostile"
	"arbiter/bench/load"
	"arbiter/bench/report"
	"arbiter/bench/target"
	"arbiter/bench/workload"
)

// Options of "arbiter bench soak".
type Options struct {
	bench.Common
	For     time.Duration `default:"1h" help:"Duration; two minutes already give a result."`
	Stage   time.Duration `default:"20s" help:"Duration of each attack and of each group of bots."`
	Players int           `default:"100" help:"Maximum number of players who come and go."`
	Bots    int           `default:"50" help:"Number of additional bots whose connections are cut and stalled."`
	Drop    float64       `default:"0.05" help:"Chance per second that a bot's connection is cut abruptly."`
	Stall   float64       `default:"0.05" help:"Chance per second that a bot's connection stalls for 0.2 to 2 s."`

	AttackerCommand []string `name:"attacker-command" hidden:"" help:"Command that starts the attackers."`
	BotsCommand     []string `name:"bots-command" hidden:"" help:"Command that starts the bots."`
}

// Result is what the benchmark found.
type Result struct {
	Stages  []*Stage `json:"stages"`
	Total   Bots     `json:"bots"`
	Faults  Faults   `json:"faults"`
	Verdict string   `json:"verdict"` // empty: all is well
}

// Faults are those of the players who come and go.
type Faults = load.Faults

// Stage is one attack beside players and bots. Times are in seconds.
type Stage struct {
	At        float64       `json:"at_s"` // when the server was looked at, after the stage
	Attack    string        `json:"attack"`
	Attackers hostile.Tally `json:"attackers"`
	Bots      Bots          `json:"bots"`
	Faults    Faults        `json:"faults"`
	GapP99    float64       `json:"gap_p99_ms"`
	Base      bench.Base    `json:"base"`
}

// resting is what passes between a stage's end and the look at the server:
// seats of those who left lapse meanwhile.
const (
	resting      = 2 * time.Second
	resumeWindow = 5 * time.Second // longer than bots need to come back
)

// Run soaks and reports. What was lost, repeated or not flat is the error, next
// to the report.
func Run(ctx context.Context, s *bench.Session, o Options) (*report.Document, error) {
	if s.Quick {
		o.For, o.Stage, o.Players, o.Bots = min(o.For, 55*time.Second), min(o.Stage, 6*time.Second), min(o.Players, 50), min(o.Bots, 20)
	}
	a := s.Arbiter(10, workload.Rate)
	// The usual limits; but who comes while other programs hold the server up is
	// not to be turned away, since that would count as the server's fault.
	a.Limits, a.ResumeWindow = []string{"--shed-lateness", "0s"}, resumeWindow
	server, stand, err := s.NewServerStand(ctx, a, bench.Play{Sample: 4})
	if err != nil {
		return nil, err
	}
	defer stand.Close()
	r := &Result{}
	began := time.Now()
	for n, took := 0, time.Duration(0); n == 0 || time.Since(began)+took <= o.For; n++ {
		before := time.Now()
		st, err := stage(ctx, s, &o, server, stand, n)
		if err != nil {
			return nil, err
		}
		took = time.Since(before)
		st.At = time.Since(began).Seconds()
		r.Stages = append(r.Stages, st)
		r.Total.add(st.Bots)
		r.Faults.Add(st.Faults)
		s.Say("%v", st)
	}
	r.Verdict = r.judge()
	d := document(s, &o, r)
	if r.Verdict != "" {
		return d, fmt.Errorf("bench: soak: %s", r.Verdict)
	}
	return d, nil
}

// String is one line of progress.
func (st *Stage) String() string {
	return fmt.Sprintf("%-9s %6d hits; bots: %d cut, %d stalled, %d resumed, %d inputs, %d lost, %d repeated, %d of %d states wrong; players: %d wrong, gap p99 %.0f ms; heap %.1f MB, %.0f descriptors, %.0f goroutines",
		st.Attack, st.Attackers.Hits, st.Bots.Drops, st.Bots.Stalls, st.Bots.Resumes, st.Bots.InputsApplied, st.Bots.InputsLost, st.Bots.InputsRepeated,
		st.Bots.HashMismatches, st.Bots.HashChecks, wrong(&st.Faults), st.GapP99, st.Base.Heap/1e6, st.Base.Files, st.Base.Routines)
}

// look waits until a stage's traces are gone, then looks.
func look(ctx context.Context, server *target.Server, stand *bench.Stand, players int) (bench.Base, error) {
	if err := stand.Fleet.Resize(ctx, players); err != nil {
		return bench.Base{}, err
	}
	if err := load.Wait(ctx, resumeWindow+resting); err != nil {
		return bench.Base{}, err
	}
	return bench.LookAt(ctx, server.Process)
}
