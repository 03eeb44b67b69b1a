package bench

import (
	"context"
	"time"

	"arbiter/bench/load"
	"arbiter/bench/machine"
	"arbiter/bench/target"
)

// Stand is a server with a fleet of clients on it.
type Stand struct {
	Name   string
	Rate   int // Hz, of ticks and snapshots
	Server *target.Process
	Fleet  *load.Fleet
	CPUs   machine.CPUs // the server's; none: any
	// Outside: see Figures.
	Outside bool

	empty uint64 // memory of the server before there were clients, in bytes

	// reserve makes room for n more clients; nil: nobody must ask for it.
	reserve func(ctx context.Context, n int) error
}

// Close ends both.
func (s *Stand) Close() {
	s.Fleet.Close()
	s.Server.Stop()
}

// Play is how clients behave. The zero Play is the usual: an input in every
// tick, and one client in ten applies and checks every snapshot.
type Play struct {
	Hold  int           // input intervals for which an input is kept; 0 means 1
	Input time.Duration // interval of inputs; 0 means the tick, negative none
	// Sample is that one client of so many checks everything; 0 means 10,
	// negative none.
	Sample int
	// Churn is how many join at a time, each to leave after their first snapshot
	// for another to come; 0: clients stay.
	Churn int
}

// NewStand starts an Arbiter server and a fleet without clients.
func (s *Session) NewStand(ctx context.Context, a target.Arbiter, p Play) (*Stand, error) {
	_, stand, err := s.NewServerStand(ctx, a, p)
	return stand, err
}

// NewServerStand is NewStand for who meets the server in other ways too. It
// ends with the stand.
func (s *Session) NewServerStand(ctx context.Context, a target.Arbiter, p Play) (*target.Server, *Stand, error) {
	g, err := s.played(a)
	if err != nil {
		return nil, nil, err
	}
	server, err := target.StartArbiter(ctx, a)
	if err != nil {
		return nil, nil, err
	}
	if p.Sample == 0 {
		p.Sample = 10
	}
	clients := &load.Players{Schema: g.Schema(), Sample: max(p.Sample, 0), Hold: p.Hold}
	stand, err := s.stand(&Stand{Name: "arbiter", Rate: a.Rate, Server: server.Process}, load.Config{
		Server: server.Addr, Seat: clients.Seat, Path: server.Path, Token: server.Token, Protocol: "arbiter.v1", Input: p.Input, Churn: p.Churn > 0, Dialing: p.Churn, TLS: server.TLS,
	})
	return server, stand, err
}

// Traffic is what a floor carries.
type Traffic struct {
	Rate, Group     int // Hz; clients of a match
	Snapshot, Input int // payload of a message, in bytes
}

// NewFloor starts a floor with that traffic, and a fleet without clients.
func (s *Session) NewFloor(ctx context.Context, t Traffic) (*Stand, error) {
	server, err := target.StartFloor(ctx, target.Floor{
		Command: s.FloorCommand, CPUs: s.ForServer, Bytes: max(t.Snapshot, 4), Rate: t.Rate, Group: t.Group,
	})
	if err != nil {
		return nil, err
	}
	clients := &load.Plain{InputBytes: max(t.Input, 1)}
	return s.stand(&Stand{Name: "floor", Rate: t.Rate, Server: server, Outside: true}, load.Config{Server: server.Addr, Seat: clients.Seat})
}

// Peer is a server that Arbiter is compared with, and its clients.
type Peer struct {
	Name    string
	Command target.Command
	Seat    func(n int) load.Seat
	Text    bool // its messages are text, not binary
	// Path is what client number n asks for; nil means "/".
	Path func(n int) string
	// Reserve makes room for n more clients before they come; nil: they just
	// come.
	Reserve func(ctx context.Context, n int) error
}

// NewPeer starts such a server, and a fleet without clients.
func (s *Session) NewPeer(ctx context.Context, p Peer, rate int) (*Stand, error) {
	server, err := target.StartOther(ctx, p.Command, s.ForServer)
	if err != nil {
		return nil, err
	}
	return s.stand(&Stand{Name: p.Name, Rate: rate, Server: server, Outside: true, reserve: p.Reserve}, load.Config{
		Server: server.Addr, Seat: p.Seat, Path: p.Path, Text: p.Text,
	})
}

// stand completes one with a fleet; without one it ends the server.
func (s *Session) stand(st *Stand, c load.Config) (*Stand, error) {
	c.Tick, c.CPUs = time.Second/time.Duration(st.Rate), s.ForLoad
	fleet, err := load.NewFleet(c)
	if err != nil {
		st.Server.Stop()
		return nil, err
	}
	st.Fleet, st.CPUs = fleet, s.ForServer
	if c, err := st.Server.Cost(); err == nil {
		st.empty = c.RSS
	}
	return st, nil
}

