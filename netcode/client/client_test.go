package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/netcode"

	"github.com/gobwas/ws"
)

type arenaClient = Client[arena.State, arena.Input]

// inBubble runs a test in virtual time with a host.
func inBubble(t *testing.T, f func(t *testing.T, h *host)) {
	synctest.Test(t, func(t *testing.T) {
		h := newHost(t)
		defer h.close()
		f(t, h)
	})
}

func (h *host) config() Config {
	return Config{URL: "ws://arena.test", Token: "a.b.c", Dialer: h.dial}
}

func (h *host) join(cfg Config) *arenaClient {
	h.t.Helper()
	c, err := Dial(h.t.Context(), arena.Game, cfg)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// play waits for n ticks and steers meanwhile.
func play(t *testing.T, c *arenaClient, n int) {
	t.Helper()
	for i := range n {
		c.Set(arena.Input{Thrust: 1, Turn: int8(i/5%3 - 1), Fire: i%7 == 0})
		if err := c.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestClientPlays(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		var phases []Phase
		cfg := h.config()
		cfg.OnStatus = func(s Status) { phases = append(phases, s.Phase) }
		cfg.Match, cfg.URL = "m 1", "ws://arena.test/?x=y"
		c := h.join(cfg)
		added, bullets, ticks := 0, 0, 0
		var fields []arena.Field
		OnValue(c, func(s *arena.State) *game.Value[arena.Field] { return &s.Field }, func(was, is *arena.Field) {
			if *was == *is {
				t.Errorf("the field is %+v as before", *is)
			}
			fields = append(fields, *is)
		})
		OnAdded(c, func(s *arena.State) *game.Table[arena.Ship] { return &s.Ships }, func(_ game.ID, s *arena.Ship) {
			if added++; s.Player != c.Player() {
				t.Errorf("ship %+v, want one's own", s)
			}
		})
		OnChanged(c, func(s *arena.State) *game.Table[arena.Pilot] { return &s.Pilots }, func(_ game.ID, was, is *arena.Pilot) {
			if was.Name == is.Name || is.Name != "zoe" {
				t.Errorf("pilot from %+v to %+v", was, is)
			}
		})
		OnRemoved(c, func(s *arena.State) *game.Table[arena.Bullet] { return &s.Bullets }, func(game.ID, *arena.Bullet) { bullets++ })
		c.OnTick(func() { ticks++ })
		if err := Command(c, func(s *arena.State) *game.Commands[arena.Rename] { return &s.Renames }, arena.Rename{Name: "zoe"}); err != nil {
			t.Fatal(err)
		}
		play(t, c, 120)
		c.Do(func() {
			_, pilot := c.State().Pilots.Find(func(p *arena.Pilot) bool { return p.Player == c.Player() })
			_, is := c.State().Ships.Find(func(s *arena.Ship) bool { return s.Player == c.Player() })
			_, will := c.Predicted().Ships.Find(func(s *arena.Ship) bool { return s.Player == c.Player() })
			_, drawn := c.Interpolated().Ships.Find(func(s *arena.Ship) bool { return s.Player == c.Player() })
			if pilot.Name != "zoe" || is.X == will.X || drawn == nil || c.MatchID() != "test" {
				t.Errorf("%+v: ship %+v, predicted %+v", pilot, is, will)
			}
		})
		c.Do(func() {
			if n := len(fields); n == 0 || fields[n-1] != *c.State().Field.Get() {
				t.Errorf("fields %+v, in the end %+v", fields, *c.State().Field.Get())
			}
		})
		st := c.Stats()
		if added != 1 || bullets == 0 || ticks < 115 || st.Corrections+st.InputsLost+st.InputsRepeated+st.HashMismatches > 0 || st.InputsApplied < 30 || st.HashChecks < 2 || st.RoundTripP50 > 5*time.Millisecond {
			t.Errorf("%d ships, %d bullets, %d ticks, %+v", added, bullets, ticks, st)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if s := c.Status(); s.Phase != Closed || !errors.Is(s.Err, ErrClosed) || c.Wait(t.Context()) == nil {
			t.Errorf("after Close: %+v", s)
		}
		if h.paths[0] != "/play?game=arena&match=m+1&x=y" || h.tokens[0] != "Bearer a.b.c" {
			t.Errorf("requested %q with %q", h.paths, h.tokens)
		}
		if len(phases) != 2 || phases[0] != Playing || phases[1] != Closed {
			t.Errorf("phases %v", phases)
		}
	})
}

func TestClientResumesAndLosesNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		cfg, tokens := h.config(), 0
		cfg.Seek = func(context.Context) (string, string, error) {
			tokens++
			return cfg.URL, fmt.Sprint("token", tokens), nil
		}
		c := h.join(cfg)
		for range 8 {
			play(t, c, 40)
			h.mu.Lock()
			h.conns[len(h.conns)-1].Close()
			h.mu.Unlock()
		}
		play(t, c, 60)
		c.Set(arena.Input{})
		play(t, c, 1)
		c.Set(arena.Input{})
		for range 30 {
			c.Wait(t.Context())
		}
		st := c.Stats()
		if st.Resumes != 8 || st.Seats != 1 || st.InputsLost+st.InputsRepeated+st.HashMismatches+st.InputsAbandoned > 0 || st.InputsApplied != st.InputsSent || st.InputsSent < 80 {
			t.Errorf("%+v", st)
		}
		h.mu.Lock()
		if log := h.match.Seats[0].Buffer.Digest(); uint64(log.Count) != st.InputsSent || len(h.match.Seats) != 1 || !strings.Contains(h.paths[1], "match=test") {
			t.Errorf("the server applied %d of %d, requested %q", log.Count, st.InputsSent, h.paths[1])
		}
		if n := len(h.tokens); n != 9 || h.tokens[8] != "Bearer token9" {
			t.Errorf("tokens %q", h.tokens)
		}
		h.mu.Unlock()
		c.Close()
	})
}

