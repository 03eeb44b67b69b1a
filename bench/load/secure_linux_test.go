package load

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"testing"
	"time"

	"arbiter/bench/machine"
)

// TestTLS plays over TLS, with records that come in pieces of any size.
func TestTLS(t *testing.T) {
	id, err := machine.NewIdentity("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	plain, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	const rate, n = 60, 6
	d := doubleOn(t, tls.NewListener(plain, &tls.Config{Certificates: []tls.Certificate{id.Certificate}}), rate, whole)
	p := &Players{Schema: d.schema, Sample: 2}
	f, err := NewFleet(Config{Server: d.addr(), Seat: p.Seat, Tick: time.Second / rate, TLS: id.Client()})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Resize(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	b, err := f.Measure(t.Context(), 2*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if b.Faults.Wrong() != 0 || b.Faults.Checks < 2 || b.Snapshots < rate*n || b.Inputs < rate*n || b.Clients != n {
		t.Errorf("%d snapshots, %d inputs, %+v, %v", b.Snapshots, b.Inputs, b.Faults, b.Errors)
	}
	if err := f.Resize(t.Context(), 2); err != nil {
		t.Error(err)
	}
}

// TestTLSRefused checks that a server of somebody else's is an error, and so is
// one that speaks no TLS, and that a fleet ends in the middle of handshakes.
func TestTLSRefused(t *testing.T) {
	mine, err := machine.NewIdentity("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	other, err := machine.NewIdentity("127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	plain, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := doubleOn(t, tls.NewListener(plain, &tls.Config{Certificates: []tls.Certificate{other.Certificate}}), 20, whole)
	silent, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	p := &Players{Schema: d.schema}
	open := func(l net.Listener) *Fleet {
		f, err := NewFleet(Config{Server: l.Addr().(*net.TCPAddr).AddrPort(), Seat: p.Seat, TLS: mine.Client()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(f.Close)
		return f
	}
	if err := open(plain).Resize(t.Context(), 3); err == nil || !strings.Contains(err.Error(), "TLS") {
		t.Errorf("somebody else's certificate: %v", err)
	}
	f := open(silent)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := f.Resize(ctx, 5); err == nil {
		t.Error("a server that says nothing")
	}
	f.Aim(1) // four leave in the middle of their handshakes, one stays until the end
	began := time.Now()
	f.Close()
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the end took %v", took)
	}
}
