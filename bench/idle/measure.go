package idle

import (
	"context"
	"time"

	"arbiter/bench"
	"arbiter/bench/load"
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

// measure holds the connections.
func measure(ctx context.Context, s *bench.Session, o *Options) (*Result, error) {
	a := s.Arbiter(10, 20)
	a.Heartbeat = o.Heartbeat
	a.Args = []string{"--auth-timeout", "10h"} // they wait with their first message
	server, err := target.StartArbiter(ctx, a)
	if err != nil {
		return nil, err
	}
	defer server.Stop()
	fleet, err := load.NewFleet(load.Config{
		Server: server.Addr, Seat: func(int) load.Seat { return silent{} }, Path: server.Path, Token: server.Token,
		Protocol: "arbiter.v1", Input: -1, CPUs: s.ForLoad,
	})
	if err != nil {
		return nil, err
	}
	defer fleet.Close()
	if err := fleet.Resize(ctx, 100); err != nil { // what is made once is not a connection's
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
	if err := fleet.Resize(ctx, o.Connections); err != nil {
		return nil, err
	}
	made := float64(o.Connections-100) / time.Since(began).Seconds()
	s.Say("%d connections stand, %.0f a second; counting for %v", fleet.Clients(), made, o.For)
	if err := load.Wait(ctx, 3*time.Second); err != nil {
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
	n := float64(o.Connections - 100)
	grown := func(name string) float64 { return (after.metrics.Sum(name) - before.metrics.Sum(name)) / n }
	return &Result{
		Connections: fleet.Clients(), Rate: made,
		RSS: float64(int64(after.cost.RSS-before.cost.RSS)) / n, Heap: grown("go_memstats_heap_alloc_bytes"),
		HeapInUse: grown("go_memstats_heap_inuse_bytes"), Stack: grown("go_memstats_stack_inuse_bytes"),
		Slab: float64(int64(after.slab-before.slab)) / n, Pages: float64(int64(after.pages-before.pages)) / n,
		Goroutines: after.metrics.Sum("go_goroutines"),
		CPU:        (after.cost.CPU - full.cost.CPU).Seconds() * 1e6 / o.For.Seconds() / float64(o.Connections),
	}, nil
}
