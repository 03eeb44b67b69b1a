package transport

import (
	"bytes"
	"net/netip"
	"strings"
	"testing"
	"time"

	"arbiter/server/transport/transporttest"
)

// TestSharedRates: what the connections of an address take together, and what
// all take, is bounded too, and counted by its own name.
//
// Hazards: one address.
func TestSharedRates(t *testing.T) {
	messages := bytes.Repeat(transporttest.Frame(0x82, "x"), 4)
	large := transporttest.Frame(0x82, strings.Repeat("x", 1500))
	pings := bytes.Repeat(transporttest.Frame(0x89, ""), 4)
	for _, row := range []struct {
		name   string
		limits Limits
		bytes  []byte
		frames int
		code   int
	}{
		{"address_messages", Limits{AddressMessageRate: 4}, messages, 4, 1008},
		{"address_bytes", Limits{AddressByteRate: 2000}, large, 1, 1008},
		{"address_controls", Limits{AddressControlRate: 4}, pings, 4, 1008},
		{"global_messages", Limits{TotalMessageRate: 4}, messages, 4, 1013},
		{"global_bytes", Limits{TotalByteRate: 2000}, large, 1, 1013},
		{"global_controls", Limits{TotalControlRate: 4}, pings, 4, 1013},
	} {
		onEach(t, func(t *testing.T, v variant) {
			s := v.start(t, Config{Limits: row.limits}, newDouble(), nil)
			var last *peer
			for i := range 3 { // a burst of two is there, no third
				last = dial(t, s).upgrade()
				if i == 2 { // and none within a few seconds
					last.send(bytes.Repeat(row.bytes, 4), false)
				} else {
					last.send(row.bytes, false)
					eventually(t, "frames taken", func() bool { return s.Stats().FramesIn == uint64((i+1)*row.frames) })
				}
			}
			if code := last.closeFrame(); code != row.code || s.Stats().Open < 2 {
				t.Errorf("%s: closed with %d, want %d; %d open", row.name, code, row.code, s.Stats().Open)
			}
			if st := s.Stats(); st.Limited[row.name] != 1 || len(st.Limited) != 1 {
				t.Errorf("%s: counted %v", row.name, st.Limited)
			}
		})
	}
}

// TestOwnRates: the limits of one connection have names of their own.
//
// Hazards: fragments.
func TestOwnRates(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		s := v.start(t, Config{}, newDouble(), nil)
		for name, b := range map[string][]byte{
			"connection_messages": bytes.Repeat(transporttest.Frame(0x82, "x"), 300),
			"connection_bytes":    bytes.Repeat(transporttest.Frame(0x82, strings.Repeat("x", 4000)), 24),
			"connection_controls": bytes.Repeat(transporttest.Frame(0x89, "x"), 30),
		} {
			p := dial(t, s).upgrade()
			p.send(b, false)
			if code := p.closeFrame(); code != 1008 {
				t.Errorf("%s: closed with %d", name, code)
			}
			if st := s.Stats(); st.Limited[name] != 1 {
				t.Errorf("%s: counted %v", name, st.Limited)
			}
		}
	})
}

// Hazards: churn, one address.
func TestConnRates(t *testing.T) {
	for reason, row := range map[string]struct {
		limits Limits
		status int
	}{
		"connection_rate": {Limits{ConnRate: 1, ConnBurst: 3}, 503},
		"address_rate":    {Limits{AddressConnRate: 1, AddressConnBurst: 3}, 429},
	} {
		onEach(t, func(t *testing.T, v variant) {
			s := v.start(t, Config{Limits: row.limits}, newDouble(), nil)
			for range 3 {
				_ = dial(t, s).upgrade().Close()
			}
			late := dial(t, s)
			if v.tls {
				late.end()
			} else if r := late.response(); r == nil || r.StatusCode != row.status || r.Header.Get("Retry-After") != "1" {
				t.Errorf("%s: answered with %v, want %d", reason, r, row.status)
			}
			eventually(t, "counted", func() bool { return s.Stats().RefusedByCap[reason] == 1 })
			eventually(t, "connections no longer counted", func() bool { return s.Stats().Open == 0 })
		})
	}
}

