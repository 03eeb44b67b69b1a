// Package idle measures what connections cost that say nothing: memory of the
// process and of the kernel, and processor time for heartbeats.
package idle

import (
	"context"
	"fmt"
	"time"

	"arbiter/bench"
	"arbiter/bench/machine"
	"arbiter/bench/report"
	"arbiter/bench/target"
)

// Options of "arbiter bench idle".
type Options struct {
	bench.Common
	Connections int           `default:"10000" help:"Connections to hold; bounded by the limit of open files."`
	Heartbeat   time.Duration `default:"30s" help:"Silence after which the server pings."`
	For         time.Duration `default:"60s" help:"How long processor time is counted, one heartbeat at least."`
}

// Result is what the benchmark found. Bytes are a connection's.
type Result struct {
	Connections int     `json:"connections"`
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

// state is a server and the kernel at one moment.
type state struct {
	metrics     target.Metrics
	cost        machine.Cost
	slab, pages uint64
}

func look(ctx context.Context, p *target.Process) (st state, err error) {
	if err := p.Collect(ctx); err != nil {
		return st, err
	}
	if st.metrics, err = p.Metrics(ctx); err != nil {
		return st, err
	}
	st.cost, err = p.Cost()
	st.slab, st.pages = machine.Slab(), machine.SocketPages()
	return st, err
}

// Run measures and reports.
func Run(ctx context.Context, s *bench.Session, o Options) (*report.Document, error) {
	if s.Quick {
		o.For = min(o.For, 15*time.Second)
		o.Heartbeat = min(o.Heartbeat, 10*time.Second)
	}
	if most := machine.Descriptors() - 200; o.Connections > most {
		s.Say("the limit of open files allows %d connections", most)
		o.Connections = most
	}
	r, err := measure(ctx, s, &o)
	if err != nil {
		return nil, err
	}
	d := s.Document("idle", "Idle: connections that say nothing")
	d.Result = r
	t := report.Table{
		Title:   fmt.Sprintf("%d idle connections, heartbeat %v, bytes a connection", r.Connections, o.Heartbeat),
		Columns: []string{"RSS", "heap", "heap in use", "stacks", "kernel slab, both ends", "socket pages", "goroutines in all", "µs CPU a second"},
		Note:    "The connections are WebSockets that passed the token check and wait with their first message: no session plays. Slab is the machine's and includes the load generator's end.",
	}
	t.Add(r.RSS, r.Heap, r.HeapInUse, r.Stack, r.Slab, r.Pages, r.Goroutines, r.CPU)
	d.Tables = []report.Table{t}
	d.Plots = []report.Plot{{Title: "Memory of an idle connection", Y: "bytes", Bars: []report.Bar{
		{Name: "RSS", Value: r.RSS}, {Name: "heap", Value: r.Heap}, {Name: "stacks", Value: r.Stack}, {Name: "slab, both ends", Value: r.Slab},
	}}}
	d.Notes = append(d.Notes, "The server has no TLS of its own, so there is no figure with TLS.")
	return d, nil
}
