// Package idle measures what connections cost that say nothing: memory of the
// process and of the kernel, and processor time for heartbeats.
package idle

import (
	"context"
	"fmt"
	"slices"
	"time"

	"arbiter/bench"
	"arbiter/bench/machine"
	"arbiter/bench/report"
)

// Options of "arbiter bench idle".
type Options struct {
	bench.Common
	Connections []int         `default:"10000,100000" help:"Numbers of connections to hold; those above the limit of open files are left out."`
	OverTLS     []int         `name:"over-tls" default:"10000" help:"Numbers of connections with TLS to hold; 0 for none."`
	Heartbeat   time.Duration `default:"30s" help:"Silence after which the server pings a client."`
	For         time.Duration `default:"60s" help:"How long CPU time is counted, at least one heartbeat."`
}

// Result is what the benchmark found. Bytes are a connection's.
type Result struct {
	Connections int     `json:"connections"`
	TLS         bool    `json:"tls"`
	RSS         float64 `json:"rss_bytes"`
	Heap        float64 `json:"heap_bytes"`
	HeapInUse   float64 `json:"heap_in_use_bytes"`
	Stack       float64 `json:"stack_bytes"`
	Slab        float64 `json:"kernel_slab_bytes"` // both ends of the connection
	Pages       float64 `json:"kernel_socket_pages_bytes"`
	Goroutines  float64 `json:"goroutines"` // of the server, all told
	CPU         float64 `json:"cpu_us_per_second"`
	Rate        float64 `json:"connections_per_second"` // while they were made
}

// spare is how many descriptors are not connections.
const spare = 200

// Run measures and reports.
func Run(ctx context.Context, s *bench.Session, o Options) (*report.Document, error) {
	if s.Quick {
		o.For = min(o.For, 15*time.Second)
		o.Heartbeat = min(o.Heartbeat, 10*time.Second)
		o.Connections, o.OverTLS = o.Connections[:min(1, len(o.Connections))], nil
	}
	d := s.Document("idle", "Idle: connections that say nothing")
	t := report.Table{
		Title:   fmt.Sprintf("Idle connections, heartbeat %v; bytes a connection", o.Heartbeat),
		Columns: []string{"connections", "TLS", "RSS", "heap", "heap in use", "stacks", "kernel slab, both ends", "socket pages", "goroutines in all", "µs CPU a second"},
		Note:    "The connections are WebSockets that passed the token check and wait with their first message: no session plays. Slab is the machine's and includes the load generator's end.",
	}
	var list []*Result
	most := machine.Descriptors() - spare
	for i, n := range append(slices.Clone(o.Connections), o.OverTLS...) {
		if n > most && len(list) > 0 {
			d.Notes = append(d.Notes, fmt.Sprintf("Not measured at %d: the limit of open files (ulimit -n) allows %d connections.", n, most))
			continue
		}
		if n == 0 {
			continue
		}
		secure := i >= len(o.Connections) || s.TLS
		r, err := measure(ctx, s, &o, min(n, most), secure)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
		t.Add(r.Connections, yes(r.TLS), r.RSS, r.Heap, r.HeapInUse, r.Stack, r.Slab, r.Pages, r.Goroutines, r.CPU)
		d.Plots = append(d.Plots, report.Plot{Title: fmt.Sprintf("Memory of an idle connection, %d of them%s", r.Connections, map[bool]string{true: " with TLS"}[secure]), Y: "bytes", Bars: []report.Bar{
			{Name: "RSS", Value: r.RSS}, {Name: "heap", Value: r.Heap}, {Name: "stacks", Value: r.Stack}, {Name: "slab, both ends", Value: r.Slab},
		}})
	}
	d.Result, d.Tables = list, []report.Table{t}
	return d, nil
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}
