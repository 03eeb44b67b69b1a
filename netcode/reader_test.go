package netcode

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/vmihailenco/msgpack/v5"
)

// TestReaderReadsEveryForm reads integers as another encoder writes them in
// every width.
//
// Hazards: numbers.
func TestReaderReadsEveryForm(t *testing.T) {
	var buf bytes.Buffer
	e := msgpack.NewEncoder(&buf)
	check := func(form string, v int64, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		b := bytes.Clone(buf.Bytes())
		buf.Reset()
		r := NewReader(b)
		if got := r.Int(); got != v || r.Err() != nil || r.Len() != 0 {
			t.Errorf("%s %d: Int() = %d, %v", form, v, got, r.Err())
		}
		u := NewReader(b)
		if got := u.Uint(); v >= 0 && (int64(got) != v || u.Err() != nil) || v < 0 && !errors.Is(u.Err(), ErrRange) {
			t.Errorf("%s %d: Uint() = %d, %v", form, v, got, u.Err())
		}
		for n := range b {
			p := NewReader(b[:n])
			if p.Int(); !errors.Is(p.Err(), ErrTruncated) {
				t.Errorf("%s %d cut to %d bytes: %v", form, v, n, p.Err())
			}
		}
	}
	for _, v := range edges {
		check("int64", v, e.EncodeInt64(v))
		check("shortest", v, e.EncodeInt(v))
		if v == int64(int32(v)) {
			check("int32", v, e.EncodeInt32(int32(v)))
		}
		if v == int64(int16(v)) {
			check("int16", v, e.EncodeInt16(int16(v)))
		}
		if v == int64(int8(v)) {
			check("int8", v, e.EncodeInt8(int8(v)))
		}
		if v < 0 {
			continue
		}
		check("uint64", v, e.EncodeUint64(uint64(v)))
		if v == int64(uint32(v)) {
			check("uint32", v, e.EncodeUint32(uint32(v)))
		}
		if v == int64(uint16(v)) {
			check("uint16", v, e.EncodeUint16(uint16(v)))
		}
		if v == int64(uint8(v)) {
			check("uint8", v, e.EncodeUint8(uint8(v)))
		}
	}
	r := NewReader(AppendUint(nil, math.MaxUint64))
	wants(t, "uint64 as Uint", r.Uint(), math.MaxUint64)
	r = NewReader(AppendUint(nil, math.MaxUint64))
	r.Int()
	wants(t, "uint64 as Int", r.Err(), ErrRange)
}

func TestReaderTypes(t *testing.T) {
	reads := map[string]func(*Reader){
		"int":   func(r *Reader) { r.Int() },
		"array": func(r *Reader) { r.Array(100) },
		"str":   func(r *Reader) { r.Str(100) },
		"bin":   func(r *Reader) { r.Bin(100) },
		"float": func(r *Reader) { r.Float64() },
	}
	values := map[string]string{
		"int": "05", "negative": "ff", "nil": "c0", "false": "c2", "true": "c3", "unused": "c1", "str": "a141", "str8": "d90141",
		"bin": "c40141", "array": "9105", "array16": "dc000105", "map": "810101", "empty map": "80", "map16": "de00010101",
		"float32": "ca3f800000", "float64": "cb3ff0000000000000", "uint8": "cc05", "int64": "d30000000000000005",
		"ext8": "c7010541", "fixext1": "d40541", "fixext16": "d8" + strings.Repeat("05", 17),
	}
	accepts := map[string]string{
		"int": "int negative uint8 int64", "array": "array array16", "str": "str str8", "bin": "bin",
		"float": "int negative uint8 int64 float32 float64",
	}
	for want, read := range reads {
		for name, hex := range values {
			r := NewReader(unhex(t, hex))
			read(&r)
			ok := false
			for a := range strings.FieldsSeq(accepts[want]) {
				ok = ok || a == name
			}
			if ok != (r.Err() == nil) || !ok && !errors.Is(r.Err(), ErrType) {
				t.Errorf("%s read as %s: %v", name, want, r.Err())
			}
			if !ok && (r.Offset() != 0 || r.Len() != 0) {
				t.Errorf("%s read as %s: offset %d, %d left after an error", name, want, r.Offset(), r.Len())
			}
		}
	}
}

