package floor

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"arbiter/bench/load"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestFloor lets clients play on it for a second.
func TestFloor(t *testing.T) {
	at, admin := free(t), free(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		ended <- Serve(ctx, Config{Addr: at.String(), Admin: admin.String(), Bytes: 200, Rate: 20, Loops: 1})
	}()
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
	if n := moments(t, admin); n < 5*20 { // moments of ten clients each
		t.Errorf("it tells how late it was at %v moments, want 100 or more", n)
	}
	f.Close()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func free(t *testing.T) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).AddrPort()
}

// moments is of how many moments the floor tells how late it was.
func moments(t *testing.T, admin netip.AddrPort) (n int) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := client.Get("http://" + admin.String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	for lines := bufio.NewScanner(r.Body); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "arbiter_tick_lateness_seconds_count "); ok {
			n, _ = strconv.Atoi(text)
		}
	}
	return n
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
