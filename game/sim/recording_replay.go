package sim

import (
	"errors"
	"fmt"
	"io"
)

// Progress is one tick that came out as recorded.
type Progress struct {
	Tick Tick
	Hash uint64
}

// Summary is what a recording holds, up to where it was replayed.
type Summary struct {
	Game  string
	Seed  uint64
	Ticks Tick   // how many came out as recorded
	Hash  uint64 // the state after the last of them
	Rate  int    // ticks a second

	Joins, Leaves, Inputs, Commands, Suspicions int

	Result *Result // nil if the match was not finished
}

// ReplayError says where a recording and its replay part.
type ReplayError struct {
	Tick Tick   // the first tick that failed; 0 is the start of the match. Those before it are good
	What string // what is wrong, in words
	Err  error  // its cause, or nil
}

func (e *ReplayError) Error() string {
	if e.Tick == 0 {
		return "game: replay: " + e.What
	}
	return fmt.Sprintf("game: replay: tick %d: %s; the last good tick is %d", e.Tick, e.What, e.Tick-1)
}

// Unwrap returns the cause.
func (e *ReplayError) Unwrap() error { return e.Err }

// Replay runs a recorded match again and compares the state after every tick.
// find gives the game of that name; report, which may be nil, is called for every
// tick that came out as recorded. What is wrong with the recording, or with what the
// game made of it, comes back as a [ReplayError]; the summary covers the ticks
// before it.
func Replay[D Definition](r io.Reader, find func(name string) (D, error), report func(Progress)) (Summary, error) {
	p := replay{in: newChunkReader(r), report: report}
	p.find = func(name string, tick, snapshot int) (Definition, error) { return findAt(find, name, tick, snapshot) }
	err := p.run()
	if err == nil {
		return p.sum, nil
	}
	var failed *ReplayError
	if !errors.As(err, &failed) {
		failed = &ReplayError{Tick: p.next(), What: err.Error(), Err: err}
	}
	return p.sum, failed
}

type replay struct {
	in     *chunkReader
	find   func(name string, tickRate, snapshotRate int) (Definition, error)
	report func(Progress)

	sim   Sim // nil before the header
	input tickReader
	sum   Summary
}

// findAt returns the game of that name at those rates, if it can be had at others
// than its own.
func findAt[D Definition](find func(name string) (D, error), name string, tick, snapshot int) (Definition, error) {
	def, err := find(name)
	if err != nil {
		return nil, err
	}
	rated, ok := any(def).(interface {
		AtRates(tick, snapshot int) (D, error)
	})
	if s := def.Schema(); ok && (s.TickRate != tick || s.SnapshotRate != snapshot) {
		return rated.AtRates(tick, snapshot)
	}
	return def, nil
}

// next is the tick that an error now belongs to.
func (p *replay) next() Tick {
	if p.sim == nil {
		return 0
	}
	return p.sum.Ticks + 1
}

func (p *replay) run() error {
	kind, body, err := p.in.first()
	if err != nil {
		return err
	}
	if kind != chunkHeader {
		return fmt.Errorf("the recording does not begin with its header")
	}
	if err := p.start(body); err != nil {
		return err
	}
	for {
		kind, body, err := p.in.next()
		if err != nil {
			return err
		}
		switch kind {
		case chunkTicks:
			err = p.ticks(body)
		case chunkEnd:
			return p.end(body)
		default:
			err = fmt.Errorf("a chunk of unknown kind %d", kind)
		}
		if err != nil {
			return err
		}
	}
}

// start makes the match that the header describes.
func (p *replay) start(body []byte) error {
	r := reader{b: body, size: len(body), what: "header"}
	name, hash, seed := r.text(), r.word64(), r.word64()
	rate, snapshots, reach := int(r.uint(1000)), int(r.uint(1000)), int(r.uint(1000))
	var setup Setup
	if p.input.version = p.in.version; p.in.version > 1 {
		setup = r.setup()
	}
	if err := r.end(); err != nil {
		return err
	}
	def, err := p.find(name, rate, snapshots)
	if err != nil {
		return err
	}
	switch s := def.Schema(); {
	case s.Hash != hash:
		return fmt.Errorf("%s was recorded with schema %016x at %d Hz, this build has %016x at %d Hz; replay it with the build that recorded it",
			name, hash, rate, s.Hash, s.TickRate)
	case def.RewindTicks() != reach:
		return fmt.Errorf("%s was recorded with a rewind of %d ticks, this build has %d", name, reach, def.RewindTicks())
	}
	p.sim = def.BeginSim(seed, setup)
	p.sum = Summary{Game: name, Seed: seed, Rate: rate, Hash: p.sim.Hash()}
	return nil
}

// ticks runs one chunk of them.
func (p *replay) ticks(body []byte) error {
	r := reader{b: body, size: len(body), what: "ticks"}
	if first := Tick(r.uint(1<<32 - 1)); r.err == nil && first != p.next() {
		return fmt.Errorf("the recording goes on with tick %d", first)
	}
	for len(r.b) > 0 {
		hash := p.input.read(&r, p.next())
		if r.err != nil {
			break
		}
		if err := p.step(hash); err != nil {
			return err
		}
	}
	return r.err
}

func (p *replay) step(want uint32) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("the rules panicked: %v", v)
		}
	}()
	in := &p.input.in
	p.sim.Step(in)
	hash := p.sim.Hash()
	if uint32(hash) != want {
		return fmt.Errorf("the state differs: its hash ends in %08x, recorded was %08x", uint32(hash), want)
	}
	p.sum.Ticks, p.sum.Hash, p.sum.Result = p.sim.Tick(), hash, p.sim.Result()
	p.sum.Joins += len(in.Joins)
	p.sum.Leaves += len(in.Leaves)
	p.sum.Inputs += len(in.Inputs)
	p.sum.Commands += len(in.Commands)
	p.sum.Suspicions += len(in.Suspicions)
	if p.report != nil {
		p.report(Progress{p.sum.Ticks, hash})
	}
	return nil
}

// end checks that the end mark belongs here.
func (p *replay) end(body []byte) error {
	r := reader{b: body, size: len(body), what: "end mark"}
	last, hash := r.uint(1<<32), r.word64()
	if err := r.end(); err != nil {
		return err
	}
	if Tick(last) != p.sum.Ticks || last > 0 && hash != p.sum.Hash {
		return fmt.Errorf("the recording ends with tick %d and hash %016x, the replay with %d and %016x",
			last, hash, p.sum.Ticks, p.sum.Hash)
	}
	return p.in.done()
}
