package simulate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"time"

	"arbiter/matchmaking"
	"arbiter/matchmaking/rules"
)

// Options configure [Run]. Zero values have the defaults stated.
type Options struct {
	Rules    string  // arena, fives, ladder, or the path of a file
	Arrivals string  // see Open
	Hours    float64 // of virtual time; default 2
	// Out is the folder for result.json and result.svg, created if need be.
	// Empty: they are not written.
	Out string
	// Alone leaves out the baseline, the oldest-first matcher, which compares
	// every ticket with every other and is slow above about 50 tickets per second.
	Alone bool
	// JSON prints the result instead of the table.
	JSON bool
	// Quiet leaves out the progress on stderr. On a terminal it is one line that
	// changes; elsewhere one line for every fifth of the time.
	Quiet bool
}

// Result is what result.json holds.
type Result struct {
	Rules    string     `json:"rules"`
	Arrivals string     `json:"arrivals"`
	Hours    float64    `json:"hours"`
	Runs     []Measured `json:"runs"` // the matcher, then the baseline
}

// Run simulates a queue and prints a report of waits and match quality to stdout,
// and its progress to stderr. If the context is done it returns its error.
func Run(ctx context.Context, o Options, stdout, stderr io.Writer) error {
	r, err := load(o.Rules)
	if err != nil {
		return err
	}
	if o.Hours == 0 {
		o.Hours = 2
	}
	if !(o.Hours > 0 && o.Hours <= 24*365) {
		return fmt.Errorf("simulate: %v hours: give a number above 0, such as 2", o.Hours)
	}
	if o.Quiet {
		stderr = io.Discard
	}
	result := Result{Rules: r.Name, Arrivals: o.Arrivals, Hours: o.Hours}
	for _, plain := range []bool{false, true} {
		if plain && o.Alone {
			continue
		}
		m, err := runMatcher(ctx, o, r, plain, stderr)
		if err != nil {
			return err
		}
		result.Runs = append(result.Runs, m)
	}
	if err := write(o.Out, result); err != nil {
		return err
	}
	if o.JSON {
		return encode(stdout, result)
	}
	return table(stdout, result)
}

func load(name string) (matchmaking.Rules, error) {
	if text, err := rules.Text(name); err == nil {
		return rules.Parse(text)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return matchmaking.Rules{}, fmt.Errorf("simulate: rules are one of %v or a file: %w", rules.Names(), err)
	}
	r, err := rules.Parse(text)
	if err != nil {
		return r, fmt.Errorf("simulate: %s:\n%w", name, err)
	}
	return r, nil
}

// runMatcher runs the matcher, or the baseline.
func runMatcher(ctx context.Context, o Options, r matchmaking.Rules, plain bool, stderr io.Writer) (m Measured, err error) {
	arrivals, file, err := Open(o.Arrivals, r)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	matcher, err := matchmaking.NewMatcher(r, matchmaking.MatcherConfig{OldestFirst: plain})
	if err != nil {
		return m, err
	}
	name := map[bool]string{false: "arbiter", true: "oldest first"}[plain]
	s := Simulation{Matcher: matcher, Arrivals: arrivals, Length: time.Duration(o.Hours * float64(time.Hour))}
	begin, end, every := "", "\n", 5.0
	if isTerminal(stderr) {
		begin, end, every = "\r", "", 100
	}
	told := 0.0
	s.Progress = func(now time.Duration, m Measured) {
		share := every * float64(now) / float64(s.Length)
		if share < told+1 {
			return
		}
		told = math.Floor(share)
		fmt.Fprintf(stderr, begin+"%-12s %5.1f%%  %8d tickets  %6.1f%% matched  %6d waiting  wait p95 %.1f s  %.0f tickets/s"+end,
			name, 100*float64(now)/float64(s.Length), m.Tickets, 100*m.Share, m.Waiting, m.Wait.P95, m.TicketsPerS)
	}
	m, err = s.Run(ctx)
	if begin != "" {
		fmt.Fprintln(stderr)
	}
	m.Matcher = name
	return m, err
}

func write(folder string, result Result) error {
	if folder == "" {
		return nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("simulate: folder for the result: %w", err)
	}
	file, err := os.Create(filepath.Join(folder, "result.json"))
	if err != nil {
		return fmt.Errorf("simulate: result: %w", err)
	}
	if err := errors.Join(encode(file, result), file.Close()); err != nil {
		return fmt.Errorf("simulate: result: %w", err)
	}
	image, err := os.Create(filepath.Join(folder, "result.svg"))
	if err != nil {
		return fmt.Errorf("simulate: plot: %w", err)
	}
	if err := errors.Join(Plot(image, result), image.Close()); err != nil {
		return fmt.Errorf("simulate: plot: %w", err)
	}
	return nil
}

func encode(w io.Writer, result Result) error {
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	return e.Encode(result)
}

// isTerminal reports whether what is written can be written over.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
