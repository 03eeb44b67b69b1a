package load

import (
	"encoding/binary"
	"net"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// speaksFirst is a server as Colyseus is: it greets, waits for the answer, and
// sends the state and then patches.
func speaksFirst(conn net.Conn, patches uint32) {
	defer conn.Close()
	if _, err := ws.Upgrade(conn); err != nil {
		return
	}
	_ = wsutil.WriteServerBinary(conn, []byte{colyseusJoin, 'x'})
	if msg, _, err := wsutil.ReadClientData(conn); err != nil || len(msg) != 1 || msg[0] != colyseusJoin {
		return
	}
	_ = wsutil.WriteServerBinary(conn, []byte{colyseusState})
	for tick := uint32(1); tick <= patches; tick++ {
		if _, _, err := wsutil.ReadClientData(conn); err != nil { // an input before each
			return
		}
		_ = wsutil.WriteServerBinary(conn, binary.LittleEndian.AppendUint32([]byte{colyseusPatch, 0x80}, tick))
	}
	for { // until it leaves
		if _, _, err := wsutil.ReadClientData(conn); err != nil {
			return
		}
	}
}

// TestServerThatSpeaksFirst checks that such a client plays only when it is
// seated, and answers.
func TestServerThatSpeaksFirst(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if conn, err := l.Accept(); err == nil {
			speaksFirst(conn, 20)
		}
	}()
	f, err := NewFleet(Config{Server: l.Addr().(*net.TCPAddr).AddrPort(), Seat: (&Colyseus{}).Seat, Input: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Resize(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	b, err := f.Measure(t.Context(), time.Second)
	if err != nil || b.Snapshots < 5 || b.Snapshots > 20 || b.Inputs < 20 || b.Faults.Wrong() > 0 {
		t.Errorf("%v: %d snapshots, %d inputs, %+v, %v", err, b.Snapshots, b.Inputs, b.Faults, b.Errors)
	}
	f.Close()
	l.Close()
	<-done
}

// TestPlain counts what is missing, repeated and cut short of the floor's
// messages.
func TestPlain(t *testing.T) {
	s := (&Plain{InputBytes: 3}).Seat(0)
	var f Faults
	if b := s.Open(nil); len(b) != 3 {
		t.Errorf("first message %x", b)
	}
	if b := s.Input(nil); len(b) != 0 {
		t.Errorf("it plays before it is seated: %x", b)
	}
	for i, want := range []struct {
		n    uint32
		said Said
		f    Faults
	}{{7, Seated, Faults{}}, {8, Snapshot, Faults{}}, {8, Nothing, Faults{Repeated: 1}}, {11, Snapshot, Faults{Repeated: 1, Lost: 2}}} {
		if said := s.Message(0, binary.BigEndian.AppendUint32(nil, want.n), &f); said != want.said || f != want.f {
			t.Errorf("message %d: %v, %+v", i, said, f)
		}
	}
	if s.Message(0, []byte{1, 2}, &f); f.Corrupted != 1 || len(s.Input(nil)) != 3 {
		t.Errorf("%+v", f)
	}
}
