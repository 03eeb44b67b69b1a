package peers

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"arbiter/bench"
	"arbiter/bench/load"
	"arbiter/bench/target"
)

// contender is one server of the comparison.
type contender struct {
	name string
	open func(context.Context) (*bench.Stand, error)
}

type lineup struct {
	dir     string // of compiled peers
	all     []*contender
	traffic bench.Traffic // what the floor carries: known after Arbiter's first round
}

const floorName = "floor"

// contenders compiles the peers and lines them up, Arbiter first.
func contenders(ctx context.Context, s *bench.Session, o *Options) (*lineup, error) {
	dir, err := os.MkdirTemp("", "arbiter-peers-")
	if err != nil {
		return nil, err
	}
	l := &lineup{dir: dir, traffic: bench.Traffic{Rate: rate, Group: players}}
	l.add("arbiter", func(ctx context.Context) (*bench.Stand, error) {
		stand, err := s.NewStand(ctx, s.Arbiter(players, rate), bench.Play{})
		if err == nil {
			stand.Outside = true
		}
		return stand, err
	})
	l.add(floorName, func(ctx context.Context) (*bench.Stand, error) { return s.NewFloor(ctx, l.traffic) })
	for _, name := range o.Peers {
		if name == colyseusName {
			err = l.colyseus(ctx, s, o.Source)
		} else {
			err = l.gorilla(ctx, s, o.Source, name)
		}
		if err != nil {
			l.close()
			return nil, err
		}
	}
	return l, nil
}

// gorilla compiles the server with gorilla/websocket, unless it was, and lines
// it up with its messages in a format: gorilla-json or gorilla-msgpack.
func (l *lineup) gorilla(ctx context.Context, s *bench.Session, source, name string) error {
	_, format, _ := strings.Cut(name, "-")
	program := filepath.Join(l.dir, "gorilla")
	if _, err := os.Stat(program); err != nil {
		s.Say("compiling the peers")
		source = filepath.Join(source, "gorilla")
		if out, err := exec.CommandContext(ctx, "go", "build", "-C", source, "-o", program, ".").CombinedOutput(); err != nil {
			return fmt.Errorf("bench: compile %s: %w: run it in the repository, or say --source: %.2000s", source, err, out)
		}
	}
	p := bench.Peer{
		Name: name, Command: target.Command{program, "--format", format, "--players", strconv.Itoa(players), "--rate", strconv.Itoa(rate)},
		Seat: (&load.Peers{JSON: format == "json", Sample: 10}).Seat, Text: format == "json",
	}
	l.add(name, func(ctx context.Context) (*bench.Stand, error) { return s.NewPeer(ctx, p, rate) })
	return nil
}

func (l *lineup) add(name string, open func(context.Context) (*bench.Stand, error)) {
	l.all = append(l.all, &contender{name, open})
}

func (l *lineup) close() { _ = os.RemoveAll(l.dir) }

// costs measures all, round by round.
func (l *lineup) costs(ctx context.Context, s *bench.Session, o *Options) ([]*Result, error) {
	var results []*Result
	for _, c := range l.all {
		results = append(results, &Result{Name: c.name})
	}
	for range o.Rounds {
		for i, c := range l.all {
			f, err := once(ctx, c, o)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			s.Say("%v", f)
			results[i].Rounds = append(results[i].Rounds, f)
			if i == 0 {
				l.traffic.Snapshot, l.traffic.Input = int(math.Round(f.SnapshotBytes)), int(math.Round(f.InputBytes))
			}
		}
	}
	for _, r := range results {
		r.sum(results[1].Rounds)
	}
	return results, nil
}

// sum takes the medians of the rounds, and of their ratios to the floor's.
func (r *Result) sum(floor []*bench.Figures) {
	r.CPU = middle(r.Rounds, func(f *bench.Figures) float64 { return f.CPU })
	r.Bytes = middle(r.Rounds, func(f *bench.Figures) float64 { return f.SnapshotBytes })
	r.Input = middle(r.Rounds, func(f *bench.Figures) float64 { return f.InputBytes })
	r.Memory = middle(r.Rounds, func(f *bench.Figures) float64 { return f.Memory })
	n := 0
	r.Ratio = middle(r.Rounds, func(f *bench.Figures) float64 {
		n++
		return f.CPU / max(floor[n-1].CPU, 1e-9)
	})
}

// once measures one server that nobody used before.
func once(ctx context.Context, c *contender, o *Options) (*bench.Figures, error) {
	stand, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	defer stand.Close()
	return stand.Measure(ctx, o.Clients, o.For)
}

func middle(list []*bench.Figures, of func(*bench.Figures) float64) float64 {
	var values []float64
	for _, f := range list {
		values = append(values, of(f))
	}
	slices.Sort(values)
	return values[len(values)/2]
}
