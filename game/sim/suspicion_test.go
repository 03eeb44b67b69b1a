package sim_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"testing"

	"arbiter/game"
	"arbiter/game/gametest"
	"arbiter/game/sim"
)

// The guarded game writes down what its rules are told, in order.
type guardedState struct {
	Log    game.Value[guardedLog]
	Guards game.Table[guard]
}

type guardedLog struct {
	Said string `net:"-"`
}

type guard struct {
	Player game.PlayerID
	X      int
}

type guardedInput struct {
	Move int8 `net:"min=-1,max=1"`
}

type guarded struct{}

func (guarded) Join(w *game.World[guardedState], p game.Player) {
	w.State.Log.Get().Said += fmt.Sprintf(" join %d", p.ID)
	w.State.Guards.Add(guard{Player: p.ID})
}

func (guarded) Leave(w *game.World[guardedState], p game.PlayerID) {
	w.State.Log.Get().Said += fmt.Sprintf(" leave %d", p)
	id, _ := w.State.Guards.Find(func(g *guard) bool { return g.Player == p })
	w.State.Guards.Delete(id)
}

func (guarded) Suspect(w *game.World[guardedState], p game.PlayerID, kind game.Suspicion, n int) {
	w.State.Log.Get().Said += fmt.Sprintf(" %d: %v %d", p, kind, n)
}

func (guarded) Step(w *game.World[guardedState], in *game.Inputs[guardedInput]) {
	log := w.State.Log.Get()
	log.Said += fmt.Sprintf(" step %d", w.Tick())
	if len(log.Said) > 200 {
		log.Said = ""
	}
	for _, g := range w.State.Guards.All() {
		g.X += int(in.Of(g.Player).Move)
	}
}

var guardedGame = game.MustDefine[guardedState, guardedInput]("guarded", guarded{}, game.Config{})

func TestSuspicionsReachTheRules(t *testing.T) {
	in := sim.TickInput{Leaves: []game.PlayerID{2}, Joins: []game.Player{{ID: 5}}, Suspicions: []sim.PlayerSuspicion{
		{Player: 0, Kind: game.SpeedUp, Count: 1},  // nobody
		{Player: 1, Kind: 0, Count: 1},             // of nothing
		{Player: 1, Kind: game.SpeedUp, Count: 2},  //
		{Player: 1, Kind: game.TimeTravel},         // never
		{Player: 1, Kind: game.Replayed, Count: 7}, //
		{Player: 1, Kind: game.FarAhead, Count: 1}, // not in order
		{Player: 1, Kind: game.Replayed, Count: 1}, // a second time
		{Player: 2, Kind: game.Replayed, Count: 1}, // has left
		{Player: 5, Kind: game.OutOfOrder + 1, Count: 1},
		{Player: 5, Kind: game.OutOfOrder, Count: 1}, // has just come
		{Player: 3, Kind: game.TimeTravel, Count: 1}, // not in order
	}}
	if in.Empty() {
		t.Error("empty")
	}
	m := guardedGame.New(1)
	m.Step(&sim.TickInput{Joins: []game.Player{{ID: 1}, {ID: 2}, {ID: 3}}})
	m.State().Log.Get().Said = ""
	m.Step(&in)
	const want = " leave 2 join 5 1: speed-up 2 1: replayed 7 5: out of order 1 step 2"
	if got := m.State().Log.Get().Said; got != want {
		t.Errorf("the rules were told%s, want%s", got, want)
	}
	in.Reset()
	if m.Step(&in); !in.Empty() || strings.Count(m.State().Log.Get().Said, "speed-up") != 1 || !m.HasSuspect() {
		t.Errorf("told again:%s", m.State().Log.Get().Said)
	}
}

func TestSuspicionsAreNotForPredictionsNorForRulesThatDoNotAsk(t *testing.T) {
	in := sim.TickInput{Suspicions: []sim.PlayerSuspicion{{Player: 1, Kind: game.SpeedUp, Count: 1}}}
	m := guardedGame.NewPrediction(game.Player{ID: 1})
	if m.Step(&in); strings.Contains(m.State().Log.Get().Said, "speed-up") {
		t.Error("a prediction was told")
	}
	deaf := game.MustDefine[guardedState, guardedInput]("deaf", struct {
		game.Rules[guardedState, guardedInput]
	}{guarded{}}, game.Config{})
	a, b := deaf.New(1), deaf.New(1)
	a.Step(&in)
	if b.Step(&sim.TickInput{}); a.HasSuspect() || a.Hash() != b.Hash() {
		t.Error("rules that don't ask were told")
	}
}

