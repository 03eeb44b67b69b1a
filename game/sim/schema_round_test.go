package sim

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"unsafe"
)

type rounded struct {
	Binary  float64 `net:"step=1/64"`
	Decimal float64 `net:"step=0.01"`
	Third   float64 `net:"step=1/3"`
	Large   float64 `net:"step=4"`
	Single  float32 `net:"step=0.1"`
	Angle   float64 `net:"step=tau/256,wrap"`
	Circle  float64 `net:"step=1/8,wrap=100"`
	Bounded float64 `net:"step=1/8,min=-5,max=5"`
	Course  int     `net:"wrap=360"`
	Level   int     `net:"min=1,max=9"`
	Real    float64
	Name    string  `net:"len=4"`
	Hidden  float64 `net:"-"`
}

func roundedSchema(t testing.TB) *RowSchema {
	t.Helper()
	s, err := rowSchema("R", "", reflect.TypeFor[rounded]())
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

func settled(s *RowSchema, r rounded) rounded {
	s.round(Memory{Base: unsafe.Pointer(&r), N: 1})
	return r
}

func TestRound(t *testing.T) {
	got := settled(roundedSchema(t), rounded{
		Binary: 1.03, Decimal: 0.294, Third: 0.4, Large: 7, Single: 0.26,
		Angle: -0.01, Circle: 250.06, Bounded: 7, Course: -1, Level: 12, Real: 0.1, Name: "Zoëß", Hidden: 0.123456,
	})
	want := rounded{
		Binary: 1.03125, Decimal: 0.29, Third: 1.0 / 3, Large: 8, Single: float32(3 * 0.1),
		Angle: 0, Circle: 50, Bounded: 5, Course: 359, Level: 9, Real: 0.1, Name: "Zoë", Hidden: 0.123456,
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestRoundIsIdempotentAndLoadable(t *testing.T) {
	s := roundedSchema(t)
	r := rand.New(rand.NewPCG(1, 2))
	wild := func() float64 {
		switch r.IntN(12) {
		case 0:
			return math.NaN()
		case 1:
			return math.Inf(1 - 2*r.IntN(2))
		case 2:
			return math.MaxFloat64 * (r.Float64() - 0.5)
		case 3:
			return math.SmallestNonzeroFloat64
		case 4:
			return math.Copysign(0, -1)
		}
		return r.NormFloat64() * math.Pow(10, float64(r.IntN(12)))
	}
	for range 20000 {
		row := rounded{
			Binary: wild(), Decimal: wild(), Third: wild(), Large: wild(), Single: float32(wild()), Angle: wild(),
			Circle: wild(), Bounded: wild(), Course: int(r.Uint64()), Level: int(r.Uint64()), Real: wild(),
		}
		once := settled(s, row)
		once.Hidden, once.Real = 0, 0
		if twice := settled(s, once); twice != once {
			t.Fatalf("%+v\nrounds to  %+v\nand then to %+v", row, once, twice)
		}
		table := testTable[rounded]{ids: []ID{1}, rows: []rounded{once}, last: 1}
		var b Block
		Rows{s, &table}.Capture(&b)
		var loaded testTable[rounded]
		Rows{s, &loaded}.Load(&b)
		if loaded.rows[0] != once {
			t.Fatalf("%+v\nis loaded as %+v\nfrom %v", once, loaded.rows[0], b.Cells)
		}
		for i, f := range s.Fields {
			if c := b.Cells[i]; f.Bounded && (c < f.Min || c > f.Max) {
				t.Fatalf("cell %d of %s is not within %d to %d", c, f.Path, f.Min, f.Max)
			}
		}
	}
}

// 29 × 0.01 × 100 is a little less than 29.
func TestCaptureOfDecimalSteps(t *testing.T) {
	s := roundedSchema(t)
	for c := range 1000 {
		row := settled(s, rounded{Decimal: float64(c) / 100})
		table := testTable[rounded]{ids: []ID{1}, rows: []rounded{row}, last: 1}
		var b Block
		Rows{s, &table}.Capture(&b)
		if b.Cells[1] != int64(c) {
			t.Fatalf("%v is captured as %d steps", row.Decimal, b.Cells[1])
		}
	}
}

// Hazards: numbers.
func TestNaNIsOneNumber(t *testing.T) {
	s := roundedSchema(t)
	one, other := math.Float64frombits(0x7ff8000000000001), math.Float64frombits(0xfff8000000000000)
	a, b := rounded{Real: one, Hidden: one}, rounded{Real: other, Hidden: other}
	if s.Fields[10].load(unsafe.Pointer(&a)) != s.Fields[10].load(unsafe.Pointer(&b)) {
		t.Error("two NaNs have two cells")
	}
	if string(appendRow(nil, s, unsafe.Pointer(&a))) != string(appendRow(nil, s, unsafe.Pointer(&b))) {
		t.Error("two NaNs have two hashes")
	}
	if got := settled(s, rounded{Binary: one, Angle: other}); got.Binary != 0 || got.Angle != 0 {
		t.Errorf("NaN rounds to %v, %v; want 0", got.Binary, got.Angle)
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "abc"}, {"aë", 2, "a"}, {"日本", 5, "日"}, {"ok\xffno", 9, "ok"},
		{"\xff", 4, ""}, {"a\ufffdb", 9, "a\ufffdb"}, {"a\ufffdb", 3, "a"}, {"", 1, ""}, {"\xe6\x97", 4, ""},
	} {
		if got := cut(c.in, c.n); got != c.want {
			t.Errorf("cut(%q, %d) = %q, want %q", c.in, c.n, got, c.want)
		}
	}
}
