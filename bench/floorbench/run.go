// Package floorbench measures the floor alone: what the least server costs for
// a given traffic, and how many clients it carries.
package floorbench

import (
	"context"
	"fmt"
	"time"

	"arbiter/bench"
	"arbiter/bench/report"
)

// Options of "arbiter bench floor".
type Options struct {
	bench.Common
	Clients       []int         `default:"200,1000,2000,4000" help:"Numbers of clients to measure at."`
	Rate          int           `default:"20" help:"Messages per second in each direction."`
	SnapshotBytes int           `default:"50" help:"Payload of a message to a client, in bytes; 148 is comparable with published figures."`
	InputBytes    int           `default:"6" help:"Payload of a message from a client, in bytes."`
	Group         int           `default:"10" help:"Clients served at a time, as the players of a match."`
	For           time.Duration `default:"5s" help:"Duration of the measurement at each number."`
}

// Run measures and reports.
func Run(ctx context.Context, s *bench.Session, o Options) (*report.Document, error) {
	if s.Quick {
		o.For = min(o.For, 3*time.Second)
	}
	stand, err := s.NewFloor(ctx, bench.Traffic{Rate: o.Rate, Group: o.Group, Snapshot: o.SnapshotBytes, Input: o.InputBytes})
	if err != nil {
		return nil, err
	}
	defer stand.Close()
	d := s.Document("floor", "Floor: the least a server costs")
	t := report.Table{
		Title:   fmt.Sprintf("Bare epoll, read and write: %d bytes to and %d bytes from each client at %d Hz", o.SnapshotBytes, o.InputBytes, o.Rate),
		Columns: []string{"clients", "µs a client·tick", "in user space", "processors", "gap p99 ms", "load generator busy", "verdict"},
	}
	line := report.Line{Name: "floor"}
	var list []*bench.Figures
	for _, n := range o.Clients {
		f, err := stand.Measure(ctx, n, o.For)
		if err != nil {
			return nil, err
		}
		s.Say("%v", f)
		list = append(list, f)
		verdict := "holds"
		if why := f.Broken(); why != "" {
			verdict = "breaks"
		}
		if f.Load.Bottleneck != "" {
			verdict = "refused: the load generator was at its limit"
		}
		t.Add(f.Clients, f.CPU, fmt.Sprintf("%.0f %%", 100*f.User), f.Core, f.Gap.P99, fmt.Sprintf("%.0f %%", 100*f.Load.Busy), verdict)
		line.Points = append(line.Points, report.Point{X: float64(n), Y: f.CPU})
	}
	d.Result = list
	d.Tables = []report.Table{t}
	d.Plots = []report.Plot{{Title: "Floor: CPU a client and tick", X: "clients", Y: "µs", Lines: []report.Line{line}}}
	bench.NoteNoise(d, list...)
	return d, nil
}
