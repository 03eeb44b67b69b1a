package transport

import (
	"net/netip"
	"testing"
	"time"
)

var peerAddr = netip.MustParseAddrPort("192.0.2.1:1234")

var noDeadline time.Time

func TestBucket(t *testing.T) {
	r := newRate(10, 20)
	var b bucket
	const now = int64(time.Hour)
	for i := range 20 {
		if !b.allow(r, 1, now) {
			t.Fatalf("token %d of the burst refused", i)
		}
	}
	if b.allow(r, 1, now) {
		t.Error("token 21 given")
	}
	if b.allow(r, 1, now+int64(99*time.Millisecond)) || !b.allow(r, 1, now+int64(100*time.Millisecond)) {
		t.Error("a token does not come back after 100 ms")
	}
	if !b.allow(r, 20, now+int64(time.Minute)) || b.allow(r, 1, now+int64(time.Minute)) {
		t.Error("a minute does not fill it to 20 exactly")
	}
}

// Hazards: one address.
func TestCapKey(t *testing.T) {
	for _, pair := range [][2]string{
		{"192.0.2.1", "::ffff:192.0.2.1"},
		{"2001:db8:1:2::1", "2001:db8:1:2:ffff::9"},
	} {
		if a, b := AddressKey(netip.MustParseAddr(pair[0])), AddressKey(netip.MustParseAddr(pair[1])); a != b {
			t.Errorf("%s and %s count apart: %v, %v", pair[0], pair[1], a, b)
		}
	}
	for _, pair := range [][2]string{
		{"192.0.2.1", "192.0.2.2"},
		{"2001:db8:1:2::1", "2001:db8:1:3::1"},
	} {
		if a, b := AddressKey(netip.MustParseAddr(pair[0])), AddressKey(netip.MustParseAddr(pair[1])); a == b {
			t.Errorf("%s and %s count as one", pair[0], pair[1])
		}
	}
}

// TestPool: a released buffer is overwritten under poison and handed out again.
//
// Hazards: released buffer.
func TestPool(t *testing.T) {
	p := &pool{poison: true}
	b := p.add(nil, []byte("secret"))
	p.put(b)
	if string(b[:6]) == "secret" {
		t.Error("released bytes can still be read")
	}
	c := p.add(nil, []byte("x"))
	if &c[0] != &b[0] {
		t.Error("the buffer was not used again")
	}
	c = p.add(c, make([]byte, 3000))
	if len(c) != 3001 || c[0] != 'x' || cap(c) != 4096 {
		t.Errorf("grown to %d of %d", len(c), cap(c))
	}
	p.put(p.add(nil, make([]byte, 1<<20)))
	p.put(nil)
}
