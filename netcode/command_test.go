package netcode

import (
	"encoding/hex"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"arbiter/game/sim"
)

func tune(seq uint32, cells []int64, texts ...string) *Command {
	return &Command{seq, 1, sim.Row{Cells: cells, Texts: texts}}
}

func bitsOf(v float64) int64 { return int64(math.Float64bits(v)) }

func TestGoldenCommand(t *testing.T) {
	checkGolden(t, "command.json", transcript(t, pilot, []sent{
		{"first is absolute", nil, nil, rename(1, "Ada")},
		{"continues", nil, nil, rename(2, "sixteen bytes 16")},
		{"every kind of field", nil, nil, tune(3, []int64{4, 1, bitsOf(0), 40, 0, 1}, "label", "a longer note, of up to 64 bytes")},
		{"skips ahead", nil, nil, tune(70_000, []int64{1, 0, bitsOf(0), -sim.MaxCell, 0, 1}, "", "")},
	}))
}

func TestCommandKeepsFloats(t *testing.T) {
	layout := NewInputLayout(pilot)
	for _, v := range []float64{1, -0.1, math.MaxFloat64, math.SmallestNonzeroFloat64} {
		c := *tune(1, []int64{1, 0, bitsOf(v), 0, 0, 1}, "", "")
		w, r := NewInputWriter(layout), NewInputReader(layout)
		if got, err := r.ParseCommand(w.AppendCommand(nil, c)); err != nil || !reflect.DeepEqual(got, c) {
			t.Errorf("%v: %+v, %v", v, got, err)
		}
	}
}

func TestCommandExactBytes(t *testing.T) {
	w := NewInputWriter(NewInputLayout(pilot))
	wants(t, "rename", hex.EncodeToString(w.AppendCommand(nil, *rename(1, "Ada"))), "94"+"04"+"01"+"00"+"a3416461")
	wants(t, "again", hex.EncodeToString(w.AppendCommand(nil, *rename(2, ""))), "94"+"04"+"c0"+"00"+"a0")
}

// Hazards: strings.
func TestCommandCutsLongTexts(t *testing.T) {
	layout := NewInputLayout(pilot)
	w, r := NewInputWriter(layout), NewInputReader(layout)
	c, err := r.ParseCommand(w.AppendCommand(nil, *rename(1, "fifteen bytes ,ü and more")))
	if err != nil || c.Row.Texts[0] != "fifteen bytes ,"[:15] {
		t.Errorf("%q, %v", c.Row.Texts, err)
	}
}

// Hazards: truncated, kinds, strings.
func TestCommandRefuses(t *testing.T) {
	real1, real0 := "cb3ff0000000000000", "00"
	for name, c := range map[string]struct {
		hex  string
		want error
	}{
		"good":                    {"99 04 01 01 01 00 " + real1 + " 00 a0 a0", nil},
		"a whole float as an int": {"99 04 01 01 01 00 " + real0 + " 00 a0 a0", nil},
		"continues nothing":       {"94 04 c0 00 a0", ErrContinues},
		"sequence number 0":       {"94 04 00 00 a0", ErrRange},
		"unknown kind":            {"94 04 01 02 a0", ErrRange},
		"kind far beyond":         {"94 04 01 ceffffffff a0", ErrRange},
		"kind nil":                {"94 04 01 c0 a0", ErrTruncated},
		"a field missing":         {"93 04 01 00", ErrTruncated},
		"slot below its bound":    {"99 04 01 01 00 00 00 00 a0 a0", ErrRange},
		"slot above its bound":    {"99 04 01 01 05 00 00 00 a0 a0", ErrRange},
		"bool of 2":               {"99 04 01 01 01 02 00 00 a0 a0", ErrRange},
		"NaN":                     {"99 04 01 01 01 00 cb7ff8000000000001 00 a0 a0", nil},
		"infinity":                {"99 04 01 01 01 00 cbfff0000000000000 00 a0 a0", nil},
		"steps beyond exact":      {"99 04 01 01 01 00 00 cf0020000000000001 a0 a0", ErrRange},
		"steps as a float":        {"99 04 01 01 01 00 00 " + real1 + " a0 a0", ErrType},
		"text too long":           {"94 04 01 00 b1" + strings.Repeat("41", 17), ErrLimit},
		"text not UTF-8":          {"94 04 01 00 a2c328", ErrRange},
		"text as binary":          {"94 04 01 00 c40141", ErrType},
		"text as a number":        {"94 04 01 00 05", ErrType},
	} {
		r := NewInputReader(NewInputLayout(pilot))
		got, err := r.ParseCommand(unhex(t, c.hex))
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if c.want != nil && (!reflect.DeepEqual(got, Command{}) || r.at != position{}) {
			t.Errorf("%s: left %+v and position %+v behind", name, got, r.at)
		}
	}
}

func TestCommandSequenceEnds(t *testing.T) {
	r := InputReader{NewInputLayout(pilot), position{seq: math.MaxUint32}}
	if c, err := r.ParseCommand(unhex(t, "94 04 c0 00 a0")); !errors.Is(err, ErrContinues) {
		t.Errorf("%+v, %v", c, err)
	}
}

func FuzzCommand(f *testing.F) {
	for _, b := range goldenBytes(f, "command.json") {
		f.Add(b, uint32(5))
	}
	layout := NewInputLayout(pilot)
	f.Fuzz(func(t *testing.T, b []byte, seq uint32) {
		r := InputReader{layout, position{seq: seq}}
		w, r2 := InputWriter(r), r
		c, err := r.ParseCommand(b)
		if err != nil {
			return
		}
		if again, err := r2.ParseCommand(w.AppendCommand(nil, c)); err != nil || !reflect.DeepEqual(again, c) || r2.at != r.at {
			t.Fatalf("%+v was written and parsed as %+v, %v", c, again, err)
		}
	})
}
