package sim_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/gametest"
	"arbiter/game/sim"
	"arbiter/game/tag"
)

func find(name string) (game.Definition, error) {
	for _, def := range []game.Definition{tag.Game, arena.Game} {
		if def.Name() == name {
			return def, nil
		}
	}
	return nil, fmt.Errorf("no game %q here", name)
}

// record plays a scripted match and returns its recording and its last state.
func record(t testing.TB, def game.Definition, ticks int, c gametest.ScriptConfig) ([]byte, sim.Sim) {
	t.Helper()
	var b bytes.Buffer
	rec := sim.NewRecorder(&b, def, 7, game.Setup{})
	m, script := def.NewSim(7), gametest.NewScript(def.Schema(), c)
	for range ticks {
		in := script.Next()
		m.Step(in)
		rec.Record(in, m.Hash())
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), m
}

func TestReplay(t *testing.T) {
	for _, def := range []game.Definition{tag.Game, arena.Game} {
		file, m := record(t, def, 300, gametest.ScriptConfig{Seed: 3})
		ticks := game.Tick(0)
		sum, err := sim.Replay(bytes.NewReader(file), find, func(p sim.Progress) {
			if ticks++; p.Tick != ticks {
				t.Fatalf("progress at tick %d, want %d", p.Tick, ticks)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if sum.Game != def.Name() || sum.Ticks != 300 || ticks != 300 || sum.Hash != m.Hash() || sum.Seed != 7 {
			t.Errorf("%+v after %d ticks, want hash %x", sum, ticks, m.Hash())
		}
		if sum.Joins < 8 || sum.Leaves == 0 || sum.Inputs < 200 {
			t.Errorf("the script did too little to show anything: %+v", sum)
		}
	}
}

func TestReplayAtAnotherRate(t *testing.T) {
	fast, err := arena.Game.WithRates(60, 20)
	if err != nil {
		t.Fatal(err)
	}
	file, m := record(t, fast, 100, gametest.ScriptConfig{})
	sum, err := sim.Replay(bytes.NewReader(file), find, nil)
	if err != nil || sum.Hash != m.Hash() || sum.Rate != 60 {
		t.Fatalf("%+v, %v", sum, err)
	}
}

// Every byte of a short recording matters.
func TestReplayReportsEveryFlippedByte(t *testing.T) {
	file, _ := record(t, tag.Game, 50, gametest.ScriptConfig{Players: 3})
	for _, mask := range []byte{1, 0x80, 0xff} {
		for i := range file {
			file[i] ^= mask
			_, err := sim.Replay(bytes.NewReader(file), find, nil)
			file[i] ^= mask
			var failed *sim.ReplayError
			if !errors.As(err, &failed) {
				t.Fatalf("byte %d of %d flipped by %#x: %v", i, len(file), mask, err)
			}
			if want := firstTick(t, file, i); failed.Tick != want {
				t.Fatalf("byte %d of %d flipped by %#x: tick %d, want %d: %v", i, len(file), mask, failed.Tick, want, err)
			}
		}
	}
}

// firstTick is the first tick of the chunk in which a byte stands.
func firstTick(t *testing.T, file []byte, at int) game.Tick {
	next, tick := 5, game.Tick(0)
	for i := 0; ; i++ {
		size, n := binary.Uvarint(file[next:])
		kind, body := file[next+n], file[next+n+1:]
		if kind == 2 {
			first, _ := binary.Uvarint(body)
			tick = game.Tick(first)
		}
		if kind == 3 {
			last, _ := binary.Uvarint(body)
			tick = game.Tick(last) + 1
		}
		if next += n + int(size) + 4; at < next {
			return tick
		}
		if i > 100 {
			t.Fatal("no such chunk")
		}
	}
}

func TestReplayReportsTruncation(t *testing.T) {
	file, _ := record(t, tag.Game, 50, gametest.ScriptConfig{Players: 3})
	good := map[game.Tick]bool{}
	for n := range file {
		sum, err := sim.Replay(bytes.NewReader(file[:n]), find, nil)
		var failed *sim.ReplayError
		if !errors.As(err, &failed) || !strings.Contains(err.Error(), "cut short") {
			t.Fatalf("%d of %d bytes: %v", n, len(file), err)
		}
		if failed.Tick > 0 && failed.Tick != sum.Ticks+1 {
			t.Fatalf("%d bytes: failed at tick %d after %d good ones", n, failed.Tick, sum.Ticks)
		}
		good[sum.Ticks] = true
	}
	if !good[20] || !good[40] || !good[50] {
		t.Errorf("whole chunks before the cut should be replayed; got up to %v", good)
	}
	if _, err := sim.Replay(bytes.NewReader(append(file, 0)), find, nil); err == nil {
		t.Error("a byte behind the end mark was not noticed")
	}
}

// seal wraps a kind and body into a chunk with a right checksum.
func seal(kindAndBody ...byte) []byte { return sealBehind(nil, kindAndBody...) }

// sealBehind is seal with a checksum that covers what stands before, too.
func sealBehind(before []byte, kindAndBody ...byte) []byte {
	table := crc32.MakeTable(crc32.Castagnoli)
	b := binary.AppendUvarint(nil, uint64(len(kindAndBody)))
	b = append(b, kindAndBody...)
	return binary.LittleEndian.AppendUint32(b, crc32.Update(crc32.Checksum(before, table), table, b))
}

func header(t testing.TB, def game.Definition) []byte {
	file, _ := record(t, def, 0, gametest.ScriptConfig{})
	size, n := binary.Uvarint(file[5:])
	return file[: 5+n+int(size)+4 : 5+n+int(size)+4]
}

func TestReplayRefuses(t *testing.T) {
	head := header(t, tag.Game)
	other, err := arena.New("elsewhere", arena.Config{})
	if err != nil {
		t.Fatal(err)
	}
	join := func(b byte) []byte { return append([]byte{2, b, 2}, 0, 0, 0, 0, 1, 1, 1, 'a', 0, 0, 0) }
	cases := []struct {
		name, says string
		file       []byte
	}{
		{"nothing", "cut short", nil},
		{"another file", "not a recording", []byte("GIF89a and so on")},
		{"no header", "begin with its header", append([]byte("ARBR\x01"), seal(2, 1)...)},
		{"a length above the limit", "chunks have 1 to 1048576", append(head, 0xff, 0xff, 0x7f)},
		{"a length without end", "more than 3 bytes", append(head, 0xff, 0xff, 0xff, 0xff)},
		{"an empty chunk", "a chunk of 0 bytes", append(head, 0)},
		{"an unknown kind", "unknown kind 9", append(head, seal(9)...)},
		{"a missing tick", "goes on with tick 2", append(head, seal(join(2)...)...)},
		{"a wrong hash", "the state differs", append(head, seal(join(1)...)...)},
		{"a count beyond the chunk", "cannot fit", append(head, seal(2, 1, 2, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f)...)},
		{"a wrong end", "ends with tick 5", append(head, seal(3, 5, 0, 0, 0, 0, 0, 0, 0, 0)...)},
		{"an unknown game", `no game "elsewhere"`, header(t, other)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := sim.Replay(bytes.NewReader(c.file), find, nil)
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("want an error with %q, got %v", c.says, err)
			}
		})
	}
}

// A game whose rules have changed since is found out at the tick where it shows.
func TestReplayNamesTheTickOfADifference(t *testing.T) {
	now, err := arena.New("arena", arena.Config{Seconds: 1})
	if err != nil {
		t.Fatal(err)
	}
	file, _ := record(t, arena.Game, 100, gametest.ScriptConfig{})
	_, err = sim.Replay(bytes.NewReader(file), func(string) (game.Definition, error) { return now, nil }, nil)
	if err == nil || !strings.Contains(err.Error(), "tick 1: the state differs") {
		t.Error(err)
	}
	slow, err := game.Define[arena.State, arena.Input]("arena", stubborn{}, game.Config{MaxPlayers: 64})
	if err != nil {
		t.Fatal(err)
	}
	file, _ = record(t, slow, 9, gametest.ScriptConfig{})
	_, err = sim.Replay(bytes.NewReader(file), func(string) (game.Definition, error) { return slow, nil }, nil)
	if err != nil {
		t.Error(err)
	}
	broken = true
	defer func() { broken = false }()
	_, err = sim.Replay(bytes.NewReader(file), func(string) (game.Definition, error) { return slow, nil }, nil)
	if err == nil || !strings.Contains(err.Error(), "tick 5: the rules panicked: five; the last good tick is 4") {
		t.Error(err)
	}
}

// stubborn rules do nothing, and panic in tick 5 once they are broken.
type stubborn struct{}

var broken bool

func (stubborn) Join(*game.World[arena.State], game.Player)    {}
func (stubborn) Leave(*game.World[arena.State], game.PlayerID) {}
func (stubborn) Step(w *game.World[arena.State], _ *game.Inputs[arena.Input]) {
	if broken && w.Tick() == 5 {
		panic("five")
	}
}
