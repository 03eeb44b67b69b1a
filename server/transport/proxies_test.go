package transport

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
)

func trusting(header string) *proxies {
	p := newProxies(&Security{ProxyHeader: header, TrustedProxies: []netip.Prefix{
		netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:1::/48")}}, slog.New(slog.DiscardHandler))
	return &p
}

func TestForwarded(t *testing.T) {
	for _, row := range []struct {
		header, peer string
		lines        []string
		want         string
	}{
		{XForwardedFor, "10.0.0.1:5", nil, "10.0.0.1:5"},
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1"}, "192.0.2.1:0"},
		{XForwardedFor, "192.0.2.9:5", []string{"192.0.2.1"}, "192.0.2.9:5"}, // not trusted
		{XForwardedFor, "10.0.0.1:5", []string{"198.51.100.7, 192.0.2.1"}, "192.0.2.1:0"},
		{XForwardedFor, "10.0.0.1:5", []string{"127.0.0.1, 192.0.2.1"}, "192.0.2.1:0"}, // the client lies
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1, 10.0.0.2, 10.0.0.3"}, "192.0.2.1:0"},
		{XForwardedFor, "10.0.0.1:5", []string{"198.51.100.7", "192.0.2.1,10.0.0.2"}, "192.0.2.1:0"},
		{XForwardedFor, "10.0.0.1:5", []string{"10.0.0.4, 10.0.0.3"}, "10.0.0.4:0"}, // all trusted
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1, garbage"}, "10.0.0.1:5"},
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1, garbage, 10.0.0.2"}, "10.0.0.2:0"},
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1,"}, "10.0.0.1:5"},
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1:4711"}, "192.0.2.1:4711"},
		{XForwardedFor, "10.0.0.1:5", []string{"2001:db8:2::1"}, "[2001:db8:2::1]:0"},
		{XForwardedFor, "10.0.0.1:5", []string{"[2001:db8:2::1]:99"}, "[2001:db8:2::1]:99"},
		{XForwardedFor, "10.0.0.1:5", []string{"::ffff:192.0.2.1"}, "192.0.2.1:0"},
		{XForwardedFor, "10.0.0.1:5", []string{"fe80::1%eth0"}, "10.0.0.1:5"},
		{XForwardedFor, "[2001:db8:1::5]:5", []string{"192.0.2.1"}, "192.0.2.1:0"},
		{XForwardedFor, "10.0.0.1:5", []string{strings.Repeat("1.1.1.1,", 500) + "192.0.2.1"}, "192.0.2.1:0"},
		{Forwarded, "10.0.0.1:5", []string{"for=192.0.2.1"}, "192.0.2.1:0"},
		{Forwarded, "10.0.0.1:5", []string{`for="192.0.2.1:4711"; proto=https;by=10.0.0.1`}, "192.0.2.1:4711"},
		{Forwarded, "10.0.0.1:5", []string{`For="[2001:db8:2::1]:47"`}, "[2001:db8:2::1]:47"},
		{Forwarded, "10.0.0.1:5", []string{"for=198.51.100.7, for=192.0.2.1, for=10.0.0.2"}, "192.0.2.1:0"},
		{Forwarded, "10.0.0.1:5", []string{"for=192.0.2.1, for=unknown"}, "10.0.0.1:5"},
		{Forwarded, "10.0.0.1:5", []string{"for=_hidden"}, "10.0.0.1:5"},
		{Forwarded, "10.0.0.1:5", []string{"proto=https"}, "10.0.0.1:5"},
	} {
		got := trusting(row.header).client(netip.MustParseAddrPort(row.peer), row.lines)
		if got.String() != row.want {
			t.Errorf("%s %q through %s: %v, want %s", row.header, row.lines, row.peer, got, row.want)
		}
	}
}

// TestForwardedProto: what the proxy nearest to the client says, if it is
// trusted, and nothing that the client wrote.
// Hazards: proxied TLS.
func TestForwardedProto(t *testing.T) {
	const forProto = "X-Forwarded-Proto"
	for _, row := range []struct {
		header, peer  string
		lines, protos []string
		want          string
	}{
		{XForwardedFor, "10.0.0.1:5", nil, nil, ""},
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1"}, []string{"https"}, "https"},
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1"}, []string{"http"}, "http"},
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1"}, []string{"HTTPS"}, "https"},
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1"}, []string{"wss"}, "https"},
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1"}, []string{"gopher"}, ""},
		{XForwardedFor, "10.0.0.1:5", nil, []string{"https"}, "https"},
		{XForwardedFor, "192.0.2.9:5", []string{"192.0.2.1"}, []string{"https"}, ""},          // not trusted
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1"}, []string{"https, http"}, "http"}, // the client lies
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1"}, []string{"https", "http"}, "http"},
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1, 10.0.0.2"}, []string{"https"}, "https"}, // passed on
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1, 10.0.0.2"}, []string{"https, http"}, "https"},
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1, 10.0.0.2"}, []string{"https, http, http"}, "http"},
		{Forwarded, "10.0.0.1:5", []string{"for=192.0.2.1;proto=https"}, nil, "https"},
		{Forwarded, "10.0.0.1:5", []string{`for=192.0.2.1; Proto="https"`}, nil, "https"},
		{Forwarded, "10.0.0.1:5", []string{"proto=https"}, nil, "https"},
		{Forwarded, "10.0.0.1:5", []string{"for=192.0.2.1"}, []string{"https"}, ""}, // the other header
		{XForwardedFor, "10.0.0.1:5", []string{"192.0.2.1"}, nil, ""},
		{Forwarded, "192.0.2.9:5", []string{"for=192.0.2.1;proto=https"}, nil, ""},
		{Forwarded, "10.0.0.1:5", []string{"for=192.0.2.1;proto=https, for=10.0.0.2;proto=http"}, nil, "https"},
		{Forwarded, "10.0.0.1:5", []string{"for=10.0.0.9;proto=https, for=192.0.2.1;proto=http"}, nil, "http"}, // the client lies
	} {
		h := http.Header{row.header: row.lines}
		h[forProto] = row.protos
		got := trusting(row.header).scheme(netip.MustParseAddrPort(row.peer), h)
		if got != row.want {
			t.Errorf("%s %q %q through %s: %q, want %q", row.header, row.lines, row.protos, row.peer, got, row.want)
		}
	}
}

// TestBehindProxy: hosts, net/http's handlers and the caps see the client.
func TestBehindProxy(t *testing.T) {
	local := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.RemoteAddr) })
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		host.upgrade = func(r *Request) (any, *Refusal) { return r.RemoteAddr.String(), nil }
		s := v.start(t, Config{Security: Security{TrustedProxies: local}, Limits: Limits{MaxPerAddress: 2}}, host, handler)
		for i, line := range []string{"X-Forwarded-For: 192.0.2.1", "x-forwarded-for: 198.51.100.1, 192.0.2.1", "X-Forwarded-For: 192.0.2.2"} {
			p := dial(t, s)
			p.send([]byte(with(line)), false)
			if r := p.response(); r == nil || r.StatusCode != 101 {
				t.Fatalf("client %d: answered with %v", i, r)
			}
			if se := take(t, host.sessions, "session"); se.conn.RemoteAddr().String() != se.accept || !strings.HasPrefix(se.conn.RemoteAddr().String(), "192.0.2.") {
				t.Errorf("client %d is %v, asked as %v", i, se.conn.RemoteAddr(), se.accept)
			}
		}
		p := dial(t, s)
		p.send([]byte(with("X-Forwarded-For: 192.0.2.1")), false)
		if r := p.response(); r == nil || r.StatusCode != 503 || r.Header.Get("Retry-After") == "" {
			t.Errorf("third of one client answered with %v, want 503", r)
		}
		p = dial(t, s)
		p.send([]byte("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.77\r\n\r\n"), false)
		if r := p.response(); r == nil {
			t.Error("no answer")
		} else if body, _ := io.ReadAll(r.Body); string(body) != "192.0.2.77:0" {
			t.Errorf("the handler saw %q", body)
		}
		if n := s.Stats().RefusedByCap["address"]; n != 1 {
			t.Errorf("counted %v", s.Stats().RefusedByCap)
		}
	})
}

