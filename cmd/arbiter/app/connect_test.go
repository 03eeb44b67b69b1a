package app

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/netcode/client"
)

// connect is what README.md shows.
func connect(ctx context.Context, url, token string, draw func(*arena.State)) error {
	// begin
	c, err := client.Dial(ctx, arena.Game, client.Config{URL: url, Token: token}) // ws://127.0.0.1:8080
	if err != nil {
		return err
	}
	defer c.Close()
	client.OnEvent(c, func(s *arena.State) *game.Events[arena.Kill] { return &s.Kills },
		func(_ game.Tick, k *arena.Kill) { fmt.Println(k.By, "shot", k.Who) })
	c.Set(arena.Input{Thrust: 1, Fire: true}) // holds until it is set anew
	for c.Wait(ctx) == nil {                  // once a tick
		c.Do(func() { draw(c.Interpolated()) })
	}
	// end
	return nil
}

func TestConnect(t *testing.T) {
	t.Parallel()
	s := serving(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	moved := false
	var first arena.Ship
	err := connect(ctx, "ws://"+s.addr, s.guest(t), func(state *arena.State) {
		for _, ship := range state.Ships.All() {
			if first == (arena.Ship{}) {
				first = *ship
			}
			if moved = ship.X != first.X && ship.VX != 0; moved {
				cancel()
			}
		}
	})
	if err != nil || !moved {
		t.Errorf("moved %v, %v", moved, err)
	}
}

// served is a server that run serves in this process.
type served struct {
	addr, admin string
	stop        context.CancelFunc // has it drain
	ended       chan struct{}      // closed when run has returned
}

// serving starts "arbiter serve" on free ports, and checks at the end of the
// test that it stops as it should.
func serving(t *testing.T, args ...string) *served {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	status, ended := make(chan int, 1), make(chan struct{})
	diag := new(strings.Builder)
	go func() {
		all := append([]string{"serve", "--addr", "127.0.0.1:0", "--admin-addr", "127.0.0.1:0", "--log-level", "error"}, args...)
		status <- demo.Run(ctx, all, w, diag)
		w.Close()
		close(ended)
	}()
	t.Cleanup(func() {
		cancel()
		if got := <-status; got != exitDone || diag.Len() > 0 {
			t.Errorf("serve: status %d\n%s", got, diag)
		}
	})
	s := &served{stop: cancel, ended: ended}
	line := make([]byte, 0, 4096)
	for !strings.Contains(string(line), "stops at once.\n") {
		n, err := r.Read(line[len(line):cap(line)])
		if err != nil {
			t.Fatalf("serve ended: %v\n%s%s", err, line, diag)
		}
		line = line[:len(line)+n]
	}
	for _, l := range strings.Split(string(line), "\n") {
		if _, at, ok := strings.Cut(l, "  HTTP       http"); ok {
			_, at, _ = strings.Cut(at, "://")
			s.addr = strings.TrimSuffix(at, "/")
		}
		if at, ok := strings.CutPrefix(l, "  operators  http://"); ok {
			s.admin = strings.TrimSuffix(at, "/metrics")
		}
	}
	return s
}