// Who is cut right behind the welcome resumes too, and names the match: without that
// the server would find no seat, and the client take another one.
func TestResumeAlwaysNamesTheMatch(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		h.wrap = func(c net.Conn) net.Conn { return &cutBehindWelcome{Conn: c} }
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		cfg := h.config()
		cfg.Match = ""
		if c, err := Dial(ctx, arena.Game, cfg); err == nil {
			c.Wait(ctx)
			<-ctx.Done()
			c.Close()
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		if len(h.paths) < 5 || len(h.match.Seats) != 1 {
			t.Fatalf("%d connections, %d seats; want many, and one seat", len(h.paths), len(h.match.Seats))
		}
		for i, path := range h.paths[1:] {
			if !strings.Contains(path, "match=test") {
				t.Fatalf("connection %d asks for %s", i+2, path)
			}
		}
	})
}

// cutBehindWelcome ends once it has carried the first message of the server.
type cutBehindWelcome struct {
	net.Conn
	upgraded, cut bool
}

func (c *cutBehindWelcome) Read(b []byte) (int, error) {
	if c.cut {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := c.Conn.Read(b)
	c.cut, c.upgraded = c.upgraded, c.upgraded || strings.Contains(string(b[:n]), "101 ")
	return n, err
}

func TestClientObeysCloseCodes(t *testing.T) {
	for code, want := range map[netcode.Code]struct {
		next  Phase
		seats uint64
	}{
		netcode.CodeSlow:          {Resuming, 1},
		netcode.CodeRestart:       {Resuming, 1},
		netcode.CodeSeatLapsed:    {Reconnecting, 2},
		netcode.CodeDrain:         {Reconnecting, 2},
		netcode.CodeMatchFinished: {Closed, 1},
		netcode.CodeKicked:        {Closed, 1},
	} {
		inBubble(t, func(t *testing.T, h *host) {
			seen := make(chan Status, 9)
			cfg := h.config()
			cfg.OnStatus = func(s Status) { seen <- s }
			c := h.join(cfg)
			play(t, c, 30)
			h.end(closeFrame(code))
			<-seen // playing
			s := <-seen
			var closed *CloseError
			if s.Phase != want.next || !errors.As(s.Err, &closed) || closed.Code != code {
				t.Errorf("%v: %v, %v", code, s.Phase, s.Err)
			}
			if want.next == Closed {
				<-c.Done()
				if !errors.As(c.Err(), &closed) || closed.Code != code || c.Close() == nil {
					t.Errorf("%v: closed by %v", code, c.Err())
				}
				return
			}
			if s := <-seen; s.Phase != Playing || s.Err != nil {
				t.Errorf("%v: then %v", code, s)
			}
			play(t, c, 30)
			if st := c.Stats(); st.Seats != want.seats || st.InputsLost+st.InputsRepeated > 0 {
				t.Errorf("%v: %+v", code, st)
			}
			c.Close()
		})
	}
}

func TestDialFailures(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		began := time.Now()
		h.refuse = 401
		var refused *RefusedError
		if _, err := Dial(t.Context(), arena.Game, h.config()); !errors.As(err, &refused) || refused.Status != 401 || refused.Message != "not today" {
			t.Errorf("unauthorized: %v", err)
		}
		h.refuse = 0
		h.down = func() error { return &net.OpError{Op: "dial", Err: errors.New("nobody there")} }
		if _, err := Dial(t.Context(), arena.Game, h.config()); err == nil || !strings.Contains(err.Error(), "nobody there") {
			t.Errorf("unreachable: %v", err)
		}
		h.down = nil
		for _, url := range []string{"", "ftp://x", "ws://", "ws://%zz", "x"} {
			if _, err := Dial(t.Context(), arena.Game, Config{URL: url, Dialer: h.dial}); err == nil || !strings.Contains(err.Error(), "must look like") {
				t.Errorf("URL %q: %v", url, err)
			}
		}
		cfg := h.config()
		cfg.Seek = func(context.Context) (string, string, error) { return "", "", errors.New("no server left") }
		if _, err := Dial(t.Context(), arena.Game, cfg); err == nil || !strings.Contains(err.Error(), "no server left") {
			t.Errorf("seeking: %v", err)
		}
		if d := time.Since(began); d > 0 {
			t.Errorf("it took %v to see that trying again makes no sense", d)
		}
	})
}

