package game

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"

	"arbiter/game/sim"
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

type everyState struct {
	Rows Table[every]
	One  Value[every]
	More Table[struct{ N int }]
	Cry  Events[struct{ N int }]
	Say  Commands[struct{ N int }]
}

var everyGame = MustDefine[everyState, tInput]("every", any3[everyState, tInput]{}, Config{Rewind: defaultRewind})

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

// lively is a match with something of everything in it, after that many steps.
func lively(seed uint64, steps int) *Match[everyState, tInput] {
	r := rand.New(rand.NewPCG(seed, 1))
	m := everyGame.New(seed)
	for i := range steps {
		for range 2 {
			m.world.State.Rows.Add(randomRow(r))
		}
		m.world.State.More.Add(struct{ N int }{r.Int()})
		*m.world.State.One.Get() = randomRow(r)
		m.world.State.Rows.Delete(ID(r.IntN(20)))
		m.Step(&sim.TickInput{
			Joins:  []Player{{ID: PlayerID(r.IntN(20)), Name: "näme", Team: "red"}},
			Inputs: []sim.PlayerInput{{Player: PlayerID(r.IntN(20)), Seq: uint32(i), View: Tick(i / 2), Cells: []int64{1, -1, 1}}},
		})
	}
	m.world.Rand.Uint64()
	return m
}

func TestRestore(t *testing.T) {
	m := lively(1, 12)
	m.Finish(Result{Reason: "over", Scores: []Score{{Player: 3, Points: -7}, {Player: 1, Points: 1 << 30}}})
	saved := m.AppendCheckpoint(nil)
	n := everyGame.New(99)
	if err := n.Restore(saved); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(n.AppendCheckpoint(nil), saved) || n.Hash() != m.Hash() {
		t.Error("the restored match is another")
	}
	if fmt.Sprint(*n.Result()) != fmt.Sprint(*m.Result()) {
		t.Errorf("result %+v", n.Result())
	}
	for range 20 {
		m.world.State.One.Get().I64, n.world.State.One.Get().I64 = m.world.Rand.Int64(), n.world.Rand.Int64()
		m.Step(&sim.TickInput{})
		n.Step(&sim.TickInput{})
		for back := range Tick(10) {
			a, b := m.world.At(m.Tick()-back).One.Get(), n.world.At(n.Tick()-back).One.Get()
			if *a != *b {
				t.Fatalf("%d ticks after the restore, the past of %d ticks ago differs", n.Tick()-12, back)
			}
		}
	}
	if m.Hash() != n.Hash() {
		t.Error("the matches part after the restore")
	}
}

func TestRestoreRefusesEveryPrefix(t *testing.T) {
	saved := lively(2, 4).AppendCheckpoint(nil)
	for i := range saved {
		if everyGame.New(1).Restore(saved[:i]) == nil {
			t.Fatalf("%d of %d bytes were restored", i, len(saved))
		}
	}
	if everyGame.New(1).Restore(append(saved, 0)) == nil {
		t.Error("a trailing byte was accepted")
	}
	other := MustDefine[everyState, tInput]("other", any3[everyState, tInput]{}, Config{})
	if err := other.New(1).Restore(saved); err == nil {
		t.Error("another game's checkpoint was accepted")
	}
	forgetful := MustDefine[everyState, tInput]("every", any3[everyState, tInput]{}, Config{})
	if err := forgetful.New(1).Restore(saved); err == nil {
		t.Error("a past was accepted by a game that keeps none")
	}
}

// use does what a server would do with a match.
func use(m *Match[everyState, tInput]) {
	var b sim.Block
	m.Step(&sim.TickInput{Joins: []Player{{ID: 5}}})
	for i := range m.Schema().Tables {
		m.Rows(i).Capture(&b)
	}
	for id := range m.State().Rows.All() {
		m.State().Rows.Delete(id)
	}
	m.world.At(m.Tick() - 3)
	m.Hash()
}

func TestRestoreSurvivesMutation(t *testing.T) {
	saved := lively(3, 4).AppendCheckpoint(nil)
	r := rand.New(rand.NewPCG(1, 1))
	refused := 0
	for i := range saved {
		b := bytes.Clone(saved)
		b[i] ^= byte(1 + r.IntN(255))
		m := everyGame.New(1)
		if m.Restore(b) != nil {
			refused++
			continue
		}
		use(m)
	}
	if refused == 0 || refused == len(saved) {
		t.Errorf("%d of %d mutations were refused", refused, len(saved))
	}
}

func FuzzRestore(f *testing.F) {
	saved := lively(4, 2).AppendCheckpoint(nil)
	f.Add(saved)
	f.Add(everyGame.New(1).AppendCheckpoint(nil))
	f.Add(saved[:len(saved)/2])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if b = bytes.Clone(b); len(b) > 8 {
			copy(b, saved[:8]) // past the schema's hash
		}
		m := everyGame.New(1)
		if m.Restore(b) != nil {
			return
		}
		again := everyGame.New(2)
		if err := again.Restore(m.AppendCheckpoint(nil)); err != nil || again.Hash() != m.Hash() {
			t.Fatalf("what was restored cannot be restored again: %v", err)
		}
		use(m)
	})
}

// What Load makes of Capture is equal in everything that is replicated, and
// zero in everything hidden.
func TestLoadOfCapture(t *testing.T) {
	for seed := range uint64(20) {
		m := lively(seed, 12)
		blocks := make([]sim.Block, len(m.Schema().Tables))
		for i := range blocks {
			m.Rows(i).Capture(&blocks[i])
		}
		p := everyGame.NewPrediction(Player{ID: 3})
		p.Load(m.Tick(), blocks, []int64{1, -1, 1})
		if p.Tick() != m.Tick() || p.State().Rows.Len() != m.State().Rows.Len() || p.State().Rows.Len() == 0 {
			t.Fatalf("%d rows at tick %d", p.State().Rows.Len(), p.Tick())
		}
		var again sim.Block
		for i := range blocks {
			p.Rows(i).Capture(&again)
			if fmt.Sprint(again) != fmt.Sprint(blocks[i]) {
				t.Fatalf("table %d:\n%v\n%v", i, again, blocks[i])
			}
		}
		for id, row := range m.State().Rows.All() {
			want := *row
			want.Deep, want.gone, want.Talk = 0, [2]float64{}, ""
			if got := *p.State().Rows.Get(id); got != want {
				t.Fatalf("row %d\nis   %+v\nwant %+v", id, got, want)
			}
		}
		if id := p.State().Rows.Add(every{}); id != m.State().Rows.Add(every{}) {
			t.Errorf("the prediction's next id is %d", id)
		}
		if !p.world.Predicting() || m.world.Predicting() {
			t.Error("Predicting is wrong")
		}
	}
}
