package transport

import (
	"context"
	"net/netip"
	"sync"
)

// caps counts connections, those of net/http included, against the limits.
// It is safe for concurrent use.
type caps struct {
	maxConns, perAddress int // negative: no limit

	mu    sync.Mutex
	total int                    // guarded by mu
	each  map[netip.Prefix]int32 // guarded by mu
	empty chan struct{}          // guarded by mu; closed when total falls to 0; nil if nobody waits
}

func newCaps(l *Limits) *caps {
	return &caps{maxConns: l.MaxConns, perAddress: l.MaxPerAddress, each: make(map[netip.Prefix]int32)}
}

// enter takes a place for a connection from a, or names the cap that is full.
func (c *caps) enter(a netip.Addr) (full string) {
	key := capKey(a)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.maxConns >= 0 && c.total >= c.maxConns {
		return "connections"
	}
	if c.perAddress >= 0 && int(c.each[key]) >= c.perAddress {
		return "address"
	}
	c.total++
	c.each[key]++
	return ""
}

// leave gives a place back.
func (c *caps) leave(a netip.Addr) {
	key := capKey(a)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total--
	if c.each[key]--; c.each[key] <= 0 {
		delete(c.each, key)
	}
	if c.total == 0 && c.empty != nil {
		close(c.empty)
		c.empty = nil
	}
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
