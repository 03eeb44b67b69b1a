package netcode

import (
	"encoding/hex"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"arbiter/game/sim"
)

// onWire is what of a schema the wire carries.
func onWire(s *sim.Schema) sim.Schema {
	rows := func(list []sim.RowSchema) (out []sim.RowSchema) {
		for _, r := range list {
			c := sim.RowSchema{Name: r.Name, Public: r.Public, Owner: r.Owner, Single: r.Single}
			for _, f := range r.Fields {
				c.Fields = append(c.Fields, sim.Field{
					Path: f.Path, Kind: f.Kind, Step: f.Step, Wrap: f.Wrap, Min: f.Min, Max: f.Max, Bounded: f.Bounded,
					Codec: f.Codec, Owner: f.Owner, Interp: f.Interp, MaxLen: f.MaxLen, Unsigned: f.Unsigned,
				})
			}
			out = append(out, c)
		}
		return out
	}
	return sim.Schema{
		Game: s.Game, TickRate: s.TickRate, SnapshotRate: s.SnapshotRate, Rewinds: s.Rewinds, Hash: s.Hash,
		Tables: rows(s.Tables), Events: rows(s.Events), Commands: rows(s.Commands), Input: rows([]sim.RowSchema{s.Input})[0],
	}
}

func schemaFields(s *sim.Schema) any {
	orNil := func(v any, ok bool) any {
		if !ok {
			return nil
		}
		return v
	}
	row := func(r *sim.RowSchema) any {
		fields := []any{}
		for _, f := range r.Fields {
			fields = append(fields, map[string]any{
				"path": f.Path, "kind": f.Kind, "step": orNil(f.Step, f.Step != 0), "wrap": orNil(f.Wrap, f.Wrap != 0),
				"min": orNil(f.Min, f.Bounded), "max": orNil(f.Max, f.Bounded), "codec": f.Codec, "owner": f.Owner,
				"interp": f.Interp, "maxLen": orNil(f.MaxLen, f.MaxLen != 0), "unsigned": f.Unsigned,
			})
		}
		return map[string]any{"name": r.Name, "public": r.Public, "owner": orNil(r.Owner, r.Owner >= 0), "single": r.Single, "fields": fields}
	}
	rows := func(list []sim.RowSchema) any {
		out := []any{}
		for i := range list {
			out = append(out, row(&list[i]))
		}
		return out
	}
	return map[string]any{
		"game": s.Game, "tickRate": s.TickRate, "snapshotRate": s.SnapshotRate, "rewinds": s.Rewinds, "hash": hashOrNil(s.Hash),
		"tables": rows(s.Tables), "events": rows(s.Events), "commands": rows(s.Commands), "input": row(&s.Input),
	}
}

func TestGoldenSchema(t *testing.T) {
	var out []goldenCase
	for _, s := range []*sim.Schema{pilot, counter} {
		b := AppendSchema(nil, s)
		got, err := ParseSchema(b)
		if err != nil || !reflect.DeepEqual(*got, onWire(s)) {
			t.Errorf("%s came back as %+v, %v", s.Game, got, err)
		}
		for n := range b {
			if _, err := ParseSchema(b[:n]); !errors.Is(err, ErrTruncated) {
				t.Errorf("%s: the first %d of %d bytes: %v", s.Game, n, len(b), err)
			}
		}
		out = append(out, goldenCase{Name: s.Game, Hex: hex.EncodeToString(b), Fields: schemaFields(got)})
	}
	checkGolden(t, "schema.json", out)
}

// TestParsedSchemaPacksTheSame: a client that got its schema from the welcome
// writes the bytes of one that was compiled with the game.
func TestParsedSchemaPacksTheSame(t *testing.T) {
	for _, s := range []*sim.Schema{pilot, counter} {
		parsed, err := ParseSchema(AppendSchema(nil, s))
		if err != nil {
			t.Fatal(err)
		}
		cells := make([]int64, len(s.Input.Fields))
		for i := range cells {
			cells[i] = int64(i) % 2
		}
		a, b := NewPacking(&s.Input).Append(nil, cells), NewPacking(&parsed.Input).Append(nil, cells)
		wants(t, s.Game, hex.EncodeToString(b), hex.EncodeToString(a))
	}
}

