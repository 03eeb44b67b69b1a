package server_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/view"
	"arbiter/server"
	"arbiter/server/servertest"
	"arbiter/server/transport"
)

// logBuffer collects a log that other goroutines write.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer // guarded by mu
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Hazards: rules panic.
func TestPanicInRulesEndsThatMatchOnly(t *testing.T) {
	t.Parallel()
	servertest.EachPort(t, func(t *testing.T, config server.Config) {
		var log logBuffer
		config.Games = []game.Definition{servertest.DrillGame(servertest.Drill{Orders: true}, game.Config{MaxPlayers: 2})}
		config.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		s := servertest.Start(t, config)
		a, b := s.Join("ann"), s.Join("bob")
		neighbour := s.Join("cat")
		if neighbour.Welcome.MatchID == a.Welcome.MatchID {
			t.Fatal("cat is in the same match")
		}
		a.Input(servertest.DrillInput{Order: servertest.Panic})
		for _, c := range []*servertest.Client{a, b} {
			if code, bye := c.End(); code != netcode.CodeMatchBroken || bye != code {
				t.Errorf("closed with %v, bye %v; want match-broken", code, bye)
			}
		}
		neighbour.Input(servertest.DrillInput{Mark: 1})
		neighbour.Until("the other match goes on", func(u view.Update) bool { return u.AckSeq == 1 })
		if text := log.String(); !strings.Contains(text, "ordered to panic") || !strings.Contains(text, "servertest.Drill.Step") {
			t.Errorf("the log has no panic with a stack:\n%s", text)
		} else if strings.Contains(text, "token=") || strings.Contains(text, "eyJ") {
			t.Errorf("the log has a token:\n%s", text)
		}
		servertest.Eventually(t, "the end by a panic is counted", func() bool {
			return s.Metrics().Sum("arbiter_matches_ended_total", `why="panic"`) == 1
		})
	})
}

func TestFinishSendsTheFinalStateThenSaysWhy(t *testing.T) {
	t.Parallel()
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		// At 60 steps and 7 snapshots a second most steps are not sent; the last one is.
		g := servertest.DrillGame(servertest.Drill{Orders: true}, game.Config{TickRate: 60, SnapshotRate: 7})
		s := servertest.Start(t, server.Config{Transport: kind, Games: []game.Definition{g}})
		a, b := s.Join("ann"), s.Join("bob")
		a.Until("both are seen", func(view.Update) bool { return len(a.View.Frame().Tables[0].IDs) == 2 })
		a.Input(servertest.DrillInput{Mark: 11, Order: servertest.Finish})
		a.Until("the last input is in the final state", func(u view.Update) bool { return u.AckSeq == 1 })
		if own, _ := a.Own(); own.Sum != 11 {
			t.Errorf("own soldier at the end: %+v, want the mark of the last input", own)
		}
		for _, c := range []*servertest.Client{a, b} {
			if code, bye := c.End(); code != netcode.CodeMatchFinished || bye != code {
				t.Errorf("closed with %v, bye %v; want match-finished", code, bye)
			}
		}
		if code, _ := endAfterHello(s.Dial("cat", "match", a.Welcome.MatchID)); code != netcode.CodeNoMatch && code != netcode.CodeMatchFinished {
			t.Errorf("joining it afterwards: closed with %v, want no-match", code)
		}
	})
}

func TestEmptyMatchCloses(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{EmptyClose: 40 * time.Millisecond, ResumeWindow: 40 * time.Millisecond})
	c := s.Join("ann")
	c.Until("it outlives EmptyClose while somebody is there", func(u view.Update) bool { return u.Tick > 15 })
	c.Drop()
	servertest.Eventually(t, "the match closes", func() bool {
		return s.Metrics().Sum("arbiter_matches_ended_total", `why="empty"`) == 1
	})
	if n := s.Metrics().Sum("arbiter_matches"); n != 0 {
		t.Errorf("%v matches left", n)
	}
}

