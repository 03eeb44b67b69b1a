package sim

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"unsafe"
)

// every has a field of each kind, visible, of the owner, and hidden.
type every struct {
	Who  PlayerID
	B    bool
	I8   int8
	I16  int16
	I32  int32
	I64  int64
	U8   uint8
	U16  uint16
	U32  uint32
	U64  uint64
	F32  float32
	F64  float64
	Fix  float64 `net:"step=1/64,linear"`
	Arc  float64 `net:"step=tau/256,wrap"`
	Text string  `net:"len=9"`
	Arr  [2]struct{ A, B int8 }
	Mine int        `net:"owner"`
	Note string     `net:"owner,len=9"`
	Deep float32    `net:"-"`
	gone [2]float64 `net:"-"`
	Talk string     `net:"-"`
}

func randomRow(r *rand.Rand) every {
	text := func() string { return fmt.Sprint(r.IntN(1000)) }
	return every{
		Who: PlayerID(r.IntN(9)), B: r.IntN(2) > 0, I8: int8(r.Int()), I16: int16(r.Int()), I32: int32(r.Int()),
		I64: int64(r.Uint64()), U8: uint8(r.Int()), U16: uint16(r.Int()), U32: r.Uint32(), U64: r.Uint64(),
		F32: r.Float32(), F64: r.NormFloat64(), Fix: r.NormFloat64() * 999, Arc: r.NormFloat64() * 9, Text: text(),
		Arr:  [2]struct{ A, B int8 }{{int8(r.Int()), int8(r.Int())}, {int8(r.Int()), int8(r.Int())}},
		Mine: r.Int(), Note: text(), Deep: r.Float32(), gone: [2]float64{r.Float64(), r.Float64()}, Talk: text(),
	}
}

type everyInput struct {
	Thrust, Turn int8
	Fire         bool
}

// livelyCore is a match with rows of every field, a player and an input.
func livelyCore(t *testing.T) (*Core, *testTable[every], *testInputs[everyInput]) {
	t.Helper()
	schema, err := NewSchema("every", []Part{
		{Name: "Rows", Path: "State.Rows", Kind: TablePart, Row: reflect.TypeFor[every]()},
		{Name: "More", Path: "State.More", Kind: TablePart, Row: reflect.TypeFor[struct{ N int }]()},
	}, reflect.TypeFor[everyInput]())
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 1))
	rows, more, inputs := &testTable[every]{last: 99}, &testTable[struct{ N int }]{last: 1}, &testInputs[everyInput]{}
	for i := range 16 {
		rows.ids, rows.rows = append(rows.ids, ID(i*2+2)), append(rows.rows, randomRow(r))
	}
	more.ids, more.rows = []ID{1}, []struct{ N int }{{r.Int()}}
	c := new(Core)
	c.Init(schema, 8, Parts{Tables: []Store{rows, more}}, inputs)
	c.BeginStep()
	if !c.Join(Player{ID: 3, Name: "näme", Team: "red"}) || !c.Join(Player{ID: 1}) {
		t.Fatal("no seats")
	}
	c.Apply(&TickInput{Inputs: []PlayerInput{{Player: 1, Seq: 4, Cells: []int64{1, -1, 1}}}})
	c.EndStep()
	return c, rows, inputs
}

func TestHashCoversEveryLeaf(t *testing.T) {
	m, rows, inputs := livelyCore(t)
	before := m.Hash()
	differs := func(what string, change func() (undo func())) {
		t.Helper()
		undo := change()
		if m.Hash() == before {
			t.Errorf("the hash does not cover %s", what)
		}
		if undo(); m.Hash() != before {
			t.Fatalf("after undoing %s the hash is another", what)
		}
	}
	for i, table := range m.parts.Tables {
		s, mem := &m.schema.Tables[i], table.Memory()
		for k := range mem.N {
			for l := range s.leaves {
				f := &s.leaves[l]
				p := unsafe.Add(mem.row(k, s.size), f.offset)
				differs(fmt.Sprint(s.Name, " ", k, " ", f.Path), func() func() {
					if f.mem == memString {
						old := *(*string)(p)
						*(*string)(p) += "x"
						return func() { *(*string)(p) = old }
					}
					*(*byte)(p) ^= 1
					return func() { *(*byte)(p) ^= 1 }
				})
			}
		}
	}
	differs("the next id", func() func() { rows.last++; return func() { rows.last-- } })
	differs("the ids", func() func() { rows.ids[0]--; return func() { rows.ids[0]++ } })
	differs("the tick", func() func() { m.tick++; return func() { m.tick-- } })
	differs("the random source", func() func() {
		old := m.source
		m.source.Uint64()
		return func() { m.source = old }
	})
	differs("a player's name", func() func() {
		old := m.players[0].Name
		m.players[0].Name += "x"
		return func() { m.players[0].Name = old }
	})
	held := &inputs.rows[0]
	differs("a held input", func() func() { held.Fire = !held.Fire; return func() { held.Fire = !held.Fire } })
	h := &m.held[0]
	differs("an input's age", func() func() { h.Age++; return func() { h.Age-- } })
	differs("the result", func() func() { m.result = &Result{}; return func() { m.result = nil } })
}