// TestNotBehindProxy: without trust, the header is whatever somebody wrote.
//
// Hazards: one address.
func TestNotBehindProxy(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{}, host, nil)
		p := dial(t, s)
		p.send([]byte(with("X-Forwarded-For: 192.0.2.1", "Forwarded: for=192.0.2.1")), false)
		if r := p.response(); r == nil || r.StatusCode != 101 {
			t.Fatalf("answered with %v", r)
		}
		if se := take(t, host.sessions, "session"); se.conn.RemoteAddr().String() != p.LocalAddr().String() {
			t.Errorf("the client is %v", se.conn.RemoteAddr())
		}
	})
}

// A proxy that is not trusted is told of once, whether it asks for a WebSocket or not.
func TestForgottenProxyIsToldOf(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		for _, head := range []string{with("X-Forwarded-For: 192.0.2.1"), "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n"} {
			var log lockedBuffer
			s := v.start(t, Config{Log: slog.New(slog.NewTextHandler(&log, nil))}, newDouble(), nil)
			for range 2 {
				p := dial(t, s)
				p.send([]byte(head), false)
				if r := p.response(); r == nil {
					t.Fatal("no answer")
				}
			}
			if text := log.String(); strings.Count(text, "trusted-proxies") != 1 || !strings.Contains(text, "peer=127.0.0.1 header=X-Forwarded-For") {
				t.Errorf("the log: %q, want one hint", text)
			}
		}
	})
}

