package netcode

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
)

// wholeSnapshot has every part.
func wholeSnapshot() *Snapshot {
	return &Snapshot{
		Tick: 1234, Age: 2, AckSeq: 7, Slack: -3, HasSlack: true,
		Private: &Private{
			Own: FlatRun{5, []byte{0, 1, 0, 1, 49}}, Events: FlatRun{3, []byte{0, 0, 5}},
			Checked: true, Check: Check{State: 1 << 31, Applied: 7, Inputs: 9, AckEvery: 6},
		},
		Body: &Body{Update: FlatRun{4, []byte{0, 1, 1, 50}}, Leave: FlatRun{3, []byte{0, 1, 2}}, Enter: FlatRun{4, []byte{1, 1, 0, 9}}},
	}
}

// The snapshots of the golden file are written again as they were read.
func TestSnapshotRoundTrip(t *testing.T) {
	var s Snapshot
	n := 0
	for _, b := range goldenBytes(t, "snapshot.json") {
		if KindOf(b) != KindSnapshot {
			continue // the schema
		}
		n++
		if err := s.Parse(b); err != nil {
			t.Fatalf("%x: %v", b, err)
		}
		if got := s.Append(nil); !bytes.Equal(got, b) {
			t.Errorf("read %x\nwrote %x", b, got)
		}
	}
	if n < 30 {
		t.Errorf("the golden file has %d snapshots", n)
	}
}

func TestSnapshotExactBytes(t *testing.T) {
	for name, c := range map[string]struct {
		s    *Snapshot
		want string
	}{
		"keyframe of nothing":      {&Snapshot{Tick: 1}, "96 11 01 00 00 c0 c0"},
		"relative, nothing more":   {&Snapshot{Age: 2, AckSeq: 1}, "96 11 c0 02 01 c0 c0"},
		"an update alone":          {&Snapshot{Age: 1, Body: &Body{Update: FlatRun{4, []byte{0, 1, 1, 50}}}}, "97 11 c0 01 00 c0 c0 94 00 01 01 32"},
		"rows that enter alone":    {&Snapshot{Tick: 1, Body: &Body{Enter: FlatRun{3, []byte{0, 1, 0}}}}, "99 11 01 00 00 c0 c0 90 90 93 00 01 00"},
		"slack is biased":          {&Snapshot{Age: 1, Slack: -1, HasSlack: true}, "96 11 c0 01 00 2f c0"},
		"own fields alone":         {&Snapshot{Age: 1, Private: &Private{Own: FlatRun{1, []byte{5}}}}, "96 11 c0 01 00 c0 91 91 05"},
		"events alone":             {&Snapshot{Age: 1, Private: &Private{Events: FlatRun{1, []byte{5}}}}, "96 11 c0 01 00 c0 92 c0 91 05"},
		"a check as the welcome":   {&Snapshot{Age: 1, Private: &Private{Checked: true, Check: Check{State: 1, Applied: 2, Inputs: 3}}}, "96 11 c0 01 00 c0 93 c0 c0 93 01 02 03"},
		"a check that says more":   {&Snapshot{Age: 1, Private: &Private{Checked: true, Check: Check{AckEvery: 6}}}, "96 11 c0 01 00 c0 93 c0 c0 94 00 00 00 06"},
		"an empty private, a body": {&Snapshot{Age: 1, Private: new(Private), Body: new(Body)}, "96 11 c0 01 00 c0 c0"},
	} {
		if got := c.s.Append(nil); !bytes.Equal(got, unhex(t, c.want)) {
			t.Errorf("%s: %x, want %s", name, got, c.want)
		}
	}
}

// Hazards: truncated.
func TestSnapshotMessageRefusesPrefixes(t *testing.T) {
	want := wholeSnapshot()
	b := want.Append(nil)
	var s Snapshot
	for n := range b {
		if err := s.Parse(b[:n]); !errors.Is(err, ErrTruncated) {
			t.Errorf("the first %d of %d bytes: %v", n, len(b), err)
		}
	}
	if err := s.Parse(b); err != nil || !reflect.DeepEqual(&s, want) {
		t.Errorf("the whole: %+v, %v", s, err)
	}
}

// Hazards: truncated, kinds.
func TestSnapshotRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		hex  string
		want error
	}{
		"good":                   {"96 11 c0 01 00 c0 c0", nil},
		"unknown items":          {"9b 11 c0 01 00 c0 c0 90 90 90 01 81 01 02", nil},
		"unknown private items":  {"96 11 c0 01 00 c0 95 c0 c0 95 01 02 03 04 05 c0 92 01 02", nil},
		"another kind":           {"96 12 c0 01 00 c0 c0", ErrType},
		"tick 0":                 {"96 11 00 00 00 c0 c0", ErrRange},
		"a relative keyframe":    {"96 11 c0 00 00 c0 c0", ErrContinues},
		"age nil":                {"96 11 01 c0 00 c0 c0", ErrTruncated},
		"a run that is a number": {"97 11 c0 01 00 c0 c0 05", ErrType},
		"a run that is binary":   {"97 11 c0 01 00 c0 c0 c4 01 00", ErrType},
		"private as a number":    {"96 11 c0 01 00 c0 05", ErrType},
		"check cut short":        {"96 11 c0 01 00 c0 93 c0 c0 92 01 02", ErrTruncated},
		"ackEvery 0":             {"96 11 c0 01 00 c0 93 c0 c0 94 01 02 03 00", ErrRange},
		"nested too deeply":      {"97 11 c0 01 00 c0 c0 91 91 91 91 91 91 91 91 91 01", ErrLimit},
		"a byte behind":          {"96 11 c0 01 00 c0 c0 00", ErrTrailing},
	} {
		var s Snapshot
		b := unhex(t, c.hex)
		err := s.Parse(b)
		var pe *ParseError
		if !errors.Is(err, c.want) || err != nil && (!errors.As(err, &pe) || pe.Kind != KindSnapshot || pe.At > len(b)) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestSnapshotAlloc(t *testing.T) {
	whole := wholeSnapshot()
	b := whole.Append(nil)
	s := Snapshot{Private: new(Private), Body: new(Body)}
	buf := make([]byte, 0, 256)
	if n := testing.AllocsPerRun(100, func() {
		if err := s.Parse(b); err != nil {
			t.Fatal(err)
		}
		buf = s.Append(buf[:0])
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzSnapshot: what parses is written, and parses as the same.
func FuzzSnapshot(f *testing.F) {
	f.Add(wholeSnapshot().Append(nil))
	for _, b := range goldenBytes(f, "snapshot.json")[1:] {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var s, again Snapshot
		if s.Parse(b) != nil {
			return
		}
		w := s.Append(nil)
		if err := again.Parse(w); err != nil {
			t.Fatalf("%x was written as %x: %v", b, w, err)
		}
		if w2 := again.Append(nil); !bytes.Equal(w, w2) {
			t.Fatalf("%x was written as %x and %x", b, w, w2)
		}
	})
}
