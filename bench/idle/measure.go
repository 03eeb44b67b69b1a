package idle

import (
	"context"
	"fmt"
	"time"

	"arbiter/bench"
	"arbiter/bench/load"
	"arbiter/bench/machine"
	"arbiter/bench/target"
)

// silent is a client that never says anything but pongs.
type silent struct{}

// Open implements [load.Seat].
func (silent) Open(b []byte) []byte { return b }

// Message implements [load.Seat].
func (silent) Message(time.Duration, []byte, *load.Faults) load.Said { return load.Nothing }

// Input implements [load.Seat].
func (silent) Input(b []byte) []byte { return b }

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

// first are connections that stand before the others are counted: what is made
// once is not a connection's.
const first = 100

// measure holds that many connections.
func measure(ctx context.Context, s *bench.Session, o *Options, connections int, secure bool) (*Result, error) {
	if connections <= first {
		return nil, fmt.Errorf("bench: %d idle connections: use more than %d", connections, first)
	}
	a := s.Arbiter(10, 20)
	a.Heartbeat, a.TLS = o.Heartbeat, secure
	a.Args = []string{"--auth-timeout", "10h"} // they wait with their first message
	server, err := target.StartArbiter(ctx, a)
	if err != nil {
		return nil, err
	}
	defer server.Stop()
	fleet, err := load.NewFleet(load.Config{
		Server: server.Addr, Seat: func(int) load.Seat { return silent{} }, Path: server.Path, Token: server.Token,
		Protocol: "arbiter.v1", Input: -1, CPUs: s.ForLoad, TLS: server.TLS,
	})
	if err != nil {
		return nil, err
	}
	defer fleet.Close()
	if err := fleet.Resize(ctx, first); err != nil {
		return nil, err
	}
	if err := load.Wait(ctx, time.Second); err != nil {
		return nil, err
	}
	before, err := look(ctx, server.Process)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	if err := fleet.Resize(ctx, connections); err != nil {
		return nil, err
	}
	made := float64(connections-first) / time.Since(began).Seconds()
	s.Say("%d connections stand, %.0f a second; counting for %v", fleet.Clients(), made, o.For)
	if err := load.Wait(ctx, 3*time.Second); err != nil {
		return nil, err
	}
	// What the runtime keeps for later goes by the last two collections, and the
	// first of these comes from when connections were made. Left alone it would
	// collect every two minutes.
	if err := server.Process.Collect(ctx); err != nil {
		return nil, err
	}
	full, err := look(ctx, server.Process)
	if err != nil {
		return nil, err
	}
	if err := load.Wait(ctx, o.For); err != nil {
		return nil, err
	}
	after, err := look(ctx, server.Process)
	if err != nil {
		return nil, err
	}
	n := float64(connections - 100)
	grown := func(name string) float64 { return (after.metrics.Sum(name) - before.metrics.Sum(name)) / n }
	return &Result{
		Connections: fleet.Clients(), TLS: secure, Rate: made,
		RSS: float64(int64(after.cost.RSS-before.cost.RSS)) / n, Heap: grown("go_memstats_heap_alloc_bytes"),
		HeapInUse: grown("go_memstats_heap_inuse_bytes"), Stack: grown("go_memstats_stack_inuse_bytes"),
		Slab: float64(int64(after.slab-before.slab)) / n, Pages: float64(int64(after.pages-before.pages)) / n,
		Goroutines: after.metrics.Sum("go_goroutines"),
		CPU:        (after.cost.CPU - full.cost.CPU).Seconds() * 1e6 / o.For.Seconds() / float64(connections),
	}, nil
}