// lockedBuffer is a log.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer // guarded by mu
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func proxyV2(command, family byte, body []byte) string {
	b := append([]byte("\r\n\r\n\x00\r\nQUIT\n"), 0x20|command, family)
	return string(append(binary.BigEndian.AppendUint16(b, uint16(len(body))), body...))
}

var (
	v2four = append(netip.MustParseAddr("192.0.2.1").AsSlice(), 198, 51, 100, 1, 0x12, 0x34, 1, 187)
	v2six  = append(append(netip.MustParseAddr("2001:db8:2::1").AsSlice(), make([]byte, 16)...), 0x12, 0x34, 1, 187)
)

var proxyRows = []struct {
	name, header string
	from         string // empty: the peer itself
	bad          bool
}{
	{"v1 TCP4", "PROXY TCP4 192.0.2.1 198.51.100.1 4660 443\r\n", "192.0.2.1:4660", false},
	{"v1 TCP6", "PROXY TCP6 2001:db8:2::1 2001:db8::1 4660 443\r\n", "[2001:db8:2::1]:4660", false},
	{"v1 unknown", "PROXY UNKNOWN\r\n", "", false},
	{"v1 unknown with more", "PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", "", false},
	{"v2 IPv4", proxyV2(1, 0x11, v2four), "192.0.2.1:4660", false},
	{"v2 IPv6", proxyV2(1, 0x21, v2six), "[2001:db8:2::1]:4660", false},
	{"v2 with extensions", proxyV2(1, 0x11, append(append([]byte{}, v2four...), 4, 0, 2, 1, 2)), "192.0.2.1:4660", false},
	{"v2 local", proxyV2(0, 0, nil), "", false},
	{"v2 local with addresses", proxyV2(0, 0x11, v2four), "", false},
	{"v2 unspecified", proxyV2(1, 0, nil), "", false},
	{"v2 as long as may be", proxyV2(1, 0x11, append(append([]byte{}, v2four...), make([]byte, 508)...)), "192.0.2.1:4660", false},

	{"none", "GET / HTTP/1.1\r\n", "", true},
	{"v1 lower case", "proxy TCP4 192.0.2.1 198.51.100.1 4660 443\r\n", "", true},
	{"v1 other family", "PROXY TCP4 2001:db8:2::1 2001:db8::1 4660 443\r\n", "", true},
	{"v1 bad port", "PROXY TCP4 192.0.2.1 198.51.100.1 66000 443\r\n", "", true},
	{"v1 bad destination", "PROXY TCP4 192.0.2.1 x 4660 443\r\n", "", true},
	{"v1 too few fields", "PROXY TCP4 192.0.2.1\r\n", "", true},
	{"v1 bare LF", "PROXY TCP4 192.0.2.1 198.51.100.1 4660 443\n", "", true},
	{"v1 without end", "PROXY " + strings.Repeat("x", 200), "", true},
	{"v2 other version", "\r\n\r\n\x00\r\nQUIT\n\x31\x11\x00\x0c", "", true},
	{"v2 other command", "\r\n\r\n\x00\r\nQUIT\n\x22\x11\x00\x0c", "", true},
	{"v2 too long", proxyV2(1, 0x11, make([]byte, 521)), "", true},
	{"v2 too short", proxyV2(1, 0x11, v2four[:11]), "", true},
	{"v2 datagram", proxyV2(1, 0x12, v2four), "", true},
	{"v2 other signature", "\r\n\r\n\x00\r\nQUIX\n" + strings.Repeat("x", 40), "", true},
}

