package server_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode/client"
	"arbiter/server"
	"arbiter/server/servertest"
)

type (
	drillGame   = game.Game[servertest.DrillState, servertest.DrillInput]
	drillClient = client.Client[servertest.DrillState, servertest.DrillInput]
)

// hall is a server with a match of Drill for whole clients, plain or with TLS.
type hall struct {
	*servertest.Server
	game *drillGame
	cert *servertest.Certificate // nil: plain
}

// hallGame is what is played there.
func hallGame() *drillGame {
	return servertest.DrillGame(servertest.Drill{Walkers: 3}, game.Config{TickRate: 20, MaxPlayers: 16})
}

// eachHall runs a test at once on each transport, plain and with TLS.
func eachHall(t *testing.T, run func(t *testing.T, h *hall)) {
	servertest.EachPort(t, func(t *testing.T, config server.Config) {
		h := &hall{game: hallGame()}
		config.Games = []game.Definition{h.game}
		h.cert, _ = config.Security.TLS.(*servertest.Certificate)
		h.Server = servertest.Start(t, config)
		run(t, h)
	})
}

func (h *hall) client(name string) client.Config {
	c := client.Config{URL: "ws://" + h.Addr().String(), Token: h.Token(name)}
	if h.cert != nil {
		c.URL, c.TLS = "wss://"+h.Addr().String(), h.cert.Client()
	}
	return c
}

// neighbourly counts what a neighbour is sent while something happens to
// others, and returns a function that ends it and judges. A busy machine has the
// match make several steps a turn, and the neighbour acknowledge late.
func (h *hall) neighbourly(t *testing.T, s *soldier) (judge func()) {
	turns, seen := h.Metrics().Sum("arbiter_tick_lateness_seconds_count"), s.Stats().Snapshots
	return func() {
		t.Helper()
		seen := s.Stats().Snapshots - seen
		turns := h.Metrics().Sum("arbiter_tick_lateness_seconds_count") - turns
		if least := turns*3/4 - 10; float64(seen) < least || turns < 20 {
			t.Errorf("the neighbour was sent %d snapshots in %v turns of the match, want %v", seen, turns, least)
		}
		if st := s.Stats(); st.Connections != 1 || s.wrongs() != 0 {
			t.Errorf("the neighbour: %+v; want nothing wrong on one connection", st)
		}
	}
}

// soldier is a player who does something else at every tick until they rest.
type soldier struct {
	*drillClient
	mu   sync.Mutex
	mark int16 // guarded by mu
	rest bool  // guarded by mu
}

// enlist has a player play through a dialer; nil is the network itself.
func (h *hall) enlist(t *testing.T, name string, dial func(ctx context.Context, network, addr string) (net.Conn, error)) *soldier {
	t.Helper()
	config := h.client(name)
	config.Dialer = dial
	s, err := newSoldier(t.Context(), h.game, config)
	for began := time.Now(); err != nil; s, err = newSoldier(t.Context(), h.game, config) {
		// On a busy machine a connection may reach the age of its reset before it plays.
		if dial == nil || time.Since(began) > servertest.Patience {
			t.Fatalf("%s: %v", name, err)
		}
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	return s
}

// newSoldier plays until ctx ends.
func newSoldier(ctx context.Context, g *drillGame, c client.Config) (*soldier, error) {
	client, err := client.Dial(ctx, g, c)
	if err != nil {
		return nil, err
	}
	s := &soldier{drillClient: client}
	s.OnTick(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.rest {
			s.mark++
			s.Set(servertest.DrillInput{Mark: s.mark, DX: 1})
		}
	})
	return s, nil
}

func (s *soldier) halt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rest = true
}

// settled reports whether the server has applied all that was done, as the
// newest state shows it.
func (s *soldier) settled() bool {
	st := s.Stats()
	return st.InputsSent == st.InputsApplied && uint64(s.count()) == st.InputsApplied
}

