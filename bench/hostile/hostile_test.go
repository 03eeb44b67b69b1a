package hostile

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// Parallel tests mostly wait, so there may be more than processors.
	flag.Parse()
	if err := flag.Set("test.parallel", "9"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// victim takes connections and keeps what they say. It upgrades everybody, and
// then reads on, or not if mute.
type victim struct {
	listener net.Listener
	group    sync.WaitGroup
	seen     chan []byte // first bytes of each connection
	from     chan netip.Addr
}

func newVictim(t *testing.T) *victim {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	v := &victim{listener: l, seen: make(chan []byte, 1000), from: make(chan netip.Addr, 1000)}
	v.group.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			v.group.Go(func() { v.serve(c) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		v.group.Wait()
	})
	return v
}

func (v *victim) serve(c net.Conn) {
	defer c.Close()
	select {
	case v.from <- c.RemoteAddr().(*net.TCPAddr).AddrPort().Addr():
	default:
	}
	var all []byte
	var b [4096]byte
	upgraded := false
	for len(all) < 3000 {
		n, err := c.Read(b[:])
		if err != nil {
			break
		}
		all = append(all, b[:n]...)
		if !upgraded && bytes.HasSuffix(all, []byte("\r\n\r\n")) {
			upgraded = true
			_, _ = io.WriteString(c, "HTTP/1.1 101 Switching Protocols\r\n\r\n")
		}
	}
	select {
	case v.seen <- all:
	default:
	}
}

func (v *victim) orders(kind string) Orders {
	return Orders{
		Kind: kind, Server: v.listener.Addr().(*net.TCPAddr).AddrPort(), Path: "/play", Protocol: "p", Workers: 6,
		Tokens: []string{"head.claims.signature"}, Hello: []byte("hello"),
	}
}

// TestKinds lets each attack loose on a server that takes everything, and wants
// to see on the wire what its name says.
func TestKinds(t *testing.T) {
	upgraded := []byte("Sec-WebSocket-Protocol: p\r\nAuthorization: Bearer head.claims.signature\r\n\r\n")
	after := func(b []byte) []byte { _, rest, _ := bytes.Cut(b, upgraded); return rest }
	for kind, saw := range map[string]func(b []byte) bool{
		"slowloris": func(b []byte) bool { return bytes.HasPrefix([]byte("GET /play"), b) && len(b) > 0 },
		"idle":      func(b []byte) bool { return bytes.HasSuffix(b, upgraded) },
		"churn":     func(b []byte) bool { return len(b) == 0 },
		"fragments": func(b []byte) bool { r := after(b); return len(r) > 200 && r[0] == 0x02 && r[106] == 0x00 },
		"pings":     func(b []byte) bool { r := after(b); return len(r) > 200 && r[0] == 0x89 && r[131] == 0x89 },
		"frames":    func(b []byte) bool { r := after(b); return len(r) > 10 && r[0] == 0x82 && r[1] == 0xff },
		"tokens":    func(b []byte) bool { return bytes.Contains(b, []byte("Bearer a.b.c\r\n")) },
		"mute":      func(b []byte) bool { return bytes.HasPrefix(after(b), frame(0x82, 5, []byte("hello"))) },
		"tls":       func(b []byte) bool { return len(b) == 101 && b[0] == 0x16 },
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			v := newVictim(t)
			ctx, stop := context.WithTimeout(t.Context(), 800*time.Millisecond)
			defer stop()
			tally, err := Attack(ctx, v.orders(kind))
			if err != nil || tally.Hits < 6 || tally.Most < 1 || tally.Seconds < 0.5 {
				t.Fatalf("%+v, %v", tally, err)
			}
			v.listener.Close()
			v.group.Wait()
			close(v.seen)
			var all [][]byte
			for b := range v.seen {
				all = append(all, b)
			}
			if !slices.ContainsFunc(all, saw) {
				t.Errorf("%d connections, none as it should be; the first: %.300q", len(all), all[0])
			}
			if addr := <-v.from; addr != netip.MustParseAddr("127.0.1.1") {
				t.Errorf("it comes from %v", addr)
			}
		})
	}
	if len(Names()) != 9 || Help("churn") == "" {
		t.Errorf("%v", Names())
	}
}

func TestOrdersRefused(t *testing.T) {
	here := netip.MustParseAddrPort("127.0.0.1:1")
	for want, o := range map[string]Orders{
		"no attack":     {Kind: "x", Server: here},
		"loopback only": {Kind: "churn", Server: netip.MustParseAddrPort("192.0.2.1:80")},
		"needs tokens":  {Kind: "mute", Server: here},
	} {
		if _, err := Attack(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestServe checks the process's side: orders in, a tally out.
func TestServe(t *testing.T) {
	v := newVictim(t)
	in, err := json.Marshal(v.orders("churn"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer stop()
	var out bytes.Buffer
	if err := Serve(ctx, bytes.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	var tally Tally
	if err := json.Unmarshal(out.Bytes(), &tally); err != nil || tally.Hits == 0 {
		t.Errorf("%v: %s", err, &out)
	}
	if err := Serve(ctx, strings.NewReader("{"), &out); err == nil {
		t.Error("nonsense was taken for orders")
	}
}

func TestFrom(t *testing.T) {
	for n, want := range map[int]string{0: "127.0.1.1", 199: "127.0.1.1", 200: "127.0.1.2", 50000: "127.0.2.1"} {
		if got := from(n); got.String() != want {
			t.Errorf("worker %d comes from %v, want %s", n, got, want)
		}
	}
}
