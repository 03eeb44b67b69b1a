package sim_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"reflect"
	"strings"
	"testing"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/gametest"
	"arbiter/game/sim"
	"arbiter/game/tag"
)

var order = game.Setup{
	Parameters: game.Attributes{{Name: "rounds", Number: 2}, {Name: "mode", Text: "teams"}},
	Roster: []game.Player{
		{Name: "ann", Team: "red", Role: "tank", Attributes: game.Attributes{{Name: "skill", Number: -1.25}, {Name: "class", Text: "a"}}},
		{Name: "bob", Team: "blue"}},
}

// A recording of an ordered match is replayed as it was ordered.
func TestRecordingHoldsTheOrder(t *testing.T) {
	var b bytes.Buffer
	rec := sim.NewRecorder(&b, arena.Game, 7, order)
	m := arena.Game.BeginSim(7, order)
	script := gametest.NewScript(arena.Game.Schema(), gametest.ScriptConfig{Roster: order.Roster})
	var want []game.Player
	for range 200 {
		in := script.Next()
		want = append(want, in.Joins...)
		m.Step(in)
		rec.Record(in, m.Hash())
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	var got witnessed
	sum, err := sim.Replay(bytes.NewReader(b.Bytes()), func(string) (game.Definition, error) {
		got.Definition = arena.Game
		return &got, nil
	}, nil)
	if err != nil || sum.Ticks != 200 {
		t.Fatalf("%+v, %v", sum, err)
	}
	if !reflect.DeepEqual(got.setup, order) || !reflect.DeepEqual(got.joins, want) || len(want) < 8 {
		t.Errorf("ordered with %+v\njoins %+v\nwant  %+v", got.setup, got.joins, want)
	}
}

// witnessed is a game that remembers what its matches are told.
type witnessed struct {
	game.Definition
	setup game.Setup
	joins []game.Player
}

func (w *witnessed) BeginSim(seed uint64, s game.Setup) sim.Sim {
	w.setup = s
	return witnessedSim{w.Definition.BeginSim(seed, s), w}
}

type witnessedSim struct {
	sim.Sim
	w *witnessed
}

func (s witnessedSim) Step(in *sim.TickInput) {
	s.w.joins = append(s.w.joins, in.Joins...)
	s.Sim.Step(in)
}

// Recordings of version 1, which knew of no orders, are still replayed; those
// of versions to come are refused in so many words.
func TestRecordingsOfOtherVersions(t *testing.T) {
	tick := func(t game.Tick, hash uint64, joins ...byte) []byte {
		b := []byte{0}
		if len(joins) > 0 {
			b[0] = 2
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(hash))
		return append(b, joins...)
	}
	c, s := tag.Game.Config(), tag.Game.Schema()
	m := tag.Game.NewSim(7)
	head := append([]byte{1, 3}, "tag"...)
	head = binary.LittleEndian.AppendUint64(head, s.Hash)
	head = binary.LittleEndian.AppendUint64(head, 7)
	head = append(head, byte(c.TickRate), byte(c.SnapshotRate), 0)
	file := append([]byte("ARBR\x01"), seal(head...)...)
	m.Step(&sim.TickInput{Joins: []game.Player{{ID: 1, Name: "ann", Team: "red"}}})
	body := append([]byte{2, 1}, tick(1, m.Hash(), 1, 1, 3, 'a', 'n', 'n', 3, 'r', 'e', 'd')...)
	m.Step(&sim.TickInput{})
	file = append(file, seal(append(body, tick(2, m.Hash())...)...)...)
	end := binary.LittleEndian.AppendUint64([]byte{3, 2}, m.Hash())
	file = append(file, seal(end...)...)
	if sum, err := sim.Replay(bytes.NewReader(file), find, nil); err != nil || sum.Ticks != 2 || sum.Joins != 1 {
		t.Errorf("version 1: %+v, %v", sum, err)
	}
	if _, err := sim.Replay(strings.NewReader("ARBR\x05 and so on"), find, nil); err == nil || !strings.Contains(err.Error(), "of a version that this build does not know") {
		t.Errorf("version 5: %v", err)
	}
}

// A match that nobody ordered has the hashes and checkpoints it always had.
func TestOrdersCostNothingWhereThereAreNone(t *testing.T) {
	a, b := tag.Game.NewSim(7), tag.Game.BeginSim(7, game.Setup{})
	if a.Hash() != b.Hash() || !bytes.Equal(a.AppendCheckpoint(nil), b.AppendCheckpoint(nil)) {
		t.Error("an empty order differs from none")
	}
	c := tag.Game.BeginSim(7, game.Setup{Parameters: game.Attributes{{Name: "x"}}})
	if a.Hash() == c.Hash() || bytes.Equal(a.AppendCheckpoint(nil), c.AppendCheckpoint(nil)) {
		t.Error("an order does not differ from none")
	}
	if err := c.Restore(a.AppendCheckpoint(nil)); err != nil || c.Hash() != a.Hash() {
		t.Errorf("a checkpoint without an order leaves one: %v", err)
	}
}

func TestRestoreRefusesADamagedOrder(t *testing.T) {
	m := tag.Game.BeginSim(7, order)
	m.Step(&sim.TickInput{Joins: []game.Player{{ID: 1, Role: "tank"}}})
	good := m.AppendCheckpoint(nil)
	plain := tag.Game.NewSim(7)
	plain.Step(&sim.TickInput{Joins: []game.Player{{ID: 1}}})
	for n := len(plain.AppendCheckpoint(nil)) + 1; n < len(good); n++ {
		if err := tag.Game.NewSim(1).Restore(good[:n]); err == nil {
			t.Errorf("the first %d of %d bytes were taken", n, len(good))
		}
	}
	nobody := append(bytes.Clone(good[:len(good)-1]), 9, 1, 'x', 0, 0)
	if err := tag.Game.NewSim(1).Restore(nobody); err == nil || !strings.Contains(err.Error(), "has no seat") {
		t.Errorf("a role of nobody: %v", err)
	}
}

func TestAttributes(t *testing.T) {
	a := game.Attributes{{Name: "n", Number: 2}, {Name: "t", Text: "x"}}
	if n, ok := a.Number("n"); !ok || n != 2 {
		t.Error("n is gone")
	}
	if s, ok := a.Text("t"); !ok || s != "x" {
		t.Error("t is gone")
	}
	if _, ok := a.Number("t"); ok {
		t.Error("a text is a number")
	}
	if _, ok := a.Text("n"); ok {
		t.Error("a number is a text")
	}
	if err := a.Check(); err != nil {
		t.Error(err)
	}
	long := strings.Repeat("x", sim.MaxAttributes)
	for says, bad := range map[string]game.Attributes{
		"attribute 2 has no name":      {{Name: "a"}, {}},
		`attribute "a" is NaN`:         {{Name: "a", Number: math.NaN()}},
		`attribute "a" is +Inf`:        {{Name: "a", Number: math.Inf(1)}},
		`two attributes are named "a"`: {{Name: "a"}, {Name: "a", Number: 1}},
		`attribute "b" goes beyond`:    {{Name: "a"}, {Name: "b", Text: long}},
	} {
		if err := bad.Check(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v, want %q", bad, err, says)
		}
	}
	for says, bad := range map[string]game.Setup{
		"a roster of 3 players for 2 seats": {Roster: make([]game.Player, 3)},
		"player 1 in the roster":            {Roster: []game.Player{{Attributes: game.Attributes{{}}}}},
		"shorten them":                      {Roster: []game.Player{{Role: long}}},
		"attribute 1 has no name":           {Parameters: game.Attributes{{}}},
	} {
		if err := bad.Check(2); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v, want %q", bad, err, says)
		}
	}
}

// The largest order, and a tick in which all of it joins, fit a recording.
func TestTheLargestOrderFits(t *testing.T) {
	long := strings.Repeat("x", 64)
	full := game.Setup{Roster: make([]game.Player, 1024)}
	for i := range full.Roster {
		full.Roster[i] = game.Player{Name: long[:32], Team: long, Role: long, Attributes: game.Attributes{{Name: "a", Text: strings.Repeat("y", sim.MaxAttributes-13)}}}
	}
	if err := full.Check(1024); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	rec := sim.NewRecorder(&b, tag.Game, 1, full)
	rec.Record(&sim.TickInput{Joins: full.Roster}, 1)
	if err := rec.Close(); err != nil {
		t.Error(err)
	}
}
