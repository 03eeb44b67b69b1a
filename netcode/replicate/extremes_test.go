package replicate

import (
	"encoding/hex"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/internal/golden"
	"arbiter/netcode/view"
)

// every has a field of each kind.
type every struct {
	B    bool
	I8   int8
	U8   uint8
	I16  int16
	U16  uint16
	I32  int32
	U32  uint32
	I64  int64
	U64  uint64
	Int  int
	Uint uint
	Abs  int64   `net:"abs"`
	Lin  int64   `net:"linear"`
	Drag uint64  `net:"interp=lerp"`
	Pct  int     `net:"min=-5,max=100"`
	Hour int64   `net:"wrap=24"`
	Step float64 `net:"step=1/64"`
	Turn float64 `net:"step=tau/256,wrap"`
	F32  float32
	F64  float64
	Text string `net:"len=8"`
}

type everyState struct {
	Rows game.Table[every]
	Now  game.Commands[every]
	Was  game.Events[every]
	Held game.Value[everyInput]
}

type everyInput struct {
	I8   int8
	I32  int32
	U32  uint32
	I64  int64
	U64  uint64
	Hour int     `net:"wrap=24"`
	Step float64 `net:"step=1/64"`
}

// everyRules keep the last command as row 1, and tell everybody of it.
type everyRules struct{}

func (everyRules) Start(w *game.World[everyState])              { w.State.Rows.Add(every{}) }
func (everyRules) Join(*game.World[everyState], game.Player)    {}
func (everyRules) Leave(*game.World[everyState], game.PlayerID) {}
func (everyRules) Step(w *game.World[everyState], in *game.Inputs[everyInput]) {
	*w.State.Held.Get() = in.Of(1)
	for _, c := range w.State.Now.All() {
		*w.State.Rows.Get(1) = *c
		w.State.Was.Emit(*c)
	}
}

// extreme is a value that a client is given for a field, and what must arrive
// in the rules and in every client: the same, or the nearest that the field can
// hold.
type extreme struct{ field, given, arrives string }

const (
	minI64, maxI64 = "-9223372036854775808", "9223372036854775807"
	maxU64         = "18446744073709551615"
	maxFloat       = "1.7976931348623157e+308"
	leastFloat     = "5e-324"
)

var extremes = []extreme{
	{"F64", "+Inf", "+Inf"}, {"F64", "-Inf", "-Inf"}, {"F64", "NaN", "NaN"}, {"F64", "-0", "-0"}, {"F64", "0", "0"},
	{"F64", maxFloat, maxFloat}, {"F64", "-" + maxFloat, "-" + maxFloat}, {"F64", leastFloat, leastFloat},
	{"F64", "0.1", "0.1"}, {"F64", "9007199254740993", "9.007199254740992e+15"}, {"F64", "1e+19", "1e+19"},
	{"F32", "+Inf", "+Inf"}, {"F32", "-Inf", "-Inf"}, {"F32", "NaN", "NaN"}, {"F32", "-0", "-0"},
	{"F32", "0.1", "0.1"}, {"F32", "3.4028235e+38", "3.4028235e+38"}, {"F32", "1e+300", "+Inf"},
	{"Step", "NaN", "0"}, {"Step", "+Inf", "1.40737488355328e+14"}, {"Step", "-Inf", "-1.40737488355328e+14"},
	{"Step", "0.0234375", "0.03125"}, {"Step", "-0", "0"},
	{"Turn", "NaN", "0"}, {"Turn", "-0.1", "6.1850105367549055"},
	{"U64", maxU64, maxU64}, {"U64", "18446744073709551616", maxU64}, {"U64", "9223372036854775808", "9223372036854775808"},
	{"U64", maxI64, maxI64}, {"U64", "1152921504606846976", "1152921504606846976"}, {"U64", "9007199254740993", "9007199254740993"},
	{"U64", "0", "0"}, {"Uint", maxU64, maxU64}, {"Drag", maxU64, maxU64}, {"Drag", "9223372036854775808", "9223372036854775808"},
	{"U64", "1e+300", maxU64}, {"U64", "-1e+300", "0"}, {"U64", "NaN", "0"}, {"U64", "+Inf", maxU64},
	{"I64", minI64, minI64}, {"I64", maxI64, maxI64}, {"I64", "9223372036854775808", maxI64}, {"I64", "-9223372036854775809", minI64},
	{"I64", "1152921504606846976", "1152921504606846976"}, {"I64", "-9007199254740993", "-9007199254740993"}, {"I64", "NaN", "0"},
	{"I64", "+Inf", maxI64}, {"I64", "-Inf", minI64}, {"I64", "-1e+300", minI64}, {"I64", "2.5", "2"}, {"I64", "3.5", "4"},
	{"Int", minI64, minI64}, {"Int", maxI64, maxI64}, {"Abs", minI64, minI64}, {"Abs", maxI64, maxI64},
	{"Lin", minI64, minI64}, {"Lin", maxI64, maxI64}, {"Lin", minI64, minI64}, {"Lin", "0", "0"},
	{"I8", "-128", "-128"}, {"I8", "127", "127"}, {"I8", "128", "127"}, {"I8", minI64, "-128"},
	{"U8", "255", "255"}, {"U8", "256", "255"}, {"U8", "-1", "0"},
	{"I16", "-32768", "-32768"}, {"I16", "32768", "32767"}, {"U16", "65535", "65535"}, {"U16", "65536", "65535"}, {"U16", "-1", "0"},
	{"I32", "-2147483648", "-2147483648"}, {"I32", "2147483647", "2147483647"}, {"I32", "2147483648", "2147483647"},
	{"I32", "-2147483649", "-2147483648"}, {"I32", maxI64, "2147483647"},
	{"U32", "4294967295", "4294967295"}, {"U32", "4294967296", "4294967295"}, {"U32", "-1", "0"}, {"U32", "1099511627776", "4294967295"},
	{"Pct", "-6", "-5"}, {"Pct", "101", "100"}, {"Pct", maxI64, "100"}, {"Pct", minI64, "-5"}, {"Pct", "+Inf", "100"},
	{"Hour", "23", "23"}, {"Hour", "24", "0"}, {"Hour", "-1", "23"}, {"Hour", maxI64, "7"}, {"Hour", minI64, "16"},
	{"B", "1", "true"}, {"B", "0", "false"},
}

