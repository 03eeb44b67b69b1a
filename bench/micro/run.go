// Package micro runs the Go benchmarks of the hot path and puts their figures
// into one table.
package micro

import (
	"context"
	"fmt"
	"os/exec"
	"strings"

	"arbiter/bench"
	"arbiter/bench/machine"
	"arbiter/bench/report"
)

// Options of "arbiter bench micro".
type Options struct {
	bench.Common
	Source   string   `default:"." placeholder:"DIR" help:"Arbiter's repository, whose benchmarks are compiled; needs Go."`
	Packages []string `default:"./netcode,./netcode/replicate,./netcode/client/core,./server/match,./server/transport,./server/auth,./game/arena" help:"Packages whose benchmarks run."`
	Match    string   `default:"." placeholder:"REGEXP" help:"Benchmarks to run."`
	Time     string   `default:"300ms" help:"Duration of each benchmark, as for go test -benchtime."`
	Count    int      `default:"3" help:"Number of runs of each; the median counts."`
}

// Run measures and reports.
func Run(ctx context.Context, s *bench.Session, o Options) (*report.Document, error) {
	if s.Quick {
		o.Time, o.Count = "30ms", 1
	}
	if err := bench.NeedRepository("micro", o.Source, "."); err != nil {
		return nil, err
	}
	var list []Line
	for _, p := range o.Packages {
		s.Say("%s", p)
		lines, err := Measure(ctx, s, o, p)
		if err != nil {
			return nil, err
		}
		list = append(list, lines...)
	}
	d := s.Document("micro", "Micro: the parts of the hot path")
	t := report.Table{
		Title: "Go benchmarks, medians", Columns: []string{"benchmark", "ns", "bytes", "allocations", "others"},
		Note: "Bytes and allocations are the heap's, an operation.",
	}
	for _, l := range list {
		t.Add(l.Name, l.Values["ns/op"], l.Values["B/op"], l.Values["allocs/op"], l.rest())
	}
	d.Result, d.Tables = list, []report.Table{t}
	return d, nil
}

// Measure runs one package's benchmarks on the server's processors.
func Measure(ctx context.Context, s *bench.Session, o Options, pkg string) ([]Line, error) {
	c := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", o.Match, "-benchmem",
		"-benchtime", o.Time, "-count", fmt.Sprint(o.Count), pkg)
	c.Dir = o.Source
	var out strings.Builder
	c.Stdout, c.Stderr = &out, &out
	err := machine.Pinned(s.ForServer, c.Start)
	if err == nil {
		err = c.Wait()
	}
	if err != nil {
		return nil, fmt.Errorf("bench: go test %s: %w: run it in the repository (--source): %.2000s", pkg, err, out.String())
	}
	return parse(out.String()), nil
}