// Hazards: mutated, ws length.
func TestReaderLimits(t *testing.T) {
	for name, c := range map[string]struct {
		hex  string
		read func(*Reader)
		want error
	}{
		"string at its limit":       {"a3616263", func(r *Reader) { r.Str(3) }, nil},
		"string over its limit":     {"a3616263", func(r *Reader) { r.Str(2) }, ErrLimit},
		"string of 4 GB":            {"dbffffffff61", func(r *Reader) { r.Str(math.MaxInt32) }, ErrTruncated},
		"string not UTF-8":          {"a2c328", func(r *Reader) { r.Str(9) }, ErrRange},
		"half a surrogate":          {"a3eda080", func(r *Reader) { r.Str(9) }, ErrRange},
		"binary over its limit":     {"c403616263", func(r *Reader) { r.Bin(2) }, ErrLimit},
		"array of 4 billion":        {"ddffffffff", func(r *Reader) { r.Array(1 << 20) }, ErrLimit},
		"array longer than bytes":   {"dc00030102", func(r *Reader) { r.Array(1 << 20) }, ErrTruncated},
		"NaN":                       {"cb7ff8000000000001", func(r *Reader) { r.Float64() }, nil},
		"infinity":                  {"caff800000", func(r *Reader) { r.Float64() }, nil},
		"number at its limit":       {"cc80", func(r *Reader) { r.UintTo(128) }, nil},
		"number over its limit":     {"cc81", func(r *Reader) { r.UintTo(128) }, ErrRange},
		"8 arrays in one another":   {strings.Repeat("91", 8) + "c0", func(r *Reader) { r.Skip(99) }, nil},
		"9 arrays in one another":   {strings.Repeat("91", 9) + "c0", func(r *Reader) { r.Skip(99) }, ErrLimit},
		"items at the budget":       {"93c0c0c0", func(r *Reader) { r.Skip(4) }, nil},
		"items over the budget":     {"93c0c0c0", func(r *Reader) { r.Skip(3) }, ErrLimit},
		"map items over the budget": {"82c0c0c0c0", func(r *Reader) { r.Skip(4) }, ErrLimit},
		"map of 4 billion":          {"dfffffffff", func(r *Reader) { r.Skip(1 << 20) }, ErrLimit},
		"map cut short":             {"de0002c0c0c0", func(r *Reader) { r.Skip(99) }, ErrTruncated},
	} {
		r := NewReader(unhex(t, c.hex))
		if c.read(&r); !errors.Is(r.Err(), c.want) {
			t.Errorf("%s: %v, want %v", name, r.Err(), c.want)
		}
	}
}

func TestFirstErrorSticks(t *testing.T) {
	r := NewReader(unhex(t, "01 a0 02 c0 91"))
	r.Int()
	r.Int() // a string
	if r.Int() != 0 || r.Uint() != 0 || r.Nil() || r.Array(9) != 0 || r.Str(9) != nil || r.Bin(9) != nil ||
		r.Float64() != 0 || r.Skip(9) != nil || r.Len() != 0 || r.Offset() != 1 {
		t.Errorf("reader goes on after an error: %+v", r)
	}
	r.Fail(ErrLimit)
	wants(t, "error", r.Err(), ErrType)
}

// TestSkipAgreesWithMsgpack skips what another encoder makes of all types.
func TestSkipAgreesWithMsgpack(t *testing.T) {
	b, err := msgpack.Marshal(map[string]any{
		"a": []any{1, -1, 1 << 40, 1.5, float32(2), nil, true, false, "text", []byte("bin"), strings.Repeat("x", 300)},
		"b": map[string]any{"c": []any{map[string]any{}, []any{}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := NewReader(append(bytes.Clone(b), 7))
	if got := r.Skip(64); !bytes.Equal(got, b) || r.Int() != 7 || r.Err() != nil {
		t.Fatalf("skipped %x of %x, %v", got, b, r.Err())
	}
	for n := range b {
		if p := NewReader(b[:n]); p.Skip(64) != nil || !errors.Is(p.Err(), ErrTruncated) {
			t.Fatalf("skipped the first %d bytes: %v", n, p.Err())
		}
	}
}

func TestReaderDoesNotAllocate(t *testing.T) {
	b := AppendArray(nil, 5)
	b = AppendFloat64(AppendBin(AppendStr(AppendBiased(AppendInt(b, 1<<40), -7), "text"), []byte("bin")), 1.5)
	if n := testing.AllocsPerRun(100, func() {
		r := NewReader(b)
		if r.Array(9) != 5 || r.Int() != 1<<40 || r.Biased() != -7 || len(r.Str(9)) != 4 || len(r.Bin(9)) != 3 || r.Float64() != 1.5 {
			t.Fatal(r.Err())
		}
		s := NewReader(b)
		if s.Skip(9); s.Err() != nil {
			t.Fatal(s.Err())
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte{0x93, 1, 0x81, 0xa1, 'k', 0xc0, 0xc7, 1, 5, 0x41})
	f.Fuzz(func(t *testing.T, b []byte) {
		r := NewReader(b)
		v := r.Skip(1 << 10)
		if r.Err() != nil {
			return
		}
		if !bytes.HasPrefix(b, v) || len(v) == 0 || r.Len() != len(b)-len(v) {
			t.Fatalf("skipped %x of %x, %d left", v, b, r.Len())
		}
		for n := range v {
			if p := NewReader(v[:n]); p.Skip(1<<10) != nil {
				t.Fatalf("%x is a value, and so is %x", v, v[:n])
			}
		}
	})
}

func BenchmarkReadIntOneByte(b *testing.B) {
	var msg []byte
	for i := range int64(100) {
		msg = AppendInt(msg, i)
	}
	var sum int64
	for b.Loop() {
		r := NewReader(msg)
		for range 100 {
			sum += r.Int()
		}
	}
	if sum == 0 {
		b.Fatal("nothing read")
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/int")
}