// TestGoldenExtremes sends each extreme value as a command's field through a
// whole match: client, server, rules, snapshot, client. The TypeScript client's
// tests read the file and do the same with its other half.
//
// Hazards: numbers.
func TestGoldenExtremes(t *testing.T) {
	g := game.MustDefine[everyState, everyInput]("every", everyRules{}, game.Config{TickRate: 20})
	schema := g.Schema()
	match, again := g.New(1), g.NewPrediction(game.Player{})
	layout := netcode.NewInputLayout(schema)
	w, r := netcode.NewInputWriter(layout), netcode.NewInputReader(layout)
	rep := New(match, Config{CheckEvery: time.Nanosecond})
	feed, v := rep.NewFeed(0), view.New(schema, 0)
	feed.Connect(0, false, 0)
	v.Connect(netcode.Fresh)
	var sent, applied netcode.InputDigest
	out := []golden.Case{{Name: "schema", On: "every", Hex: hex.EncodeToString(netcode.AppendSchema(nil, schema))}}
	for i, x := range extremes {
		name := x.field + " " + x.given
		row := sim.Row{Cells: make([]int64, len(schema.Commands[0].Fields)), Texts: []string{""}}
		field := fieldOf(t, schema, x.field)
		f := &schema.Commands[0].Fields[field]
		cell, ok := cellOf(f, x.given)
		msg := ""
		var in sim.TickInput
		if i == 0 {
			in.Joins = []game.Player{{ID: 1}}
		}
		if !ok { // no int64: only clients in other languages can be given it
			row.Cells[field], _ = cellOf(f, x.arrives)
		} else {
			row.Cells[field] = cell
		}
		b := w.AppendCommand(nil, netcode.Command{Seq: uint32(i + 1), Row: row})
		msg = hex.EncodeToString(b)
		c, err := r.ParseCommand(b)
		if err != nil {
			t.Errorf("%s: the server refuses %x: %v", name, b, err)
			continue
		}
		sent.Command(layout, 0, row)
		applied.Command(layout, 0, c.Row)
		if sent != applied {
			t.Errorf("%s: the client's digest of its inputs is not the server's", name)
		}
		in.Commands = append(in.Commands, sim.PlayerCommand{Player: 1, Row: c.Row})
		packed := ""
		if k := slices.IndexFunc(schema.Input.Fields, func(f sim.Field) bool { return f.Path == x.field }); k >= 0 {
			b, cells := input(t, layout.Packing, k, row.Cells[field])
			packed = hex.EncodeToString(b)
			in.Inputs = append(in.Inputs, sim.PlayerInput{Player: 1, Seq: uint32(i + 1), Cells: cells})
		}
		match.Step(&in)
		if packed != "" {
			if got := fmt.Sprint(reflect.ValueOf(*match.State().Held.Get()).FieldByName(x.field)); got != x.arrives {
				t.Errorf("%s arrives as %s in the rules as an input, want %s", name, got, x.arrives)
			}
		}
		now := time.Duration(match.Tick()) * 50 * time.Millisecond
		rep.CollectEvents()
		rep.Capture()
		if old := feed.NewestSent(); old != 0 {
			if err := feed.Ack(old, now); err != nil {
				t.Fatal(err)
			}
		}
		if rep.Plan(feed, SeatStatus{}, now) != Send {
			t.Fatalf("%s: no snapshot", name)
		}
		snap := feed.Append(nil)
		feed.Sent(len(snap), now)
		u, err := v.Apply(snap)
		if err != nil || u.Mismatch || !u.Checked || len(u.Events) != 1 {
			t.Fatalf("%s: the client refuses %x: %+v, %v", name, snap, u, err)
		}
		again.Load(u.Tick, v.Frame().Tables, make([]int64, len(schema.Input.Fields)))
		var event every
		sim.StoreEvent(schema, 0, u.Events[0].Row, &event)
		for where, row := range map[string]*every{"rules": match.State().Rows.Get(1), "client": again.State().Rows.Get(1), "event": &event} {
			if got := fmt.Sprint(reflect.ValueOf(*row).FieldByName(x.field)); got != x.arrives {
				t.Errorf("%s arrives as %s in the %s, want %s", name, got, where, x.arrives)
			}
		}
		out = append(out, golden.Case{Name: name, On: "every", Hex: msg, Fields: map[string]any{
			"field": x.field, "given": x.given, "arrives": x.arrives, "input": packed, "snapshot": hex.EncodeToString(snap)}})
	}
	golden.Check(t, "../testdata/golden/extremes.json", out, *update)
}

