package wasm_test

import (
	"slices"
	"strings"
	"testing"

	"arbiter/cmd/arbiter/app/wasm"
	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/gametest"
	"arbiter/game/sim"
)

// flight is a prediction with its load and a step, as bytes.
func flight(t testing.TB, ships int) (m *wasm.Module, match uint32, load, step []byte) {
	m = newModule()
	of, err := m.Game("arena", 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if match, err = m.Predict(of, 1); err != nil {
		t.Fatal(err)
	}
	run := arena.Game.NewSim(1)
	s := gametest.NewScript(run.Schema(), gametest.ScriptConfig{Players: ships, Stay: true})
	for range 100 {
		run.Step(s.Next())
	}
	load = appendLoad(nil, []int64{1, 1, 1}, gametest.Received(run, 1))
	step = appendStep(nil, &sim.TickInput{
		Inputs:   []sim.PlayerInput{{Player: 1, Seq: 9, View: 90, Cells: []int64{1, 0, 1}}},
		Commands: []sim.PlayerCommand{{Player: 1, Row: sim.Row{Cells: []int64{0}, Texts: []string{"Zoë"}}}},
	})
	return m, match, load, step
}

func TestCutShort(t *testing.T) {
	m, match, load, step := flight(t, 4)
	if _, err := m.Load(match, 100, load); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Step(match, step); err != nil {
		t.Fatal(err)
	}
	for n := range load {
		if _, err := m.Load(match, 100, load[:n]); err == nil {
			t.Errorf("a load of %d of %d bytes was taken", n, len(load))
		}
	}
	for n := 1; n < len(step); n++ { // 0 bytes are a step without news
		if _, err := m.Step(match, step[:n]); err == nil {
			t.Errorf("a step of %d of %d bytes was taken", n, len(step))
		}
	}
	if _, err := m.Load(match, 100, append(load, 0)); err == nil {
		t.Error("a load with a byte too many was taken")
	}
}

func TestRefused(t *testing.T) {
	m, match, _, _ := flight(t, 4)
	own, _ := m.Game("tag", 0, 0)
	mine, err := m.Begin(own, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want string
		call func() error
	}{
		{"no game", func() error { _, err := m.Game("chess", 0, 0); return err }},
		{"tick rate of 500", func() error { _, err := m.Game("arena", 500, 0); return err }},
		{"player 0", func() error { _, err := m.Predict(1, 0); return err }},
		{"player 65536", func() error { _, err := m.Predict(1, 65536); return err }},
		{"no prediction", func() error { _, err := m.Load(mine, 1, nil); return err }},
		{"no match 3", func() error { _, err := m.All(3); return err }},
		{"player 70000", func() error { _, err := m.Step(match, pad(words(nil, 1, 0, 0, 0, 70000, 0))); return err }},
		{"items cannot fit", func() error { _, err := m.Step(match, words(nil, 1<<31, 0, 0, 0)); return err }},
		{"command 7", func() error { _, err := m.Step(match, words(nil, 0, 0, 0, 1, 1, 7, 0, 0)); return err }},
	} {
		if err := c.call(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v; want %q", err, c.want)
		}
	}
}

func TestIDsAscend(t *testing.T) {
	m, match, _, _ := flight(t, 4)
	run := arena.Game.NewSim(1)
	run.Step(&sim.TickInput{Joins: []game.Player{{ID: 1}, {ID: 2}}})
	blocks := gametest.Received(run, 1)
	slices.Reverse(blocks[3].IDs)
	_, err := m.Load(match, 1, appendLoad(nil, []int64{0, 0, 0}, blocks))
	if err == nil || !strings.Contains(err.Error(), "table Ships: id 1 after 2") {
		t.Errorf("error %v", err)
	}
}

func TestNumbersAreUsedAgain(t *testing.T) {
	m := newModule()
	of, _ := m.Game("tag", 0, 0)
	for n := range uint32(64) {
		if got, err := m.Predict(of, 1); err != nil || got != n+1 {
			t.Fatalf("match %d, %v; want %d", got, err, n+1)
		}
	}
	if _, err := m.Predict(of, 1); err == nil {
		t.Error("a 65th match")
	}
	m.Release(20)
	m.Release(20)
	if _, err := m.All(20); err == nil {
		t.Error("a released match answers")
	}
	if got, err := m.Predict(of, 1); err != nil || got != 20 {
		t.Errorf("match %d, %v; want 20 again", got, err)
	}
}

func TestRates(t *testing.T) {
	m := newModule()
	at, err := arena.Game.WithRates(60, 20)
	if err != nil {
		t.Fatal(err)
	}
	own, _ := m.Game("arena", 0, 0)
	fast, err := m.Game("arena", 60, 20)
	if err != nil || m.Schema(own) == m.Schema(fast) || m.Schema(fast) != at.Schema().Hash || m.Schema(own) != arena.Game.Schema().Hash || m.Schema(9) != 0 {
		t.Errorf("%v; schema %x and %x, want %x and %x", err, m.Schema(own), m.Schema(fast), arena.Game.Schema().Hash, at.Schema().Hash)
	}
	if again, _ := m.Game("arena", 60, 20); again != fast {
		t.Errorf("game %d, then %d", fast, again)
	}
}

func TestStepAllocs(t *testing.T) {
	m, match, load, _ := flight(t, 16)
	step := appendStep(nil, &sim.TickInput{Inputs: []sim.PlayerInput{{Player: 1, Cells: []int64{1, 0, 0}}}})
	n := testing.AllocsPerRun(100, func() {
		if _, err := m.Load(match, 100, load); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if _, err := m.Step(match, step); err != nil {
				t.Fatal(err)
			}
		}
	})
	if n != 0 {
		t.Errorf("%v allocations in a load and five steps", n)
	}
}

// Whatever a host writes, a call ends in an answer or an error.
func FuzzHost(f *testing.F) {
	_, _, load, step := flight(f, 2)
	f.Add(load, step)
	f.Add(load[:24], []byte(nil))
	f.Fuzz(func(t *testing.T, load, step []byte) {
		m, match, _, _ := flight(t, 1)
		if _, err := m.Load(match, 1, load); err != nil {
			return
		}
		for range 3 {
			if _, err := m.Step(match, step); err != nil {
				return
			}
		}
		if _, err := m.All(match); err != nil {
			t.Error(err)
		}
	})
}
