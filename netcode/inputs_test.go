package netcode

import (
	"encoding/hex"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"arbiter/game"
	"arbiter/game/sim"
)

// sent is one step of a connection's transcript: either entries with an
// acknowledgement, or a command.
type sent struct {
	name    string
	ack     *Ack
	entries []Entry
	command *Command
}

// transcript writes the steps with one writer, reads them with one reader, and
// gives the golden cases.
func transcript(t *testing.T, s *sim.Schema, steps []sent) (out []goldenCase) {
	t.Helper()
	layout := NewInputLayout(s)
	w, r := NewInputWriter(layout), NewInputReader(layout)
	var dst Inputs
	for _, step := range steps {
		name := s.Game + ": " + step.name
		if step.command != nil {
			b := w.AppendCommand(nil, *step.command)
			before := r
			m := message[Command]{kind: KindCommand, need: 3 + len(s.Commands[step.command.Kind].Fields)}
			m.parse = func(b []byte) (Command, error) { r := before; return r.ParseCommand(b) }
			m.bend(t, name, b)
			got, err := r.ParseCommand(b)
			if err != nil || !reflect.DeepEqual(got, *step.command) {
				t.Errorf("%s: %+v, %v; want %+v", name, got, err, *step.command)
			}
			out = append(out, goldenCase{Name: step.name, On: s.Game, Hex: hex.EncodeToString(b), Fields: commandFields(got)})
			continue
		}
		b, n := w.Append(nil, step.ack, step.entries)
		wants(t, name+": entries taken", n, len(step.entries))
		before := r
		message[Inputs]{parse: func(b []byte) (Inputs, error) {
			r, dst := before, Inputs{}
			err := r.Parse(b, &dst)
			return dst, err
		}}.refusesPrefixes(t, name, b)
		if err := r.Parse(b, &dst); err != nil || !reflect.DeepEqual(dst.Entries, step.entries) {
			t.Errorf("%s: %+v, %v; want %+v", name, dst.Entries, err, step.entries)
		}
		if dst.Acked != (step.ack != nil) || dst.Acked && dst.Ack != step.ack.Tick {
			t.Errorf("%s: ack %v %v, want %v", name, dst.Ack, dst.Acked, step.ack)
		}
		out = append(out, goldenCase{Name: step.name, On: s.Game, Hex: hex.EncodeToString(b), Fields: inputsFields(dst)})
	}
	return out
}

func inputsFields(in Inputs) any {
	var list []any
	for _, e := range in.Entries {
		list = append(list, map[string]any{"seq": e.Seq, "tick": e.Tick, "view": e.View, "cells": slices.Clone(e.Cells)})
	}
	var ack any
	if in.Acked {
		ack = in.Ack
	}
	return map[string]any{"ack": ack, "entries": list}
}

func commandFields(c Command) any {
	return map[string]any{"seq": c.Seq, "kind": c.Kind, "cells": c.Row.Cells, "texts": c.Row.Texts}
}

func rename(seq uint32, name string) *Command {
	return &Command{seq, 0, sim.Row{Cells: []int64{0}, Texts: []string{name}}}
}

func TestGoldenInputs(t *testing.T) {
	still := []int64{0, 0, 0, 0}
	var many []Entry
	for i := range uint32(MaxEntries) {
		many = append(many, Entry{Seq: 9 + i, Tick: game.Tick(2000 + i/2), Cells: []int64{1, 0, 0, int64(i)}})
	}
	out := transcript(t, pilot, []sent{
		{"first entry is absolute", nil, []Entry{{1, 1237, 1230, []int64{1, 0, 0, 0}}}, nil},
		{"continues", &Ack{1235}, []Entry{{2, 1240, 0, still}}, nil},
		{"two in one, the same tick", &Ack{1236}, []Entry{{3, 1241, 1234, still}, {4, 1241, 1234, []int64{-1, 1, 1, 128}}}, nil},
		{"a command between", nil, nil, rename(5, "Ümit")},
		{"continues behind the command", nil, []Entry{{6, 1300, 0, still}}, nil},
		{"re-sent from 4", nil, []Entry{{4, 1241, 1234, still}, {5, 1242, 0, still}}, nil},
		{"a tick back is absolute", nil, []Entry{{6, 1200, 1, still}}, nil},
		{"a command skips ahead", nil, nil, rename(8, "")},
		{"continues from there", &Ack{0}, many, nil},
		{"last numbers there are", nil, []Entry{{1<<32 - 1, 1<<32 - 1, 0, still}}, nil},
	})
	out = append(out, transcript(t, counter, []sent{
		{"unpacked leaves", nil, []Entry{{1, 7, 0, []int64{-32768, 32767, -81, 1, 80, 5e9, 255, 0}}}, nil},
		{"zeros", &Ack{6}, []Entry{{2, 8, 0, make([]int64, 8)}}, nil},
	})...)
	checkGolden(t, "inputs.json", out)
}