// input packs an input whose field k has that cell, and returns the cells that
// the server reads.
func input(t *testing.T, p *netcode.Packing, k int, cell int64) ([]byte, []int64) {
	t.Helper()
	cells := make([]int64, p.Leaves())
	cells[k] = cell
	var sent, applied netcode.InputDigest
	sent.Input(p, cells)
	b := p.Append(nil, cells)
	r := netcode.NewReader(b)
	if err := p.Read(&r, cells); err != nil {
		t.Fatalf("the server refuses the input %x: %v", b, err)
	}
	if applied.Input(p, cells); applied != sent {
		t.Errorf("the client's digest of the input %x is not the server's", b)
	}
	return b, cells
}

func fieldOf(t *testing.T, s *sim.Schema, path string) int {
	t.Helper()
	for k := range s.Commands[0].Fields {
		if s.Commands[0].Fields[k].Path == path {
			return k
		}
	}
	t.Fatal("no field", path)
	return 0
}

// cellOf is the cell of a number as text, neither rounded to the field's bounds
// nor refused: package netcode has to do with it what it does with any.
func cellOf(f *sim.Field, text string) (int64, bool) {
	switch f.Kind {
	case sim.Real:
		v, _ := strconv.ParseFloat(text, 64)
		if v != v {
			return int64(math.Float64bits(v) | 1), true // another NaN than the canonical one
		}
		return int64(math.Float64bits(v)), true
	case sim.Fixed:
		v, _ := strconv.ParseFloat(text, 64)
		q := math.RoundToEven(v / f.Step)
		if q != q {
			q = 0
		}
		if f.Wrap > 0 {
			return (int64(q)%f.Wrap + f.Wrap) % f.Wrap, true
		}
		return int64(min(max(q, -1<<62), 1<<62)), true
	}
	if v, err := strconv.ParseInt(text, 10, 64); err == nil && f.Wrap > 0 {
		return (v%f.Wrap + f.Wrap) % f.Wrap, true // raw cells of circles are whole
	}
	if v, err := strconv.ParseUint(text, 10, 64); err == nil {
		return int64(v), f.Unsigned || v <= math.MaxInt64
	}
	v, err := strconv.ParseInt(text, 10, 64)
	return v, err == nil && !f.Unsigned
}
