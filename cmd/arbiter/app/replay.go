package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"arbiter/game/sim"
)

type replayCommand struct {
	program *Program

	File string `arg:"" placeholder:"FILE" help:"Recording of a match, made by \"arbiter serve --record-dir DIR\"."`
}

// Help is the part of the help text above the flags.
func (r replayCommand) Help() string {
	return `Runs the match again from its seed and its inputs, and compares the state's hash after every tick
with the recorded one. At the first difference or damage it prints the tick and exits with 1.

    arbiter replay recordings/20260102T150405Z-` + r.program.exampleGame() + `-k3v9q2m7x1ab.arbr`
}

// Run replays the file.
func (r *replayCommand) Run(ctx context.Context, s streams) error {
	f, err := os.Open(r.File)
	if err != nil {
		return err
	}
	defer f.Close()
	progress := replayProgress{to: s.err, began: time.Now()}
	sum, err := sim.Replay(stoppable{ctx, f}, r.program.game, progress.tick)
	printSummary(s.out, &sum)
	if err != nil {
		return fmt.Errorf("%s: %w", r.File, err)
	}
	_, err = fmt.Fprintln(s.out, "all hashes equal")
	return err
}

// stoppable ends reading with its context.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

// Read implements [io.Reader].
func (s stoppable) Read(p []byte) (int, error) {
	if err := context.Cause(s.ctx); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

// replayProgress reports about a replay that takes longer than two seconds,
// every two seconds.
type replayProgress struct {
	to    io.Writer
	began time.Time
	said  int // periods of progressEvery
}

const (
	progressEvery = 2 * time.Second
	progressTicks = 256 // the clock is looked at once in so many
)

func (p *replayProgress) tick(at sim.Progress) {
	if at.Tick%progressTicks != 0 {
		return
	}
	took := time.Since(p.began)
	if periods := int(took / progressEvery); periods > p.said {
		p.said = periods
		fmt.Fprintf(p.to, "tick %d after %.0f s, all hashes equal so far\n", at.Tick, took.Seconds())
	}
}

// printSummary prints what was replayed, if anything was.
func printSummary(w io.Writer, s *sim.Summary) {
	if s.Game == "" {
		return
	}
	fmt.Fprintf(w, "game     %s, seed %d\n", s.Game, s.Seed)
	fmt.Fprintf(w, "ticks    %d, %.1f s at %d Hz\n", s.Ticks, float64(s.Ticks)/float64(s.Rate), s.Rate)
	fmt.Fprintf(w, "players  %d joined, %d left, %d inputs, %d commands, %d suspicions\n", s.Joins, s.Leaves, s.Inputs, s.Commands, s.Suspicions)
	fmt.Fprintf(w, "hash     %016x\n", s.Hash)
	if s.Result == nil {
		fmt.Fprintln(w, "result   none: the match did not finish")
		return
	}
	fmt.Fprintf(w, "result   %s\n", s.Result.Reason)
	for _, score := range s.Result.Scores {
		fmt.Fprintf(w, "         player %d: %d points\n", score.Player, score.Points)
	}
}
