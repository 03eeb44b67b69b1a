package server_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/netcode"
	"arbiter/netcode/replicate"
	"arbiter/netcode/view"
	"arbiter/server"
	"arbiter/server/servertest"
	"arbiter/server/transport"
)

// reader keeps a client reading until its connection ends, and notes when its
// snapshots came.
type reader struct {
	*servertest.Client
	mu   sync.Mutex
	at   []time.Time // guarded by mu
	done chan error  // gets what ended it
}

func startReader(c *servertest.Client) *reader {
	r := &reader{Client: c, done: make(chan error, 1)}
	go func() {
		for {
			if _, err := r.Next(); err != nil {
				r.done <- err
				return
			}
			r.mu.Lock()
			r.at = append(r.at, time.Now())
			r.mu.Unlock()
		}
	}()
	return r
}

func (r *reader) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.at)
}

// more returns a condition: n further snapshots came.
func more(r *reader, n int) func() bool {
	goal := r.count() + n
	return func() bool { return r.count() >= goal }
}

// p99 is that of the times between snapshots in a span, over all readers.
func p99(readers []*reader, from, to time.Time) (gap time.Duration, n int) {
	var list []time.Duration
	for _, r := range readers {
		r.mu.Lock()
		for i := 1; i < len(r.at); i++ {
			if r.at[i-1].After(from) && r.at[i].Before(to) {
				list = append(list, r.at[i].Sub(r.at[i-1]))
			}
		}
		r.mu.Unlock()
	}
	if len(list) == 0 {
		return 0, 0
	}
	slices.Sort(list)
	return list[len(list)*99/100], len(list)
}

// joinMany has n players join, who then read until they are dropped.
func joinMany(s *servertest.Server, name string, n int) []*reader {
	var list []*reader
	for i := range n {
		list = append(list, startReader(s.Join(fmt.Sprint(name, i))))
	}
	return list
}

func leave(readers []*reader) {
	for _, r := range readers {
		r.Drop()
		<-r.done
	}
}

// One of a hundred clients stops reading. The others' snapshots come as evenly
// as before, as after, and as those of another match meanwhile; the silent one is
// closed with the slow code, its cost bounded.
//
// A busy machine can delay one group and not the other, so a comparison of gaps
// that fails is made again; a server that lets one client hold up others fails
// every time.
//
// Hazards: deaf peer, socket options.
func TestOneClientStopsReading(t *testing.T) {
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		for attempt := 1; ; attempt++ {
			unfair := oneStopsReading(t, kind)
			if unfair == "" {
				return
			}
			if attempt == 3 {
				t.Fatalf("in %d attempts: %s", attempt, unfair)
			}
			t.Logf("attempt %d: %s", attempt, unfair)
		}
	})
}

// oneStopsReading plays the scene once, and returns how the neighbours' gaps
// were worse than they should be, if they were.
func oneStopsReading(t *testing.T, kind transport.Kind) (unfair string) {
	const others, control = 99, 20
	g := servertest.DrillGame(servertest.Drill{Walkers: 40}, game.Config{TickRate: 30, MaxPlayers: others + 1})
	s := servertest.Start(t, server.Config{Transport: kind, Games: []game.Definition{g}})
	readers := joinMany(s, "player", others+1)
	stalled, readers := readers[others], readers[:others]
	elsewhere := joinMany(s, "control", control)
	if elsewhere[0].Welcome.MatchID == stalled.Welcome.MatchID {
		t.Fatal("the control group is in the same match")
	}
	// span waits until ok and returns the p99 gaps of both groups meanwhile.
	span := func(what string, ok func() bool) (here, there time.Duration, n int) {
		from := time.Now()
		servertest.Eventually(t, what, ok)
		here, n = p99(readers, from, time.Now())
		there, _ = p99(elsewhere, from, time.Now())
		t.Logf("%s: p99 gap %v of %d snapshots, %v in the control group", what, here, n, there)
		if n == 0 {
			t.Fatalf("%s: no snapshots", what)
		}
		return here, there, n
	}
	servertest.Eventually(t, "everybody plays", more(stalled, 30))
	before, _, _ := span("everybody reads", more(stalled, 60))
	stalled.mu.Lock() // its reader stops after its next snapshot, and with it the acks
	during, there, n := span("one stands still until it is closed as slow", func() bool {
		return s.Metrics().Sum("arbiter_slow_clients_closed_total") == 1
	})
	stalled.mu.Unlock()
	after, _, _ := span("without it", more(readers[0], 60))
	if n < others*60 {
		t.Errorf("only %d snapshots while one stood still", n)
	}
	if during > 2*max(before, after, there)+20*time.Millisecond {
		unfair = fmt.Sprintf("p99 gap of the neighbours: %v before, %v while one stood still, %v after; %v in another match", before, during, after, there)
	}
	m := s.Metrics()
	t.Logf("%v s of the match dropped, %v skipped for the window", m.Sum("arbiter_tick_dropped_seconds_total"), m.Sum("arbiter_snapshots_skipped_total", `reason="window"`))
	if m.Sum("arbiter_snapshots_skipped_total", `reason="window"`) == 0 || m.Sum("arbiter_sessions_closed_total", `name="slow"`) != 1 {
		t.Errorf("%v skipped for the window, %v closed as slow; want some, and one", m.Sum("arbiter_snapshots_skipped_total", `reason="window"`), m.Sum("arbiter_sessions_closed_total", `name="slow"`))
	}
	read := stalled.count()
	var closed *servertest.Closed
	if err := <-stalled.done; !errors.As(err, &closed) || closed.Code != netcode.CodeSlow {
		t.Errorf("the stalled client ended with %v, want the slow code", err)
	}
	// What waited for it was bounded by the ack window, not by its silence.
	if waited := stalled.count() - read; waited > replicate.MaxWindow {
		t.Errorf("%d snapshots waited for the stalled client, want at most %d", waited, replicate.MaxWindow)
	}
	leave(readers)
	leave(elsewhere)
	return unfair
}