// count is how many inputs the own soldier was given.
func (s *soldier) count() (n int) {
	s.Do(func() {
		if _, own := s.State().Soldiers.Find(func(o *servertest.Soldier) bool { return o.Player == s.Player() }); own != nil {
			n = own.Count
		}
	})
	return n
}

// wrongs are what must never happen, as far as the client can tell.
func (s *soldier) wrongs() uint64 {
	st := s.Stats()
	return st.InputsLost + st.InputsRepeated + st.InputsAbandoned + st.HashMismatches + st.Errors + st.Seats - 1
}

// Players play through each fault of a network on the same seat to the end,
// with nothing lost or repeated, and a neighbour in their match is sent what they
// would be sent without them.
//
// It is not parallel: faults come at an age of a connection, and a machine that
// is busy with other tests as well has that age pass before anything happens.
//
// Hazards: bad network, half close, tls would-block.
func TestPlayersPlayThroughFaults(t *testing.T) {
	type deed struct {
		faults  servertest.Faults
		resumes uint64
		done    func(p *servertest.Proxy) bool // enough of it happened
	}
	stalls := func(p *servertest.Proxy) bool { return p.Stalls.Load() >= 2 }
	all := map[string]deed{
		"latency":  {faults: servertest.Faults{Latency: 120 * time.Millisecond}},
		"rate":     {faults: servertest.Faults{Rate: 6 << 10}},
		"bytewise": {faults: servertest.Faults{Slice: 1}, done: func(p *servertest.Proxy) bool { return p.Writes.Load() > 4000 }},
		"stalls":   {faults: servertest.Faults{StallEvery: 300 * time.Millisecond, Stall: 400 * time.Millisecond}, done: stalls},
		"resets": {faults: servertest.Faults{Reset: 700 * time.Millisecond}, resumes: 2,
			done: func(p *servertest.Proxy) bool { return p.Resets.Load() >= 2 }},
		"half closes": {faults: servertest.Faults{HalfClose: 700 * time.Millisecond}, resumes: 2,
			done: func(p *servertest.Proxy) bool { return p.HalfCloses.Load() >= 2 }},
		"all of it": {faults: servertest.Faults{Latency: 40 * time.Millisecond, Rate: 20 << 10, Slice: 100,
			StallEvery: 700 * time.Millisecond, Stall: 200 * time.Millisecond, Reset: 1500 * time.Millisecond}, resumes: 1, done: stalls},
	}
	eachHall(t, func(t *testing.T, h *hall) {
		neighbour := h.enlist(t, "neighbour", nil)
		proxies, players := map[string]*servertest.Proxy{}, map[string]*soldier{}
		for name, d := range all {
			p := servertest.ProxyTo(t, h.Addr().String(), d.faults)
			proxies[name], players[name] = p, h.enlist(t, strings.ReplaceAll(name, " ", "-"), p.Dial)
		}
		judge := h.neighbourly(t, neighbour)
		for name, d := range all {
			servertest.Eventually(t, name+": enough of it happens and inputs are applied all the same", func() bool {
				return (d.done == nil || d.done(proxies[name])) && players[name].Stats().Resumes >= d.resumes && players[name].count() >= 30
			})
		}
		judge()
		players["neighbour"] = neighbour
		for name, s := range players {
			s.halt()
			if p := proxies[name]; p != nil {
				p.Heal()
			}
		}
		for name, s := range players {
			servertest.Eventually(t, name+": all is applied", s.settled)
			st := s.Stats()
			if s.wrongs() != 0 || st.HashChecks == 0 {
				t.Errorf("%s: %+v; want nothing lost, repeated or wrong on one seat", name, st)
			}
			t.Logf("%s: %d inputs, %d snapshots, %d resumes", name, st.InputsApplied, st.Snapshots, st.Resumes)
		}
		if n := h.Metrics().Sum("arbiter_players"); n != float64(len(players)) {
			t.Errorf("%v seats, want %d: each kept theirs", n, len(players))
		}
	})
}