func TestInputsExactBytes(t *testing.T) {
	w := NewInputWriter(NewInputLayout(pilot))
	b, _ := w.Append(nil, nil, []Entry{{7, 1237, 1235, []int64{0, 0, 0, 0}}})
	wants(t, "absolute", hex.EncodeToString(b), "96"+"02"+"07"+"c0"+"cd04d5"+"02"+"04")
	b, _ = w.Append(nil, &Ack{1234}, []Entry{{8, 1240, 0, []int64{1, 0, 1, 0}}})
	wants(t, "continued", hex.EncodeToString(b), "96"+"02"+"c0"+"cd04d2"+"03"+"00"+"0e")
}

func TestWriterTakesWhatOneMessageCanCarry(t *testing.T) {
	w := NewInputWriter(NewInputLayout(pilot))
	cells := []int64{0, 0, 0, 0}
	for name, c := range map[string]struct {
		seqs  []uint32
		ticks []game.Tick
		want  int
	}{
		"none":             {nil, nil, 0},
		"a gap":            {[]uint32{1, 2, 4}, []game.Tick{5, 6, 7}, 2},
		"a tick back":      {[]uint32{1, 2, 3}, []game.Tick{5, 4, 4}, 1},
		"the same tick":    {[]uint32{1, 2, 3}, []game.Tick{5, 5, 5}, 3},
		"a command's hole": {[]uint32{1, 3}, []game.Tick{5, 5}, 1},
	} {
		var entries []Entry
		for i, seq := range c.seqs {
			entries = append(entries, Entry{seq, c.ticks[i], 0, cells})
		}
		b, n := w.Append(nil, nil, entries)
		wants(t, name, n, c.want)
		wants(t, name+" is a message", len(b) > 0, c.want > 0)
	}
	many := make([]Entry, MaxEntries+1)
	for i := range many {
		many[i] = Entry{uint32(i + 1), 9, 0, cells}
	}
	_, n := w.Append(nil, nil, many)
	wants(t, "more than a message's", n, MaxEntries)
}

// Hazards: truncated, mutated, numbers.
func TestInputsRefuse(t *testing.T) {
	entry := "0a 00 04" // tick, no view, packed
	for name, c := range map[string]struct {
		hex  string
		want error
	}{
		"good":                       {"96 02 01 c0 " + entry, nil},
		"continues nothing":          {"96 02 c0 c0 " + entry, ErrContinues},
		"sequence number 0":          {"96 02 00 c0 " + entry, ErrRange},
		"sequence beyond 32 bits":    {"96 02 cf0000000100000000 c0 " + entry, ErrRange},
		"no entries":                 {"93 02 01 c0", ErrTruncated},
		"no ack item":                {"92 02 01", ErrTruncated},
		"half an entry":              {"95 02 01 c0 0a 00", ErrTruncated},
		"one and a half":             {"98 02 01 c0 " + entry + "00 00", ErrTruncated},
		"65 entries":                 {"dc00c6 02 01 c0 " + strings.Repeat(entry, 65), ErrLimit},
		"array of 4 billion":         {"ddffffffff 02 01 c0 " + entry, ErrLimit},
		"nil tick":                   {"96 02 01 c0 c0 00 04", ErrType},
		"negative tick":              {"96 02 01 c0 ff 00 04", ErrRange},
		"tick distance overflows":    {"99 02 01 c0 ceffffffff 00 04 01 00 04", ErrRange},
		"view before the match":      {"96 02 01 c0 0a 0b 04", ErrRange},
		"packed beyond its product":  {"96 02 01 c0 0a 00 cd1200", ErrRange},
		"packed as a float":          {"96 02 01 c0 0a 00 cb3ff0000000000000", ErrType},
		"ack as a string":            {"96 02 01 a0 " + entry, ErrType},
		"ack beyond 32 bits":         {"96 02 01 cf0000000100000000 " + entry, ErrRange},
		"bytes behind":               {"96 02 01 c0 " + entry + "00", ErrTrailing},
		"sequence ends":              {"99 02 ceffffffff c0 " + entry + entry, ErrContinues},
		"of another kind":            {"96 03 01 c0 " + entry, ErrType},
		"kind that is 2 in one byte": {"96 cd0102 01 c0 " + entry, ErrType},
	} {
		r := NewInputReader(NewInputLayout(pilot))
		var dst Inputs
		err := r.Parse(unhex(t, c.hex), &dst)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if c.want != nil && (len(dst.Entries) != 0 || r.at != position{}) {
			t.Errorf("%s: left %d entries and position %+v behind", name, len(dst.Entries), r.at)
		}
	}
}