func TestDialWaitsForABusyServer(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		h.refuse = 503
		time.AfterFunc(3*time.Second, func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.refuse = 0
		})
		c := h.join(h.config())
		if n := len(h.paths); n < 3 || n > 30 {
			t.Errorf("%d attempts", n)
		}
		c.Close()
	})
}

// A server that says when to come back is left alone until then.
func TestDialKeepsRetryAfter(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		h.refuse, h.later = 503, "7"
		time.AfterFunc(time.Second, func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.refuse = 0
		})
		began := time.Now()
		c := h.join(h.config())
		if d := time.Since(began); len(h.paths) != 2 || d < 7*time.Second || d > 8*time.Second {
			t.Errorf("%d attempts in %v", len(h.paths), d)
		}
		c.Close()
	})
}

// A refused token is asked for once more; then the refusal is the end.
func TestRefusedTokens(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		h.refuse = 401
		asked, good := 0, 0 // how often, and which token is accepted
		cfg := h.config()
		cfg.GetToken = func(context.Context) (string, error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			if asked++; asked == good {
				h.refuse = 0
			}
			return fmt.Sprint("token ", asked), nil
		}
		var refused *RefusedError
		if _, err := Dial(t.Context(), arena.Game, cfg); !errors.As(err, &refused) || refused.Status != 401 || asked != 2 {
			t.Errorf("after %d tokens: %v", asked, err)
		}
		h.refuse, asked, good = 0, 0, 3
		c := h.join(cfg)
		play(t, c, 30)
		h.mu.Lock()
		h.refuse = 401
		h.mu.Unlock()
		h.end(closeFrame(netcode.CodeSlow))
		play(t, c, 60)
		if st := c.Stats(); st.Resumes != 1 || c.Err() != nil || asked != 3 {
			t.Errorf("after a token that had expired, %d asked for: %+v, %v", asked, st, c.Err())
		}
		c.Close()
	})
}

