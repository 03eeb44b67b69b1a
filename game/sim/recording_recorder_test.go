package sim_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/gametest"
	"arbiter/game/sim"
	"arbiter/game/tag"
)

func TestRecorderIsSmallForIdleTicks(t *testing.T) {
	short, _ := record(t, tag.Game, 100, gametest.ScriptConfig{Still: true, Stay: true})
	long, _ := record(t, tag.Game, 1100, gametest.ScriptConfig{Still: true, Stay: true})
	if per := float64(len(long)-len(short)) / 1000; per > 5.6 {
		t.Errorf("an idle tick takes %.2f bytes", per)
	}
}

func TestRecorderAllocatesNothing(t *testing.T) {
	rec := sim.NewRecorder(io.Discard, arena.Game, 1, game.Setup{})
	script := gametest.NewScript(arena.Game.Schema(), gametest.ScriptConfig{Change: 1})
	var inputs []sim.TickInput
	for range 64 {
		inputs = append(inputs, gametest.Clone(script.Next()))
	}
	i := 0
	tick := func() { rec.Record(&inputs[i%len(inputs)], uint64(i)); i++ }
	for range 200 {
		tick()
	}
	if n := testing.AllocsPerRun(1000, tick); n != 0 {
		t.Errorf("%v allocations a tick", n)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
}

// failing takes some writes and then fails.
type failing struct {
	bytes.Buffer
	writes int
}

var errFull = errors.New("disk full")

func (f *failing) Write(b []byte) (int, error) {
	if f.writes--; f.writes < 0 {
		return 0, errFull
	}
	return f.Buffer.Write(b)
}

func TestRecorderSurvivesItsWriter(t *testing.T) {
	for writes := range 6 {
		w := &failing{writes: writes}
		rec := sim.NewRecorder(w, tag.Game, 7, game.Setup{})
		m, script := tag.Game.NewSim(7), gametest.NewScript(tag.Game.Schema(), gametest.ScriptConfig{})
		for range 200 {
			in := script.Next()
			m.Step(in)
			rec.Record(in, m.Hash())
		}
		if err := rec.Err(); !errors.Is(err, errFull) || !strings.Contains(err.Error(), "recording ended at tick") {
			t.Errorf("after %d writes: %v", writes, err)
		}
		if err := rec.Close(); !errors.Is(err, errFull) {
			t.Errorf("after %d writes Close says %v", writes, err)
		}
		sum, err := sim.Replay(&w.Buffer, find, nil)
		if want := game.Tick(max(0, writes-2) * 20); err == nil || sum.Ticks != want {
			t.Errorf("after %d writes %d ticks can be replayed, want %d (%v)", writes, sum.Ticks, want, err)
		}
	}
}

func TestRecorderRefusesAnAbsurdTick(t *testing.T) {
	rec := sim.NewRecorder(io.Discard, tag.Game, 7, game.Setup{})
	in := sim.TickInput{Joins: []game.Player{{ID: 1, Name: strings.Repeat("x", 1<<20)}}}
	rec.Record(&in, 0)
	if err := rec.Err(); err == nil || !strings.Contains(err.Error(), "more than 1048576") {
		t.Error(err)
	}
	for range 2 {
		if err := rec.Close(); err == nil || !strings.Contains(err.Error(), "more than 1048576") {
			t.Errorf("Close forgot the error: %v", err)
		}
	}
}

func FuzzReplay(f *testing.F) {
	whole, _ := record(f, tag.Game, 45, gametest.ScriptConfig{Players: 3})
	head := header(f, tag.Game)
	r := rand.New(rand.NewPCG(1, 1))
	f.Add(whole)
	f.Add(whole[len(head):])
	for range 4 {
		i := len(head) + r.IntN(len(whole)-len(head))
		f.Add(whole[:i])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := sim.Replay(bytes.NewReader(b), find, nil); err == nil && len(b) < len(head) {
			t.Error("less than a header was replayed")
		}
		// The same bytes as the body of a chunk whose checksum is right.
		if len(b) > 1<<16 {
			return
		}
		for _, kind := range []byte{1, 2, 3} {
			chunk := seal(append([]byte{kind}, b...)...)
			start := head
			if kind == 1 {
				start = head[:5]
				chunk = sealBehind(start, append([]byte{kind}, b...)...)
			}
			sum, err := sim.Replay(io.MultiReader(bytes.NewReader(start), bytes.NewReader(chunk)), find, nil)
			var failed *sim.ReplayError
			if err != nil && !errors.As(err, &failed) {
				t.Fatalf("not a ReplayError: %v", err)
			}
			if failed != nil && failed.Tick > 0 && failed.Tick != sum.Ticks+1 {
				t.Fatalf("failed at tick %d after %d good ones", failed.Tick, sum.Ticks)
			}
		}
	})
}