// TestContinuationNeedsAnEntry: a command begins the sequence, but gives no
// tick to count from.
func TestContinuationNeedsAnEntry(t *testing.T) {
	layout := NewInputLayout(pilot)
	w, r := NewInputWriter(layout), NewInputReader(layout)
	if _, err := r.ParseCommand(w.AppendCommand(nil, *rename(1, "a"))); err != nil {
		t.Fatal(err)
	}
	var dst Inputs
	if err := r.Parse(unhex(t, "96 02 c0 c0 0a 00 04"), &dst); !errors.Is(err, ErrContinues) {
		t.Errorf("a distance from no tick: %v", err)
	}
	b, _ := w.Append(nil, nil, []Entry{{2, 10, 0, []int64{0, 0, 0, 0}}})
	if err := r.Parse(b, &dst); err != nil || dst.Entries[0].Tick != 10 {
		t.Errorf("%+v, %v", dst.Entries, err)
	}
}

func TestParsingInputsDoesNotAllocate(t *testing.T) {
	layout := NewInputLayout(pilot)
	w := NewInputWriter(layout)
	msg, _ := w.Append(nil, &Ack{1234}, []Entry{{1, 1237, 1235, []int64{1, 0, 0, 5}}, {2, 1238, 1236, []int64{1, 1, 0, 9}}})
	var dst Inputs
	r := NewInputReader(layout)
	if n := testing.AllocsPerRun(100, func() {
		if err := r.Parse(msg, &dst); err != nil || len(dst.Entries) != 2 || dst.Entries[1].Cells[3] != 9 {
			t.Fatal(dst, err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if n := testing.AllocsPerRun(100, func() { msg, _ = w.Append(msg[:0], &Ack{1234}, dst.Entries) }); n != 0 {
		t.Errorf("writing: %v allocations", n)
	}
}

func FuzzInputs(f *testing.F) {
	for _, b := range goldenBytes(f, "inputs.json") {
		f.Add(b, uint32(5), uint32(1000))
	}
	layout := NewInputLayout(pilot)
	f.Fuzz(func(t *testing.T, b []byte, seq, tick uint32) {
		before := InputReader{layout, position{seq, game.Tick(tick), seq != 0}}
		r := before
		var dst, again Inputs
		if err := r.Parse(b, &dst); err != nil {
			if r != before || len(dst.Entries) != 0 {
				t.Fatalf("a refused message moved the reader to %+v", r.at)
			}
			return
		}
		var ack *Ack
		if dst.Acked {
			ack = &Ack{dst.Ack}
		}
		w, r2 := InputWriter(before), before
		msg, n := w.Append(nil, ack, dst.Entries)
		if n != len(dst.Entries) || len(msg) > len(b) {
			t.Fatalf("%d of %d entries fit %d bytes, they came in %d", n, len(dst.Entries), len(msg), len(b))
		}
		if err := r2.Parse(msg, &again); err != nil || !reflect.DeepEqual(again.Entries, dst.Entries) || again.Ack != dst.Ack || r2.at != r.at {
			t.Fatalf("%+v was written and parsed as %+v, %v", dst, again, err)
		}
	})
}

func BenchmarkParseInputs(b *testing.B) {
	layout := NewInputLayout(pilot)
	w, r := NewInputWriter(layout), NewInputReader(layout)
	first, _ := w.Append(nil, nil, []Entry{{1, 1237, 1235, []int64{1, 0, 0, 5}}})
	msg, _ := w.Append(nil, &Ack{1234}, []Entry{{2, 1238, 1236, []int64{1, 1, 0, 9}}})
	var dst Inputs
	if err := r.Parse(first, &dst); err != nil {
		b.Fatal(err)
	}
	start := r
	b.ReportAllocs()
	for b.Loop() {
		r = start
		if err := r.Parse(msg, &dst); err != nil {
			b.Fatal(err)
		}
	}
}