func TestClientSurvivesAnOutage(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		c := h.join(h.config())
		play(t, c, 30)
		back := time.Now().Add(20 * time.Second)
		h.mu.Lock()
		h.down = func() error {
			if time.Now().Before(back) {
				return &net.OpError{Op: "dial", Err: errors.New("nobody there")}
			}
			return nil
		}
		h.conns[0].Close()
		h.mu.Unlock()
		for c.Stats().Resumes == 0 {
			if err := c.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		play(t, c, 60)
		if st := c.Stats(); st.Resumes != 1 || st.Keyframes != 2 || st.InputsLost+st.InputsRepeated > 0 {
			t.Errorf("%+v", st)
		}
		c.Close()
	})
}

func TestSilentConnectionIsGivenUp(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		c := h.join(h.config())
		play(t, c, 30)
		h.mu.Lock()
		for _, seat := range h.match.Seats { // the server forgets the connection silently
			seat.Hang()
		}
		h.mu.Unlock()
		began := time.Now()
		for c.Stats().Resumes == 0 {
			if err := c.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if d := time.Since(began); d < silence-time.Second || d > silence+2*time.Second {
			t.Errorf("resumed after %v of silence", d)
		}
		c.Close()
	})
}

func TestContextEndsTheClient(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		ctx, cancel := context.WithCancel(t.Context())
		c, err := Dial(ctx, arena.Game, h.config())
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		<-c.Done()
		if !errors.Is(c.Err(), ErrClosed) || !errors.Is(c.Err(), context.Canceled) {
			t.Error(c.Err())
		}
		h.refuse = 503
		ctx, cancel = context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		var refused *RefusedError
		if _, err := Dial(ctx, arena.Game, h.config()); !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &refused) {
			t.Errorf("while the server was busy: %v", err)
		}
	})
}

func TestClientRefusesWhatIsNotTheProtocol(t *testing.T) {
	for name, c := range map[string]struct {
		frame ws.Frame
		phase Phase
	}{
		"text":          {ws.NewTextFrame([]byte("hello")), Closed},
		"masked":        {ws.MaskFrame(ws.NewBinaryFrame([]byte{0x91, 99})), Resuming},
		"garbage":       {ws.NewBinaryFrame([]byte("garbage")), Resuming},
		"bad snapshot":  {ws.NewBinaryFrame([]byte{0x93, 17, 0xc0, 1}), Resuming},
		"bye, then EOF": {ws.NewBinaryFrame(netcode.Bye{Code: netcode.CodeKicked, Reason: "rude"}.Append(nil)), Closed},
	} {
		inBubble(t, func(t *testing.T, h *host) {
			seen := make(chan Status, 9)
			cfg := h.config()
			cfg.OnStatus = func(s Status) { seen <- s }
			client := h.join(cfg)
			play(t, client, 10)
			h.end(c.frame)
			<-seen
			if s := <-seen; s.Phase != c.phase || s.Err == nil {
				t.Errorf("%s: %v, %v", name, s.Phase, s.Err)
			} else if name == "bye, then EOF" && !strings.Contains(s.Err.Error(), "rude") {
				t.Errorf("%s: %v", name, s.Err)
			}
			client.Close()
		})
	}
}

// A spectator waits for snapshots, as a player does for ticks.
func TestSpectatorsWait(t *testing.T) {
	inBubble(t, func(t *testing.T, h *host) {
		cfg := h.config()
		player := h.join(cfg)
		cfg.Spectate = true
		c := h.join(cfg)
		calls, ticks := 0, map[game.Tick]bool{}
		c.OnTick(func() { calls++; ticks[c.Tick()] = true })
		before := c.Stats().Snapshots
		for range 30 {
			play(t, player, 1)
			if err := c.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		c.Do(func() {
			if f := c.Seat().Frame(); calls < 28 || len(ticks) != calls || f == nil || c.Tick() != f.Tick || c.Player() != 0 {
				t.Errorf("%d calls in %d ticks, %+v", calls, len(ticks), f)
			}
		})
		if st := c.Stats(); st.Snapshots < before+28 || st.InputsSent != 0 {
			t.Errorf("%+v", st)
		}
		player.Close()
		c.Close()
	})
}
