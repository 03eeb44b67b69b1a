package server_test

import (
	"context"
	"crypto/tls"
	"log/slog"
	"strings"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/client"
	"arbiter/server"
	"arbiter/server/servertest"
	"arbiter/server/transport"
)

// A large game has as many rows as one who joins orders in Start, and gets more
// when somebody holds Grow.
type largeRow struct {
	A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P uint32
}

type largeState struct{ Rows game.Table[largeRow] }

type largeInput struct {
	Grow int `net:"min=0,max=100000"` // rows to add in a step
}

type largeRules struct{ rows int }

func (r largeRules) add(w *game.World[largeState], n int) {
	for range n {
		v := func() uint32 { return w.Rand.Uint32() | 1<<31 } // five bytes on the wire
		w.State.Rows.Add(largeRow{v(), v(), v(), v(), v(), v(), v(), v(), v(), v(), v(), v(), v(), v(), v(), v()})
	}
}

func (r largeRules) Start(w *game.World[largeState])            { r.add(w, r.rows) }
func (largeRules) Join(*game.World[largeState], game.Player)    {}
func (largeRules) Leave(*game.World[largeState], game.PlayerID) {}
func (r largeRules) Step(w *game.World[largeState], in *game.Inputs[largeInput]) {
	for p := range w.Players() {
		if in.Fresh(p.ID) {
			r.add(w, in.Of(p.ID).Grow)
		}
	}
}

func largeGame(rows int) *game.Game[largeState, largeInput] {
	return game.MustDefine[largeState, largeInput]("large", largeRules{rows}, game.Config{TickRate: 20})
}

const largeRowBytes = 81 // on the wire, in a keyframe

// dialLarge connects a Go client and waits for its first state.
func dialLarge(t *testing.T, s *servertest.Server, g *game.Game[largeState, largeInput], name string, c client.Config) *client.Client[largeState, largeInput] {
	t.Helper()
	late := time.NewTimer(time.Minute)
	defer late.Stop()
	c.URL, c.Token, c.NoPrediction = s.Scheme+"://"+s.Addr().String(), s.Token(name), true
	c.OnStatus = func(st client.Status) {
		if st.Err != nil {
			t.Log(name, st.Phase, st.Err)
		}
	}
	first := make(chan struct{}, 1)
	p, err := client.Dial(context.Background(), g, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	p.OnTick(func() {
		if p.Seat().Frame() == nil {
			return
		}
		select {
		case first <- struct{}{}:
		default:
		}
	})
	select {
	case <-first:
	case <-late.C:
		t.Fatalf("%s has no state after a minute", name)
	}
	return p
}

func rowsOf(p *client.Client[largeState, largeInput]) (n int) {
	p.Do(func() { n = p.State().Rows.Len() })
	return n
}

// A first state of 5 MB arrives, and so does a change of 300 KB for those who
// play, on every transport.
//
// Hazards: large state.
func TestLargeStateArrives(t *testing.T) {
	t.Parallel()
	servertest.EachPort(t, func(t *testing.T, config server.Config) {
		rows, more := 5_000_000/largeRowBytes+1, 3_800
		if raceEnabled {
			rows, more = rows/5, more/5
		}
		g := largeGame(rows)
		config.Games, config.StepTimeout = []game.Definition{g}, time.Minute // the race detector makes its steps slow
		var certificate *tls.Config
		if c, ok := config.Security.TLS.(*servertest.Certificate); ok {
			certificate = c.Client()
		}
		s := servertest.Start(t, config)
		ann := dialLarge(t, s, g, "ann", client.Config{TLS: certificate})
		if n := rowsOf(ann); n != rows {
			t.Fatalf("%d rows arrived, want %d", n, rows)
		}
		bob := dialLarge(t, s, g, "bob", client.Config{TLS: certificate})
		ann.Set(largeInput{Grow: more})
		for _, p := range []*client.Client[largeState, largeInput]{ann, bob} {
			servertest.Eventually(t, "more rows", func() bool { return rowsOf(p) == rows+more })
			if st := p.Stats(); st.Connections != 1 || st.HashMismatches != 0 {
				t.Errorf("%d connections, %d mismatches, want 1 and 0", st.Connections, st.HashMismatches)
			}
		}
	})
}

// On a slow link a large state takes longer than acks may stay away: nobody is
// closed as slow for it.
//
// Hazards: large state, deaf peer.
func TestLargeStateArrivesOnASlowLink(t *testing.T) {
	t.Parallel()
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		const rate, rows = 60_000, 500_000 / largeRowBytes // more than 8 s; what buffers of the proxy and both kernels take is less
		g := largeGame(rows)
		s := servertest.Start(t, server.Config{Games: []game.Definition{g}, Transport: kind})
		proxy := servertest.ProxyTo(t, s.Addr().String(), servertest.Faults{Rate: rate})
		began := time.Now()
		ann := dialLarge(t, s, g, "ann", client.Config{Dialer: proxy.Dial})
		if took := time.Since(began); rowsOf(ann) != rows || took < 5*time.Second {
			t.Errorf("%d rows after %v, want %d after more than the 5 s that acks may stay away", rowsOf(ann), took, rows)
		}
		if st := ann.Stats(); st.Connections != 1 {
			t.Errorf("%d connections, want 1", st.Connections)
		}
	})
}

// Rules that exceed a limit end their match with a code of its own, and one log
// line that names the table.
//
// Hazards: large state.
func TestStateBeyondItsLimitEndsTheMatch(t *testing.T) {
	t.Parallel()
	var log logBuffer
	g := largeGame(60_000)
	s := servertest.Start(t, server.Config{Games: []game.Definition{g}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	ann := dialLarge(t, s, g, "ann", client.Config{})
	ann.Set(largeInput{Grow: game.MaxRows - 60_000 + 1})
	servertest.Eventually(t, "the end of the match", func() bool {
		return s.Metrics().Sum("arbiter_matches_ended_total", `why="limit"`) == 1
	})
	text := log.String()
	if n := strings.Count(text, "level=ERROR"); n != 1 || !strings.Contains(text, "table Rows has 65536 rows") || strings.Contains(text, "stack=") {
		t.Errorf("the log has %d errors, want one that names the table, without a stack:\n%s", n, text)
	}
	if code := netcode.CodeStateLimit; code.Action() != netcode.Reconnect {
		t.Errorf("%v: %v", code, code.Action())
	}
}