func TestSuspicionsAreDeterministicAndReplayed(t *testing.T) {
	gametest.Determinism(t, guardedGame, gametest.Options{Seed: 3})
	file, m := record(t, guardedGame, 200, gametest.ScriptConfig{Seed: 3})
	find := func(string) (game.Definition, error) { return guardedGame, nil }
	sum, err := sim.Replay(bytes.NewReader(file), find, nil)
	if err != nil || sum.Hash != m.Hash() || sum.Suspicions < 10 {
		t.Fatalf("%+v, %v", sum, err)
	}
}

func TestSuspicionsAllocateNothing(t *testing.T) {
	m := game.MustDefine[guardedState, guardedInput]("quiet", quiet{}, game.Config{}).New(1)
	m.Step(&sim.TickInput{Joins: []game.Player{{ID: 1}}})
	in := sim.TickInput{Suspicions: []sim.PlayerSuspicion{{Player: 1, Kind: game.SpeedUp, Count: 1}}}
	if n := testing.AllocsPerRun(100, func() { m.Step(&in) }); n != 0 {
		t.Errorf("%v allocations a tick", n)
	}
	if _, g := m.State().Guards.Find(func(*guard) bool { return true }); g.X < 100 {
		t.Errorf("told %d times", g.X)
	}
}

// quiet rules count what they are told.
type quiet struct{ guarded }

func (quiet) Step(*game.World[guardedState], *game.Inputs[guardedInput]) {}

func (quiet) Suspect(w *game.World[guardedState], p game.PlayerID, _ game.Suspicion, n int) {
	_, g := w.State.Guards.Find(func(g *guard) bool { return g.Player == p })
	g.X += n
}

// Recordings of version 2, which knew of no suspicions, are still replayed, and
// have none.
func TestRecordingsWithoutSuspicions(t *testing.T) {
	file, m := record(t, guardedGame, 40, gametest.ScriptConfig{Suspect: -1})
	find := func(string) (game.Definition, error) { return guardedGame, nil }
	size, n := binary.Uvarint(file[5:])
	body := slices.Clone(file[5+n : 5+n+int(size)])
	rest := file[5+n+int(size)+4:]
	old := append(append([]byte("ARBR\x02"), seal(body...)...), rest...)
	if sum, err := sim.Replay(bytes.NewReader(old), find, nil); err != nil || sum.Ticks != 40 || sum.Hash != m.Hash() {
		t.Errorf("version 2: %+v, %v", sum, err)
	}
	suspected := slices.Concat([]byte("ARBR\x02"), seal(body...), seal(2, 1, 16, 0, 0, 0, 0, 1, 1, 1, 1))
	if _, err := sim.Replay(bytes.NewReader(suspected), find, nil); err == nil || !strings.Contains(err.Error(), "unknown flags 0x10") {
		t.Errorf("version 2 with suspicions: %v", err)
	}
}

// Recordings of version 3, which knew of nobody away, are still replayed, and have none.
// Their header's checksum covers the magic.
func TestRecordingsWithoutAway(t *testing.T) {
	file, m := record(t, guardedGame, 40, gametest.ScriptConfig{})
	find := func(string) (game.Definition, error) { return guardedGame, nil }
	size, n := binary.Uvarint(file[5:])
	header := append([]byte("ARBR\x03"), file[5:5+n+int(size)]...)
	header = binary.LittleEndian.AppendUint32(header, crc32.Checksum(header, crc32.MakeTable(crc32.Castagnoli)))
	rest := file[5+n+int(size)+4:]
	if sum, err := sim.Replay(bytes.NewReader(slices.Concat(header, rest)), find, nil); err != nil || sum.Ticks != 40 || sum.Hash != m.Hash() {
		t.Errorf("version 3: %+v, %v", sum, err)
	}
	for _, flag := range []byte{32, 64, 128} {
		if _, err := sim.Replay(bytes.NewReader(slices.Concat(header, seal(2, 1, flag, 0, 0, 0, 0, 1, 1, 0))), find, nil); err == nil || !strings.Contains(err.Error(), "unknown flags") {
			t.Errorf("version 3 with flag %d: %v", flag, err)
		}
	}
}

func TestSuspicionsHaveNames(t *testing.T) {
	seen := map[string]bool{"none": true, "unknown": true}
	for i, s := range sim.Suspicions {
		if name := s.String(); int(s) != i+1 || seen[name] {
			t.Errorf("suspicion %d is %d, %q", i, s, name)
		} else {
			seen[name] = true
		}
	}
	if game.Suspicion(200).String() != "unknown" {
		t.Error("a kind that is none has a name")
	}
}
