package app

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/sim"
)

// recorded is the recording of a short match: two rounds of two pilots.
func recorded(t *testing.T, ticks int) []byte {
	t.Helper()
	var b bytes.Buffer
	m, rec := arena.Game.NewSim(7), sim.NewRecorder(&b, arena.Game, 7, game.Setup{})
	for i := range ticks {
		var in sim.TickInput
		if i < 2 {
			in.Joins = []game.Player{{ID: game.PlayerID(i + 1), Name: fmt.Sprint("pilot ", i)}}
		} else if i%10 == 0 {
			cells := []int64{1, int64(i/10%3) - 1, int64(i / 10 % 2)}
			in.Inputs = []sim.PlayerInput{{Player: 1, Seq: uint32(i / 10), Cells: cells}}
		}
		m.Step(&in)
		rec.Record(&in, m.Hash())
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReplay(t *testing.T) {
	good := recorded(t, 300)
	out := mustRun(t, "replay", file(t, "good.arbr", string(good)))
	for _, want := range []string{"game     arena, seed 7\n", "ticks    300, 10.0 s at 30 Hz\n", "2 joined, 0 left, 29 inputs", "result   none", "all hashes equal\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("lacks %q:\n%s", want, out)
		}
	}

	named := regexp.MustCompile(`: tick \d+: .*; the last good tick is \d+\n$`)
	for i, at := range []int{len(good) / 3, len(good) / 2, len(good) - 20} {
		bad := bytes.Clone(good)
		bad[at] ^= 0x10
		o := command(t, "replay", file(t, fmt.Sprintf("bad%d.arbr", i), string(bad)))
		if o.status != exitFailed || !named.MatchString(o.err) || strings.Contains(o.out, "equal") {
			t.Errorf("byte %d flipped: status %d\n%s%s", at, o.status, o.out, o.err)
		}
	}
	o := command(t, "replay", file(t, "cut.arbr", string(good[:len(good)/2])))
	if o.status != exitFailed || !strings.Contains(o.err, "cut short") {
		t.Errorf("cut: status %d\n%s", o.status, o.err)
	}
	if o := command(t, "replay", file(t, "text.arbr", "not a recording")); o.status != exitFailed || !strings.Contains(o.err, "not a recording") {
		t.Errorf("something else: status %d\n%s", o.status, o.err)
	}
}

func TestReplayOfAnotherBuild(t *testing.T) {
	good := recorded(t, 3)
	at := bytes.Index(good, []byte("arena"))
	copy(good[at:], "areno")
	path := file(t, "other.arbr", string(good))
	if o := command(t, "replay", path); o.status != exitFailed || !strings.Contains(o.err, "checksum") {
		t.Errorf("status %d\n%s", o.status, o.err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func TestReplayProgress(t *testing.T) {
	var b bytes.Buffer
	p := replayProgress{to: &b, began: time.Now()}
	p.tick(sim.Progress{Tick: 256})
	if b.Len() > 0 {
		t.Errorf("progress at once: %s", &b)
	}
	p.began = time.Now().Add(-5 * time.Second)
	p.tick(sim.Progress{Tick: 300})
	p.tick(sim.Progress{Tick: 512})
	p.tick(sim.Progress{Tick: 768})
	if got := b.String(); got != "tick 512 after 5 s, all hashes equal so far\n" {
		t.Errorf("got %q", got)
	}
}