// TestSchemaIgnoresWhatItDoesNotKnow adds an item to every array that may have
// more in a later version.
func TestSchemaIgnoresWhatItDoesNotKnow(t *testing.T) {
	more := func(b []byte) []byte { return join(append(split(t, b), []byte{0x91, 0xc0})) }
	top := split(t, AppendSchema(nil, pilot))
	row := split(t, top[8])
	fields := split(t, row[4])
	fields[0] = more(join(append(split(t, fields[0]), []byte{0xc0}))) // not unsigned, in more words
	row[4] = join(fields)
	top[8] = more(join(row))
	got, err := ParseSchema(more(join(top)))
	if err != nil || !reflect.DeepEqual(*got, onWire(pilot)) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestGoldenSchemaRefuses(t *testing.T) {
	field := func(changes ...any) []byte { // item, hex
		f := sim.Field{Path: "X", Kind: sim.Fixed, Step: 0.5, Min: 0, Max: 9, Bounded: true}
		items := split(t, appendField(nil, &f))
		for i := 0; i < len(changes); i += 2 {
			items[changes[i].(int)] = unhex(t, changes[i+1].(string))
		}
		return join(items)
	}
	withField := func(f []byte) []byte {
		s := sim.Schema{Game: "g"}
		top := split(t, AppendSchema(nil, &s))
		top[8] = slices.Concat([]byte{0x95, 0xa1, 'I', 1, 0xc0, 0, 0x91}, f)
		return join(top)
	}
	const empty = "95 a154 00 c0 00 90"
	withTables := func(rows ...string) []byte {
		s := sim.Schema{Game: "g"}
		top := split(t, AppendSchema(nil, &s))
		top[8] = unhex(t, empty)
		top[5] = AppendArray(nil, len(rows))
		for _, r := range rows {
			top[5] = append(top[5], unhex(t, r)...)
		}
		return join(top)
	}
	checkRefusals(t, "schema_refused.json", map[string]refusal{
		"good field":             {withField(field()), nil},
		"kind 0":                 {withField(field(1, "00")), ErrRange},
		"kind 6":                 {withField(field(1, "06")), ErrRange},
		"text as an input":       {withField(field(1, "05", 2, "c0", 9, "08")), ErrRange},
		"text of any length":     {withField(field(1, "05", 2, "c0")), ErrRange},
		"step nil":               {withField(field(2, "c0")), ErrRange},
		"step NaN":               {withField(field(2, "cb7ff8000000000000")), ErrRange},
		"step infinite":          {withField(field(2, "cb7ff0000000000000")), ErrRange},
		"negative step":          {withField(field(2, "cbbff0000000000000")), ErrRange},
		"wrap beyond 2^31":       {withField(field(3, "ce80000001")), ErrRange},
		"min above max":          {withField(field(4, "0a")), ErrRange},
		"max without min":        {withField(field(4, "c0")), ErrType},
		"codec 3":                {withField(field(6, "03")), ErrRange},
		"interp 4":               {withField(field(8, "04")), ErrRange},
		"text of 257 bytes":      {withField(field(9, "cd0101")), ErrRange},
		"a field of 9 items":     {withField(join(split(t, field())[:9])), ErrTruncated},
		"good table":             {withTables(empty), nil},
		"more public than there": {withTables("95 a154 01 c0 00 90"), ErrRange},
		"owner beyond public":    {withTables("95 a154 00 00 00 90"), ErrRange},
		"33 tables":              {withTables(strings.Split(strings.Repeat(empty+";", 33), ";")[:33]...), ErrLimit},
		"4 billion tables":       {withTables("ddffffffff"), ErrLimit},
		"bytes behind":           {append(AppendSchema(nil, pilot), 0), ErrTrailing},
		"nil":                    {[]byte{0xc0}, ErrType},
	}, func(b []byte) error { _, err := ParseSchema(b); return err })
}

func FuzzSchema(f *testing.F) {
	for _, b := range goldenBytes(f, "schema.json") {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ParseSchema(b)
		if err != nil {
			return
		}
		NewPacking(&s.Input)
		again, err := ParseSchema(AppendSchema(nil, s))
		if err != nil || !reflect.DeepEqual(again, s) {
			t.Fatalf("%+v was written and parsed as %+v, %v", s, again, err)
		}
	})
}
