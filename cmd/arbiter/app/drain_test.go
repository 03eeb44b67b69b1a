package app

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"arbiter/game/sim"
	"arbiter/game/tag"
	"arbiter/netcode"
	"arbiter/netcode/client"

	"go.uber.org/goleak"
)

// farewells collects with which codes connections of clients ended.
type farewells struct {
	mu    sync.Mutex
	codes map[netcode.Code]int // guarded by mu
	first error                // guarded by mu; without a code
}

func (f *farewells) note(s client.Status) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var closed *client.CloseError
	switch {
	case errors.As(s.Err, &closed):
		f.codes[closed.Code]++
	case s.Phase == client.Resuming && f.first == nil:
		f.first = s.Err
	}
}

// A server that is told to stop while 500 players play tells every one of them,
// completes the recordings, and is gone in time, to the last goroutine, with
// status 0, which [serving] checks.
//
// Hazards: sigterm.
func TestDrainWith500Players(t *testing.T) {
	for _, transport := range []string{"epoll", "net"} {
		if transport == "epoll" && !hasEpoll {
			continue
		}
		t.Run(transport, func(t *testing.T) { drainFull(t, transport) })
	}
}

func drainFull(t *testing.T, transport string) {
	const players, drainTimeout = 500, 5 * time.Second
	before := goleak.IgnoreCurrent()
	key := strings.TrimSpace(mustRun(t, "token", "--new-key"))
	dir := t.TempDir()
	s := serving(t, "--transport", transport, "--key", key, "--record-dir", dir, "--games", "tag", "--tick-rate", "tag=10",
		"--max-per-address", "600", "--drain-timeout", drainTimeout.String())
	slower, err := tag.Game.WithRates(10, 0)
	if err != nil {
		t.Fatal(err)
	}
	identity := botsCommand{keyFlags: keyFlags{Key: []string{key}, Audience: "arbiter"}}
	token, err := identity.tokens()
	if err != nil {
		t.Fatal(err)
	}
	said := farewells{codes: map[netcode.Code]int{}}
	crowd := make([]*client.Client[tag.State, tag.Input], players)
	each := func(f func(i int) error) {
		t.Helper()
		var group sync.WaitGroup
		failed := make(chan error, players)
		for i := range players {
			group.Go(func() {
				if err := f(i); err != nil {
					failed <- err
				}
			})
		}
		group.Wait()
		if len(failed) > 0 {
			t.Fatalf("%d of %d players failed, one with: %v", len(failed), players, <-failed)
		}
	}
	each(func(i int) error {
		mine, err := token(i)
		if err != nil {
			return err
		}
		crowd[i], err = client.Dial(t.Context(), slower, client.Config{URL: "ws://" + s.addr, Token: mine, NoPrediction: true, OnStatus: said.note})
		return err
	})
	each(func(i int) error {
		crowd[i].Set(tag.Input{X: 1, Y: int8(i%3 - 1)})
		for crowd[i].Stats().InputsApplied == 0 {
			if err := crowd[i].Wait(t.Context()); err != nil {
				return err
			}
		}
		return nil
	})

	begin := time.Now()
	s.stop()
	<-s.ended
	took := time.Since(begin)
	t.Logf("drained in %v", took)
	if took > drainTimeout {
		t.Errorf("the server took %v to end, want at most %v", took, drainTimeout)
	}
	each(func(i int) error { return crowd[i].Close() })
	if said.codes[netcode.CodeDrain] != players || len(said.codes) != 1 || said.first != nil {
		t.Errorf("clients were told %v, one %v; want %d times drain", said.codes, said.first, players)
	}
	replayAll(t, dir, players)
	if err := goleak.Find(before); err != nil {
		t.Error(err)
	}
}

// replayAll runs the recordings of a directory again and compares every tick.
func replayAll(t *testing.T, dir string, players int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.arbr"))
	if err != nil {
		t.Fatal(err)
	}
	joins, inputs := 0, 0
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		sum, err := sim.Replay(f, demo.game, nil)
		f.Close()
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(name), err)
		}
		joins, inputs = joins+int(sum.Joins), inputs+int(sum.Inputs)
	}
	if joins != players || inputs < players {
		t.Errorf("%d recordings have %d joins and %d inputs, want %d and at least as many", len(files), joins, inputs, players)
	}
}