// Hazards: sigterm.
func TestDrain(t *testing.T) {
	t.Parallel()
	servertest.EachPort(t, func(t *testing.T, config server.Config) {
		dir := t.TempDir()
		config.RecordDir = dir
		s := servertest.Start(t, config)
		if a := servertest.HTTP(t, "GET", s.Admin+"/readyz", ""); a.Status != 200 {
			t.Fatalf("readyz before: %d", a.Status)
		}
		a, b := s.Join("ann"), s.Join("bob")
		a.Input(servertest.DrillInput{Mark: 4})
		a.Until("it is applied", func(u view.Update) bool { return u.AckSeq == 1 })
		stopped := make(chan error, 1)
		go func() { stopped <- s.Shutdown(context.Background()) }()
		for _, c := range []*servertest.Client{a, b} {
			if code, bye := c.End(); code != netcode.CodeDrain || bye != code {
				t.Errorf("closed with %v, bye %v; want drain", code, bye)
			}
		}
		if err := <-stopped; err != nil {
			t.Fatal(err)
		}
		f := onlyRecording(t, dir)
		if info, err := f.Stat(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the recording is %v, %v; it is for nobody else, want -rw-------", info.Mode(), err)
		}
		find := func(string) (game.Definition, error) {
			return servertest.DrillGame(servertest.Drill{Orders: true}, game.Config{}), nil
		}
		sum, err := sim.Replay(f, find, nil)
		if err != nil || sum.Joins != 2 || sum.Inputs != 1 || sum.Ticks == 0 {
			t.Errorf("replay: %+v, %v; want 2 joins, 1 input and no difference", sum, err)
		}
	})
}

// onlyRecording opens the one recording in a directory.
func onlyRecording(t *testing.T, dir string) *os.File {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.arbr"))
	if err != nil || len(files) != 1 {
		t.Fatalf("recordings %v, %v; want one", files, err)
	}
	f, err := os.Open(files[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// With DrainWait running matches play on, closed to newcomers, until they end.
func TestDrainWaitsForMatches(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{DrainWait: servertest.Patience})
	c := s.Join("ann")
	stopped := make(chan error, 1)
	go func() { stopped <- s.Shutdown(context.Background()) }()
	servertest.Eventually(t, "not ready any more", func() bool {
		return servertest.HTTP(t, "GET", s.Admin+"/readyz", "").Status == 503
	})
	if a := servertest.HTTP(t, "GET", s.Admin+"/healthz", ""); a.Status != 200 {
		t.Errorf("healthz while draining: %d", a.Status)
	}
	if a := servertest.HTTP(t, "POST", s.URL+"/v1/matches", `{"game":"drill"}`, "Authorization: Bearer "+s.Token("bob")); a.Status != 503 || a.Code() != "draining" {
		t.Errorf("a new match while draining: %d %s", a.Status, a.Body)
	}
	if code, _ := endAfterHello(s.Dial("bob")); code != netcode.CodeDrain {
		t.Errorf("a new player while draining: closed with %v, want drain", code)
	}
	c.Drop()
	c = s.Resume(c, "ann") // those who play may still come back
	c.Input(servertest.DrillInput{Order: servertest.Finish})
	if code, _ := c.End(); code != netcode.CodeMatchFinished {
		t.Errorf("closed with %v, want match-finished", code)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	g := servertest.DrillGame(servertest.Drill{}, game.Config{})
	for what, c := range map[string]server.Config{
		"Games":        {},
		"drill":        {Games: []game.Definition{g, g}},
		"ResumeWindow": {Games: []game.Definition{g}, ResumeWindow: -1},
		"MaxMatches":   {Games: []game.Definition{g}, MaxMatches: -1},
		"nonesuch":     {Games: []game.Definition{g}, RecordDir: "nonesuch"},
		"keys":         {Games: []game.Definition{g}, Addr: ":0"},
		"fast":         {Games: []game.Definition{g}, Addr: "127.0.0.1:0", Transport: "fast"},
		"operators":    {Games: []game.Definition{g}, Addr: "127.0.0.1:0", AdminAddr: "nowhere"},
	} {
		s, err := server.New(c)
		if err == nil {
			_ = s.Shutdown(context.Background())
		}
		if err == nil || !strings.HasPrefix(err.Error(), "server: ") || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: error %v, want one that names it", what, err)
		}
	}
}

func TestShutdownWithoutRun(t *testing.T) {
	t.Parallel()
	g := servertest.DrillGame(servertest.Drill{}, game.Config{})
	s, err := server.New(server.Config{Games: []game.Definition{g}, Addr: "127.0.0.1:0", AdminAddr: server.NoAdmin})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	if s.AdminAddr() != nil {
		t.Error("an operators' port in spite of NoAdmin")
	}
}