// settle is how long a fleet plays before it is measured: new matches are sent
// keyframes, and their clients' acks are not yet regular.
const settle = time.Second

// Measure lets n clients play, and measures for a span.
func (s *Stand) Measure(ctx context.Context, n int, span time.Duration) (*Figures, error) {
	if more := n - s.Fleet.Clients(); s.reserve != nil && more > 0 {
		if err := s.reserve(ctx, more); err != nil {
			return nil, err
		}
	}
	if err := s.Fleet.Resize(ctx, n); err != nil {
		return nil, err
	}
	if err := load.Wait(ctx, settle); err != nil {
		return nil, err
	}
	var before, after target.Metrics
	var err error
	if s.Server.Admin != "" {
		if before, err = s.Server.Metrics(ctx); err != nil {
			return nil, err
		}
	}
	from, err := s.Server.Cost()
	if err != nil {
		return nil, err
	}
	busy := machine.BusyTime(s.CPUs)
	books, err := s.Fleet.Measure(ctx, span)
	if err != nil {
		return nil, err
	}
	to, err := s.Server.Cost()
	if err != nil {
		return nil, err
	}
	busy = machine.BusyTime(s.CPUs) - busy
	if s.Server.Admin != "" {
		if after, err = s.Server.Metrics(ctx); err != nil {
			return nil, err
		}
	}
	f := s.figures(books, from, to, after.Since(before))
	f.Others = max(0, (busy-to.CPU+from.CPU).Seconds()/books.Span.Seconds()/float64(max(1, len(s.CPUs))))
	return f, nil
}

// Load is Measure for a server that may be loaded too much: clients that lose
// their connections are faults, as long as the server lives.
func (s *Stand) Load(ctx context.Context, n int, span time.Duration) (*Figures, error) {
	f, err := s.Measure(ctx, n, span)
	if err == nil {
		return f, nil
	}
	if _, dead := s.Server.Cost(); dead != nil || ctx.Err() != nil {
		return nil, err
	}
	f = &Figures{Server: s.Name, Clients: n, Rate: s.Rate, Error: err.Error()}
	f.Faults.Closed = uint64(max(1, n-s.Fleet.Clients()))
	return f, nil
}

func (s *Stand) figures(b *load.Books, from, to machine.Cost, m target.Metrics) *Figures {
	ticks := float64(b.Clients) * b.Span.Seconds() * float64(s.Rate)
	f := &Figures{
		Server: s.Name, Clients: b.Clients, Rate: s.Rate, Seconds: b.Span.Seconds(), Outside: s.Outside,
		CPU:           (to.CPU - from.CPU).Seconds() * 1e6 / float64(max(b.Snapshots, 1)),
		User:          (to.User - from.User).Seconds() / max((to.CPU-from.CPU).Seconds(), 1e-9),
		Core:          (to.CPU - from.CPU).Seconds() / b.Span.Seconds(),
		Memory:        float64(to.RSS-min(s.empty, to.RSS)) / float64(max(b.Clients, 1)),
		SnapshotBytes: b.Per(b.SnapshotBytes), InputBytes: float64(b.InputBytes) / float64(max(b.Inputs, 1)),
		Received: float64(b.Snapshots) / max(ticks, 1), Said: float64(b.Inputs) / max(ticks, 1),
		Gap: QuantilesOf(&b.Gaps), Faults: b.Faults, Sampled: float64(b.Sampled) / float64(max(b.Snapshots, 1)),
		Load: Generator{Busy: b.Busy, Waited: b.Waited, LateP99: ms(b.Lateness.Percentile(99)), TurnP99: ms(b.Turns.Percentile(99)), Bottleneck: b.Bottleneck()},
	}
	f.Metrics = m
	if len(m) > 0 {
		const late = "arbiter_tick_lateness_seconds"
		f.Late = Quantiles{1e3 * m.Quantile(late, 0.5), 1e3 * m.Quantile(late, 0.99), 1e3 * m.Quantile(late, 0.999), 1e3 * m.Quantile(late, 1)}
		f.Overruns = m.Sum("arbiter_tick_overruns_total")
		f.Collections = m.Sum("go_gc_duration_seconds_count")
		f.GC = min(1, m.Sum("go_cpu_classes_gc_total_cpu_seconds_total")/max((to.CPU-from.CPU).Seconds(), 1e-9))
	}
	return f
}