// TestAddressTable: addresses are remembered as long as it makes a difference,
// and never more than a bounded number of them.
func TestAddressTable(t *testing.T) {
	l := Limits{MaxConns: -1}
	l.fill()
	c := newCaps(&l)
	address := func(i int) netip.Addr {
		return netip.AddrFrom16([16]byte{0x20, 1, byte(i >> 16), byte(i >> 8), byte(i)})
	}
	const second = int64(time.Second)
	stay, _ := c.acquire(address(1<<23), false, second)
	for i := range 4 * idleAddresses { // as many come at one moment, and go
		p, full := c.acquire(address(i), false, second+int64(i)*second/5000)
		if full != "" {
			t.Fatalf("address %d: %s", i, full)
		}
		c.release(p)
	}
	if n := c.addresses(); n > idleAddresses+1 {
		t.Errorf("%d addresses remembered, want at most %d", n, idleAddresses+1)
	}
	if again, full := c.acquire(address(1<<23), false, 60*second); full != "" || again != stay {
		t.Errorf("an address with connections was forgotten: %v, %q", again, full)
	}
	for i := range 4 * idleAddresses { // one by one: each is forgotten in time
		p, _ := c.acquire(address(i), false, int64(100+i)*second)
		c.release(p)
	}
	if n := c.addresses(); n > 64 {
		t.Errorf("%d addresses remembered that make no difference", n)
	}
	if c.idle != c.addresses()-1 {
		t.Errorf("%d idle addresses counted of %d", c.idle, c.addresses())
	}
}

// TestForgetting: an address that broke its rate cannot wash itself clean by
// leaving.
func TestForgetting(t *testing.T) {
	l := Limits{AddressConnRate: 1, AddressConnBurst: 5}
	l.fill()
	c := newCaps(&l)
	a := netip.MustParseAddr("192.0.2.1")
	for range 5 {
		p, _ := c.acquire(a, false, 1)
		c.release(p)
	}
	other, _ := c.acquire(netip.MustParseAddr("192.0.2.2"), false, 1)
	c.release(other)
	if _, full := c.acquire(a, false, 2); full != capFrom {
		t.Errorf("sixth connection: %q, want %q", full, capFrom)
	}
	if _, full := c.acquire(a, false, int64(2*time.Second)); full != "" {
		t.Errorf("two seconds later: %q", full)
	}
}

// TestOneAddressDoesNotUseUpAllArrivals: what is refused for its address's sake
// takes nothing of the rate of all.
// Hazards: churn, one address.
func TestOneAddressDoesNotUseUpAllArrivals(t *testing.T) {
	l := Limits{ConnRate: 1, ConnBurst: 10, AddressConnRate: 1, AddressConnBurst: 3}
	l.fill()
	c := newCaps(&l)
	greedy := netip.MustParseAddr("192.0.2.1")
	for n := range 1000 {
		want := capFrom
		if n < 3 {
			want = ""
		}
		if _, full := c.acquire(greedy, false, 1); full != want {
			t.Fatalf("connection %d: %q, want %q", n, full, want)
		}
	}
	for n := range 7 {
		if _, full := c.acquire(netip.AddrFrom4([4]byte{198, 51, 100, byte(n)}), false, 1); full != "" {
			t.Errorf("client %d of another address: %q", n, full)
		}
	}
	if _, full := c.acquire(netip.MustParseAddr("203.0.113.1"), false, 1); full != capRate || c.open() != 10 || c.idle != 1 {
		t.Errorf("beyond the rate of all: %q, %d connections, %d idle addresses", full, c.open(), c.idle)
	}
}
