package wasm_test

import (
	"slices"
	"strings"
	"testing"

	"arbiter/game"
	"arbiter/game/gametest"
	"arbiter/game/sim"
)

// TestCompiled proves that the compiled rules are the server's.
func TestCompiled(t *testing.T) {
	g := newGuest(t)
	t.Run("imports", func(t *testing.T) { testImports(t, g) })
	t.Run("faults", func(t *testing.T) { g.t = t; testFaults(t, g) })
	for _, d := range demos {
		t.Run(d.Name()+"/match", func(t *testing.T) { g.t = t; testMatch(t, g, d) })
		t.Run(d.Name()+"/prediction", func(t *testing.T) { g.t = t; testPrediction(t, g, d) })
	}
}

// testMatch steps one match here and there, and compares every tick.
func testMatch(t *testing.T, g *guest, d demo) {
	const ticks, seed = 2000, 7
	n := g.must("begin", g.game(d.Name(), 0, 0), seed, seed)
	defer g.call("release", n)
	sim := d.NewSim(seed<<32 | seed)
	s, seen, inputs := script(d, seed), map[uint64]bool{}, 0
	var step []byte
	for tick := range game.Tick(ticks) {
		in := s.Next()
		sim.Step(in)
		step = appendStep(step[:0], in)
		at := g.must("step", n, g.write(step))
		if tick%97 == 0 {
			got, blocks, err := parseState(d.Schema(), g.message(at))
			if err != nil || got != sim.Tick() || !same(blocks, rows(sim, 0)) {
				t.Fatalf("tick %d: %v; message of tick %d has other rows", sim.Tick(), err, got)
			}
		}
		hash := g.call("hash", n)
		if hash != sim.Hash() {
			t.Fatalf("tick %d: hash %016x compiled, %016x here", sim.Tick(), hash, sim.Hash())
		}
		seen[hash] = true
		inputs += len(in.Inputs)
	}
	if len(seen) < ticks*9/10 || inputs < ticks {
		t.Errorf("%d states, %d inputs in %d ticks: nothing was shown", len(seen), inputs, ticks)
	}
}

// testPrediction runs ahead of a match here and there from what a client is
// sent, and compares every row.
func testPrediction(t *testing.T, g *guest, d demo) {
	const ticks, ahead, me, seed = 300, 6, 3, 11
	m, native := d.NewSim(seed), d.predict(me)
	s := gametest.NewScript(d.Schema(), gametest.ScriptConfig{Seed: seed, Stay: true})
	n := g.must("predict", g.game(d.Name(), 0, 0), me)
	defer g.call("release", n)
	var inputs []sim.TickInput
	for range ticks + ahead {
		inputs = append(inputs, gametest.Clone(s.Next()))
	}
	held := make([]int64, len(d.Schema().Input.Fields))
	moved := map[string]bool{}
	for tick := range ticks {
		m.Step(&inputs[tick])
		for _, in := range only(&inputs[tick], me).Inputs {
			copy(held, in.Cells)
		}
		sent := gametest.Received(m, me)
		native.Load(m.Tick(), sent, held)
		at := g.must("load", n, uint64(m.Tick()), g.write(appendLoad(nil, held, sent)))
		for k := range ahead + 1 {
			got, blocks, err := parseState(d.Schema(), g.message(at))
			if err != nil || got != native.Tick() || !same(blocks, rows(native, me)) {
				t.Fatalf("tick %d, %d ahead: %v; message of tick %d\n%+v\nhere\n%+v", m.Tick(), k, err, got, blocks, rows(native, me))
			}
			moved[string(g.message(at)[8:])] = true
			if k == ahead {
				break
			}
			in := only(&inputs[tick+1+k], me)
			native.Step(in)
			var step []byte // nothing new costs nothing
			if !in.Empty() {
				step = appendStep(nil, in)
			}
			at = g.must("step", n, g.write(step))
		}
		if hash := g.call("hash", n); hash != native.Hash() {
			t.Fatalf("tick %d: hash %016x compiled, %016x here", native.Tick(), hash, native.Hash())
		}
		_, blocks, err := parseState(d.Schema(), g.message(g.must("all", n)))
		if err != nil || !same(blocks, rows(native, 0)) {
			t.Fatalf("tick %d: %v: other rows", native.Tick(), err)
		}
	}
	if len(moved) < ticks/2 {
		t.Errorf("%d states of own rows in %d ticks: nothing was shown", len(moved), ticks)
	}
}

// same compares blocks, an empty slice being like none.
func same(a, b []sim.Block) bool {
	return slices.EqualFunc(a, b, func(x, y sim.Block) bool {
		return x.Width == y.Width && x.Last == y.Last && slices.Equal(x.IDs, y.IDs) &&
			slices.Equal(x.Cells, y.Cells) && slices.Equal(x.Texts, y.Texts)
	})
}

// The doc of package wasm lists these for whoever writes a host.
func testImports(t *testing.T, g *guest) {
	listed := strings.Fields(`args_get args_sizes_get clock_time_get environ_get environ_sizes_get
		fd_close fd_fdstat_get fd_fdstat_set_flags fd_prestat_dir_name fd_prestat_get fd_write
		poll_oneoff proc_exit random_get sched_yield`)
	var got []string
	for _, f := range g.code.ImportedFunctions() {
		module, name, _ := f.Import()
		if module != "wasi_snapshot_preview1" {
			t.Errorf("imports %s.%s", module, name)
		}
		got = append(got, name)
	}
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, listed) {
		t.Errorf("imports %v\nlisted %v", got, listed)
	}
}

func testFaults(t *testing.T, g *guest) {
	for _, c := range []struct {
		name string
		args []uint64
		want string
	}{
		{"game", []uint64{g.write([]byte("chess")), 0, 0}, `no game "chess"`},
		{"predict", []uint64{99, 1}, "no game 99"},
		{"step", []uint64{99, 0}, "no match 99"},
		{"all", []uint64{0}, "no match 0"},
		{"begin", []uint64{99, 0, 0}, "no game 99"},
	} {
		if v := g.call(c.name, c.args...); v != 0 || !strings.Contains(g.fault(), c.want) {
			t.Errorf("%s%v gave %d, fault %q; want 0 and %q", c.name, c.args, v, g.fault(), c.want)
		}
	}
	n := g.must("predict", g.game("tag", 0, 0), 1)
	if v := g.call("load", n, 1, g.write([]byte{1, 2, 3})); v != 0 || !strings.Contains(g.fault(), "load of 3 bytes") {
		t.Errorf("a load of 3 bytes gave %d, fault %q", v, g.fault())
	}
	g.call("release", n)
}
