package bots

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/client"
	"arbiter/server"
	"arbiter/server/auth"
)

// dots are a game for which bots have no pilot.
type dot struct {
	Player game.PlayerID
	X, Y   int
	Ink    bool
}
type canvas struct {
	Dots  game.Table[dot]
	Moves game.Commands[move]
}
type move struct {
	Far  int8 `net:"min=-3,max=7"`
	Home bool
	Why  string `net:"len=4"`
}
type brush struct {
	DX, DY int8 `net:"min=-1,max=1"`
	Ink    bool
}

type dots struct{}

func (dots) Join(w *game.World[canvas], p game.Player) { w.State.Dots.Add(dot{Player: p.ID}) }
func (dots) Leave(w *game.World[canvas], p game.PlayerID) {
	id, _ := w.State.Dots.Find(func(d *dot) bool { return d.Player == p })
	w.State.Dots.Delete(id)
}
func (dots) Step(w *game.World[canvas], in *game.Inputs[brush]) {
	for _, d := range w.State.Dots.All() {
		do := in.Of(d.Player)
		d.X, d.Y, d.Ink = d.X+int(do.DX), d.Y+int(do.DY), do.Ink
	}
}

var dotsGame = game.MustDefine[canvas, brush]("dots", dots{}, game.Config{TickRate: 50})

// hosting serves the dots and returns where.
func hosting(t *testing.T, c server.Config) string {
	t.Helper()
	c.Addr, c.AdminAddr = "127.0.0.1:0", server.NoAdmin
	c.Games = []game.Definition{dotsGame}
	s, err := server.New(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "ws://" + s.Addr().String()
}

func text(t *testing.T, r *Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestUnknownGame(t *testing.T) {
	t.Parallel()
	at := hosting(t, server.Config{})
	r, err := Run(t.Context(), Config{URL: at, Game: "dots", Clients: 6, For: 2 * time.Second, Drop: 0.5, Stall: 0.2, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Verdict(); err != nil || r.Connected != 6 || r.Errors > 0 {
		t.Errorf("%v\n%s", err, text(t, r))
	}
	if r.Commands < 5 {
		t.Errorf("%d commands", r.Commands)
	}
	if r.Resumes == 0 || r.HashChecks < 6 || r.InputsSent < 20 || r.Snapshots < 300 {
		t.Errorf("not much happened:\n%s", text(t, r))
	}
}

func TestProgressAndInterrupt(t *testing.T) {
	t.Parallel()
	at := hosting(t, server.Config{})
	ctx, cancel := context.WithCancel(t.Context())
	lines := &firstWrite{then: cancel}
	r, err := Run(ctx, Config{URL: at, Game: "dots", Clients: 2, For: time.Hour / 2, Progress: lines, Rewrite: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Verdict(); err != nil || r.Connected != 2 || r.Seconds > 10 {
		t.Errorf("%v\n%s", err, text(t, r))
	}
	if !bytes.HasPrefix(lines.Bytes(), []byte("\r\x1b[K  1 s  2 playing  ")) || !bytes.HasSuffix(lines.Bytes(), []byte("0 errors\n")) {
		t.Errorf("progress: %q", lines)
	}
}

// firstWrite calls then after something was written.
type firstWrite struct {
	bytes.Buffer
	then func()
}

// Write implements [io.Writer].
func (f *firstWrite) Write(p []byte) (int, error) {
	defer f.then()
	return f.Buffer.Write(p)
}

// TestPrediction plays with the rules of a game whose types bots do not have, at
// other rates than the rules' own.
func TestPrediction(t *testing.T) {
	t.Parallel()
	at := hosting(t, server.Config{})
	slow, err := dotsGame.WithRates(10, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, known := range []bool{true, false} {
		var games []game.Definition
		if known {
			games = []game.Definition{slow}
		}
		r, err := Run(t.Context(), Config{URL: at, Games: games, Clients: 4, For: time.Second, Predict: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Verdict(); err != nil || r.Connected != 4 || r.Errors > 0 || r.InputsApplied == 0 || r.predicted != known || strings.Contains(text(t, r), "does not have the rules of dots") == known {
			t.Errorf("predicted: %v, want %v: %v\n%s", r.predicted, known, err, text(t, r))
		}
	}
}

// TestPilot: a game's pilot decides for its bots, and no other.
func TestPilot(t *testing.T) {
	t.Parallel()
	at := hosting(t, server.Config{})
	var minds, decisions, misled atomic.Int64
	right := NewPilot(dotsGame, func() func(*canvas, View) brush {
		minds.Add(1)
		return func(s *canvas, v View) brush {
			decisions.Add(1)
			if _, own := s.Dots.Find(func(d *dot) bool { return d.Player == v.Player }); own == nil || v.TickRate != 50 || v.Rate != 10 || v.Tick == 0 {
				misled.Add(1)
			}
			return brush{DX: 1, Ink: v.Tick%2 == 0}
		}
	})
	other := game.MustDefine[canvas, brush]("lines", dots{}, game.Config{TickRate: 50})
	wrong := NewPilot(other, func() func(*canvas, View) brush {
		t.Error("the pilot of another game is asked")
		return nil
	})
	r, err := Run(t.Context(), Config{URL: at, Pilots: []Pilot{wrong, right}, Clients: 3, For: time.Second, Rate: 10, Predict: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Verdict(); err != nil || r.InputsApplied == 0 || !r.predicted {
		t.Errorf("%v\n%s", err, text(t, r))
	}
	if minds.Load() != 3 || decisions.Load() < 15 || misled.Load() > 0 {
		t.Errorf("%d minds, %d decisions, %d of them with a wrong view", minds.Load(), decisions.Load(), misled.Load())
	}
}

// TestUntypedClientIsRefused meets a real server, which refuses and replaces.
func TestUntypedClientIsRefused(t *testing.T) {
	t.Parallel()
	at := hosting(t, server.Config{})
	_, err := client.DialUntyped(t.Context(), "dots", client.Config{URL: at, Token: "nonsense"})
	var refused *client.RefusedError
	if !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized || refused.Message == http.StatusText(refused.Status) {
		t.Errorf("a bad token: %v", err)
	}

	keys, err := auth.NewKeys(auth.GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	at = hosting(t, server.Config{Keys: keys})
	signer, err := auth.NewSigner(auth.Config{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	token, err := signer.Mint(auth.Claims{Subject: "ann"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.DialUntyped(t.Context(), "chess", client.Config{URL: at, Token: token})
	var closed *client.CloseError
	if !errors.As(err, &closed) || closed.Code != netcode.CodeNoGame {
		t.Errorf("no such game: %v", err)
	}
	one, err := client.DialUntyped(t.Context(), "dots", client.Config{URL: at, Token: token})
	if err != nil {
		t.Fatal(err)
	}
	other, err := client.DialUntyped(t.Context(), "dots", client.Config{URL: at, Token: token})
	if err != nil {
		t.Fatal(err)
	}
	<-one.Done()
	if err := one.Err(); !errors.As(err, &closed) || closed.Code != netcode.CodeReplaced {
		t.Errorf("replaced by another: %v", err)
	}
	if err := other.Close(); err != nil || !errors.Is(other.Err(), client.ErrClosed) {
		t.Errorf("closed: %v, %v", err, other.Err())
	}
}
