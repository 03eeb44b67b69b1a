package core

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/netcode"
	"arbiter/netcode/netcodetest"
)

var update = flag.Bool("update", false, "rewrite ../../testdata/behaviour_schemas.json and golden/clocks.json; read the difference before committing it")

// behaviour is a scenario of ../../testdata/behaviour.json, which the tests of the
// TypeScript client play too: one seat of arena, and what becomes of it. Times
// are in ms.
type behaviour struct {
	Name   string
	Rates  string // Hz of ticks and of snapshots; empty: 30/30
	Delay  int64  // of every message, each way
	Jitter int64  // more at most
	Steps  []behaviourStep
}

// behaviourStep lets time pass; one of the first five is set. The player's input
// changes with every Every-th tick; 0: not.
type behaviourStep struct {
	Play    int64  // all is well
	Pause   int64  // the server stands still, and then drops the time
	Hold    int64  // what the client sends is held up on the way
	Stall   int64  // everything is held up on the way
	Away    int64  // there is no connection
	Command string // renames the player
	Every   int
	Want    *behaviourWant
}

// behaviourWant bounds what a step shows.
type behaviourWant struct {
	Entries  [2]int // made, at least and at most; both 0: none
	EntryGap int64  // longest time without a new entry
	TickGap  int64  // and without a new tick of the prediction clock
	Late     *int   // entries that the server applied after their tick
	Messages int    // sent, in a second
	Resumes  uint64 // since the beginning
}

func TestBehaviour(t *testing.T) {
	text, err := os.ReadFile("../../testdata/behaviour.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []behaviour
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&all); err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		t.Run(s.Name, func(t *testing.T) { s.play(t) })
	}
	if len(all) < 16 {
		t.Errorf("only %d scenarios", len(all))
	}
}

var behaviourRates = map[string][2]int{"": {30, 30}, "128/64": {128, 64}, "10/10": {10, 10}}

// TestBehaviourSchemas writes the schemas of arena at the scenarios' rates for
// clients in other languages.
func TestBehaviourSchemas(t *testing.T) {
	schemas := map[string]string{}
	for name, r := range behaviourRates {
		g := rated(t, r)
		schemas[name] = hex.EncodeToString(netcode.AppendSchema(nil, g.Schema()))
	}
	text, err := json.MarshalIndent(schemas, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	const path = "../../testdata/behaviour_schemas.json"
	if *update {
		if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if had, err := os.ReadFile(path); err != nil || !bytes.Equal(append(text, '\n'), had) {
		t.Errorf("%s is not what the code writes; run go test -run Behaviour -update: %v", path, err)
	}
}

func rated(t *testing.T, r [2]int) *game.Game[arena.State, arena.Input] {
	g, err := arena.Game.WithRates(r[0], r[1])
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func (s *behaviour) play(t *testing.T) {
	r, known := behaviourRates[s.Rates]
	if !known {
		t.Fatalf("no rates %q", s.Rates)
	}
	g := rated(t, r)
	b := newHarness(t, g, 1)
	p := b.join(g, true, netcodetest.Config{Delay: time.Duration(s.Delay) * ms, Jitter: time.Duration(s.Jitter) * ms, Seed: 3})
	n := 0
	for i, step := range s.Steps {
		if step.Command != "" {
			if err := Command(p.Mirror, func(s *arena.State) *game.Commands[arena.Rename] { return &s.Renames }, arena.Rename{Name: step.Command}); err != nil {
				t.Fatal(err)
			}
			continue
		}
		d := time.Duration(step.Play+step.Pause+step.Hold+step.Stall+step.Away) * ms
		b.paused = step.Pause > 0
		p.holdUp, p.holdDown = step.Hold+step.Stall > 0, step.Stall > 0
		if step.Away > 0 {
			b.cut(p, d)
		}
		var late uint64
		if p.peer != nil {
			late = p.peer.Buffer.Stats().Late
		}
		first, messages := p.Seat().Stats(), p.pipe.Up.Stats().Sent
		entries, entryAt, tickAt, tick := first.InputsSent, b.now, b.now, p.Seat().Tick()
		var entryGap, tickGap time.Duration
		look := func() {
			if now := p.Seat().Tick(); now != tick {
				tick, tickGap, tickAt = now, max(tickGap, b.now-tickAt), b.now
				if step.Every > 0 && int(now)%step.Every == 0 {
					n++
					p.Set(arena.Input{Turn: int8(n%3) - 1})
				}
			}
			if now := p.Seat().Stats().InputsSent; now != entries {
				entries, entryGap, entryAt = now, max(entryGap, b.now-entryAt), b.now
			}
		}
		b.run(d, look)
		look()
		entryGap, tickGap = max(entryGap, b.now-entryAt), max(tickGap, b.now-tickAt)
		w := step.Want
		if w == nil {
			continue
		}
		st, made := p.Seat().Stats(), int(entries-first.InputsSent)
		perSecond := int(time.Duration(p.pipe.Up.Stats().Sent-messages) * time.Second / d)
		late = p.peer.Buffer.Stats().Late - late
		if w.Entries != [2]int{} && (made < w.Entries[0] || made > w.Entries[1]) || w.Entries == [2]int{} && w.EntryGap == 0 && made > 0 {
			t.Errorf("step %d: %d entries, want %v", i, made, w.Entries)
		}
		if w.EntryGap > 0 && entryGap > time.Duration(w.EntryGap)*ms {
			t.Errorf("step %d: no entry for %v, want %d ms at most", i, entryGap, w.EntryGap)
		}
		if w.TickGap > 0 && tickGap > time.Duration(w.TickGap)*ms {
			t.Errorf("step %d: no tick for %v, want %d ms at most", i, tickGap, w.TickGap)
		}
		if w.Late != nil && late > uint64(*w.Late) {
			t.Errorf("step %d: %d of %d entries late, want %d at most", i, late, made, *w.Late)
		}
		if w.Messages > 0 && perSecond > w.Messages {
			t.Errorf("step %d: %d messages a second, want %d at most", i, perSecond, w.Messages)
		}
		if w.Resumes > 0 && st.Resumes != w.Resumes {
			t.Errorf("step %d: %d resumes, want %d", i, st.Resumes, w.Resumes)
		}
		t.Logf("step %d: %d entries, %d late, gap %v, ticks %v, %d messages a second, lead %v", i, made, late, entryGap, tickGap, perSecond, st.Lead)
	}
	b.run(2*time.Second, nil)
	st := p.Seat().Stats()
	if st.InputsLost+st.InputsRepeated+st.HashMismatches+st.Errors > 0 || st.InputsApplied != st.InputsSent || st.HashChecks < 2 {
		t.Errorf("in the end %+v", st)
	}
	if st.Withheld > 700*ms {
		t.Errorf("an input waited %v for its entry", st.Withheld)
	}
}
