package transport

import (
	"context"
	"net/netip"
	"sync"
)

// caps counts connections, those of net/http included, against the limits, and
// keeps the table of addresses. It is safe for concurrent use.
type caps struct {
	maxConns, perAddress int  // negative: no limit
	arrivals, from       rate // new connections, in all and of one address
	proxied              place

	mu    sync.Mutex
	total int                     // guarded by mu
	all   bucket                  // guarded by mu: arrivals of all addresses
	each  map[netip.Prefix]*place // guarded by mu
	idle  int                     // guarded by mu: addresses in each without a connection
	empty chan struct{}           // guarded by mu; closed when total falls to 0; nil if nobody waits
}

// place is an address that has connections, or had some a moment ago.
type place struct {
	key      netip.Prefix // zero: the place of proxies, which has no limits
	conns    int32        // guarded by caps.mu
	arrivals bucket       // guarded by caps.mu
	crowd    *crowd       // guarded by gate.mu; nil: no TLS handshakes
	traffic  traffic
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
		each:     make(map[netip.Prefix]*place),
	}
}

// Why a connection finds no place; names of counters.
const (
	capConns   = "connections"
	capAddress = "address"
	capRate    = "connection_rate"
	capFrom    = "address_rate"
)

// enter takes a place for a connection from a, or names the cap that is full.
// A proxy's connections have no address of their own until it tells it.
// Addresses are asked before all are: what one has no right to must not use up
// the arrivals of others.
func (c *caps) enter(a netip.Addr, proxy bool, now int64) (p *place, full string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.maxConns >= 0 && c.total >= c.maxConns {
		return nil, capConns
	}
	if p = &c.proxied; !proxy {
		if p, full = c.seat(capKey(a), now); full != "" {
			return nil, full
		}
	}
	if c.arrivals.each != 0 && !c.all.take(c.arrivals, 1, now) {
		c.vacate(p)
		return nil, capRate
	}
	c.total++
	return p, ""
}

// move gives a connection that came through a proxy the place of its client.
func (c *caps) move(a netip.Addr, now int64) (p *place, full string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seat(capKey(a), now)
}

// seat takes a place of an address. mu is held.
func (c *caps) seat(key netip.Prefix, now int64) (p *place, full string) {
	if p = c.each[key]; p == nil {
		p = &place{key: key}
		c.prune(now)
		c.each[key] = p
		c.idle++
	}
	if c.from.each != 0 && !p.arrivals.take(c.from, 1, now) {
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
		if p.conns == 0 && (full || p.rested(now)) {
			delete(c.each, key)
			c.idle--
		}
	}
}

// rested reports whether forgetting the address makes no difference.
func (p *place) rested(now int64) bool {
	t := &p.traffic
	return int64(p.arrivals) <= now && t.messages.at.Load() <= now && t.bytes.at.Load() <= now && t.controls.at.Load() <= now
}

// leave gives a place back.
func (c *caps) leave(p *place) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.vacate(p)
	c.total--
	if c.total == 0 && c.empty != nil {
		close(c.empty)
		c.empty = nil
	}
}

// moved gives the place back that a connection had before move.
func (c *caps) moved(p *place) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.vacate(p)
}

func (c *caps) vacate(p *place) {
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

// capKey is the address itself for IPv4. One IPv6 customer commonly holds a
// whole /64, so that is what counts as one address.
func capKey(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	size := 64
	if a.Is4() {
		size = 32
	}
	p, _ := a.Prefix(size)
	return p
}

// admit finds a place for a connection that was accepted, or counts why there
// is none.
func (c *core) admit(from netip.Addr) (p *place, full string) {
	c.stats.accepted.Add(1)
	p, full = c.caps.enter(from, c.proxies.trusts(from), c.clock.now())
	if full != "" {
		c.stats.refuse(full)
		return nil, full
	}
	return p, ""
}
