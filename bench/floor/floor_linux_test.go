package floor

import (
	"context"
	"net"
	"net/netip"
	"testing"
	"time"

	"arbiter/bench/load"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestFloor lets clients play on it for a second.
func TestFloor(t *testing.T) {
	free, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := free.Addr().(*net.TCPAddr).AddrPort()
	free.Close()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- Serve(ctx, Config{Addr: at.String(), Bytes: 200, Rate: 20, Loops: 1}) }()
	f := fleet(t, at)
	if err := f.Resize(ctx, 50); err != nil {
		t.Fatal(err)
	}
	b, err := f.Measure(ctx, 1500*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if b.Snapshots < 50*20 || b.Per(b.SnapshotBytes) != 200 || b.Inputs < 50*20 || b.Faults.Wrong() > 0 {
		t.Errorf("%d snapshots of %.0f bytes, %d inputs, %+v %v", b.Snapshots, b.Per(b.SnapshotBytes), b.Inputs, b.Faults, b.Errors)
	}
	f.Close()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// fleet waits until the floor listens.
func fleet(t *testing.T, at netip.AddrPort) *load.Fleet {
	t.Helper()
	for range 1000 {
		if c, err := net.DialTimeout("tcp4", at.String(), time.Second); err == nil {
			c.Close()
			break
		}
	}
	p := &load.Plain{InputBytes: 8}
	f, err := load.NewFleet(load.Config{Server: at, Seat: p.Seat})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func TestConfig(t *testing.T) {
	for _, c := range []Config{{Addr: "127.0.0.1:0", Bytes: 3}, {Addr: "127.0.0.1:0", Rate: -1}, {Addr: "x"}} {
		if Serve(t.Context(), c) == nil {
			t.Errorf("%+v was accepted", c)
		}
	}
}
