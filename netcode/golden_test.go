package netcode

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"arbiter/netcode/internal/golden"
)

var update = flag.Bool("update", false, "rewrite testdata/golden; read the difference before committing it")

type goldenCase = golden.Case

func checkGolden(t *testing.T, file string, cases []goldenCase) {
	t.Helper()
	golden.Check(t, filepath.Join("testdata", "golden", file), cases, *update)
}

// message is what a message's golden and shape tests need of it.
type message[T any] struct {
	kind   Kind
	append func(T) []byte
	parse  func([]byte) (T, error)
	fields func(T) any // for the golden file
	need   int         // items that must be there, the kind included
}

type named[T any] struct {
	name string
	v    T
}

// golden writes and reads each case, and bends its bytes in every way that has
// one right answer.
func (m message[T]) golden(t *testing.T, cases []named[T]) {
	var out []goldenCase
	for _, c := range cases {
		b := m.append(c.v)
		wants(t, c.name+": kind", KindOf(b), m.kind)
		got, err := m.parse(b)
		if err != nil || !reflect.DeepEqual(got, c.v) {
			t.Errorf("%s: parsed as %+v, %v; want %+v", c.name, got, err, c.v)
		}
		m.bend(t, c.name, b)
		out = append(out, goldenCase{Name: c.name, Hex: hex.EncodeToString(b), Fields: m.fields(c.v)})
	}
	checkGolden(t, m.kind.String()+".json", out)
}

func (m message[T]) bend(t *testing.T, name string, b []byte) {
	t.Helper()
	m.refusesPrefixes(t, name, b)
	whole, err := m.parse(b)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if _, err := m.parse(append(bytes.Clone(b), 0)); !errors.Is(err, ErrTrailing) {
		t.Errorf("%s with a byte behind it: %v, want ErrTrailing", name, err)
	}
	list := split(t, b)
	longer := join(append(list[:len(list):len(list)], []byte{0x92, 0x01, 0x81, 0xa1, 'k', 0xc0}, []byte{0xc0}))
	if got, err := m.parse(longer); err != nil || !reflect.DeepEqual(got, whole) {
		t.Errorf("%s with two unknown items: %+v, %v; want them ignored", name, got, err)
	}
	m.refusesPrefixes(t, name+" with unknown items", longer)
	nils := bytes.Repeat([]byte{0xc0}, len(list))
	for n := range len(list) {
		short, err := m.parse(join(list[:n]))
		padded, perr := m.parse(join(append(list[:n:n], split(t, append(AppendArray(nil, len(list)-n), nils[n:]...))...)))
		if (err == nil) != (n >= m.need) || (perr == nil) != (n >= m.need) {
			t.Errorf("%s cut to %d items: %v, padded with nil: %v; %d are needed", name, n, err, perr, m.need)
		}
		if !reflect.DeepEqual(short, padded) {
			t.Errorf("%s cut to %d items is %+v, with nil for the missing %+v", name, n, short, padded)
		}
	}
	list[0] = []byte{byte(m.kind) + 1}
	if _, err := m.parse(join(list)); !errors.Is(err, ErrType) {
		t.Errorf("%s with another kind: %v, want ErrType", name, err)
	}
}

func (m message[T]) refusesPrefixes(t *testing.T, name string, b []byte) {
	t.Helper()
	for n := range b {
		got, err := m.parse(b[:n])
		var pe *ParseError
		if !errors.Is(err, ErrTruncated) || !errors.As(err, &pe) || pe.At > n {
			t.Errorf("%s: the first %d of %d bytes parse as %+v, %v", name, n, len(b), got, err)
		}
	}
}

// refusal is a message that must not parse, and why.
type refusal struct {
	b    []byte
	want error // nil: it parses, to show that only the change makes it wrong
}

// checkRefusals parses each case and keeps the refused ones as a golden file
// for other languages, which need not tell the reasons apart.
func checkRefusals(t *testing.T, file string, cases map[string]refusal, parse func([]byte) error) {
	t.Helper()
	var out []goldenCase
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		c := cases[name]
		if err := parse(c.b); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if c.want != nil {
			out = append(out, goldenCase{Name: name, Hex: hex.EncodeToString(c.b), Fields: map[string]any{"error": c.want.Error()}})
		}
	}
	checkGolden(t, file, out)
}

// split returns the encoded items of a message.
func split(t *testing.T, b []byte) (list [][]byte) {
	t.Helper()
	r := NewReader(b)
	for range r.Array(len(b)) {
		list = append(list, r.Skip(maxSchemaItems))
	}
	if r.Err() != nil || r.Len() != 0 {
		t.Fatalf("%x is no message: %v", b, r.Err())
	}
	return list
}

func join(list [][]byte) []byte {
	b := AppendArray(nil, len(list))
	for _, item := range list {
		b = append(b, item...)
	}
	return b
}

// fuzz checks that what parses is written and parsed again as the same value.
func (m message[T]) fuzz(f *testing.F, file string) {
	for _, b := range goldenBytes(f, file) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := m.parse(b)
		if err != nil {
			var pe *ParseError
			if !errors.As(err, &pe) || pe.At < 0 || pe.At > len(b) {
				t.Fatalf("error %#v", err)
			}
			return
		}
		again, err := m.parse(m.append(v))
		if err != nil || !reflect.DeepEqual(again, v) {
			t.Fatalf("%+v was written and parsed as %+v, %v", v, again, err)
		}
	})
}

// goldenBytes are the messages of a golden file.
func goldenBytes(t testing.TB, file string) (list [][]byte) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "golden", file))
	if err != nil {
		t.Fatal(err)
	}
	var cases []goldenCase
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		b, err := hex.DecodeString(c.Hex)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, b)
	}
	return list
}

// unhex is for bytes written in a test, with spaces where they help.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(string(bytes.ReplaceAll([]byte(s), []byte(" "), nil)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
