package hostile

import (
	"errors"
	"fmt"
	"net/netip"
	"sync/atomic"
	"time"
)

// Orders say whom to attack and how.
type Orders struct {
	Kind     string         `json:"kind"`
	Server   netip.AddrPort `json:"server"` // IPv4
	Path     string         `json:"path"`   // of the WebSocket
	Protocol string         `json:"protocol"`
	TLS      bool           `json:"tls"`     // what speaks WebSocket does so over TLS
	Hello    []byte         `json:"hello"`   // first message of a client
	Tokens   []string       `json:"tokens"`  // that the server accepts, one a worker
	Workers  int            `json:"workers"` // 0 means the kind's own number
}

// Tally is what came of them.
type Tally struct {
	Hits    uint64  `json:"hits"`    // attacks made
	Refused uint64  `json:"refused"` // connections that the server did not take
	Ended   uint64  `json:"ended"`   // that it ended
	Most    int64   `json:"most"`    // that stood at the same time
	Seconds float64 `json:"seconds"`
}

// counts is a Tally in the making.
type counts struct {
	hits, refused, ended atomic.Uint64
	open, most           atomic.Int64
}

// opened counts one more connection.
func (c *counts) opened() {
	now := c.open.Add(1)
	for most := c.most.Load(); now > most && !c.most.CompareAndSwap(most, now); most = c.most.Load() {
	}
}

func (c *counts) tally(since time.Time) Tally {
	return Tally{c.hits.Load(), c.refused.Load(), c.ended.Load(), c.most.Load(), time.Since(since).Seconds()}
}

// perAddress is how many workers share a loopback address: fewer than the
// connections a server takes from one by default.
const perAddress = 200

// from is the address of a worker: 127.0.1.1 and on, where nobody else is.
func from(worker int) netip.Addr {
	n := worker / perAddress
	return netip.AddrFrom4([4]byte{127, 0, byte(1 + n/250), byte(1 + n%250)})
}

func (o *Orders) fill() (Kind, error) {
	k, ok := find(o.Kind)
	switch {
	case !ok:
		return k, fmt.Errorf("bench: no attack %q: use one of %v", o.Kind, Names())
	case !o.Server.Addr().Is4() || !o.Server.Addr().IsLoopback():
		return k, fmt.Errorf("bench: attacks are made on loopback only, not on %v", o.Server)
	case k.needsToken && len(o.Tokens) == 0:
		return k, errors.New("bench: this attack needs tokens")
	}
	if o.Workers == 0 {
		o.Workers = k.Workers
	}
	return k, nil
}