// TestProxyHeaderSplits: the verdict does not depend on how a header arrives.
func TestProxyHeaderSplits(t *testing.T) {
	for _, row := range proxyRows {
		whole := []byte(row.header + "rest")
		from, n := parseProxy(whole)
		switch {
		case row.bad != (n < 0):
			t.Errorf("%s: length %d", row.name, n)
		case !row.bad && n != len(row.header):
			t.Errorf("%s: length %d, want %d", row.name, n, len(row.header))
		case from.IsValid() != (row.from != "") || from.IsValid() && from.String() != row.from:
			t.Errorf("%s: from %v, want %s", row.name, from, row.from)
		}
		for i := range whole {
			f, k := parseProxy(whole[:i])
			if k != 0 && (k != n || f != from) {
				t.Errorf("%s: %d bytes give %d, %v; all give %d, %v", row.name, i, k, f, n, from)
			}
			if k > 0 && i < n {
				t.Errorf("%s: %d bytes are enough for %d", row.name, i, k)
			}
		}
	}
}

// TestProxyProtocol sends every row, whole and byte by byte, in front of
// everything else, TLS included.
func TestProxyProtocol(t *testing.T) {
	local := Security{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, ProxyProtocol: true}
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{Security: local}, host, nil)
		for _, row := range proxyRows {
			for _, bytewise := range []bool{false, true} {
				dropped := s.Stats().Handshakes["proxy_protocol"]
				p := dial(t, s)
				if bytewise {
					for i := range len(row.header) {
						if _, err := p.tcp.Write([]byte{row.header[i]}); err != nil {
							break
						}
					}
				} else {
					_, _ = p.tcp.Write([]byte(row.header))
				}
				if row.bad {
					_, err := io.Copy(io.Discard, p.tcp)
					if err != nil && !ended(err) || s.Stats().Handshakes["proxy_protocol"] != dropped+1 {
						t.Errorf("%s: %v, counted %v", row.name, err, s.Stats().Handshakes)
					}
					continue
				}
				p.upgrade()
				want := row.from
				if want == "" {
					want = p.LocalAddr().String()
				}
				if se := take(t, host.sessions, "session"); se.conn.RemoteAddr().String() != want {
					t.Errorf("%s: from %v, want %s", row.name, se.conn.RemoteAddr(), want)
				}
				_ = p.Close()
			}
		}
	})
}

// TestProxyProtocolElsewhere: from networks that are not trusted the header is
// no header.
func TestProxyProtocolElsewhere(t *testing.T) {
	other := Security{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, ProxyProtocol: true}
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{Security: other}, host, nil)
		dial(t, s).upgrade()
		p := dial(t, s)
		_, _ = p.tcp.Write([]byte("\r\n\r\n\x00\r\nQUIT\n"))
		if _, err := io.Copy(io.Discard, p.tcp); err != nil && !ended(err) {
			t.Error(err)
		}
		eventually(t, "dropped as junk", func() bool { return s.Stats().Handshakes["junk"] == 1 })
	})
}

// TestProxyCaps: the clients of a proxy do not count as one address, and each
// has its own.
func TestProxyCaps(t *testing.T) {
	local := Security{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, ProxyProtocol: true}
	onEach(t, func(t *testing.T, v variant) {
		s := v.start(t, Config{Security: local, Limits: Limits{MaxPerAddress: 1}}, newDouble(), nil)
		open := func(client int) *peer {
			p := dial(t, s)
			_, _ = fmt.Fprintf(p.tcp, "PROXY TCP4 192.0.2.%d 198.51.100.1 4660 443\r\n", client)
			return p
		}
		first := open(1).upgrade()
		open(2).upgrade()
		again := open(1)
		if _, err := io.Copy(io.Discard, again.tcp); err != nil && !ended(err) {
			t.Error(err)
		}
		if st := s.Stats(); st.RefusedByCap["address"] != 1 {
			t.Errorf("counted %v", st.RefusedByCap)
		}
		eventually(t, "the third gone", func() bool { return s.Stats().Open == 2 })
		_ = first.Close()
		eventually(t, "connection no longer counted", func() bool { return s.Stats().Open == 1 })
		open(1).upgrade()
	})
}

func TestSecurityConfig(t *testing.T) {
	for name, s := range map[string]Security{
		"header":     {ProxyHeader: "X-Real-IP"},
		"nobody":     {ProxyProtocol: true},
		"no network": {TrustedProxies: make([]netip.Prefix, 1)},
	} {
		if err := s.fill(); err == nil || !strings.HasPrefix(err.Error(), "transport: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
