package transport

import (
	"context"
	"net/netip"
	"sync"
)

// caps bounds how many connections are open and how many arrive in a second, in
// all and for each address. Connections that net/http serves count too. It holds
// the table of addresses. It is safe for concurrent use.
type caps struct {
	maxConns, perAddress int  // negative: no limit
	arrivals, from       rate // new connections, in all and of one address
	proxied              addressEntry

	mu    sync.Mutex
	total int                            // guarded by mu
	all   bucket                         // guarded by mu: arrivals of all addresses
	each  map[netip.Prefix]*addressEntry // guarded by mu
	idle  int                            // guarded by mu: addresses in each without a connection
	empty chan struct{}                  // guarded by mu; closed when total falls to 0; nil if nobody waits
}

// addressEntry is an address that has connections, or had some a moment ago.
type addressEntry struct {
	key        netip.Prefix       // zero: the entry of all proxies, which has no limits
	conns      int32              // guarded by caps.mu
	arrivals   bucket             // guarded by caps.mu
	handshakes *addressHandshakes // guarded by gate.mu; nil: no TLS handshakes
	traffic    traffic
}

// idleAddresses is how many addresses without a connection are remembered for
// the sake of their rates. When there are more, any of them is forgotten: then
// the limits of all addresses together remain.
const idleAddresses = 16384

func newCaps(l *Limits) *caps {
	return &caps{
		maxConns: l.MaxConns, perAddress: l.MaxPerAddress,
		arrivals: newRate(l.ConnRate, l.ConnBurst),
		from:     newRate(l.AddressConnRate, l.AddressConnBurst),
		each:     make(map[netip.Prefix]*addressEntry),
	}
}

// Names of counters: which cap refused a connection.
const (
	capConns   = "connections"
	capAddress = "address"
	capRate    = "connection_rate"
	capFrom    = "address_rate"
)

// acquire counts a connection from a, or names the cap that refuses it. A
// connection through a proxy counts for the proxies' entry until the proxy has
// told the client's address. The caps of the address are checked first, so that
// one address that is over its own caps does not use up the arrivals of others.
func (c *caps) acquire(a netip.Addr, proxy bool, now int64) (p *addressEntry, full string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.maxConns >= 0 && c.total >= c.maxConns {
		return nil, capConns
	}
	if p = &c.proxied; !proxy {
		if p, full = c.acquireAddress(AddressKey(a), now); full != "" {
			return nil, full
		}
	}
	if c.arrivals.each != 0 && !c.all.allow(c.arrivals, 1, now) {
		c.releaseAddressLocked(p)
		return nil, capRate
	}
	c.total++
	return p, ""
}

// acquireBehindProxy counts a connection, which came through a proxy, for its
// client's address, or names the cap that refuses it.
func (c *caps) acquireBehindProxy(a netip.Addr, now int64) (p *addressEntry, full string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.acquireAddress(AddressKey(a), now)
}

// acquireAddress counts a connection for an address. mu is held.
func (c *caps) acquireAddress(key netip.Prefix, now int64) (p *addressEntry, full string) {
	if p = c.each[key]; p == nil {
		p = &addressEntry{key: key}
		c.prune(now)
		c.each[key] = p
		c.idle++
	}
	if c.from.each != 0 && !p.arrivals.allow(c.from, 1, now) {
		return nil, capFrom
	}
	if c.perAddress >= 0 && int(p.conns) >= c.perAddress {
		return nil, capAddress
	}
	if p.conns == 0 {
		c.idle--
	}
	p.conns++
	return p, ""
}

// pruneLook is how many entries are looked at, at random, for each that is
// added: enough to keep those that nobody needs a small part of the table.
const pruneLook = 4

// prune forgets addresses without connections: those whose rates have
// recovered, and others if there are too many. mu is held.
func (c *caps) prune(now int64) {
	looked := 0
	for key, p := range c.each {
		full := c.idle >= idleAddresses
		if looked++; looked > pruneLook && !full {
			return
		}
		if p.conns == 0 && (full || p.atRest(now)) {
			delete(c.each, key)
			c.idle--
		}
	}
}

// atRest reports whether forgetting the address makes no difference.
func (p *addressEntry) atRest(now int64) bool {
	t := &p.traffic
	return int64(p.arrivals) <= now && t.messages.at.Load() <= now && t.bytes.at.Load() <= now && t.controls.at.Load() <= now
}

// release counts a connection no more: it has ended.
func (c *caps) release(p *addressEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.releaseAddressLocked(p)
	c.total--
	if c.total == 0 && c.empty != nil {
		close(c.empty)
		c.empty = nil
	}
}

// releaseAddress counts a connection no more for the entry that it had before
// acquireBehindProxy.
func (c *caps) releaseAddress(p *addressEntry) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.releaseAddressLocked(p)
}

func (c *caps) releaseAddressLocked(p *addressEntry) {
	if p == &c.proxied {
		return
	}
	if p.conns--; p.conns == 0 {
		c.idle++
	}
}

// addresses is the size of the table.
func (c *caps) addresses() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.each)
}

func (c *caps) open() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.total
}

// drained waits until every connection is gone.
func (c *caps) drained(ctx context.Context) error {
	c.mu.Lock()
	if c.total == 0 {
		c.mu.Unlock()
		return nil
	}
	if c.empty == nil {
		c.empty = make(chan struct{})
	}
	empty := c.empty
	c.mu.Unlock()
	select {
	case <-empty:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// AddressKey is the address itself for IPv4. One IPv6 customer commonly holds a
// whole /64, so that is what counts as one address.
func AddressKey(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	size := 64
	if a.Is4() {
		size = 32
	}
	p, _ := a.Prefix(size)
	return p
}

// admit counts a connection that was accepted and returns the entry of its
// address, or counts the refusal and names the cap that is full.
func (c *core) admit(from netip.Addr) (p *addressEntry, full string) {
	c.stats.accepted.Add(1)
	p, full = c.caps.acquire(from, c.proxies.trusts(from), c.clock.now())
	if full != "" {
		c.stats.refuse(full)
		return nil, full
	}
	return p, ""
}