// A client that acknowledges too rarely gets a lower rate, and is kept.
//
// Hazards: deaf peer.
func TestSlowClientGetsALowerRate(t *testing.T) {
	t.Parallel()
	g := servertest.DrillGame(servertest.Drill{Walkers: 5}, game.Config{TickRate: 60})
	s := servertest.Start(t, server.Config{Games: []game.Definition{g}})
	c := s.Join("ann")
	c.Slow = true
	clock := startReader(s.Join("bob"))
	servertest.Eventually(t, "its rate is lowered", func() bool {
		// It reads and acknowledges once in a third of a second.
		servertest.Eventually(t, "a third of a second passes", more(clock, 20))
		var last view.Update
		for range 3 {
			u, err := c.Next()
			if err != nil {
				t.Fatal(err)
			}
			last = u
		}
		c.Ack(last.Tick)
		return s.Metrics().Sum("arbiter_snapshots_skipped_total", `reason="rate"`) > 0
	})
	leave([]*reader{clock})
}

// One write per client and tick, one encoding per group of clients, all in one
// message per client: counted by the server itself.
//
// Hazards: two writes.
func TestOneWritePerClientAndTick(t *testing.T) {
	t.Parallel()
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		const clients = 16
		g := servertest.DrillGame(servertest.Drill{Walkers: 5}, game.Config{TickRate: 20})
		s := servertest.Start(t, server.Config{Transport: kind, Games: []game.Definition{g}})
		readers := joinMany(s, "player", clients)
		enough := func(n int) func() bool {
			return func() bool {
				return !slices.ContainsFunc(readers, func(r *reader) bool { return r.count() < n })
			}
		}
		servertest.Eventually(t, "everybody is served", enough(10))
		m := s.Metrics()
		servertest.Eventually(t, "twenty ticks pass", enough(readers[0].count()+30))
		n := s.Metrics()
		diff := func(name string, labels ...string) float64 { return n.Sum(name, labels...) - m.Sum(name, labels...) }
		snapshots := diff("arbiter_messages_total", `kind="snapshot"`, `direction="out"`)
		writes := diff("arbiter_wire_calls_total", `direction="out"`)
		ticks, groups, shared := diff("arbiter_ticks_total"), diff("arbiter_encode_groups_total"), diff("arbiter_encode_shared_total")
		t.Logf("%v ticks, %v snapshots, %v writes, %v groups encoded, %v shared", ticks, snapshots, writes, groups, shared)
		if snapshots < clients*20 {
			t.Fatalf("%v snapshots, want at least %d", snapshots, clients*20)
		}
		// Reading the two pages is not atomic: one tick's worth may fall between.
		if d := writes - snapshots; d < -2*clients || d > 2*clients {
			t.Errorf("%v writes for %v snapshots", writes, snapshots)
		}
		if groups > snapshots/4 {
			t.Errorf("%v bodies encoded in %v ticks for %d clients with the same baseline", groups, ticks, clients)
		}
		if shared < snapshots*3/4 {
			t.Errorf("%v of %v snapshots shared a body", shared, snapshots)
		}
		leave(readers)
	})
}

// An idle connection on epoll costs no goroutine.
//
// Hazards: idle flood.
func TestIdleConnectionsNeedNoGoroutine(t *testing.T) {
	if servertest.Kinds()[0] != transport.Epoll {
		t.Log("nothing to check: this machine has no epoll")
		return
	}
	const clients = 60
	g := servertest.DrillGame(servertest.Drill{}, game.Config{MaxPlayers: 64})
	s := servertest.Start(t, server.Config{Transport: transport.Epoll, Games: []game.Definition{g}, Workers: 1})
	s.Join("first").Until("the worker pool has its worker", func(u view.Update) bool { return u.Tick > 5 })
	before := runtime.NumGoroutine()
	for i := range clients {
		s.Join(fmt.Sprint("player", i))
	}
	servertest.Eventually(t, "sixty more clients, not one more goroutine", func() bool { return runtime.NumGoroutine() <= before })
	if n := s.Metrics().Sum("arbiter_players"); n != clients+1 {
		t.Errorf("%v players, want %d", n, clients+1)
	}
}

// The real game, over a real socket, with its schema from the welcome.
func TestArenaRuns(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{Games: []game.Definition{arena.Game}})
	c := s.Join("ann", "game", "arena")
	c.Until("a check passes", func(u view.Update) bool { return u.Checked })
	if n := len(c.View.Frame().Tables); n == 0 {
		t.Error("the arena has no tables")
	}
}
