package gametest

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"runtime/debug"
	"testing"

	"arbiter/game"
	"arbiter/game/sim"
)

// Options of [Determinism]. Zero values mean the defaults.
type Options struct {
	Seed    uint64 // of the match and of its script
	Ticks   int    // length of each run; 0 means 300
	Players int    // 0 means 8, or what the game has seats for
	Runs    int    // how often the match is simply repeated; 0 means 3

	// Setup is what the match is ordered with; those of its roster play.
	Setup game.Setup
}

// Determinism fails t unless the game is a pure function of state, inputs and
// seed. It plays one scripted match and compares the state and the events of
// every tick with those of the same match played again, played with rollbacks
// at random ticks, and continued in a new match from a checkpoint. It also
// fails if nothing moved, for then nothing was shown.
func Determinism(t testing.TB, def game.Definition, o Options) {
	t.Helper()
	if o.Ticks == 0 {
		o.Ticks = 300
	}
	if o.Players == 0 {
		o.Players = min(8, def.Config().MaxPlayers)
	}
	if o.Runs == 0 {
		o.Runs = 3
	}
	p := proof{def: def, options: o, rand: rand.New(rand.NewPCG(o.Seed, 0xfeed))}
	if err := p.record(); err != nil {
		t.Errorf("%s: %v", def.Name(), err)
		return
	}
	runs := []struct {
		name string
		play func() error
	}{{"played again", p.again}, {"with rollbacks", p.rollBack}, {"from a checkpoint", p.resume}}
	for _, run := range runs {
		if err := run.play(); err != nil {
			t.Errorf("%s: the same match %s: %v", def.Name(), run.name, err)
		}
	}
}

// proof is one match and what each of its ticks gave the first time.
type proof struct {
	def     game.Definition
	options Options
	rand    *rand.Rand

	inputs []sim.TickInput // inputs[i] is for tick i+1
	prints []uint64        // prints[i] is of tick i
	block  sim.Block
}

func (p *proof) record() error {
	script := NewScript(p.def.Schema(), ScriptConfig{Seed: p.options.Seed, Players: p.options.Players, Roster: p.options.Setup.Roster})
	sim := p.begin()
	start := p.columns(sim)
	p.prints = append(p.prints, p.print(sim))
	moved := false
	for range p.options.Ticks {
		in := Clone(script.Next())
		p.inputs = append(p.inputs, in)
		if err := step(sim, &in); err != nil {
			return err
		}
		moved = moved || p.columns(sim) != start
		p.prints = append(p.prints, p.print(sim))
	}
	if !moved {
		return fmt.Errorf("no replicated field changed in %d ticks, so nothing was shown", p.options.Ticks)
	}
	return nil
}

// advance plays the next tick of sim and compares it.
func (p *proof) advance(sim sim.Sim) error {
	if err := step(sim, &p.inputs[sim.Tick()]); err != nil {
		return err
	}
	if p.print(sim) != p.prints[sim.Tick()] {
		return fmt.Errorf("tick %d differs; look for globals, clocks, map iteration, or fields kept in the rules", sim.Tick())
	}
	return nil
}

func (p *proof) again() error {
	for range p.options.Runs {
		sim := p.begin()
		if p.print(sim) != p.prints[0] {
			return fmt.Errorf("tick 0 differs; look at Start")
		}
		for range p.inputs {
			if err := p.advance(sim); err != nil {
				return err
			}
		}
	}
	return nil
}

// rollBack goes on for up to 20 ticks, returns, and plays them once more.
func (p *proof) rollBack() error {
	sim := p.begin()
	for int(sim.Tick()) < len(p.inputs) {
		saved := sim.AppendCheckpoint(nil)
		ahead := min(1+p.rand.IntN(20), len(p.inputs)-int(sim.Tick()))
		for range ahead {
			if err := p.advance(sim); err != nil {
				return err
			}
		}
		if p.rand.IntN(3) == 0 || int(sim.Tick()) == len(p.inputs) {
			continue
		}
		if err := sim.Restore(saved); err != nil {
			return err
		}
		for range 1 + p.rand.IntN(ahead) {
			if err := p.advance(sim); err != nil {
				return fmt.Errorf("after a rollback: %w", err)
			}
		}
	}
	return nil
}

// begin makes the match anew.
func (p *proof) begin() sim.Sim { return p.def.BeginSim(p.options.Seed, p.options.Setup) }

// resume moves the match into a new Sim, of another seed and without a setup,
// every few ticks.
func (p *proof) resume() error {
	sim := p.begin()
	for int(sim.Tick()) < len(p.inputs) {
		if p.rand.IntN(16) == 0 {
			saved := sim.AppendCheckpoint(nil)
			sim = p.def.NewSim(p.rand.Uint64())
			if err := sim.Restore(saved); err != nil {
				return err
			}
			if again := sim.AppendCheckpoint(nil); string(again) != string(saved) {
				return fmt.Errorf("tick %d: a restored match gives another checkpoint", sim.Tick())
			}
		}
		if err := p.advance(sim); err != nil {
			return err
		}
	}
	return nil
}

// step runs one tick and turns a panic of the rules into an error.
func step(sim sim.Sim, in *sim.TickInput) (err error) {
	tick := sim.Tick() + 1
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("tick %d: the rules panicked: %v\n%s", tick, r, debug.Stack())
		}
	}()
	sim.Step(in)
	return nil
}

// print covers the state and the events of the last step.
func (p *proof) print(sim sim.Sim) uint64 {
	h := fnv.New64a()
	b := binary.LittleEndian.AppendUint64(nil, sim.Hash())
	for i := range sim.Schema().Events {
		posted := sim.Posted(i)
		for k := range posted.Len() {
			b = binary.LittleEndian.AppendUint16(b, uint16(posted.To(k)))
		}
		posted.Capture(&p.block)
		b = appendBlock(b, &p.block)
	}
	h.Write(b)
	return h.Sum64()
}

// columns covers what clients can see of the state.
func (p *proof) columns(sim sim.Sim) uint64 {
	h := fnv.New64a()
	var b []byte
	for i := range sim.Schema().Tables {
		sim.Rows(i).Capture(&p.block)
		b = appendBlock(b, &p.block)
	}
	h.Write(b)
	return h.Sum64()
}

func appendBlock(b []byte, block *sim.Block) []byte {
	for _, id := range block.IDs {
		b = binary.LittleEndian.AppendUint32(b, uint32(id))
	}
	for _, c := range block.Cells {
		b = binary.LittleEndian.AppendUint64(b, uint64(c))
	}
	for _, s := range block.Texts {
		b = append(append(b, s...), 0)
	}
	return b
}
