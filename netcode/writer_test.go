package netcode

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/vmihailenco/msgpack/v5"
)

// edges are the integers at which the encoding grows.
var edges = []int64{
	0, 1, 127, 128, 255, 256, 65535, 65536, 1<<32 - 1, 1 << 32, 1 << 53, math.MaxInt64,
	-1, -32, -33, -128, -129, -32768, -32769, -1 << 31, -1<<31 - 1, -1 << 53, math.MinInt64,
}

func TestAppendIntIsShortest(t *testing.T) {
	for _, c := range []struct {
		v   int64
		hex string
	}{
		{0, "00"}, {127, "7f"}, {128, "cc80"}, {255, "ccff"}, {256, "cd0100"}, {65535, "cdffff"}, {65536, "ce00010000"},
		{1<<32 - 1, "ceffffffff"}, {1 << 32, "cf0000000100000000"}, {math.MaxInt64, "cf7fffffffffffffff"},
		{-1, "ff"}, {-32, "e0"}, {-33, "d0df"}, {-128, "d080"}, {-129, "d1ff7f"}, {-32768, "d18000"},
		{-32769, "d2ffff7fff"}, {-1 << 31, "d280000000"}, {-1<<31 - 1, "d3ffffffff7fffffff"}, {math.MinInt64, "d38000000000000000"},
	} {
		want := unhex(t, c.hex)
		if got := AppendInt([]byte("x"), c.v); !bytes.Equal(got[1:], want) {
			t.Errorf("AppendInt(%d) = %x, want %x", c.v, got[1:], want)
		}
		if c.v >= 0 {
			if got := AppendUint(nil, uint64(c.v)); !bytes.Equal(got, want) {
				t.Errorf("AppendUint(%d) = %x, want %x", c.v, got, want)
			}
		}
		if got := AppendBiased(nil, c.v-48); !bytes.Equal(got, want) {
			t.Errorf("AppendBiased(%d) = %x, want %x", c.v-48, got, want)
		}
	}
	wants(t, "largest uint64", string(AppendUint(nil, math.MaxUint64)), "\xcf"+strings.Repeat("\xff", 8))
}

// TestGoldenWire shows each integer as AppendInt and as AppendBiased write it.
// The values are text, since not all are exact in a JavaScript number.
func TestGoldenWire(t *testing.T) {
	var out []goldenCase
	for _, v := range append(edges[:len(edges):len(edges)], 79, 80, -80, -81) {
		b := AppendBiased(AppendInt(nil, v), v)
		r := NewReader(b)
		if got, again := r.Int(), r.Biased(); got != v || again != v || r.Err() != nil {
			t.Errorf("%d came back as %d and %d, %v", v, got, again, r.Err())
		}
		out = append(out, goldenCase{Name: "int, biased", Hex: hex.EncodeToString(b), Fields: map[string]any{"value": fmt.Sprint(v)}})
	}
	checkGolden(t, "wire.json", out)
}

func TestBiasedOneByteRange(t *testing.T) {
	for d := int64(-200); d <= 200; d++ {
		b := AppendBiased(nil, d)
		if one := d >= -80 && d <= 79; (len(b) == 1) != one {
			t.Errorf("%d takes %d bytes", d, len(b))
		}
	}
	for _, d := range edges {
		r := NewReader(AppendBiased(nil, d))
		if got := r.Biased(); got != d || r.Err() != nil {
			t.Errorf("%d came back as %d, %v", d, got, r.Err())
		}
	}
}

// TestMsgpackReadsWhatWeAppend holds our encoder against an independent one.
func TestMsgpackReadsWhatWeAppend(t *testing.T) {
	decode := func(b []byte) any {
		d := msgpack.NewDecoder(bytes.NewReader(b))
		v, err := d.DecodeInterface()
		if err != nil {
			t.Fatalf("%x: %v", b, err)
		}
		return v
	}
	for _, v := range edges {
		wants(t, "int", fmt.Sprint(decode(AppendInt(nil, v))), fmt.Sprint(v))
	}
	for _, n := range []int{0, 1, 31, 32, 255, 256, 65535, 65536} {
		s := strings.Repeat("s", n)
		wants(t, "str", decode(AppendStr(nil, s)), any(s))
		wants(t, "bin", string(decode(AppendBin(nil, []byte(s))).([]byte)), s)
		list := AppendArray(nil, n)
		for range n {
			list = AppendNil(list)
		}
		wants(t, "array", len(decode(list).([]any)), n)
	}
	for _, v := range []float64{0, 1, -0.1, math.MaxFloat64, math.Inf(1)} {
		wants(t, "float", decode(AppendFloat64(nil, v)), any(v))
	}
	wants(t, "nil", decode(AppendNil(nil)), nil)
}

// TestWeAreAsShortAsMsgpack compares with the shortest form of another encoder.
func TestWeAreAsShortAsMsgpack(t *testing.T) {
	for _, v := range edges {
		var buf bytes.Buffer
		if err := msgpack.NewEncoder(&buf).EncodeInt(v); err != nil {
			t.Fatal(err)
		}
		if got := AppendInt(nil, v); !bytes.Equal(got, buf.Bytes()) {
			t.Errorf("%d is %x, elsewhere %x", v, got, buf.Bytes())
		}
	}
}

func BenchmarkAppendIntOneByte(b *testing.B) {
	buf := make([]byte, 0, 1024)
	for b.Loop() {
		buf = buf[:0]
		for i := range int64(100) {
			buf = AppendInt(buf, i)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/int")
}

func BenchmarkAppendBiasedMixed(b *testing.B) {
	buf := make([]byte, 0, 1024)
	for b.Loop() {
		buf = buf[:0]
		for i := range int64(100) {
			buf = AppendBiased(buf, i*3-150) // half one byte, half two
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/int")
}
