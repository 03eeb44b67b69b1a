package check

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"arbiter/bench"
	"arbiter/bench/micro"
	"arbiter/bench/report"
)

// Options of "arbiter bench check".
type Options struct {
	bench.Common
	Source       string   `default:"." placeholder:"DIR" help:"Arbiter's repository, whose Go benchmarks are compiled; needs Go."`
	Baseline     string   `default:"bench/check/baseline.json" placeholder:"FILE" help:"Baseline to compare with."`
	Packages     []string `default:"./netcode,./netcode/replicate,./server/match,./server/transport,./server/auth,./game/arena" help:"Packages whose benchmarks' allocations are compared."`
	Instructions bool     `default:"true" negatable:"" help:"Count the hot path's instructions too, with valgrind."`
	Update       bool     `help:"Write the current counts to the baseline."`
}

// runs is how often each Go benchmark's body runs: a fixed number, so that what
// is allocated once weighs the same every time.
const runs = "200x"

// unsteady are benchmarks whose allocations depend on how goroutines meet.
var unsteady = []string{"RoundTrip", "Send/"}

// Run counts and compares. More than the baseline is the error, next to the
// report.
func Run(ctx context.Context, s *bench.Session, o Options) (*report.Document, error) {
	if err := bench.NeedRepository("check", o.Source, "."); err != nil {
		return nil, err
	}
	c := Counts{}
	for _, m := range matches {
		counts, err := m.Count()
		if err != nil {
			return nil, err
		}
		c[m.String()] = counts
		s.Say("%v", m)
	}
	for _, pkg := range o.Packages {
		lines, err := micro.Measure(ctx, s, micro.Options{Source: o.Source, Match: ".", Time: runs, Count: 1}, pkg)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			c.add(l)
		}
		s.Say("%s", pkg)
	}
	if o.Instructions {
		if err := c.countInstructions(ctx, o.Source, s.Say); err != nil {
			return nil, err
		}
	}
	if o.Update {
		if err := c.save(o.Baseline); err != nil {
			return nil, fmt.Errorf("bench: baseline: %w", err)
		}
	}
	baseline, err := read(o.Baseline)
	if err != nil {
		return nil, err
	}
	list := c.Against(baseline)
	d := s.Document("check", "Counts that no machine changes")
	d.Result, d.Tables = list, tables(list)
	for _, name := range c.missing(baseline) {
		d.Notes = append(d.Notes, "No longer counted: "+name)
	}
	return d, verdict(list)
}

// add keeps a benchmark's allocations and what it says of bytes on the wire.
func (c Counts) add(l micro.Line) {
	for _, name := range unsteady {
		if strings.Contains(l.Name, name) {
			return
		}
	}
	for unit, v := range l.Values {
		if unit != "allocs/op" && !strings.HasPrefix(unit, "bytes") {
			continue
		}
		if c[l.Name] == nil {
			c[l.Name] = map[string]float64{}
		}
		c[l.Name][unit] = v
	}
}

func verdict(list []Difference) error {
	var worse []error
	for _, d := range list {
		if d.Worse() {
			worse = append(worse, fmt.Errorf("bench: %s: %s is %s and was %s", d.About, d.What, report.Number(d.Is), report.Number(d.Was)))
		}
	}
	if len(worse) == 0 {
		return nil
	}
	return errors.Join(append(worse, errors.New("bench: if it must be so, make bench-check UPDATE=1 and say why in the commit"))...)
}
