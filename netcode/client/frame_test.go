package client

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"testing"

	"github.com/gobwas/ws"
)

func TestSealMakesOneMaskedFrame(t *testing.T) {
	for _, n := range []int{0, 1, 125, 126, 65535, 65536, 100_000} {
		payload := bytes.Repeat([]byte{7, 9, 13}, n)[:n]
		b := seal(ws.OpBinary, append(make([]byte, headRoom), payload...))
		r := bytes.NewReader(b)
		h, err := ws.ReadHeader(r)
		if err != nil || !h.Masked || !h.Fin || h.OpCode != ws.OpBinary || h.Length != int64(n) || r.Len() != n {
			t.Fatalf("%d bytes: header %+v, %v, %d left", n, h, err, r.Len())
		}
		got := b[len(b)-n:]
		if n > 1 && bytes.Equal(got, payload) {
			t.Errorf("%d bytes are not masked", n)
		}
		if ws.Cipher(got, h.Mask, 0); !bytes.Equal(got, payload) {
			t.Errorf("%d bytes are not what they were", n)
		}
	}
}

func TestSealDoesNotAllocate(t *testing.T) {
	b := make([]byte, headRoom+200)
	if n := testing.AllocsPerRun(100, func() { seal(ws.OpBinary, b) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// frames writes frames to a reader as a server's bytes.
func frames(t *testing.T, list ...ws.Frame) *bufio.Reader {
	t.Helper()
	var all []byte
	for _, f := range list {
		b, err := ws.CompileFrame(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return bufio.NewReader(bytes.NewReader(all))
}

func TestReadFrame(t *testing.T) {
	conn, other := net.Pipe()
	defer other.Close()
	defer conn.Close()
	piece := func(op ws.OpCode, fin bool, s string) ws.Frame { return ws.NewFrame(op, fin, []byte(s)) }
	r := frames(t,
		piece(ws.OpBinary, true, "one"),
		piece(ws.OpBinary, false, "tw"), piece(ws.OpPing, true, "p"), piece(ws.OpContinuation, false, ""), piece(ws.OpContinuation, true, "o"),
		piece(ws.OpBinary, true, ""),
	)
	var part frame
	var buf []byte
	for _, want := range []frame{{ws.OpBinary, []byte("one")}, {ws.OpPing, []byte("p")}, {ws.OpBinary, []byte("two")}, {ws.OpBinary, nil}} {
		f, err := readFrame(r, conn, &part, buf)
		if err != nil || f.op != want.op || string(f.data) != string(want.data) {
			t.Fatalf("read %v %q, %v; want %v %q", f.op, f.data, err, want.op, want.data)
		}
		buf = f.data
	}
	if _, err := readFrame(r, conn, &part, buf); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %v", err)
	}
	huge := ws.Header{Fin: true, OpCode: ws.OpBinary, Length: maxMessage + 1}
	var head bytes.Buffer
	if err := ws.WriteHeader(&head, huge); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		r    *bufio.Reader
		want error
	}{
		"masked":             {frames(t, ws.MaskFrame(piece(ws.OpBinary, true, "x"))), errFrame},
		"continues nothing":  {frames(t, piece(ws.OpContinuation, true, "x")), errFrame},
		"begins inside":      {frames(t, piece(ws.OpBinary, false, "x"), piece(ws.OpBinary, true, "x")), errFrame},
		"reserved":           {frames(t, piece(0x3, true, "x")), errFrame},
		"reserved bit":       {frames(t, ws.Frame{Header: ws.Header{Fin: true, Rsv: ws.Rsv(true, false, false), OpCode: ws.OpBinary}}), errFrame},
		"ping in pieces":     {frames(t, piece(ws.OpPing, false, "x")), errFrame},
		"long ping":          {frames(t, piece(ws.OpPing, true, string(make([]byte, 126)))), errFrame},
		"larger than limits": {bufio.NewReader(&head), errLarge},
		"cut short":          {bufio.NewReader(bytes.NewReader([]byte{0x82, 3, 'a'})), io.ErrUnexpectedEOF},
	} {
		part := frame{}
		if _, err := readFrame(c.r, conn, &part, nil); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
